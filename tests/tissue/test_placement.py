"""Cells start where the model says, in stated density and share, the same whoever else is placed."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tissues import Exponential, Tissue, phase, physicell_type

from exocosm.ground.errors import ExocosmError
from exocosm.tissue.contents import Contents
from exocosm.tissue.placement import LEAST_SEPARATION, lattice_places, place, place_keys
from exocosm.tissue.reference import placement as reference

SIZE = np.array([400.0, 400.0, 400.0])


def sphere(radius, center=(200.0, 200.0, 200.0)):
    return SimpleNamespace(center=center, radius=radius)


def shell(inner, outer):
    return SimpleNamespace(center=(200.0, 200.0, 200.0), inner_radius=inner, outer_radius=outer)


def box(low, high):
    return SimpleNamespace(low=low, high=high)


def placement(region, **more):
    given_values = {"type": None, "mixture": None, "spacing": None, "count": None}
    given_values |= {"omit": (), "outside": None}
    return SimpleNamespace(region=region, **(given_values | more))


def placed(*placements, seed=1, shape=(20, 20, 20)):
    kinds = {
        name: physicell_type([phase(Exponential(0.001), True, True)]) for name in ("tumour", "macrophage")
    }
    tissue = Tissue(kinds, [], seed, shape, (1, 1))
    for one in placements:
        rows = place(tissue, tissue.types, one, tissue.draw)
        Contents(tissue.cells, tissue.holdings, tissue.ledger).lend_carries(rows, tissue.draw)
    return tissue


@pytest.mark.parametrize("planar", [False, True])
def test_the_lattice_is_close_packed(planar):
    places = lattice_places(box((0, 0, 0), tuple(SIZE)), 20.0, planar)
    middle = places[np.argmin(np.linalg.norm(places - 200.0, axis=1))]
    distance = np.sort(np.linalg.norm(places - middle, axis=1))[1:]
    contacts = 6 if planar else 12
    assert distance[:contacts] == pytest.approx(np.full(contacts, 20.0))
    assert distance[contacts] > 25.0


def test_a_lattice_ball_has_the_density_of_close_packing():
    places = lattice_places(sphere(150.0), 15.98, False)
    expected = 4 / 3 * np.pi * 150.0**3 * np.sqrt(2) / 15.98**3
    assert len(places) == pytest.approx(expected, rel=0.01)
    assert np.linalg.norm(places - 200.0, axis=1).max() <= 150.0 + 1e-6


def test_a_shell_is_hollow():
    tissue = placed(placement(shell(80.0, 120.0), type="tumour", spacing=20.0))
    distance = np.linalg.norm(tissue.cells.view("position") - 200.0, axis=1)
    assert distance.min() >= 80.0 - 1e-6
    assert distance.max() <= 120.0 + 1e-6


@settings(max_examples=10)
@given(st.integers(0, 10**6), st.integers(1, 60))
def test_random_places_fill_the_region_without_strong_overlap(seed, count):
    tissue = placed(
        placement(sphere(90.0), type="tumour", count=count),
        placement(sphere(90.0), type="macrophage", count=count),
        seed=seed,
    )
    cells = tissue.cells
    assert cells.n == 2 * count
    x, radius = cells.view("position"), cells.radius()
    gaps = np.linalg.norm(x[:, None] - x[None], axis=2) + 1e9 * np.eye(len(x))
    assert np.all(gaps >= LEAST_SEPARATION * (radius[:, None] + radius[None]) - 1e-9)
    assert np.linalg.norm(x - 200.0, axis=1).max() <= 90.0


def test_what_does_not_fit_is_said():
    with pytest.raises(ExocosmError, match="do not fit into the"):
        placed(placement(sphere(20.0), type="tumour", count=100))
    with pytest.raises(ExocosmError, match="outside the tissue"):
        placed(placement(sphere(300.0), type="tumour", spacing=20.0))


def test_mixtures_have_their_shares():
    mixture = {"tumour": 0.8, "macrophage": 0.2}
    tissue = placed(placement(sphere(180.0), mixture=mixture, spacing=16.0))
    n = tissue.cells.n
    # 5 standard errors: false-alarm rate below 6e-7
    assert np.mean(tissue.cells.view("type") == 1) == pytest.approx(0.2, abs=5 * np.sqrt(0.16 / n))


def table_of(tissue, kind=0):
    cells = tissue.cells
    mine = cells.view("type") == kind
    rows = zip(cells.view("key")[mine].tolist(), cells.view("position")[mine].tolist(), strict=True)
    return {key: tuple(x) for key, x in rows}


@pytest.mark.parametrize("how", [{"spacing": 20.0}, {"count": 150}])
def test_leaving_cells_out_moves_nobody(how):
    mixture = {"tumour": 0.8, "macrophage": 0.2}
    whole = placed(placement(sphere(100.0), mixture=mixture, **how))
    part = placed(placement(sphere(100.0), mixture=mixture, omit=("macrophage",), **how))
    assert table_of(part) == table_of(whole)
    assert np.all(part.cells.view("type") == 0)
    assert part.cells.n < whole.cells.n


def test_keys_depend_neither_on_the_seed_nor_on_other_placements():
    one = placement(sphere(60.0), type="tumour", spacing=20.0)
    other = placement(box((0, 0, 0), (60.0, 60.0, 60.0)), type="macrophage", spacing=20.0)
    alone = table_of(placed(one))
    assert table_of(placed(other, one, seed=2)) == alone
    twice = placed(one, one)
    assert len(set(twice.cells.view("key").tolist())) == 2 * len(alone)


def test_a_table_says_place_and_type():
    rows = [(10.0, 20.0, 30.0, "tumour"), (100.0, 110.0, 120.0, "macrophage")]
    tissue = placed(placement(SimpleNamespace(rows=lambda: rows)))
    assert sorted(table_of(tissue, 0).values()) == [(10.0, 20.0, 30.0)]
    assert sorted(table_of(tissue, 1).values()) == [(100.0, 110.0, 120.0)]


def test_a_layer_is_flat_and_cells_start_whole():
    tissue = placed(
        placement(sphere(100.0, (200.0, 200.0, 10.0)), type="tumour", spacing=18.0), shape=(20, 20, 1)
    )
    cells = tissue.cells
    assert np.all(cells.view("position")[:, 2] == 10.0)
    assert cells.n == pytest.approx(np.pi * 100.0**2 * 2 / np.sqrt(3) / 18.0**2, rel=0.05)
    assert cells.total_volume() == pytest.approx(np.full(cells.n, 2494.0))
    tissue.ledger.check("vesicle 0", {"pending": float(cells.view("vesicle_carry").sum())})
    assert np.all(cells.view("phase_threshold") > 0)


@settings(max_examples=10)
@given(st.integers(0, 10**6), st.integers(1, 25))
def test_random_places_equal_the_reference(seed, count):
    earlier = placement(box((150.0,) * 3, (250.0,) * 3), type="macrophage", count=5)
    before, after = placed(earlier, seed=seed), placed(earlier, seed=seed)
    wanted = placement(shell(20.0, 90.0), type="tumour", count=count)
    rows = place(after, after.types, wanted, after.draw)
    cells, taken = after.cells, before.cells
    keys = place_keys(wanted, count, 0, taken.view("key"))
    low, high, radius = np.full(3, 110.0), np.full(3, 290.0), np.full(count, cells.radius()[-1])
    expected = reference.random_places(
        after.draw, keys, low, high, (20.0, 90.0), radius, taken.view("position"), taken.radius()
    )
    by_key = dict(zip(keys.tolist(), expected, strict=True))
    for key, found in zip(cells.view("key")[rows].tolist(), cells.view("position")[rows], strict=True):
        assert found == pytest.approx(by_key[key], rel=1e-12)
