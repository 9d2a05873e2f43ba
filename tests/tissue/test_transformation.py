"""Transformation: competing rates, what a cell keeps and what begins anew, and the reference."""

import numpy as np
import pytest
from touching import DEATH, Stepper, cells_by_key, grouped, groups, put, simulation_of, types_model

from exocosm.tissue.cells import APOPTOTIC
from exocosm.tissue.reference import interactions as by_hand

FALSE_ALARM = 4.9  # standard deviations: one in a million
LIVE_PHASE = {"name": "live", "divides": True, "doubles_volume": True}


def turning(step=5.0, **more):
    """Cells of type a turn into b or c; b into c."""
    cycle = {
        "phases": [
            {"name": "G1", "duration": {"fixed": "1000 h"}},
            LIVE_PHASE | {"duration": {"fixed": "9 h"}},
        ]
    }
    volume = {"total": "3000 um^3", "nuclear": "300 um^3", "fluid_fraction": 0.5}
    return types_model({
        "a": {"transformations": {"b": "0.02 1/min", "c": "0.01 1/min"}, "states": {"x": {"initial": 0.2}}},
        "b": {"transformations": {"c": "0.005 1/min"}, "volume": volume, "cycle": cycle,
              "states": {"x": {"initial": 0.9}, "y": {"initial": 0.6}}},
        "c": {},
    }, step, **more)  # fmt: skip


def lone(model, n, kind="a"):
    return put(model, [kind] * n, groups(n)[:, 0])


@pytest.mark.parametrize("step", [1.0, 10.0])
def test_transformations_are_competing_exponentials(step):
    n, minutes = 4000, 30.0
    model = types_model(
        {"a": {"transformations": {"b": "0.02 1/min", "c": "0.01 1/min"}}, "b": {}, "c": {}}, step
    )
    run = Stepper(*lone(model, n))
    run.step(round(minutes / step))
    gone = 1 - np.exp(-0.03 * minutes)
    for kind, chance in enumerate((1 - gone, gone * 2 / 3, gone / 3)):
        share = (run.view("type") == kind).mean()
        assert abs(share - chance) < FALSE_ALARM * np.sqrt(chance * (1 - chance) / n)


def test_a_chain_follows_its_equations_to_the_order_of_the_step():
    """da/dt = -(r + s) a, db/dt = r a - u b; at most one turn a step costs 1 % at steps of 1 min."""
    n, minutes, r, s, u = 4000, 60.0, 0.02, 0.01, 0.005
    run = Stepper(*lone(turning(1.0), n))
    run.step(60)
    b = r / (u - r - s) * (np.exp(-(r + s) * minutes) - np.exp(-u * minutes))
    share = (run.view("type") == 1).mean()
    assert abs(share - b) < FALSE_ALARM * np.sqrt(b * (1 - b) / n) + 0.01 * b


def test_what_a_cell_keeps_and_what_begins_anew():
    tissue, state = lone(turning(600.0), 300)
    cells = state.cells
    cells.view("state")[:] = [0.35, 0.0]
    cells.view("damage")[:] = np.linspace(0, 3, 300)
    cells.view("attack_target")[:] = 5
    cells.view("phase_progress")[:] = 7.0
    before = cells.to_arrays()
    Stepper(tissue, state).step()
    kind = cells.view("type")
    b, c = kind == 1, kind == 2
    assert b.sum() > 100
    assert c.sum() > 50
    for name in ("key", "position", "fluid", "nuclear_solid", "cytoplasmic_solid", "damage", "births"):
        assert np.array_equal(cells.view(name), before[name]), name
    assert (cells.view("state")[b] == [0.35, 0.6]).all()
    assert (cells.view("state")[c] == [0.0, 0.0]).all()
    assert cells.view("target_solid")[b] == pytest.approx(1500.0)
    assert cells.view("target_solid")[c] == pytest.approx(500.0)
    assert not cells.view("phase")[b | c].any()
    assert (cells.view("phase_threshold")[b] == 60_000.0).all()
    assert not cells.view("phase_progress")[b | c].any()
    assert not cells.view("attack_target")[b | c].any()


def test_volume_goes_to_that_of_the_new_type_and_its_cycle_divides():
    rates = {"fluid_change_rate": "3 1/h", "cytoplasmic_biomass_change_rate": "2 1/h"}
    rates |= {"nuclear_biomass_change_rate": "2 1/h"}
    volume = {"total": "4000 um^3", "nuclear": "300 um^3", "fluid_fraction": 0.5} | rates
    cycle = {"phases": [LIVE_PHASE | {"duration": {"fixed": "20 h"}}]}
    model = types_model({
        "a": {"transformations": {"b": "1e9 1/min"}}, "b": {"volume": volume, "cycle": cycle},
    }, 10.0)  # fmt: skip
    simulation = simulation_of(model, lone(model, 4))
    simulation.advance(119)
    cells = simulation.state.cells
    assert cells.n == 4
    assert cells.total_volume() == pytest.approx(4000.0, rel=1e-3)
    simulation.advance(2)
    assert cells.n == 8
    assert simulation.state.tallies.cell_minutes.tolist() == [0.0, 4 * 1190.0 + 8 * 20.0]


def test_dead_cells_do_not_turn():
    tissue, state = lone(turning(600.0), 50)
    state.cells.view("life")[:] = APOPTOTIC
    Stepper(tissue, state).step()
    assert not state.cells.view("type").any()


def test_rules_of_the_new_type_hold_at_once():
    """A state of the new type as it begins drives its apoptosis in the very step in which the cell turned."""
    rule = {
        "cell_type": "b", "signal": "y", "response": "increases", "behaviour": "apoptosis",
        "saturation": "1e9 1/min", "half_max": 0.5, "hill_power": 1,
    }  # fmt: skip
    types = {
        "a": {"transformations": {"b": "1e9 1/min"}},
        "b": {"apoptosis": DEATH | {"rate": "0 1/min"}, "states": {"y": {"initial": 1}}},
    }
    model = types_model(types, rules=[rule])
    simulation = simulation_of(model, lone(model, 3))
    simulation.advance(1)
    assert (simulation.state.cells.view("life") == APOPTOTIC).all()


def test_the_process_agrees_with_the_reference():
    model = turning(20.0)
    tissue, state = grouped(model, "a", "b", "a", "c", n=60)
    run, types = Stepper(tissue, state, seed=3), model.tissue.cell_types
    for _ in range(3):
        cells = cells_by_key(tissue, state)
        expected = [
            by_hand.turned(c, types, run.draw, state.tick + 1, 20.0) or c["kind"] for c in cells.values()
        ]
        run.step()
        assert [tissue.types.names[t] for t in run.view("type")] == expected
