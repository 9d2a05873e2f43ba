"""Phagocytosis: kinetics, who takes whom, what moves with the prey, and the reference."""

import numpy as np
import pytest
from touching import Stepper, cells_by_key, crowd, grouped, pairs_by_key, simulation_of, types_model

from exocosm.tissue.cells import APOPTOTIC, LYSED, SWELLING
from exocosm.tissue.reference import interactions as by_hand

FALSE_ALARM = 4.9  # standard deviations: one in a million
KS = 2.7  # of sqrt(n) times the largest gap between distributions: one in a million


def eaters(step=1.0, **rates):
    """Phagocytes and what they may take."""
    return types_model({"eater": {"phagocytosis": rates}, "prey": {}, "other": {}}, step)


@pytest.mark.parametrize(
    ("life", "rates", "per_min"),
    [
        (APOPTOTIC, {"apoptotic": "0.05 1/min", "necrotic": "0.9 1/min"}, 0.05),
        (SWELLING, {"apoptotic": "0.9 1/min", "necrotic": "0.03 1/min"}, 0.03),
        (LYSED, {"apoptotic": "0.9 1/min", "necrotic": "0.03 1/min"}, 0.03),
        (0, {"apoptotic": "0.9 1/min", "live": {"prey": "0.04 1/min", "other": "0.9 1/min"}}, 0.04),
    ],
)
def test_the_time_until_a_neighbour_is_taken_is_exponential(life, rates, per_min):
    n, steps = 3000, 20
    tissue, state = grouped(eaters(4.0, **rates), "eater", "prey", n=n)
    state.cells.view("life")[1::2] = life
    run = Stepper(tissue, state)
    for k in range(1, steps + 1):
        run.step()
        chance = np.exp(-per_min * 4.0 * k)
        left = (run.view("type") == 1).sum() / n
        assert abs(left - chance) < FALSE_ALARM * np.sqrt(chance * (1 - chance) / n)
    assert state.tallies.engulfed.tolist() == [0, n - (run.view("type") == 1).sum(), 0]
    assert state.cells.n == 2 * n - state.tallies.engulfed.sum()


def test_several_phagocytes_share_a_prey_by_their_rates_and_one_takes_it():
    """Three phagocytes around a prey: it goes at the sum of their rates, once."""
    types = {"slow": {"phagocytosis": {"apoptotic": "0.01 1/min"}}, "prey": {}}
    types["fast"] = {"phagocytosis": {"apoptotic": "0.02 1/min"}}
    n = 3000
    tissue, state = grouped(types_model(types, 30.0), "prey", "slow", "fast", "slow", n=n)
    state.cells.view("life")[::4] = APOPTOTIC
    size = state.cells.total_volume()[0]
    run = Stepper(tissue, state)
    run.step()
    chance = 1 - np.exp(-0.04 * 30)
    taken = state.tallies.engulfed[1]
    assert abs(taken / n - chance) < FALSE_ALARM * np.sqrt(chance * (1 - chance) / n)
    fed = state.cells.total_volume() > 1.5 * size
    assert fed.sum() == taken
    fast = (fed & (run.view("type") == 2)).sum() / taken
    assert abs(fast - 0.5) < FALSE_ALARM * 0.5 / np.sqrt(taken)


def test_a_phagocyte_takes_one_a_step_and_solids_and_fluid_stay():
    tissue, state = grouped(eaters(1.0, apoptotic="1e9 1/min"), "eater", "prey", "prey", "prey", n=5)
    state.cells.view("life")[np.arange(20) % 4 > 0] = APOPTOTIC
    run = Stepper(tissue, state)
    for k in (1, 2, 3):
        run.step()
        assert state.cells.n == 20 - 5 * k
    assert run.view("fluid") == pytest.approx(4 * 1500.0)
    assert run.view("nuclear_solid") == pytest.approx(100.0)
    assert run.view("cytoplasmic_solid") == pytest.approx(4 * 500.0 - 100.0)
    assert (run.view("target_solid") == 500.0).all()


def test_a_fed_phagocyte_returns_to_its_volume():
    rates = {"fluid_change_rate": "3 1/h", "cytoplasmic_biomass_change_rate": "1 1/h"}
    volume = {"total": "2000 um^3", "nuclear": "400 um^3", "fluid_fraction": 0.75}
    rates |= {"nuclear_biomass_change_rate": "1 1/h"}
    types = {"eater": {"volume": volume | rates, "phagocytosis": {"apoptotic": "1e9 1/min"}}, "prey": {}}
    model = types_model(types)
    built = grouped(model, "eater", "prey")
    built[1].cells.view("life")[1] = APOPTOTIC
    simulation = simulation_of(model, built)
    simulation.advance(1)
    cells = simulation.state.cells
    assert cells.n == 1
    assert 3900 < cells.total_volume()[0] < 4000
    simulation.advance(1200)
    assert cells.total_volume()[0] == pytest.approx(2000, rel=1e-3)


def test_dead_cells_do_not_engulf_and_those_taken_take_nobody():
    tissue, state = grouped(eaters(1.0, live={"eater": "1e9 1/min"}), "eater", "eater", n=50)
    state.cells.view("life")[:20] = APOPTOTIC
    run = Stepper(tissue, state)
    run.step()
    assert state.cells.n == 20 + 40  # of two that want each other, the first takes the other
    assert state.tallies.engulfed[0] == 40


def hungry():
    """Two kinds of phagocytes that also take each other."""
    both = {"apoptotic": "0.2 1/min", "necrotic": "0.1 1/min"}
    return types_model({
        "a": {"phagocytosis": both | {"live": {"c": "0.02 1/min", "b": "0.03 1/min"}}},
        "b": {"phagocytosis": both | {"live": {"a": "0.05 1/min"}}},
        "c": {},
    }, 3.0)  # fmt: skip


def test_the_kernel_agrees_with_the_reference_and_volume_is_conserved():
    model = hungry()
    tissue, state = crowd(model, 150, seed=4)
    run, types, total = (
        Stepper(tissue, state, seed=6),
        model.tissue.cell_types,
        state.cells.total_volume().sum(),
    )
    chains = 0
    for _ in range(5):
        cells, near = cells_by_key(tissue, state), pairs_by_key(tissue, state)
        done = by_hand.meetings(cells, near, types, run.draw, state.tick + 1, 3.0)
        for _, eater, prey in done:
            one, other = cells[eater], cells.pop(prey)
            one["fluid"] += other["fluid"]
            one["cytoplasmic_solid"] += other["nuclear_solid"] + other["cytoplasmic_solid"]
        chains += len({d[1] for d in done} & {d[2] for d in done})
        run.step()
        assert run.view("key").tolist() == list(cells)
        for name in ("fluid", "nuclear_solid", "cytoplasmic_solid"):
            assert run.view(name) == pytest.approx([cell[name] for cell in cells.values()], rel=1e-13)
    assert state.cells.total_volume().sum() == pytest.approx(total, rel=1e-13)
    assert chains > 0
    assert state.tallies.engulfed.sum() == 150 - state.cells.n > 40


def test_who_takes_whom_does_not_depend_on_the_order_of_cells():
    found = []
    for shuffle in (False, True):
        tissue, state = crowd(hungry(), 150, seed=8)
        if shuffle:
            state.cells.permute(np.random.default_rng(2).permutation(150))
        run = Stepper(tissue, state)
        run.step(4)
        order = np.argsort(run.view("key"))
        found.append((run.view("key")[order], run.view("fluid")[order]))
    assert np.array_equal(found[0][0], found[1][0])
    assert found[0][1] == pytest.approx(found[1][1], rel=1e-13)
