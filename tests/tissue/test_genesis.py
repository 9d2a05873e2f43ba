"""Genesis against its closed forms and against cells that live event by event.

Comparisons of means and variances allow 5.5 standard errors: about 60 of them, false alarms below 3e-6.
"""

from __future__ import annotations

import numpy as np
import pytest
from senders import begin, cells_of, check_books, genesis, near, steps

from exocosm.tissue.behaviours import Behaviours
from exocosm.tissue.cells import Cells
from exocosm.tissue.reference.genesis import Sender

FORMATION, PER_BODY, DOCKING, LYSOSOMAL, BUDDING = 0.8, 12.0, 0.02, 0.01, 0.3
RATES = (FORMATION, PER_BODY, DOCKING, LYSOSOMAL, BUDDING)
K = DOCKING + LYSOSOMAL


def test_cells_start_in_the_steady_state():
    state = cells_of(20_000)
    begin(state, genesis(*RATES))
    near(state.cells.view("bodies")[:, 0], FORMATION / PER_BODY / K, FORMATION / PER_BODY / K)
    near(state.cells.view("body_vesicles")[:, 0], FORMATION / K, FORMATION / K * (1 + PER_BODY))
    check_books(state)


@pytest.mark.parametrize(("minutes", "count"), [(1.0, 60), (12.0, 5), (60.0, 1)])
def test_release_has_its_mean_and_fano_factor_whatever_the_step(minutes, count):
    """Fusions in a steady state are Poisson, each with Poisson(n) vesicles: variance (1 + n) x mean."""
    state = cells_of(20_000)
    process = genesis(*RATES, minutes=minutes)
    begin(state, process)
    steps(state, process, count)
    fused, budded = 60 * FORMATION * DOCKING / K, 60 * BUDDING
    near(state.cells.view("outgoing")[:, 0], fused + budded, fused * (1 + PER_BODY) + budded)
    near(state.cells.view("body_vesicles")[:, 0], FORMATION / K, FORMATION / K * (1 + PER_BODY))
    lysosome = state.ledger.balance("vesicle", "unreleased") / 20_000
    assert lysosome == pytest.approx(60 * FORMATION * LYSOSOMAL / K, rel=0.02)
    check_books(state)


@pytest.mark.parametrize("minutes", [10.0, 120.0])
def test_blocked_docking_fills_cells_and_blocked_formation_empties_them(minutes):
    """Rab27: bodies go to formation / (n k_l), nothing is released. nSMase2: bodies fall with exp(-k t)."""
    state = cells_of(4_000)
    begin(state, genesis(*RATES))
    steps(state, genesis(FORMATION, PER_BODY, 0.0, LYSOSOMAL, 0.0, minutes=minutes), round(1200 / minutes))
    assert not state.cells.view("outgoing").any()
    ceiling, start = FORMATION / PER_BODY / LYSOSOMAL, FORMATION / PER_BODY / K
    expected = ceiling + (start - ceiling) * np.exp(-LYSOSOMAL * 1200)
    near(state.cells.view("bodies")[:, 0], expected, expected)
    near(state.cells.view("body_vesicles")[:, 0], expected * PER_BODY)
    check_books(state)
    state = cells_of(4_000)
    begin(state, genesis(*RATES))
    steps(state, genesis(0.0, PER_BODY, DOCKING, LYSOSOMAL, 0.0, minutes=minutes), round(120 / minutes))
    near(state.cells.view("bodies")[:, 0], start * np.exp(-K * 120), start * np.exp(-K * 120))
    near(state.cells.view("outgoing")[:, 0], start * PER_BODY * (1 - np.exp(-K * 120)) * DOCKING / K)
    check_books(state)


def test_cells_are_distributed_as_those_that_live_event_by_event():
    """From empty, with a pool that loading drains by a third: all counts and copies, in mean and variance."""
    minutes, n, pool, share = 90.0, 1500, 60, 0.004
    random, senders = np.random.default_rng(2), []
    for _ in range(n):
        senders.append(Sender(*RATES, share, pool))
        senders[-1].live(minutes, random)
    for count in (1, 30):
        state = cells_of(12_000)
        process = genesis(*RATES, share=share, minutes=minutes / count)
        state.cells.view("cargo")[:, 1] = pool
        state.ledger.move("loaded", "initial", "inside", float(pool * 12_000))
        steps(state, process, count)
        view = state.cells.view
        for slow, fast in (
            ([s.released for s in senders], view("outgoing")[:, 0]),
            ([s.released_copies for s in senders], view("outgoing_riders")[:, 0]),
            ([len(s.bodies) for s in senders], view("bodies")[:, 0]),
            ([sum(map(len, s.bodies)) for s in senders], view("body_vesicles")[:, 0]),
            ([sum(map(sum, s.bodies)) for s in senders], view("body_cargo")[:, 0]),
        ):
            near(slow, fast.mean(), sigmas=6.0)
            assert np.var(slow) == pytest.approx(fast.var(), rel=0.35)
        # within a long step all new vesicles in bodies load before those that bud: the pool agrees in total
        near([s.pool for s in senders], view("cargo")[:, 1].mean(), sigmas=6.0)
        check_books(state)
        assert view("cargo")[:, 1].mean() < 0.8 * pool


def test_loading_debits_the_pool_of_what_it_packs():
    state = cells_of(2_000)
    process = genesis(*RATES, share=1e-3, minutes=30.0)
    begin(state, process, pool=400)
    ledger = state.ledger
    before = ledger.balance("loaded", "bodies")
    near(state.cells.view("body_cargo")[:, 0], FORMATION / K * 0.4)
    steps(state, process, 6)
    check_books(state)
    gone = 400.0 * 2_000 - state.cells.view("cargo")[:, 1].sum()
    packed = ledger.balance("loaded", "bodies") - before + ledger.balance("loaded", "unreleased")
    assert gone == packed + ledger.balance("loaded", "secreted")
    assert ledger.balance("loaded", "secreted") == state.cells.view("outgoing_riders").sum()


def test_a_pool_that_is_taken_whole_ends_at_zero():
    state = cells_of(100)
    process = genesis(50.0, PER_BODY, DOCKING, LYSOSOMAL, 5.0, share=1.0, minutes=60.0)
    begin(state, process, pool=30)
    steps(state, process, 2)
    assert not state.cells.view("cargo")[:, 1].any()
    check_books(state)


def test_dead_cells_keep_their_bodies():
    state = cells_of(50, life=np.arange(50) % 4)
    process = genesis(*RATES, share=1e-3, minutes=60.0)
    begin(state, process, pool=100)
    before = state.cells.to_arrays()
    steps(state, process, 5)
    dead = before["life"] != 0
    for name in ("bodies", "body_vesicles", "body_cargo", "cargo", "outgoing", "outgoing_riders"):
        assert np.array_equal(state.cells.view(name)[dead], before[name][dead])
    assert (state.cells.view("outgoing")[~dead] > 0).all()


def test_each_rate_is_that_of_the_cell_where_a_rule_drives_it():
    """Cell 0 is as its type; docking, degradation, formation, budding, loading are 0 in one cell each."""
    names = ("formation", "docking", "lysosomal degradation", "budding")
    driven = (*(f"vesicle {name}" for name in names), "loaded loading into vesicle")
    state = cells_of(6)
    arrays = state.cells.to_arrays()
    behaviour = np.tile([FORMATION, DOCKING, LYSOSOMAL, BUDDING, 1e-3], (6, 1))
    for cell, column in enumerate((1, 2, 0, 3, 4), start=1):
        behaviour[cell, column] = 0.0
    state.cells = Cells.from_arrays(arrays | {"behaviour": behaviour})
    process = genesis(*RATES, share=1e-3, minutes=60.0)
    process.behaviours = Behaviours(driven)
    process.loadings[0].behaviours = process.behaviours
    state.cells.view("cargo")[:, 1] = 10_000
    state.ledger.move("loaded", "initial", "inside", 60_000.0)
    steps(state, process, 40)
    view = state.cells.view
    out, bodies = view("outgoing")[:, 0], view("bodies")[:, 0]
    assert out[1] < 0.6 * out[0]  # only budding is left
    assert out[2] > 1.2 * out[0]
    assert bodies[3] == 0
    assert 0 < out[3] < 1.2 * 2400 * BUDDING
    assert out[4] < out[0]
    assert view("outgoing_riders")[5, 0] == 0
    assert (view("outgoing_riders")[[0, 1, 2, 3, 4], 0] > 0).all()
    check_books(state)


def test_more_formation_never_forms_fewer_bodies_in_a_pair():
    """Bodies that form in a step are found by inversion of the same number in both arms."""
    arms = []
    for formation in (0.5, 0.7):
        state = cells_of(1_000)
        steps(state, genesis(formation, PER_BODY, 0.0, 1e-12, 0.0, minutes=30.0), 1)
        arms.append(state.cells.view("bodies")[:, 0])
    assert (arms[0] <= arms[1]).all()
    assert (arms[0] < arms[1]).any()
