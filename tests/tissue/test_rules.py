"""Rules: how responses combine, the kernel against its reference, and what it costs."""

import time
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tissues import PHYSICELL, random_tissue

from exocosm.ground.draws import Draw
from exocosm.tissue.cells import APOPTOTIC, LIVE, LYSED
from exocosm.tissue.mechanics import Mechanics
from exocosm.tissue.reference import rules as by_hand
from exocosm.tissue.rules import RuleTable, apply, behaviours_of, rule_table


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
