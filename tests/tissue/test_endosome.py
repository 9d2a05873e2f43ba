"""Fate and delivery against binomial laws and exact exponentials, at any step (5.5 standard errors)."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from senders import DRAW, MANIFEST, cells_of, check_books, near, steps

from exocosm.ground.ledger import Ledger
from exocosm.tissue.carriers import Carrier, Rider
from exocosm.tissue.cells import Cells
from exocosm.tissue.delivery import COPIES_PER_AMOUNT, Delivery, deliver, deliver_rider
from exocosm.tissue.endosome import Endosome, FateRates
from exocosm.tissue.manifest import Entry
from exocosm.tissue.state import Tallies

CARRIER = Carrier("vesicle", "vesicle", 0, 0, 0.1, 1.3, 1.0)
RIDER = Rider("loaded@vesicle", 0, "loaded", 1)
RATE, ESCAPE, RECYCLED = 0.01, 0.3, 0.45


def endosome(minutes=1.0, rate=RATE, escape=ESCAPE, recycled=RECYCLED, present=True):
    rates = FateRates(np.array([present]), *(np.array([x], float) for x in (rate, escape, recycled)))
    delivery = Delivery((CARRIER,), (RIDER,), (MANIFEST,), ())
    return Endosome("vesicle", (0,), rates, delivery, every=1, tick=minutes)


def filled(n, vesicles, copies, **more):
    """Cells with so many vesicles in endosomes, and so many copies that ride on these."""
    state = cells_of(n, **more)
    cells, ledger = state.cells, state.ledger
    cells.view("vesicles")[:, 0], cells.view("vesicle_riders")[:, 0] = vesicles, copies
    carry = DRAW.uniform(2, cells.view("key"), 0)
    cells.view("cargo_carry")[:, 0] = carry
    ledger.move("fixed", "rounding", "pending", float(carry.sum()))
    ledger.move("vesicle", "initial", "inside", float(cells.view("vesicles").sum()))
    ledger.move("fixed", "initial", "endosome", 0.25 * float(cells.view("vesicles").sum()))
    ledger.move("loaded", "initial", "endosome", float(cells.view("vesicle_riders").sum()))
    return state


@pytest.mark.parametrize(("minutes", "count"), [(1.0, 80), (20.0, 4), (80.0, 1)])
def test_vesicles_leave_endosomes_as_independent_exponentials(minutes, count):
    state = filled(10_000, 40, 120)
    process = endosome(minutes)
    steps(state, process, count)
    view, stay = state.cells.view, np.exp(-RATE * 80)
    near(view("vesicles")[:, 0], 40 * stay, 40 * stay * (1 - stay))
    back = (1 - stay) * RECYCLED
    near(view("outgoing")[:, 0], 40 * back, 40 * back * (1 - back))
    near(view("vesicle_riders")[:, 0], 120 * stay)
    near(view("outgoing_riders")[:, 0], 120 * back)
    near(view("cargo")[:, 1], 120 * (1 - stay) * ESCAPE)
    near(view("cargo")[:, 0], 40 * 0.25 * (1 - stay) * ESCAPE)
    ledger = state.ledger
    lysosome = 400_000 * (1 - stay) * (1 - ESCAPE - RECYCLED)
    assert ledger.balance("vesicle", "lysosome") == pytest.approx(lysosome, rel=0.02)
    assert ledger.balance("vesicle", "consumed") == pytest.approx(400_000 * (1 - stay) * ESCAPE, rel=0.02)
    assert ledger.balance("vesicle", "re-released") == view("outgoing").sum()
    assert ledger.balance("loaded", "re-released") == view("outgoing_riders").sum()
    assert state.tallies.delivered[0].tolist() == view("cargo").sum(axis=0).tolist()
    check_books(state)


def test_copies_spread_over_vesicles_keep_their_variance():
    """Given v of V vesicles leave, copies that leave are binomial with v/V; the total law follows."""
    state = filled(20_000, 10, 50)
    steps(state, endosome(1e-9, rate=np.log(2.0) * 1e9, escape=0.0, recycled=1.0), 1)
    # v is Binomial(10, 1/2); variance of copies: E[50 q (1-q)] + Var[50 q], q = v/10
    spread = 0.25 / 10
    near(state.cells.view("outgoing_riders")[:, 0], 25, 50 * (0.25 - spread) + 2500 * spread)


def test_the_last_vesicle_takes_all_copies_with_it():
    state = filled(1_000, 3, 17)
    steps(state, endosome(1e6), 1)
    for name in ("vesicles", "vesicle_riders"):
        assert not state.cells.view(name).any()
    check_books(state)


@pytest.mark.parametrize(("escape", "recycled"), [(1.0, 0.0), (0.0, 1.0), (0.7, 0.6), (0.0, 0.0)])
def test_fractions_at_their_ends_and_beyond_lose_nothing(escape, recycled):
    state = filled(500, 20, 30)
    steps(state, endosome(30.0, escape=escape, recycled=recycled), 5)
    check_books(state)
    if escape + recycled >= 1:
        assert state.ledger.balance("vesicle", "lysosome") == 0


def test_dead_cells_and_types_without_endosomes_keep_their_vesicles():
    state = filled(100, 20, 30, life=np.arange(100) % 3)
    steps(state, endosome(60.0), 3)
    dead = state.cells.view("life") > 0
    assert (state.cells.view("vesicles")[dead] == 20).all()
    assert (state.cells.view("vesicles")[~dead] < 20).any()
    state = filled(100, 20, 30)
    steps(state, endosome(60.0, present=False), 3)
    assert (state.cells.view("vesicles") == 20).all()


def test_a_cargo_in_few_vesicles_is_delivered_in_whole_loads():
    """Share 0.02 with 7.5 copies each: one vesicle a step, far below a load; counts are right on average."""
    n, cells, ledger = 5_000, Cells(1, 1, 0, fractions=1), Ledger(("rare",))
    keys = np.arange(n, dtype=np.uint64)
    loaded, carry = (DRAW.uniform(purpose, keys, 0)[:, None] for purpose in (2, 3))
    cells.append(key=keys, loaded_carry=loaded, cargo_carry=carry)
    ledger.move("rare", "rounding", "pending", float((7.5 * loaded + carry).sum()))
    state = SimpleNamespace(cells=cells, tallies=Tallies(1, 1, 1, 0))
    delivery = Delivery((CARRIER,), (), ((Entry(0, "rare", 7.5, 0.02, 0),),), ())
    for _ in range(20):
        ledger.move("rare", "initial", "surface", 0.15 * n)
        deliver(state, delivery, ledger, 0, np.ones(n, np.int64))
    copies = cells.view("cargo")[:, 0]
    assert set(np.unique(copies)) == {0, 7, 8}
    near(copies, 20 * 0.15)
    pending = float((7.5 * cells.view("loaded_carry") + cells.view("cargo_carry")).sum())
    ledger.check("rare", {"inside": float(copies.sum()), "pending": pending})


def test_a_captured_antibody_joins_what_the_cell_holds_of_it():
    cells, ledger = Cells(1, 0, 1, riders=1), Ledger(("antibody",))
    cells.append(key=np.arange(3, dtype=np.uint64))
    delivery = Delivery((CARRIER,), (Rider("antibody@x", 0, "antibody", -1, "x"),), ((),), ("antibody",))
    state = SimpleNamespace(cells=cells, tallies=Tallies(1, 1, 0, 1))
    ledger.move("antibody", "initial", "endosome", 6 / COPIES_PER_AMOUNT)
    deliver_rider(state, delivery, ledger, 0, np.array([1, 2, 3]), "endosome")
    assert cells.view("substrate")[:, 0] * COPIES_PER_AMOUNT == pytest.approx([1, 2, 3])
    ledger.check("antibody", {"inside": float(cells.view("substrate").sum())})
