"""Surface and matrix: against the ordinary differential equation, at equilibrium, on the books; riders."""

from __future__ import annotations

import numpy as np
import pytest
from exchanging import DRAW, cells_in, population, state_of
from scipy.integrate import solve_ivp

from exocosm.tissue.carriers import Rider
from exocosm.tissue.cells import Cells
from exocosm.tissue.fields import Field
from exocosm.tissue.grid import Grid
from exocosm.tissue.matrix import Matrix

FAST = 1e9  # µm²/min: the box is well mixed, the clearance intrinsic
INTRINSIC, OFF, ENTRY, DECAY = 400.0, 0.05, 0.02, 0.004
ON_MATRIX, OFF_MATRIX = 0.03, 0.01
START = 0.01  # particles/µm³
STOCKS = ("field", "matrix", "surface")


def box(minutes, binds=True, matrix=True, entry=ENTRY, decay=DECAY, diffusion=FAST, riders=()):
    """Sixty cells at random in a closed box with vesicles from the start; every process of binding on."""
    grid = Grid((6, 6, 6), 20.0)
    place = np.random.default_rng(5).random((60, 3)) * grid.size
    cells = cells_in(place, kind=np.arange(60) % 2)
    if riders:
        cells = with_riders(cells, len(riders))
    state = state_of(grid, cells, diffusivity=diffusion, initial=START, open_least=0.2, decay_rate=decay,
                     cargos=("loaded",) if riders else ())  # fmt: skip
    if matrix:
        state.matrix = {"vesicle": np.zeros(grid.shape)}
    process = population(
        grid, release=(1.0, 0.0), clearance=(0, INTRINSIC), minutes=minutes, riders=riders,
        binds=(False, binds), off=OFF, internalisation=entry,
        matrix=Matrix(ON_MATRIX, OFF_MATRIX, decay) if matrix else None,
    )  # fmt: skip
    return state, process


def with_riders(cells, number):
    more = Cells(1, 1, 1, riders=number)
    columns = {k: v for k, v in cells.to_arrays().items() if "rider" not in k and "cargo" not in k}
    more.append(**columns)
    return more


def after(minutes, until=120.0, **settings):
    """Amounts in field, matrix and surface, and what entered, after a time in steps."""
    state, process = box(minutes, **settings)
    for tick in range(1, round(until / minutes) + 1):
        process.step(state, tick, DRAW, state.ledger)
    balance = state.ledger.balance
    return np.array([balance("vesicle", a) for a in STOCKS] + [entered(state)]), state


def entered(state):
    held = state.cells.view("vesicles").sum() + state.cells.view("vesicle_carry").sum()
    return float(held) - float(np.random.default_rng(60).random((60, 1)).sum())


def exact(state, until=120.0):
    """The four amounts of the well-mixed box by an integrator of high order."""
    volume = float(state.fields["vesicle"].stock.sum())
    uptake = 30.0 * INTRINSIC / volume

    def rates(_, amounts):
        free, matrix, surface, _ = amounts
        onto, bind = uptake * free - OFF * surface, ON_MATRIX * free - OFF_MATRIX * matrix
        enter = ENTRY * surface
        return [30.0 - onto - bind - DECAY * free, bind - DECAY * matrix, onto - enter, enter]

    start = [START * 120.0**3, 0.0, 0.0, 0.0]
    return solve_ivp(rates, (0.0, until), start, rtol=1e-10, atol=1e-8).y[:, -1]


def test_the_well_mixed_box_converges_to_the_differential_equation_with_second_order():
    ends = [after(minutes) for minutes in (4.0, 2.0, 1.0, 0.5)]
    truth = exact(ends[0][1])
    errors = np.array([np.abs(found / truth - 1.0) for found, _ in ends])
    assert np.log2(errors[:-1] / errors[1:]).min() >= 1.9
    assert errors[-1].max() < 1e-4


def test_the_ratios_at_equilibrium_are_exact_whatever_diffusion_is():
    """Nothing decays or enters: bound = intrinsic c / off on cells, on c V p / off in the matrix."""
    state, process = box(1e5, entry=0.0, decay=0.0, diffusion=200.0)
    process.rates.release[:] = 0.0
    for tick in range(1, 30):
        process.step(state, tick, DRAW, state.ledger)
    field, cells = state.fields["vesicle"], state.cells
    seen = state.footprint(process.width).sample(field.c, 1)
    ones = cells.view("type") == 1
    assert cells.view("bound")[ones, 0] == pytest.approx(INTRINSIC / OFF * seen[ones], rel=1e-6)
    in_matrix = ON_MATRIX / OFF_MATRIX * field.values * field.stock
    assert state.matrix["vesicle"] == pytest.approx(in_matrix, rel=1e-6)
    assert field.values.max() == pytest.approx(field.values.min(), rel=1e-6)


@pytest.mark.parametrize("minutes", [0.1, 6.0, 1e4])
@pytest.mark.parametrize("diffusion", [200.0, 1.0])
def test_nothing_is_lost_and_nothing_falls_below_zero(minutes, diffusion):
    state, process = box(minutes, diffusion=diffusion)
    total = 0.0
    for tick in range(1, 20):
        process.step(state, tick, DRAW, state.ledger)
        ledger = state.ledger
        held = {"field": state.fields["vesicle"].total(), "matrix": float(state.matrix["vesicle"].sum()),
                "surface": float(state.cells.view("bound").sum())}  # fmt: skip
        throughput = ledger.throughput("vesicle")
        for account, amount in held.items():
            assert abs(ledger.balance("vesicle", account) - amount) <= 1e-12 * throughput
        assert min(state.fields["vesicle"].values.min(), state.matrix["vesicle"].min()) >= 0.0
        assert state.cells.view("bound").min() >= 0.0
        total = held["surface"]
    assert total > 0.0


@pytest.mark.parametrize("binds", [True, False])
def test_a_rider_loaded_in_proportion_stays_in_proportion(binds):
    copies = 3.7
    rider = Rider("loaded@vesicle", 0, "loaded", 0)
    state, process = box(6.0, binds=binds, diffusion=200.0, riders=(rider,))
    grid, leader = state.grid, state.fields["vesicle"]
    own = Field(grid, diffusivity=200.0, decay_rate=DECAY, initial=copies * leader.values)
    own.set_porosity(leader.porosity, leader.obstruction)
    own.values[...] = copies * leader.values
    state.fields["loaded@vesicle"] = own
    state.matrix["loaded@vesicle"] = np.zeros(grid.shape)
    state.ledger.move("loaded", "initial", "field", own.total())
    process.rates.release[:] = 0.0
    cells = state.cells
    cells.view("outgoing")[:, 0] = np.arange(60)
    cells.view("outgoing_riders")[:, 0] = copies * np.arange(60)
    state.ledger.move("vesicle", "released", "field", float(np.arange(60).sum()))
    state.ledger.move("loaded", "released", "field", copies * float(np.arange(60).sum()))
    for tick in range(1, 10):
        process.step(state, tick, DRAW, state.ledger)
        assert own.values == pytest.approx(copies * leader.values, rel=1e-9)
        assert state.matrix["loaded@vesicle"] == pytest.approx(copies * state.matrix["vesicle"], rel=1e-9)
        bound = cells.view("bound")[:, 0]
        assert cells.view("bound_riders")[:, 0] == pytest.approx(copies * bound, rel=1e-9)
    assert not cells.view("outgoing").any()
    assert not cells.view("outgoing_riders").any()
    books = state.ledger.balance
    inside = cells.view("cargo").sum() + cells.view("rider_carry").sum()
    assert inside > 100
    assert books("loaded", "pending") + books("loaded", "inside") == pytest.approx(inside, rel=1e-12)
    for account in STOCKS:
        assert books("loaded", account) == pytest.approx(copies * books("vesicle", account), rel=1e-9)
