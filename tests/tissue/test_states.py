"""States of cells: exact rise and fall, their bounds, and rules that drive and read them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import small_model

from exocosm.tissue.cells import APOPTOTIC
from exocosm.tissue.simulation import Simulation
from exocosm.tissue.states import advanced

rates = st.floats(0, 10)


def arrays(*values):
    return [np.array([value], float) for value in values]


@given(st.floats(0, 1), rates, rates, st.floats(0.01, 1e4))
def test_a_state_stays_within_its_bounds_and_between_where_it_is_and_where_it_goes(s, rise, fall, minutes):
    found = advanced(*arrays(s, rise, fall), minutes)[0]
    limit = rise / (rise + fall) if rise + fall > 0 else s
    assert 0 <= found <= 1
    assert min(s, limit) - 1e-12 <= found <= max(s, limit) + 1e-12


@given(st.floats(0, 1), rates, rates, st.floats(0.01, 100), st.integers(2, 7))
def test_many_steps_are_one(s, rise, fall, minutes, steps):
    once = advanced(*arrays(s, rise, fall), minutes)
    now, rise, fall = arrays(s, rise, fall)
    for _ in range(steps):
        now = advanced(now, rise, fall, minutes / steps)
    assert now == pytest.approx(once, abs=1e-12)


@pytest.mark.parametrize(("rise", "fall"), [(0.02, 0.01), (0.0, 0.05), (0.03, 0.0), (0.0, 0.0)])
def test_against_small_steps_of_the_equation(rise, fall):
    s, dt = 0.3, 1e-3
    for _ in range(30_000):
        k1 = rise * (1 - s) - fall * s
        middle = s + 0.5 * dt * k1
        s += dt * (rise * (1 - middle) - fall * middle)
    assert advanced(*arrays(0.3, rise, fall), 30.0)[0] == pytest.approx(s, abs=1e-9)


TYPES = "tissue.cell_types"
STATES = {"M2": {"initial": "0.1", "rise": "0.06 1/h", "fall": "0.3 1/h"}, "rest": {"initial": "0.5"}}


def stated(rules=(), states=None):
    """The small tissue with these states by cell type, and only these rules."""
    states = states or {"macrophage": STATES}
    by_type = {f"{TYPES}.{kind}.states": states.get(kind, {}) for kind in ("tumour", "macrophage")}
    return small_model(**by_type, **{"tissue.rules": list(rules)})


def test_states_start_at_their_initial_value_and_go_as_the_closed_form_says():
    simulation = Simulation(stated(), seed=1)
    assert simulation.tissue.states == ("M2", "rest")
    mine = simulation.state.cells.view("type") == simulation.type_names.index("macrophage")
    assert simulation.state.cells.view("state")[mine] == pytest.approx(
        np.array([0.1, 0.5])[None, :].repeat(mine.sum(), 0)
    )
    simulation.advance(60)
    cells = simulation.state.cells
    mine = cells.view("type") == simulation.type_names.index("macrophage")
    limit = 0.06 / 0.36
    assert cells.view("state")[mine, 0] == pytest.approx(limit + (0.1 - limit) * np.exp(-0.36))
    assert (cells.view("state")[mine, 1] == 0.5).all()
    assert (cells.view("state")[~mine] == 0).all()


def test_a_rule_drives_a_state_and_another_reads_it():
    rules = [
        {
            "cell_type": "macrophage", "signal": "volume", "response": "increases", "behaviour": "rise of M2",
            "saturation": "0.5 1/min", "half_max": "1e-6 um^3", "hill_power": 1,
        },
        {
            "cell_type": "macrophage", "signal": "M2", "response": "decreases",
            "behaviour": "cytokine uptake", "saturation": "0", "half_max": "0.5", "hill_power": 4,
        },
    ]  # fmt: skip
    model = stated(rules)
    simulation = Simulation(model, seed=1)
    simulation.advance(12)
    cells = simulation.state.cells
    mine = cells.view("type") == simulation.type_names.index("macrophage")
    rate, fall = 0.5, 0.3 / 60
    limit = rate / (rate + fall)
    after = [limit + (0.1 - limit) * np.exp(-(rate + fall) * t) for t in (6.0, 12.0)]
    assert cells.view("state")[mine, 0] == pytest.approx(after[1])
    uptake = cells.view("behaviour")[:, simulation.tissue.behaviours.column("cytokine uptake")]
    assert uptake[mine] == pytest.approx(0.5 / (1 + (after[0] / 0.5) ** 4))


def test_states_of_the_dead_stay():
    simulation = Simulation(stated(), seed=1)
    simulation.state.cells.view("life")[:] = APOPTOTIC
    before = simulation.state.cells.view("state").copy()
    states = next(p for p in simulation.processes if p.name == "states")
    states.step(simulation.state, 6, simulation.draw, simulation.state.ledger)
    assert (simulation.state.cells.view("state") == before).all()


def test_daughters_have_the_states_of_their_mother():
    states = {"drift": {"initial": "0.25"}}
    simulation = Simulation(stated(states={"tumour": states}), seed=1)
    start = simulation.state.cells.n
    simulation.advance(120)
    cells = simulation.state.cells
    assert cells.n > start
    assert (cells.view("state")[cells.view("type") == simulation.type_names.index("tumour")] == 0.25).all()
