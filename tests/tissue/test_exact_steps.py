"""Processes that are exact over a step: one step of a time, or as many as one likes, give the same.

Processes that count draw their counts from exact distributions (their own tests). Here each count is its
mean, and so large that whole numbers do not matter: what is left is the equation that a process solves.
Exact ones that have such a test elsewhere: states (`test_states.py`), volume (`test_volume.py`), damage by
attacks (`test_attack.py`), carries of whole vesicles (`test_vesicles.py`).
"""

from __future__ import annotations

import numpy as np
import pytest
from converging import LARGE, use_means
from hypothesis import given
from hypothesis import strategies as st
from senders import cells_of, genesis, steps
from test_endosome import endosome, filled
from test_immigration import ENTRY, arriving, process_of
from test_pools import pool
from tissues import Fixed, Tissue, change_rates, phase, physicell_type

from exocosm.tissue.enzymes import converted
from exocosm.tissue.random_counts import Counts

TIME = 24.0  # min
PIECES = (1, 2, 3, 8, 24)


@pytest.fixture
def means(monkeypatch):
    """Every random count is its mean."""
    use_means(monkeypatch)


@pytest.mark.parametrize("pieces", PIECES)
def test_a_pool_in_any_number_of_steps_is_the_solution_of_its_equation(means, pieces):
    made, lost = 0.04 * LARGE, 0.05
    state = cells_of(3)
    state.cells.view("cargo")[:, 1] = LARGE
    steps(state, pool(0.0, made, lost, TIME / pieces), pieces)
    truth = made / lost + (LARGE - made / lost) * np.exp(-lost * TIME)
    assert state.cells.view("cargo")[:, 1] == pytest.approx(truth, rel=1e-10)
    books = state.ledger.balance
    assert books("loaded", "formed") == pytest.approx(3 * made * TIME, rel=1e-10)
    assert books("loaded", "degraded") == pytest.approx(3 * (LARGE + made * TIME - truth), rel=1e-10)


def bodies_after(pieces: int) -> list[float]:
    """Bodies, vesicles in them and vesicles released, from more vesicles in bodies than form in a while."""
    process = genesis(LARGE, 20.0, 0.05, 0.03, 0.1 * LARGE, minutes=TIME / pieces)
    state = cells_of(1)
    state.cells.view("bodies")[:, 0], state.cells.view("body_vesicles")[:, 0] = 3 * LARGE, 70 * LARGE
    steps(state, process, pieces)
    return [float(state.cells.view(name)[0, 0]) for name in ("bodies", "body_vesicles", "outgoing")]


@pytest.mark.parametrize("pieces", PIECES)
def test_bodies_in_any_number_of_steps_are_the_solution_of_their_equations(means, pieces):
    """dB/dt = f/n - k B, dV/dt = f - k V, and what is released is d/k of all that ended, with what budded."""
    found = bodies_after(pieces)
    k, stay = 0.08, np.exp(-0.08 * TIME)
    bodies = LARGE / 20 / k + (3 * LARGE - LARGE / 20 / k) * stay
    vesicles = LARGE / k + (70 * LARGE - LARGE / k) * stay
    released = 0.05 / k * (70 * LARGE + LARGE * TIME - vesicles) + 0.1 * LARGE * TIME
    assert found == pytest.approx([bodies, vesicles, released], rel=1e-9)


@pytest.mark.parametrize("pieces", PIECES)
def test_endosomes_in_any_number_of_steps_are_the_solution_of_their_equation(means, pieces):
    state = filled(2, LARGE, 7 * LARGE)
    steps(state, endosome(TIME / pieces, 0.05, 0.3, 0.45), pieces)
    stay, view = np.exp(-0.05 * TIME), state.cells.view
    assert view("vesicles")[:, 0] == pytest.approx(LARGE * stay, rel=1e-10)
    assert view("vesicle_riders")[:, 0] == pytest.approx(7 * LARGE * stay, rel=1e-10)
    assert view("outgoing")[:, 0] == pytest.approx(0.45 * LARGE * (1 - stay), rel=1e-10)
    assert view("cargo")[:, 1] == pytest.approx(0.3 * 7 * LARGE * (1 - stay), rel=1e-10)
    lysosome = 2 * 0.25 * LARGE * (1 - stay)
    assert state.ledger.balance("vesicle", "lysosome") == pytest.approx(lysosome, rel=1e-10)


@given(st.floats(1e-3, 100), st.floats(0, 50), st.floats(0.01, 10), st.integers(2, 9))
def test_an_enzyme_in_many_steps_converts_what_it_does_in_one(start, most, half_saturation, pieces):
    once = converted(np.array([start]), np.array([most]), half_saturation)
    now = np.array([start])
    for _ in range(pieces):
        now = converted(now, np.array([most / pieces]), half_saturation)
    assert now == pytest.approx(once, rel=1e-9, abs=1e-280)


def fates(kind: object, minutes: float, pieces: int) -> dict[str, np.ndarray]:
    """Cells after a time in so many steps, sorted by key."""
    tissue = Tissue({"a": kind}, [0, 0, 0], seed=3)
    list(tissue.live(minutes, minutes / pieces))
    order = np.argsort(tissue.cells.view("key"))
    names = ("fluid", "nuclear_solid", "cytoplasmic_solid", "target_solid", "phase", "phase_progress", "life",
             "calcified_fraction", "position", "births", "key")  # fmt: skip
    return {name: tissue.cells.view(name)[order] for name in names}


def assert_same(found: dict[str, np.ndarray], once: dict[str, np.ndarray]) -> None:
    assert np.array_equal(found["key"], once["key"])
    for name in found.keys() - {"key"}:
        assert found[name] == pytest.approx(once[name], rel=1e-10, abs=1e-10), name


@pytest.mark.parametrize("pieces", [2, 5, 60])
def test_cells_of_fixed_phases_grow_and_divide_in_many_steps_as_in_one(pieces):
    """Phases end, cells double and divide within steps: at the same moments, whatever the step."""
    cycle = [phase(Fixed(7.3), doubles=True), phase(Fixed(11.9), divides=True)]
    once = fates(physicell_type(cycle), 60.0, 1)
    assert len(once["key"]) == 3 * 2**3
    assert_same(fates(physicell_type(cycle), 60.0, pieces), once)


@pytest.mark.parametrize("way", ["apoptosis", "necrosis"])
@pytest.mark.parametrize("minutes", [6.0, 30.0, 90.0])
def test_dead_cells_shrink_burst_and_go_in_many_steps_as_in_one(way, minutes):
    """Cells die at once; an apoptotic one is gone after 33 min, a necrotic one bursts first."""
    kind = physicell_type(**{way: 1e12})
    kind.apoptosis.duration = kind.necrosis.duration = 33.0
    kind.necrosis.relative_rupture_volume = 1.1
    kind.necrosis.swelling = change_rates(3.0, 0.0032, 0.013, 0.0042)
    once = fates(kind, minutes, 1)
    assert len(once["key"]) == (0 if minutes > 60 else 3)
    for pieces in (3, 10, 60):
        assert_same(fates(kind, minutes, pieces), once)


@pytest.mark.parametrize("step", [1, 6, 30])
def test_arrivals_expected_in_a_window_are_rate_times_length_times_time(monkeypatch, step):
    """The means of the Poisson numbers of all steps add up, also where a window opens within a step."""
    window = {"start": "13 min", "end": "47 min"}
    steps_of = {"tick": "1 min", "mechanics": "1 min", "phenotype": f"{step} min"}
    simulation = arriving(ENTRY | window, ticks=0, tissue__steps=steps_of)
    process, total = process_of(simulation), []

    def nobody(self, kind, mean):
        total.append(mean)
        return np.zeros(len(mean), np.int64)

    monkeypatch.setattr(Counts, "poisson", nobody)
    for tick in range(step, 61, step):
        process.candidates(simulation.draw, tick)
    rate = float(process.entry.rate)
    assert np.sum(total, axis=0) == pytest.approx(rate * process.network.lengths * 34.0, rel=1e-12)
