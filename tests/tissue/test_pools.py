"""Pools against the exact solution of synthesis and degradation, at any step (5.5 standard errors)."""

from __future__ import annotations

import numpy as np
import pytest
from senders import DRAW, cells_of, near, steps

from exocosm.tissue.pools import Pool

SYNTHESIS, DEGRADATION = 3.0, 0.02


def pool(initial=0.0, synthesis=SYNTHESIS, degradation=DEGRADATION, minutes=1.0):
    numbers = (np.array([x], float) for x in (initial, synthesis, degradation))
    return Pool("loaded", 1, *numbers, every=1, tick=minutes)


@pytest.mark.parametrize(("minutes", "count"), [(1.0, 90), (30.0, 3), (90.0, 1)])
def test_a_pool_follows_the_exact_birth_and_death_process(minutes, count):
    """From N copies: binomial survivors of chance s = exp(-k t), and Poisson with mean (a/k)(1 - s)."""
    state = cells_of(20_000)
    process = pool(initial=200.0, minutes=minutes)
    process.start(state, slice(0, 20_000), DRAW, state.ledger)
    steps(state, process, count)
    stay = np.exp(-DEGRADATION * 90)
    made = SYNTHESIS / DEGRADATION * (1 - stay)
    copies = state.cells.view("cargo")[:, 1]
    near(copies, 200 * stay + made, 200 * stay * (1 - stay) + made)
    ledger = state.ledger
    ledger.check("loaded", {"inside": float(copies.sum())})
    assert ledger.balance("loaded", "initial") == 200 * 20_000
    assert ledger.balance("loaded", "formed") == pytest.approx(20_000 * SYNTHESIS * 90, rel=2.5e-3)
    degraded = 20_000 * (200 * (1 - stay) + SYNTHESIS * 90 - made)
    assert ledger.balance("loaded", "degraded") == pytest.approx(degraded, rel=2.5e-3)


def test_a_fractional_start_is_right_on_average():
    state = cells_of(20_000)
    pool(initial=0.3).start(state, slice(0, 20_000), DRAW, state.ledger)
    copies = state.cells.view("cargo")[:, 1]
    assert set(np.unique(copies)) == {0, 1}
    near(copies, 0.3)


@pytest.mark.parametrize(("synthesis", "degradation"), [(0.0, 0.0), (2.0, 0.0), (0.0, 0.05)])
def test_without_synthesis_or_degradation_the_rest_stays_exact(synthesis, degradation):
    state = cells_of(10_000)
    process = pool(50.0, synthesis, degradation, minutes=10.0)
    process.start(state, slice(0, 10_000), DRAW, state.ledger)
    steps(state, process, 4)
    stay = np.exp(-degradation * 40)
    near(state.cells.view("cargo")[:, 1], 50 * stay + synthesis * 40, 50 * stay * (1 - stay) + synthesis * 40)
    assert synthesis > 0 or state.ledger.balance("loaded", "formed") == 0


def test_dead_cells_neither_make_nor_degrade():
    state = cells_of(40, life=np.arange(40) % 2)
    process = pool(100.0, minutes=60.0)
    process.start(state, slice(0, 40), DRAW, state.ledger)
    steps(state, process, 3)
    dead = state.cells.view("life") > 0
    assert (state.cells.view("cargo")[dead, 1] == 100).all()
    assert (state.cells.view("cargo")[~dead, 1] != 100).all()
