"""Division conserves volume, place and contents; the books follow births and deaths."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tissues import Exponential, Tissue, phase, physicell_type

from exocosm.ground.draws import Draw
from exocosm.tissue.contents import EXACT, Contents, split_counts
from exocosm.tissue.division import divide


def full_tissue(n, seed, shape=(50, 50, 50)):
    """Cells that hold vesicles, cargo and a substrate, on the books."""
    kind = physicell_type([phase(Exponential(0.01), True, True)], apoptosis=0.005)
    kind.apoptosis.duration = 30.0
    tissue = Tissue({"a": kind}, np.zeros(n), seed, shape, (2, 1))
    random, cells, ledger = np.random.default_rng(seed), tissue.cells, tissue.ledger
    cells.view("vesicles")[:] = random.integers(0, 1000, (n, 2))
    cells.view("cargo")[:] = random.integers(0, 3, (n, 1))
    cells.view("substrate")[:] = random.uniform(0, 1e6, (n, 1))
    for species, column, s in (
        ("vesicle 0", "vesicles", 0),
        ("vesicle 1", "vesicles", 1),
        ("cargo 0", "cargo", 0),
    ):
        ledger.move(species, "initial", "inside", float(cells.view(column)[:, s].sum()))
    ledger.move("oxygen", "initial", "inside", float(cells.view("substrate").sum()))
    Contents(cells, tissue.holdings, ledger).lend_carries(slice(0, n), tissue.draw)
    return tissue


def check_books(tissue):
    cells, ledger = tissue.cells, tissue.ledger
    for species, column, carry, s in (
        ("vesicle 0", "vesicles", "vesicle_carry", 0),
        ("vesicle 1", "vesicles", "vesicle_carry", 1),
        ("cargo 0", "cargo", "cargo_carry", 0),
    ):
        inside, pending = cells.view(column)[:, s].sum(), cells.view(carry)[:, s].sum()
        ledger.check(species, {"inside": float(inside), "pending": float(pending)})
    ledger.check("oxygen", {"inside": float(cells.view("substrate").sum())})


@settings(max_examples=15)
@given(st.integers(1, 40), st.integers(0, 10**6))
def test_the_books_close_through_births_and_deaths(n, seed):
    tissue = full_tissue(n, seed)
    check_books(tissue)
    for _ in tissue.live(240.0, 20.0):
        check_books(tissue)
        assert np.all(tissue.cells.view("vesicles") >= 0)
        carry = tissue.cells.view("vesicle_carry")
        assert np.all((carry >= 0) & (carry < 1))


@settings(max_examples=15)
@given(st.integers(1, 40), st.integers(0, 10**6), st.booleans())
def test_volume_centre_and_contents_are_shared_exactly(n, seed, planar):
    tissue = full_tissue(n, seed, (50, 50, 1 if planar else 50))
    cells, before = tissue.cells, tissue.cells.to_arrays()
    radius = cells.radius()
    contents = Contents(cells, tissue.holdings, tissue.ledger)
    rows = divide(cells, np.arange(n), tissue.draw, contents, tissue.grid.size, planar)
    mothers, daughters = slice(0, n), rows
    for name in ("fluid", "nuclear_solid", "cytoplasmic_solid", "target_solid"):
        assert np.array_equal(cells.view(name)[mothers], cells.view(name)[daughters])
    for name in ("fluid", "nuclear_solid", "cytoplasmic_solid", "vesicles", "cargo", "substrate"):
        both = cells.view(name)[mothers] + cells.view(name)[daughters]
        assert np.array_equal(both, before[name])
    x, y = cells.view("position")[mothers], cells.view("position")[daughters]
    assert 0.5 * (x + y) == pytest.approx(before["position"], abs=1e-10)
    assert np.linalg.norm(x - y, axis=1) == pytest.approx(1.5 * radius, rel=1e-12)
    assert not planar or np.array_equal(x[:, 2], y[:, 2])
    assert np.array_equal(cells.view("vesicle_carry")[mothers], before["vesicle_carry"])
    assert len(set(cells.view("key").tolist())) == 2 * n


def test_daughters_stay_in_the_box():
    tissue = full_tissue(20, 1)
    tissue.cells.view("position")[:] = tissue.grid.size
    contents = Contents(tissue.cells, tissue.holdings, tissue.ledger)
    divide(tissue.cells, np.arange(20), tissue.draw, contents, tissue.grid.size, False)
    assert np.all(tissue.cells.view("position") <= tissue.grid.size)


@pytest.mark.parametrize("count", [1, 7, 64, 65, 1000, EXACT, EXACT + 1])
def test_contents_split_as_fair_tosses(count):
    # 2000 splits; mean and variance within 5 standard errors, false-alarm rate below 2e-6 in all
    n = 2000
    keys, births = np.arange(n, dtype=np.uint64), np.zeros(n, np.uint32)
    given_away = np.empty((n, 1), np.int64)
    split_counts(np.array([Draw(9).seed]), keys, births, np.full((n, 1), count, np.int64), given_away)
    assert np.all((given_away >= 0) & (given_away <= count))
    variance = count / 4
    assert given_away.mean() == pytest.approx(count / 2, abs=5 * np.sqrt(variance / n))
    if count > 1:
        kurtosis = 3 - 2 / count
        spread = 5 * variance * np.sqrt((kurtosis - 1) / n)
        assert given_away.var() == pytest.approx(variance, abs=spread + 1e-12)


def test_division_axes_are_even_over_the_sphere():
    n = 20000
    tissue = Tissue({"a": physicell_type()}, np.zeros(n), 3)
    contents = Contents(tissue.cells, tissue.holdings, tissue.ledger)
    rows = divide(tissue.cells, np.arange(n), tissue.draw, contents, tissue.grid.size, False)
    axes = tissue.cells.view("position")[rows] - tissue.cells.view("position")[:n]
    axes /= np.linalg.norm(axes, axis=1)[:, None]
    # each component has mean 0, variance 1/3; 5 standard errors
    assert np.abs(axes.mean(axis=0)).max() < 5 * np.sqrt(1 / 3 / n)
    assert np.abs((axes**2).mean(axis=0) - 1 / 3).max() < 5 * np.sqrt(4 / 45 / n)
