"""What a rule does to each behaviour of a run: cycle, death, secretion, forces."""

import pytest
from small import small_model

from exocosm.model import Set
from exocosm.tissue.build import Tissue
from exocosm.tissue.cells import APOPTOTIC
from exocosm.tissue.simulation import Simulation

RULES = [
    {
        "cell_type": "tumour", "signal": "oxygen", "response": "increases", "behaviour": "cycle entry",
        "saturation": "2 1/h", "half_max": "5 mmHg", "hill_power": 2,
    },
]  # fmt: skip


def unramped(**settings):
    """The small tissue in which oxygen acts on the cycle by rules alone."""
    return small_model(**{"tissue.cell_types.tumour.cycle.phases[0].modulated_by": None}, **settings)


def model_with(*rules, **settings):
    return unramped(**{"tissue.rules": [RULES[0] | rule for rule in rules]}, **settings)


def column(simulation, name):
    return simulation.state.cells.view("behaviour")[:, simulation.tissue.behaviours.column(name)]


def of_type(simulation, name):
    return simulation.state.cells.view("type") == simulation.type_names.index(name)


def test_behaviours_hold_their_values_from_the_start():
    simulation = Simulation(model_with({}), seed=1)
    rate = column(simulation, "exit from cycle phase 0")
    seen = simulation.state.cells.view("signals")[:, 0]
    tumour = of_type(simulation, "tumour")
    ratio = (seen[tumour] / 5.0) ** 2
    assert rate[tumour] == pytest.approx(0.2 / 60 + (1.8 / 60) * ratio / (1 + ratio), rel=1e-12)
    assert (rate[~tumour] == 0).all()


def test_cells_that_come_later_have_their_values_and_the_others_keep_theirs():
    region = {"sphere": {"center": ["20 um"] * 3, "radius": "9 um"}}
    event = {"at": "1 min", "add": {"type": "tumour", "region": region, "count": 1}}
    late = {"signal": "time", "half_max": "1 min"}
    simulation = Simulation(model_with(late, events=[event]), seed=1)
    before = column(simulation, "exit from cycle phase 0").copy()
    simulation.advance(1)
    after = column(simulation, "exit from cycle phase 0")
    assert len(after) == len(before) + 1
    assert (after[:-1] == before).all()
    assert after[-1] == pytest.approx((0.2 + 1.8 / 2) / 60)


def test_a_rule_on_the_cycle_brings_more_births():
    slow = Simulation(unramped(), seed=1)
    fast = Simulation(model_with({"signal": "volume", "half_max": "1 um^3"}), seed=1)
    for simulation in (slow, fast):
        simulation.advance(60)
    assert fast.state.cells.n > 1.5 * slow.state.cells.n


def test_a_ramp_multiplies_what_a_rule_leads_to():
    ramp = {"substrate": "oxygen", "zero_at": "900 mmHg", "one_at": "990 mmHg"}
    rule = RULES[0] | {"signal": "volume", "half_max": "1 um^3"}
    path = "tissue.cell_types.tumour.cycle.phases[0].modulated_by"
    still = Simulation(small_model(**{"tissue.rules": [rule], path: ramp}), seed=1)
    before = still.state.cells.n
    still.advance(60)
    assert column(still, "exit from cycle phase 0").max() == pytest.approx(2 / 60, rel=1e-3)
    assert still.state.cells.n <= before


def test_a_phase_of_given_length_goes_at_its_rate_relative_to_its_mean():
    path = "tissue.cell_types.tumour.cycle.phases[0].duration"
    fixed = small_model().change(Set(path, {"fixed": "4 h"}))
    rule = RULES[0] | {"saturation": "0.5 1/h", "signal": "volume", "half_max": "1e-9 um^3"}
    driven = fixed.change(Set("tissue.rules", [rule]))
    halves = fixed.change(Set(path, {"fixed": "2 h"}))
    counts = []
    for model in (driven, halves):
        simulation = Simulation(model.change(Set("tissue.cell_types.tumour.apoptosis.rate", "0 1/h")), seed=1)
        simulation.advance(126)
        counts.append(simulation.state.cells.n)
    assert counts[0] == counts[1]


def test_a_rule_on_apoptosis_kills_as_its_rate_says():
    rule = {"behaviour": "apoptosis", "saturation": "30 1/h", "signal": "volume", "half_max": "1e-6 um^3"}
    simulation = Simulation(model_with(rule), seed=1)
    simulation.advance(12)
    tumour = of_type(simulation, "tumour")
    dead = simulation.state.cells.view("life")[tumour] == APOPTOTIC
    assert dead.mean() > 0.95


def test_dead_cells_secrete_only_where_a_rule_applies_to_them():
    secretion = {
        "signal": "apoptotic", "half_max": "0.1", "hill_power": 10, "behaviour": "cytokine export",
        "saturation": "170 uM*um^3/min",
    }  # fmt: skip
    for in_dead, expected in ((True, 170.0), (False, 0.0)):
        tissue = Tissue(model_with(secretion | {"applies_to_dead": in_dead}))
        simulation = Simulation(tissue.model, seed=1)
        simulation.state.cells.view("life")[:] = APOPTOTIC
        rules = next(p for p in simulation.processes if p.name == "rules")
        rules.step(simulation.state, 6, simulation.draw, simulation.state.ledger)
        cytokine = next(p for p in simulation.processes if p.name == "cytokine")
        rates = cytokine.rates.of_cells(simulation.state.cells, "cytokine", cytokine.behaviours)
        assert rates.secretion[of_type(simulation, "tumour")] == pytest.approx(expected)
        assert (rates.uptake_rate == 0).all()


def test_forces_of_a_cell_follow_its_rules():
    rule = {"behaviour": "cell-cell repulsion", "saturation": "40 um/min", "signal": "volume"}
    simulation = Simulation(model_with(rule | {"half_max": "1e-6 um^3"}), seed=1)
    strong = Simulation(small_model(**{"tissue.cell_types.tumour.mechanics.repulsion": "40 um/min"}), seed=1)
    for one_of_both in (simulation, strong):
        mechanics = next(p for p in one_of_both.processes if p.name == "mechanics")
        mechanics.advance(one_of_both.state.cells, one_of_both.draw)
    ours, theirs = (s.state.cells.view("position") for s in (simulation, strong))
    assert ours == pytest.approx(theirs, rel=1e-9)


def test_the_same_run_after_a_restart():
    model = model_with({}, {"signal": "pressure", "response": "decreases", "saturation": 0, "half_max": 1})
    simulation = Simulation(model, seed=4)
    simulation.advance(9)
    twin = simulation.branch()
    simulation.advance(15)
    twin.advance(15)
    assert simulation.digest() == twin.digest()


def test_rules_that_change_nothing_change_nothing():
    idle = {"saturation": "0.2 1/h"}
    plain, ruled = Simulation(unramped(), seed=2), Simulation(model_with(idle), seed=2)
    for simulation in (plain, ruled):
        simulation.advance(36)
    for name in ("key", "position", "life", "phase", "fluid"):
        assert (plain.state.cells.view(name) == ruled.state.cells.view(name)).all()
