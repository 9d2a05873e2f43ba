"""Substrates: the process against its reference, and the law of uptake cell by cell."""

from __future__ import annotations

import numpy as np
import pytest
from exchanging import DRAW, random_box, state_of, tighten
from hypothesis import given
from hypothesis import strategies as st

from exocosm.tissue.cells import LIVE
from exocosm.tissue.clearance import footprint_width
from exocosm.tissue.fields import Field
from exocosm.tissue.reference import substrates as reference
from exocosm.tissue.substrates import ExchangeRates, Substrate, exchange

RATES = {
    "secretion": (0.0, 300.0),
    "uptake_rate": (0.5, 0.0),
    "max_uptake": (0.0, 4e3),
    "half_saturation": (1.0, 2.0),
}


def random_tissue(seed, layer=False, steady=False, start=5.0, **rates):
    """A state and process: two types that take up in different ways, one of which secretes; held faces."""
    grid, random, cells = random_box(seed, layer)
    state = state_of(
        grid, cells, name="substrate", diffusivity=1e3, decay_rate=0.02,
        faces=(None, 4.0, None, None, 1.0, None),
    )  # fmt: skip
    field = state.fields["substrate"]
    field.values[...] = random.random(grid.shape) * start
    state.ledger.move("substrate", "initial", "field", field.total())
    table = ExchangeRates(**{name: np.array(value) for name, value in (RATES | rates).items()})
    width = footprint_width(grid, 8.41)
    return state, Substrate("substrate", 0, table, width, every=1, tick=6.0, steady=steady)


@given(*[st.floats(0, 1e4)] * 4, st.floats(1e-3, 1e2))
def test_clearance_times_concentration_is_the_law(uptake_rate, max_uptake, volume, c, half):
    arrays = (np.array([x]) for x in (0.0, uptake_rate, max_uptake, half))
    found = ExchangeRates(*arrays).clearance(np.array([volume]), np.array([c]))[0] * c
    assert found == pytest.approx(reference.uptake(uptake_rate, max_uptake, half, volume, c), rel=1e-12)


@pytest.mark.parametrize("layer", [False, True])
@pytest.mark.parametrize("steady", [False, True])
def test_one_step_equals_the_reference(monkeypatch, layer, steady):
    tighten(monkeypatch, Field.step, Field.relax, exchange, tolerance=1e-11)
    state, process = random_tissue(1, layer, steady)
    expected = reference.step(state, process)
    cells, field, ledger = state.cells, state.fields["substrate"], state.ledger
    process.step(state, 1, DRAW, ledger)
    assert field.values == pytest.approx(expected.values, rel=1e-7)
    assert cells.view("signals")[:, 0] == pytest.approx(expected.seen, rel=1e-7)
    if steady:
        _, secreted, _, decayed, used, _ = state.tallies.turnover[0] / 6.0
        assert used == pytest.approx(expected.uptake.sum(), rel=1e-7)
        assert secreted == pytest.approx(expected.secreted, rel=1e-12)
        assert decayed == pytest.approx(0.02 * (expected.values * field.stock).sum(), rel=1e-7)
        assert not cells.view("substrate").any()
    else:
        assert cells.view("substrate")[:, 0] == pytest.approx(expected.uptake * 6.0, rel=1e-7, abs=1e-9)
        assert ledger.balance("substrate", "released") == pytest.approx(expected.secreted * 6.0, rel=1e-12)
        assert ledger.balance("substrate", "inside") == pytest.approx(expected.uptake.sum() * 6.0, rel=1e-7)


def test_without_tightening_uptake_agrees_with_the_law_to_the_stated_agreement():
    state, process = random_tissue(2)
    expected = reference.step(state, process)
    process.step(state, 1, DRAW, state.ledger)
    taken = state.cells.view("substrate")[:, 0]
    assert float(np.abs(taken / 6.0 - expected.uptake).sum()) <= 3e-4 * float(expected.uptake.sum())


@pytest.mark.parametrize("half", [1e-3, 1.0, 1e3])
def test_uptake_that_drains_the_box_takes_what_there_is(half):
    """Demand far above supply, no secretion: nothing below zero, and the books close at once."""
    state, process = random_tissue(
        3, secretion=(0.0, 0.0), max_uptake=(1e7, 1e7), half_saturation=(half, half)
    )
    for tick in range(1, 6):
        process.step(state, tick, DRAW, state.ledger)
        field, cells = state.fields["substrate"], state.cells
        assert field.values.min() >= 0.0
        assert cells.view("substrate").min() >= 0.0
        held = {"field": field.total(), "inside": float(cells.view("substrate").sum())}
        assert state.ledger.imbalance("substrate", held) <= 1e-9


def test_dead_cells_neither_secrete_nor_take_up():
    state, process = random_tissue(4)
    dead = state.cells.view("life") != LIVE
    process.step(state, 1, DRAW, state.ledger)
    assert dead.any()
    assert not state.cells.view("substrate")[dead].any()
    state.cells.view("life")[...] = 1
    before = state.ledger.balance("substrate", "released")
    process.step(state, 2, DRAW, state.ledger)
    assert state.ledger.balance("substrate", "released") == before
