"""Rules: the kernel against its reference, how responses combine, signals, and what each behaviour does."""

import time
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from small import small_model
from tissues import PHYSICELL, cells_at, random_tissue

from exocosm.ground.draws import Draw
from exocosm.model import Set
from exocosm.tissue.build import Tissue
from exocosm.tissue.cells import APOPTOTIC, LIVE, LYSED
from exocosm.tissue.contacts import CLOSE_PACKING
from exocosm.tissue.mechanics import Mechanics
from exocosm.tissue.reference import rules as by_hand
from exocosm.tissue.rules import RuleTable, apply, behaviours_of, rule_table
from exocosm.tissue.signals import sampled
from exocosm.tissue.simulation import Simulation


class Word:
    """A signal or behaviour of a test: a name, and a base value by cell type."""

    def __init__(self, name, base=None):
        self.name, self.values = name, base

    def base(self, cell_type):
        return self.values[cell_type]


def said(signal, behaviour, response, saturation, half_max, power, kind="a", in_dead=False):
    rule = SimpleNamespace(
        cell_type=kind, response=response, saturation=saturation, half_max=half_max, hill_power=power,
        applies_to_dead=in_dead,
    )  # fmt: skip
    return SimpleNamespace(rule=rule, signal=signal, behaviour=behaviour)


def evaluated(rules, signals, values, kinds, life, before):
    """The behaviours of cells (cells, behaviours) from values of signals (cells, signals)."""
    table = rule_table(rules, signals, {"a": "a", "b": "b"})
    out = np.array(before, float)
    apply(np.array(values, float), np.array(kinds, np.int16), np.array(life, np.int8), table, out)
    return out


def one(rules, values, life=LIVE, base=1.0, before=-7.0):
    """One behaviour of one cell."""
    signals = list(dict.fromkeys(read.signal for read in rules))
    return evaluated(rules, signals, [[values[s] for s in signals]], [0], [life], [[before]])[0, 0]


OXYGEN, DRUG, PRESSURE = "oxygen", "drug", "pressure"
B = Word("apoptosis", {"a": 1.0, "b": 0.5})


def test_half_of_the_way_at_half_max():
    rules = [said(OXYGEN, B, "increases", 3.0, 5.0, 4)]
    assert one(rules, {OXYGEN: 0.0}) == 1.0
    assert one(rules, {OXYGEN: 5.0}) == pytest.approx(2.0)
    assert one(rules, {OXYGEN: 1e9}) == pytest.approx(3.0)
    assert one([said(OXYGEN, B, "decreases", 0.2, 5.0, 2.5)], {OXYGEN: 5.0}) == pytest.approx(0.6)


def test_rules_of_one_direction_combine_and_decrease_acts_on_what_increase_reached():
    rules = [
        said(OXYGEN, B, "increases", 3.0, 5.0, 1),
        said(DRUG, B, "increases", 3.0, 2.0, 2),
        said(PRESSURE, B, "decreases", 0.0, 1.0, 3),
    ]
    up = 10 / 5 + (4 / 2) ** 2
    raised = 1 + 2 * up / (1 + up)
    found = one(rules, {OXYGEN: 10.0, DRUG: 4.0, PRESSURE: 1.0})
    assert found == pytest.approx(raised / 2, rel=1e-14)


def test_dead_cells_hear_only_rules_that_apply_to_them_and_else_keep_their_value():
    live_only = said(OXYGEN, B, "increases", 3.0, 5.0, 1)
    for_all = said(DRUG, B, "increases", 3.0, 2.0, 1, in_dead=True)
    assert one([live_only], {OXYGEN: 5.0}, life=APOPTOTIC) == -7.0
    assert one([live_only, for_all], {OXYGEN: 5.0, DRUG: 2.0}, life=LYSED) == pytest.approx(2.0)


def test_a_type_without_a_rule_has_its_base_value():
    rules = [said(OXYGEN, B, "increases", 3.0, 5.0, 1)]
    found = evaluated(rules, [OXYGEN], [[5.0], [5.0]], [0, 1], [LIVE, LIVE], [[0.0], [0.0]])
    assert found.ravel() == pytest.approx([2.0, 0.5])


def test_steep_rules_of_large_signals_saturate_without_overflow():
    rules = [said(OXYGEN, B, "increases", 3.0, 1e-3, 100), said(DRUG, B, "decreases", 0.0, 1e-3, 99.5)]
    assert one(rules, {OXYGEN: 1e9, DRUG: 0.0}) == 3.0
    assert one(rules, {OXYGEN: 1e9, DRUG: 1e9}) == 0.0


strengths = st.floats(0, 1e3)
powers = st.one_of(st.integers(1, 20).map(float), st.floats(0.3, 12))


@st.composite
def many_rules(draw):
    """Rules of one behaviour: base 1, up to 3, down to 0.2, each signal once in a direction."""
    up, down = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    half_max = st.floats(0.01, 100)
    rules = [said(f"s{i}", B, "increases", 3.0, draw(half_max), draw(powers)) for i in range(up)]
    rules += [said(f"s{i}", B, "decreases", 0.2, draw(half_max), draw(powers)) for i in range(down)]
    assume(rules)
    return rules, {f"s{i}": draw(strengths) for i in range(4)}


@settings(deadline=None, max_examples=100)
@given(many_rules(), st.randoms())
def test_combined_rules_stay_between_their_bounds_and_do_not_depend_on_order(told, random):
    rules, values = told
    found = one(rules, values)
    assert 0.2 - 1e-12 <= found <= 3 + 1e-12
    if all(read.rule.response == "increases" for read in rules):
        assert found >= 1 - 1e-12
    shuffled = list(rules)
    random.shuffle(shuffled)
    assert one(shuffled, values) == pytest.approx(found, rel=1e-12)


@settings(deadline=None, max_examples=100)
@given(many_rules(), st.integers(0, 3), st.floats(1.01, 100))
def test_more_of_a_signal_never_goes_against_its_rules(told, which, factor):
    rules, values = told
    name = f"s{which}"
    ways = {read.rule.response for read in rules if read.signal == name}
    assume(len(ways) == 1)
    change = one(rules, values | {name: values[name] * factor + 0.01}) - one(rules, values)
    assert change >= -1e-12 if ways == {"increases"} else change <= 1e-12


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_the_kernel_agrees_with_the_reference(seed):
    random = np.random.default_rng(seed)
    signals, kinds = [f"s{i}" for i in range(5)], ["a", "b"]
    words = [Word(f"b{k}", {"a": random.uniform(), "b": random.uniform()}) for k in range(3)]
    rules = []
    for kind in kinds:
        for word in words:
            for response, saturation in (("increases", 2.0), ("decreases", 0.0)):
                for signal in random.permutation(signals)[: random.integers(0, 4)]:
                    power = float(random.choice([1, 2, 4, 8, 10, 1.5, 3.7]))
                    half_max = float(np.exp(random.normal()))
                    rules.append(
                        said(
                            str(signal), word, response, saturation, half_max, power, kind, random.integers(2)
                        )
                    )
    assume(rules)
    driven = behaviours_of(rules, kinds).driven
    n = 300
    values = np.exp(random.normal(0, 2, (n, 5))) * random.integers(0, 2, (n, 5))
    kind, life = random.integers(0, 2, n), random.integers(0, 4, n)
    before = random.uniform(size=(n, len(driven)))
    fast = evaluated(rules, signals, values, kind, life, before)
    for i in range(n):
        heard = dict(zip(signals, values[i], strict=True))
        for b, name in enumerate(driven):
            word = next(w for w in words if w.name == name)
            mine = [r for r in rules if r.rule.cell_type == kinds[kind[i]] and r.behaviour is word]
            slow = by_hand.behaviour(mine, heard, life[i], word.values[kinds[kind[i]]], before[i, b])
            assert fast[i, b] == pytest.approx(slow, rel=1e-12, abs=1e-13)


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


def sense(cells, words, **more):
    """Values of signals (kind, target) in cells of types a and b, without fields."""
    types = SimpleNamespace(mechanics=PHYSICELL, names=("a", "b"))
    table = PHYSICELL._replace(relative_adhesion_distance=np.array([1.25, 1.25]))
    types.mechanics = table
    tissue = SimpleNamespace(types=types, behaviours=behaviours_of([], ()), **more)
    signals = [SimpleNamespace(kind=kind, target=target) for kind, target in words]
    return sampled(signals, SimpleNamespace(cells=cells), tissue, 0)


def test_contacts_count_neighbours_that_touch_or_are_in_reach_of_adhesion():
    cells = cells_at([[0, 0, 0], [15, 0, 0], [30, 0, 0], [54, 0, 0], [80, 0, 0]], 8.0)
    cells.view("type")[:] = [0, 1, 0, 1, 0]
    cells.view("life")[:] = [LIVE, APOPTOTIC, LIVE, LIVE, LYSED]
    words = [("contact", "a"), ("contact", "b"), ("contact live", ""), ("contact dead", "")]
    found = sense(cells, [*words, ("contact apoptotic", ""), ("contact necrotic", "")])
    assert found.T.tolist() == [
        [0, 2, 0, 0, 0], [1, 0, 1, 0, 0], [0, 2, 0, 0, 0], [1, 0, 1, 0, 0], [1, 0, 1, 0, 0], [0, 0, 0, 0, 0],
    ]  # fmt: skip


def test_pressure_is_one_with_twelve_neighbours_of_a_close_packing():
    spread = 2 * 8.0 * np.sqrt(np.pi / (2 * np.sqrt(3)))
    ends = [[x, y, 0] for x in (-1, 1) for y in (-1, 1)]
    twelve = np.array([np.roll(end, k) for end in ends for k in range(3)]) / np.sqrt(2) * spread
    found = sense(cells_at(np.vstack([[0, 0, 0], twelve]), 8.0), [("pressure", "")])
    assert found[0, 0] == pytest.approx(1.0)
    assert pytest.approx(0.027288820670331) == CLOSE_PACKING


def test_contacts_agree_with_all_pairs():
    cells = random_tissue(200, side=90.0, types=2)
    position, radius = cells.view("position"), cells.radius()
    distance = np.linalg.norm(position[:, None] - position[None], axis=2)
    near = distance < 1.25 * (radius[:, None] + radius[None])
    np.fill_diagonal(near, False)
    found = sense(cells, [("contact", "a"), ("contact live", "")])
    assert (found[:, 0] == (near & (cells.view("type") == 0)).sum(axis=1)).all()
    assert (found[:, 1] == near.sum(axis=1)).all()


def test_the_gradient_of_a_linear_field_is_its_slope():
    simulation = Simulation(small_model(), seed=1)
    x, y, _ = np.moveaxis(simulation.tissue.grid.mesh(), -1, 0)
    simulation.state.fields["cytokine"].values[...] = 0.03 * x - 0.04 * y
    signal = SimpleNamespace(kind="gradient", target="cytokine")
    assert sampled([signal], simulation.state, simulation.tissue, 0) == pytest.approx(0.05)


def test_vesicles_and_cargo_are_sensed_as_they_are_held():
    simulation = Simulation(small_model(), seed=1)
    cells = simulation.state.cells
    cells.view("bound")[:, 0], cells.view("vesicles")[:, 0], cells.view("bodies")[:, 0] = 2.5, 7, 3
    cells.view("cargo")[:, 1] = 11
    simulation.state.fields["tumour"].values[...] = 4e-6
    cargo = simulation.tissue.cargos[1]
    copies = simulation.model.species.vesicles["tumour"].copies(cargo)
    words = {
        ("vesicles on", "tumour"): 2.5, ("vesicles inside", "tumour"): 7.0, ("bodies", "tumour"): 3.0,
        ("vesicles outside", "tumour"): 4e-6, ("cargo inside", cargo): 11.0,
        ("cargo on", cargo): 2.5 * copies,
    }  # fmt: skip
    signals = [SimpleNamespace(kind=kind, target=target) for kind, target in words]
    found = sampled(signals, simulation.state, simulation.tissue, 0)
    assert found[0] == pytest.approx(list(words.values()))


@pytest.mark.slow
def test_a_thousand_rules_on_ten_thousand_cells_cost_less_than_mechanics():
    n, n_rules, n_signals, n_behaviours = 10_000, 1000, 40, 50
    random = np.random.default_rng(0)
    cells = random_tissue(n, side=(n * 2494 / 0.74) ** (1 / 3))
    for part, volume in (("fluid", 1870.0), ("nuclear_solid", 135.0), ("cytoplasmic_solid", 489.0)):
        cells.view(part)[:] = volume
    mechanics = Mechanics(PHYSICELL, (1e9,) * 3, every=1, dt=0.1)
    place = np.sort(random.integers(0, n_behaviours, n_rules))
    first = np.concatenate([[0], np.cumsum(np.bincount(place, minlength=n_behaviours))]).astype(np.int64)
    table = RuleTable(
        first, random.integers(0, n_signals, n_rules), random.uniform(0.5, 2, n_rules),
        random.integers(1, 11, n_rules).astype(float), random.integers(0, 2, n_rules),
        np.zeros(n_rules, np.int64), *(np.full((1, n_behaviours), value) for value in (1.0, 2.0, 0.0)),
    )  # fmt: skip
    signals, out = random.uniform(0, 2, (n, n_signals)), np.zeros((n, n_behaviours))
    kinds, life = cells.view("type"), cells.view("life")

    def seconds(call, repeats):
        call()
        times = []
        for _ in range(repeats):
            start = time.process_time()
            call()
            times.append(time.process_time() - start)
        return min(times)

    for _ in range(40):  # until strong overlaps are gone
        mechanics.advance(cells, Draw(0))
    per_hour_of_mechanics = 120 * seconds(lambda: mechanics.advance(cells, Draw(0)), 30)
    per_hour_of_rules = 10 * seconds(lambda: apply(signals, kinds, life, table, out), 10)
    assert per_hour_of_rules < per_hour_of_mechanics
