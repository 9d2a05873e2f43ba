"""Attack: kinetics of its beginning and end, damage with repair, the reference, and killing under a rule."""

import numpy as np
import pytest
from touching import (
    DEATH,
    Stepper,
    cells_by_key,
    crowd,
    grouped,
    groups,
    pairs_by_key,
    put,
    simulation_of,
    types_model,
)

from exocosm.model import Set
from exocosm.tissue.attack import attacks_of
from exocosm.tissue.cells import APOPTOTIC, LIVE
from exocosm.tissue.contacts import Contacts
from exocosm.tissue.reference import interactions as by_hand

FALSE_ALARM = 4.9  # standard deviations: one in a million
KS = 2.7  # of sqrt(n) times the largest gap between distributions: one in a million
AT_ONCE = "1e9 1/min"


def killers(rate="0.1 1/min", duration="30 min", repair="0 1/h", step=1.0, rules=(), **attack):
    """Killer cells that attack targets."""
    part = {"targets": {"target": rate}, "damage_rate": "2 1/min", "duration": duration} | attack
    target = {"damage_repair_rate": repair, "apoptosis": {"rate": "0 1/min", **DEATH}}
    return types_model({"killer": {"attack": part}, "target": target}, step, rules)


def within(values, expected, spread=None):
    """Whether a mean is as expected, to the noise of so many independent values."""
    spread = np.std(values) if spread is None else spread
    gap = abs(np.mean(values) - expected)
    assert gap < FALSE_ALARM * spread / np.sqrt(len(values)), (np.mean(values), expected)


@pytest.mark.parametrize("step", [0.5, 6.0, 45.0])
@pytest.mark.parametrize("repair", ["0 1/h", "3 1/h"])
def test_damage_of_steady_attack_with_repair_is_the_closed_form_at_any_step(step, repair):
    tissue, state = grouped(killers(AT_ONCE, repair=repair, step=step), "killer", "target")
    run = Stepper(tissue, state)
    run.step(round(90 / step))
    k = float(repair.split()[0]) / 60
    expected = 2 * 90 if k == 0 else 2 / k * (1 - np.exp(-90 * k))
    assert run.view("damage") == pytest.approx([0, expected], rel=1e-6)
    assert run.view("attacked_time") == pytest.approx([0, 90], rel=1e-6)
    assert run.view("attack_target")[0] == run.view("key")[1]


@pytest.mark.parametrize("step", [1.0, 5.0, 25.0])
def test_an_attack_ends_within_a_step_and_damage_is_repaired_afterwards(step):
    tissue, state = grouped(killers("0 1/min", repair="3 1/h", step=step), "killer", "target")
    run = Stepper(tissue, state)
    run.view("attack_target")[0], run.view("attack_left")[0] = run.view("key")[1], 13.0
    run.step(round(25 / step))
    assert run.view("damage")[1] == pytest.approx(40 * (1 - np.exp(-13 / 20)) * np.exp(-12 / 20), rel=1e-12)
    assert run.view("attacked_time")[1] == pytest.approx(13.0, rel=1e-12)
    assert (run.view("attack_target") == 0).all()
    assert (run.view("attack_left") == 0).all()


@pytest.mark.parametrize("step", [1.0, 20.0])
def test_the_time_to_the_first_attack_is_exponential(step):
    n, rate = 3000, 0.05
    run = Stepper(*grouped(killers(f"{rate} 1/min", "1e6 h", step=step), "killer", "target", n=n))
    run.step(round(400 / step))
    began = np.sort(400 - run.view("attacked_time")[1::2])
    share = 1 - np.exp(-rate * began)
    gap = np.abs(share - (np.arange(n) + 0.5) / n).max()
    assert gap * np.sqrt(n) < KS


def test_rates_of_several_targets_add_and_share_the_choice():
    """Two of type a at immunogenicity 1, one of b at 0.5, one of c that is never attacked."""
    attack = {
        "targets": {"a": "0.02 1/min", "b": "0.06 1/min"},
        "damage_rate": "1 1/min",
        "duration": "1e6 h",
    }
    types = {"killer": {"attack": attack}, "a": {}, "b": {"immunogenicity": {"killer": 0.5}}, "c": {}}
    n = 3000
    run = Stepper(*grouped(types_model(types, 4.0), "killer", "a", "c", "a", "b", n=n))
    run.step(100)
    time = run.view("attacked_time").reshape(n, 5)
    assert not time[:, [0, 2]].any()
    assert ((time > 0).sum(axis=1) == 1).all()
    for column, share in ((1, 2 / 7), (3, 2 / 7), (4, 3 / 7)):
        within(time[:, column] > 0, share, np.sqrt(share * (1 - share)))
    within(400 - time.sum(axis=1), 1 / 0.07, 1 / 0.07)


@pytest.mark.parametrize("law", ["fixed", "exponential"])
@pytest.mark.parametrize("step", [2.0, 60.0])
def test_attack_after_attack_takes_the_share_of_time_that_a_renewal_process_has(law, step):
    rate, duration, n, total, dt = 0.1, 15.0, 3000, 120.0, 0.01
    model = killers(f"{rate} 1/min", f"{duration} min", step=step, duration_law=law)
    run = Stepper(*grouped(model, "killer", "target", n=n))
    run.step(round(total / step))
    busy, begun = np.zeros(round(total / dt) + 1), np.zeros(round(total / dt) + 1)
    for k in range(1, len(busy)):  # who is busy now began before and has not ended
        begun[k] = rate * (1 - busy[k - 1]) * dt
        fixed = begun[k - round(duration / dt)] if k > duration / dt else 0.0
        busy[k] = busy[k - 1] + begun[k] - (fixed if law == "fixed" else busy[k - 1] * dt / duration)
    within(run.view("attacked_time")[1::2], busy.sum() * dt)
    within(run.view("attack_target")[::2] != 0, busy[-1])


def test_an_attack_ends_with_its_target_and_with_contact():
    tissue, state = grouped(killers(AT_ONCE, "10 h"), "killer", "target", n=4)
    run = Stepper(tissue, state)
    run.step()
    assert (run.view("attack_target")[::2] == run.view("key")[1::2]).all()
    run.view("life")[1] = APOPTOTIC
    run.view("position")[3] += 50.0
    run.view("life")[4] = APOPTOTIC
    before = run.view("damage").copy()
    run.step()
    assert (run.view("attack_target")[::2] != 0).tolist() == [False, False, False, True]
    assert (run.view("damage")[1::2] - before[1::2]).tolist() == pytest.approx([0, 0, 0, 2])
    state.cells.remove(np.arange(8) == 7)
    run.step()
    assert not run.view("attack_target").any()


def test_immunogenicity_of_nothing_protects_and_dead_cells_are_not_attacked():
    attack = {"targets": {"target": AT_ONCE}, "damage_rate": "1 1/min", "duration": "5 min"}
    types = {"killer": {"attack": attack}, "target": {"immunogenicity": {"killer": 0}}}
    run = Stepper(*grouped(types_model(types), "killer", "target"))
    run.step(5)
    assert not run.view("damage").any()
    run = Stepper(*grouped(killers(AT_ONCE), "killer", "target"))
    run.view("life")[1] = APOPTOTIC
    run.step(5)
    assert not run.view("damage").any()


def mixed(law="fixed"):
    """Three types that attack each other, one with repair."""

    def attack(**targets):
        return {"targets": targets, "damage_rate": "0.7 1/min", "duration": "3 min", "duration_law": law}

    return types_model({
        "a": {"attack": attack(b="0.3 1/min", a="0.05 1/min"), "damage_repair_rate": "0.1 1/min"},
        "b": {"attack": attack(a="0.1 1/min", c="0.2 1/min"), "immunogenicity": {"a": 0.5}},
        "c": {"mechanics": {"relative_adhesion_distance": 1.3}, "damage_repair_rate": "2 1/h"},
    }, 2.0)  # fmt: skip


@pytest.mark.parametrize("law", ["fixed", "exponential"])
def test_the_kernel_agrees_with_the_reference(law):
    model = mixed(law)
    tissue, state = crowd(model, 120, seed=3)
    run, types = Stepper(tissue, state, seed=5), model.tissue.cell_types
    run.view("damage")[:] = np.linspace(0, 3, 120)
    for _ in range(4):
        cells, near = cells_by_key(tissue, state), pairs_by_key(tissue, state)
        tick, step = state.tick + 1, (types, run.draw, state.tick + 1, 2.0)
        blows = [blow for cell in cells.values() for blow in by_hand.blows(cell, cells, near, *step)]
        run.step()
        for i, key in enumerate(run.view("key")):
            mine = [blow for blow in blows if blow.target == key]
            damage, attacked = by_hand.damage_after(cells[int(key)], mine, cells, types, 2.0)
            assert run.view("damage")[i] == pytest.approx(damage, rel=1e-12, abs=1e-14), tick
            assert run.view("attacked_time")[i] == pytest.approx(attacked, rel=1e-12, abs=1e-14)
            assert run.view("attack_target")[i] == cells[int(key)]["attack_target"]
            assert run.view("attack_left")[i] == pytest.approx(cells[int(key)]["attack_left"], abs=1e-12)
        run.view("position")[:] += np.random.default_rng(tick).normal(0, 2, (120, 3))
    assert len({blow.attacker for blow in blows}) > 20


def test_survival_under_a_rule_of_damage_is_that_of_the_integrated_hazard():
    """Damage of a steady attack with repair; apoptosis by a Hill rule; 3,000 pairs at steps of 1 min."""
    n, k, minutes = 3000, 1 / 60, 60
    rule = {
        "cell_type": "target", "signal": "damage", "response": "increases", "behaviour": "apoptosis",
        "saturation": "0.05 1/min", "half_max": 30, "hill_power": 4,
    }  # fmt: skip
    model = killers(AT_ONCE, "1e6 h", "1 1/h", rules=[rule])
    simulation = simulation_of(model, grouped(model, "killer", "target", n=n))
    simulation.advance(minutes)
    cells = simulation.state.cells
    alive = cells.view("life")[cells.view("type") == 1] == LIVE

    def survival(dt):
        damage = 2 / k * (1 - np.exp(-k * np.arange(0, minutes, dt)))
        power = (damage / 30) ** 4
        return np.exp(-0.05 * dt * (power / (1 + power)).sum())

    within(alive, survival(1.0), np.sqrt(survival(1.0) * (1 - survival(1.0))))
    assert survival(1.0) == pytest.approx(survival(1e-3), rel=0.03)
    assert 0.1 < survival(1.0) < 0.5


def test_a_state_that_attacking_raises_ends_attacks():
    """Exhaustion: attacking raises it, and it takes the rate of attack to nothing."""
    rules = [
        {"cell_type": "killer", "signal": "attacking", "response": "increases", "behaviour": "rise of tired",
         "saturation": "1 1/min", "half_max": 0.5, "hill_power": 8},
        {"cell_type": "killer", "signal": "tired", "response": "decreases", "behaviour": "attack target",
         "saturation": "0 1/min", "half_max": 0.3, "hill_power": 20},
    ]  # fmt: skip
    states = {"tissue.cell_types.killer.states": {"tired": {}}, "tissue.rules": rules}
    model = killers("1 1/min", "2 min").change(*(Set(path, value) for path, value in states.items()))
    simulation = simulation_of(model, grouped(model, "killer", "target", n=200))
    attacking = []
    for _ in range(12):
        simulation.advance(2)
        attacking.append(simulation.summary()["cells.killer.attacking"])
    assert attacking[0] > 0.5
    assert attacking[-1] < 0.02
    assert (simulation.state.cells.view("state")[::2, 0] > 0.3).mean() > 0.98


def test_rules_drive_damage_duration_repair_and_immunogenicity():
    """Each behaviour halved by a saturated rule does to the sum what half of it in the model does."""

    def rule(kind, behaviour, value):
        response = {"cell_type": kind, "signal": "volume", "response": "decreases", "behaviour": behaviour}
        return response | {"saturation": value, "half_max": "1e-6 um^3", "hill_power": 9}

    ruled = [rule("killer", "attack damage rate", "1 1/min"), rule("killer", "attack duration", "15 min")]
    ruled += [
        rule("target", "damage repair rate", "0.05 1/min"),
        rule("target", "immunogenicity to killer", 0.5),
    ]
    driven = killers("0.2 1/min", repair="0.1 1/min", rules=ruled)
    stated = killers("0.1 1/min", "15 min", "0.05 1/min", damage_rate="1 1/min")
    found = []
    for model in (driven, stated):
        simulation = simulation_of(model, grouped(model, "killer", "target", n=40))
        simulation.advance(60)
        found.append(simulation.state.cells.view("damage").copy())
    assert found[0].any()
    assert found[0] == pytest.approx(found[1], rel=1e-9)


def test_who_attacks_whom_does_not_depend_on_the_order_of_cells():
    model = mixed()
    found = []
    for shuffle in (False, True):
        tissue, state = crowd(model, 150, seed=9)
        if shuffle:
            state.cells.permute(np.random.default_rng(1).permutation(150))
        run = Stepper(tissue, state)
        run.step(5)
        order = np.argsort(run.view("key"))
        found.append({name: run.view(name)[order] for name in ("attack_target", "attack_left", "damage")})
    assert np.array_equal(found[0]["attack_target"], found[1]["attack_target"])
    for name in ("attack_left", "damage"):
        assert found[0][name] == pytest.approx(found[1][name], rel=1e-12, abs=1e-14)


def test_daughters_keep_damage_and_mothers_their_attack():
    cycle = {"phases": [{"name": "live", "divides": True, "duration": {"fixed": "2.5 min"}}]}
    changes = {f"tissue.cell_types.{kind}.cycle": cycle for kind in ("killer", "target")}
    model = killers(AT_ONCE, "1 h").change(*(Set(path, value) for path, value in changes.items()))
    built = grouped(model, "killer", "target")
    key = built[1].cells.view("key").copy()
    built[1].cells.view("phase_threshold")[:] = 2.5
    simulation = simulation_of(model, built)
    simulation.advance(3)
    cells = simulation.state.cells
    assert cells.n == 4
    assert cells.view("key")[:2].tolist() == key.tolist()
    assert cells.view("damage") == pytest.approx([0, 6, 0, 6])
    assert cells.view("attacked_time") == pytest.approx([0, 3, 0, 3])
    assert cells.view("attack_target").tolist() == [key[1], 0, 0, 0]
    assert cells.view("attack_left") == pytest.approx([57, 0, 0, 0])


def test_a_model_without_attack_has_no_process_for_it():
    tissue, _ = put(types_model({"a": {}}), ["a"], groups(1, 1)[0, :1])
    assert attacks_of(tissue, 1.0) is None


def test_contacts_are_found_once_for_rules_and_attacks():
    tissue, state = crowd(mixed(), 50, seed=2)
    found = Contacts.of(state, tissue)
    assert Contacts.of(state, tissue) is found
    state.cells.view("position")[0] += 1.0
    assert Contacts.of(state, tissue) is not found
