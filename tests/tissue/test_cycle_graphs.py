"""Cycles as graphs: shares of branches, cells at rest, shipped models against closed forms, cultures.

Stochastic tests have fixed seeds; each allows 5 standard errors, a false-alarm rate below 6e-7 a number.
"""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import small_model
from stepping import step_beside_reference
from tissues import Exponential, Fixed, Normal, Tissue, phase, physicell_type, ramp

from exocosm.ground.draws import Draw
from exocosm.library import cycle_names
from exocosm.model import Cycle, Set, load
from exocosm.model.parts.phases import culture_of
from exocosm.physics.cell_cycles import growth_rate, mean_length, phase_shares
from exocosm.tissue.phenotype import Phenotype
from exocosm.tissue.placement import place
from exocosm.tissue.simulation import Simulation


def phases_of(tissue, number):
    """Share of the cells in each phase."""
    return np.bincount(tissue.cells.view("phase"), minlength=number) / tissue.cells.n


def agree(found, wanted, n):
    """Shares among n independent cells within 5 standard errors."""
    wanted = np.asarray(wanted)
    return np.all(np.abs(found - wanted) <= 5 * np.sqrt(wanted * (1 - wanted) / n) + 1e-12)


def test_cells_branch_by_their_shares():
    n, shares = 5000, {"a": 0.2, "b": 0.5, "c": 0.3}
    phases = [phase(Fixed(60.0), name="start", next=shares)]
    phases += [phase(Fixed(1e4), name=name) for name in shares]
    tissue = Tissue({"t": physicell_type(phases)}, np.zeros(n), seed=11)
    list(tissue.live(66.0))
    assert agree(phases_of(tissue, 4), [0.0, *shares.values()], n)


def test_competing_exits_have_their_rates():
    n, exits = 5000, {"a": 0.001, "b": 0.003}
    first = phase(Exponential(0.004), name="start", exits=exits)
    phases = [first, *(phase(Exponential(0.0), name=name) for name in exits)]
    tissue = Tissue({"t": physicell_type(phases)}, np.zeros(n), seed=12)
    list(tissue.live(300.0, 60.0))
    stay = math.exp(-0.004 * 300)
    assert agree(phases_of(tissue, 3), [stay, 0.25 * (1 - stay), 0.75 * (1 - stay)], n)


def test_mother_and_daughter_draw_each_their_own():
    n, q = 4000, 0.4
    going = phase(Fixed(60.0), name="K", divides=True, next={"Q": q, "A": 1 - q})
    phases = [going, phase(Exponential(0.0), name="Q"), phase(Exponential(0.0), name="A")]
    tissue = Tissue({"t": physicell_type(phases)}, np.zeros(n), seed=13)
    list(tissue.live(66.0))
    rests = tissue.cells.view("phase") == 1
    pairs = rests[:n].astype(int) + rests[n:]  # daughters stand in the order of their mothers
    assert agree(np.bincount(pairs, minlength=3) / n, [(1 - q) ** 2, 2 * q * (1 - q), q * q], n)


def test_a_phase_with_rate_0_is_never_left():
    tissue = Tissue({"t": physicell_type([phase(Exponential(0.0), True, True)])}, np.zeros(50))
    list(tissue.live(1e5, 1e4))
    assert tissue.cells.n == 50
    assert np.all(tissue.cells.view("phase_progress") == 0.0)


def branching_types():
    busy = [
        phase(Fixed(20.0), doubles=True, name="S", next={"M": 0.7, "rest": 0.3}),
        phase(Normal(15.0, 5.0), divides=True, name="M", next={"S": 0.5, "rest": 0.25, "M": 0.25}),
        phase(Exponential(0.05), name="rest", exits={"S": 0.03, "M": 0.02}, ramp=ramp(60.0, 10.0)),
    ]
    first = physicell_type(busy, apoptosis=0.001)
    second = physicell_type([phase(Exponential(0.02), True, True)], apoptosis=0.001)
    return {"graph": first, "loop": second}


@settings(max_examples=8)
@given(st.integers(1, 8), st.integers(0, 10**6), st.sampled_from([6.0, 45.0]))
def test_a_step_of_a_graph_equals_the_reference(n, seed, minutes):
    random = np.random.default_rng(seed)
    tissue = Tissue(branching_types(), random.integers(0, 2, n), seed, (5, 5, 5))
    draw = Draw(seed)
    phenotype = Phenotype(tissue.types, tissue.holdings, every=1, tick=minutes)
    for tick in range(1, 5):
        step_beside_reference(tissue, phenotype, draw, tick, minutes)


def test_branches_do_not_depend_on_the_order_of_cells_or_of_phases():
    def fates(order, turned=False):
        phases = [phase(Fixed(1e-9), name="in", next="S"), *branching_types()["graph"].cycle.phases]
        phases = [phases[0], *phases[:0:-1]] if turned else phases
        tissue = Tissue({"t": physicell_type(phases)}, np.zeros(30), 1)
        tissue.cells.permute(order)
        list(tissue.live(150.0, 30.0))
        by_key = np.argsort(tissue.cells.view("key"))
        names = np.array([p.name for p in phases])[tissue.cells.view("phase")]
        return tissue.cells.view("key")[by_key], names[by_key], tissue.cells.total_volume()[by_key]

    straight = fates(np.arange(30))
    for other in (fates(np.arange(30)[::-1]), fates(np.arange(30), turned=True)):
        for found, wanted in zip(other, straight, strict=True):
            assert np.array_equal(found, wanted)


def culture(name, n, seed, **more):
    """The cycle of a shipped model, and n cells in it, asynchronous from the start."""
    kind = physicell_type()
    kind.cycle = Cycle(model=name, start="asynchronous", **more)
    tissue = Tissue({"t": kind}, [], seed)
    rows = [(x, 1.0, 1.0, "t") for x in np.linspace(0, 1000, n)]
    given_values = {"type": None, "mixture": None, "spacing": None, "count": None, "omit": ()}
    region = SimpleNamespace(rows=lambda: rows)
    place(tissue, tissue.types, SimpleNamespace(region=region, outside=None, **given_values), tissue.draw)
    return kind.cycle, tissue


@pytest.mark.parametrize("name", cycle_names())
def test_shipped_models_grow_and_stay_distributed_as_the_closed_form_says(name):
    n, minutes = 4000, 720.0
    cycle, tissue = culture(name, n, seed=21)
    given = culture_of(cycle.phases)
    rate, shares = growth_rate(*given), phase_shares(*given)
    assert agree(phases_of(tissue, len(shares)), shares, n)
    list(tissue.live(minutes, 60.0))
    growth = math.exp(rate * minutes)
    # the sizes of lines spread at most as in a Yule process, whose variance is growth² - growth; with that
    # spread the shares vary at most twice as much as among n cells
    assert tissue.cells.n / n == pytest.approx(growth, abs=5 * math.sqrt((growth**2 - growth) / n))
    assert agree(phases_of(tissue, len(shares)), shares, n / 2)


HOURS = {
    "live": 1 / 0.0432, "ki67-basic": 4.59 + 15.5, "ki67-advanced": 3.62 + 13.0 + 2.5,
    "flow-cytometry": 5.15 + 8.0 + 5.0, "flow-cytometry-separated": 4.98 + 8.0 + 4.0 + 1.0,
    "cycling-quiescent": 4.59 + 15.5,
}  # fmt: skip


@pytest.mark.parametrize("name", cycle_names())
def test_shipped_models_take_the_published_time(name):
    laws = culture_of(Cycle(model=name).phases)[0]
    mean = sum(map(mean_length, laws))
    assert mean == pytest.approx(60 * HOURS[name], rel=3e-3)  # published with three digits
    n, once = 3000, [phase(p.law, name=p.name) for p in Cycle(model=name).phases]
    tissue = Tissue({"t": physicell_type([*once, phase(Fixed(1e9), name="over")])}, np.zeros(n), seed=22)
    list(tissue.live(60000.0, 3000.0))
    assert np.all(tissue.cells.view("phase") == len(once))
    times = 60000.0 - tissue.cells.view("phase_progress")
    error = math.sqrt(sum(law.rate**-2 for law in laws if law.rate > 0) / n)
    assert times.mean() == pytest.approx(mean, abs=5 * error)


def test_cells_of_a_culture_have_grown_since_they_entered_their_phase():
    _, tissue = culture("live", 3000, seed=23)
    volume = tissue.cells.total_volume() / 2494.0
    assert volume.min() == pytest.approx(0.5, abs=0.01)
    assert 0.95 < volume.max() < 1.0
    _, tissue = culture("ki67-basic", 3000, seed=24)
    negative, volume = tissue.cells.view("phase") == 0, tissue.cells.total_volume() / 2494.0
    assert volume[negative] == pytest.approx(np.ones(negative.sum()))
    assert np.all((volume[~negative] >= 1 - 1e-9) & (volume[~negative] < 2.0))
    assert tissue.cells.view("target_solid")[~negative] == pytest.approx(2 * 0.25 * 2494.0)


def test_normal_lengths_in_a_culture_do_not_synchronise():
    change = {"S": {"duration": {"normal": {"mean": "8 h", "sd": "2 h"}}}}
    cycle, tissue = culture("flow-cytometry", 4000, 25, phases=change)
    shares = phase_shares(*culture_of(cycle.phases))
    for _ in tissue.live(600.0, 60.0):
        assert agree(phases_of(tissue, 3), shares, 2000)


G0 = {
    "phases": [
        {"name": "G0", "duration": {"exponential": "0 1/h"}, "next": "K"},
        {"name": "K", "duration": {"fixed": "1 h"}, "next": {"G0": 0.4, "K": 0.6}, "divides": True,
         "doubles_volume": True},
    ]
}  # fmt: skip


def at_rest(*rules, **settings):
    cycle, rate = "tissue.cell_types.tumour.cycle", "tissue.cell_types.tumour.apoptosis.rate"
    changes = {cycle: G0, rate: "0 1/h", "tissue.rules": list(rules)} | settings
    return small_model().change(*(Set(path, value) for path, value in changes.items()))


def test_cells_at_rest_wait_for_a_rule():
    still = Simulation(at_rest(), seed=1)
    tumour = still.state.cells.view("type") == 0
    still.advance(132)
    assert np.all(still.state.cells.view("births") == 0)
    assert np.all(still.state.cells.view("phase")[tumour] == 0)
    rule = "tumour,oxygen,increases,{},0.05,20,4,0"
    words = ("exit from cycle phase G0", "exit from cycle phase 0", "cycle entry")
    driven = [Simulation(at_rest({"table": rule.format(word)}), seed=1) for word in words]
    for simulation in driven:
        simulation.advance(132)
    assert len({simulation.digest() for simulation in driven}) == 1
    assert driven[0].state.cells.view("births").sum() > 10


def test_a_graph_goes_on_the_same_after_a_restart_and_for_any_threads():
    rule = {
        "cell_type": "tumour", "signal": "oxygen", "response": "increases",
        "behaviour": "exit from cycle phase G0", "saturation": "0.05 1/min", "half_max": "20 mmHg",
        "hill_power": 4,
    }  # fmt: skip
    model = at_rest(rule, **{"tissue.cell_types.tumour.cycle.start": "asynchronous"})
    whole, begun = Simulation(model, seed=3, threads=1), Simulation(model, seed=3, threads=2)
    cells = whole.state.cells
    assert set(cells.view("phase")[cells.view("type") == 0]) == {0, 1}
    whole.advance(120)
    begun.advance(60)
    again = Simulation.restore(model, begun.checkpoint())
    again.advance(60)
    assert again.digest() == whole.digest()


def test_a_rule_on_the_cycle_of_one_type_moves_no_division_of_another():
    """1/49 times 49 is not 1: a rate that no rule drives must still give a speed of exactly 1."""
    cycle = {
        "phases": [{"name": "all", "duration": {"fixed": "49 min"}, "divides": True, "doubles_volume": True}]
    }
    types = "tissue.cell_types"
    model = load("two-cells").change(
        Set(f"{types}.macrophage.cycle", cycle),
        Set(f"{types}.tumour.cycle", cycle),
        Set("tissue.steps", {"tick": "1 min", "mechanics": "1 min", "phenotype": "1 min"}),
    )
    rule = {"cell_type": "tumour", "signal": "oxygen", "response": "decreases", "behaviour": "cycle entry",
            "saturation": "0 1/min", "half_max": "10 mmHg", "hill_power": 4}  # fmt: skip
    ruled = model.change(Set("tissue.rules", [rule]))
    counts = []
    for tissue in (model, ruled):
        simulation = Simulation(tissue, seed=1)
        simulation.advance(49)
        counts.append(simulation.summary()["cells.macrophage.live"])
    assert counts == [2.0, 2.0]
