"""Cycles: divisions at exact times, means and spreads as stated, oxygen, and the reference of a whole step.

Stochastic tests have fixed seeds; each allows 5 standard errors, a false-alarm rate below 6e-7.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stepping import step_beside_reference
from tissues import Exponential, Fixed, Normal, Tissue, phase, physicell_type, ramp

from exocosm.ground.draws import Draw
from exocosm.tissue.phenotype import Phenotype

HOURS = {"G1": 7, "S": 6, "G2": 3, "M": 2}


def four_phases(law):
    """G1, S, G2, M of cases.md, section 3; solids double in S, cells divide after M."""
    return [phase(law(60.0 * h), doubles=name == "S", divides=name == "M") for name, h in HOURS.items()]


@pytest.mark.parametrize("step", [1.0, 6.0, 7.0, 60.0, 720.0])
def test_fixed_phases_divide_at_18_and_36_hours(step):
    kind = physicell_type(four_phases(Fixed), total=523.6, nuclear=113.0)
    tissue, counts = Tissue({"a": kind}, [0]), {}
    for minutes in tissue.live(48 * 60, step):
        counts[minutes] = tissue.cells.n
    for minutes, n in counts.items():
        expected = 1 if minutes < 1080 else 2 if minutes < 2160 else 4
        assert n == expected, minutes
    # divided at the very time: the phases since then agree
    since = 48 * 60 // step * step - 36 * 60
    assert tissue.cells.view("phase_progress") == pytest.approx(np.full(4, since - 420.0), abs=1e-9)
    assert np.all(tissue.cells.view("phase") == 1)


def division_times(kind, n, minutes, step=6.0, seed=0):
    """First division times of n cells, read from their progress in the phase after it."""
    tissue = Tissue({"a": kind}, np.zeros(n), seed)
    times = np.full(n, np.nan)
    for now in tissue.live(minutes, step):
        born = (tissue.cells.view("births")[:n] == 1) & np.isnan(times)
        times[born] = now - tissue.cells.view("phase_progress")[:n][born]
    return times


def test_normal_phases_give_the_stated_cycle():
    # cases.md: each phase with 10 % SD, so the cycle has mean 18 h, SD 0.99 h
    n = 4000
    times = division_times(physicell_type(four_phases(lambda m: Normal(m, 0.1 * m))), n, 30 * 60) / 60
    sd = 0.1 * np.sqrt(sum(h * h for h in HOURS.values()))
    assert sd == pytest.approx(0.99, abs=0.005)
    assert times.mean() == pytest.approx(18.0, abs=5 * sd / np.sqrt(n))
    assert times.std() == pytest.approx(sd, abs=5 * sd / np.sqrt(2 * n))


@pytest.mark.parametrize("step", [6.0, 120.0])
def test_an_exponential_phase_grows_as_the_exponential(step):
    n, rate, minutes = 3000, 0.00072, 1440.0
    tissue = Tissue({"a": physicell_type([phase(Exponential(rate), True, True)])}, np.zeros(n), seed=5)
    list(tissue.live(minutes, step))
    growth = np.exp(rate * minutes)
    # Yule process: the variance of one line is growth² - growth
    assert tissue.cells.n / n == pytest.approx(growth, abs=5 * np.sqrt((growth**2 - growth) / n))


def test_a_ramp_slows_the_cycle_and_stops_it():
    n, rate, minutes = 3000, 0.00072, 720.0
    live = phase(Exponential(rate), True, True, ramp(5.0, 38.0))
    for oxygen, factor in ((38.0, 1.0), (60.0, 1.0), (21.5, 0.5), (5.0, 0.0), (1.0, 0.0)):
        tissue = Tissue({"a": physicell_type([live])}, np.zeros(n), seed=6)
        tissue.cells.view("signals")[:] = oxygen
        list(tissue.live(minutes, 60.0))
        growth = np.exp(rate * factor * minutes)
        assert tissue.cells.n / n == pytest.approx(growth, abs=5 * np.sqrt((growth**2 - growth) / n) + 1e-12)


def test_a_changing_rate_integrates_to_its_hazard():
    # an hour at full rate and an hour at none, in turn: half as many divisions
    n, rate = 4000, 0.001
    kind = physicell_type([phase(Exponential(rate), True, True, ramp(0.0, 38.0))])
    tissue = Tissue({"a": kind}, np.zeros(n), seed=7)
    for minutes in tissue.live(600.0, 60.0):
        tissue.cells.view("signals")[:] = 0.0 if (minutes // 60) % 2 else 38.0
    growth = np.exp(rate * 300)
    assert tissue.cells.n / n == pytest.approx(growth, abs=5 * np.sqrt((growth**2 - growth) / n))


def busy_types():
    """Two types with every kind of event, at rates high enough for several in one step."""
    fast = [
        phase(Fixed(40.0), doubles=True),
        phase(Normal(30.0, 9.0), divides=True),
        phase(Exponential(0.02), ramp=ramp(40.0, 10.0)),
    ]
    busy = physicell_type(fast, apoptosis=0.002, necrosis=0.003, ramps=(ramp(0.0, 60.0), ramp(50.0, 20.0)))
    busy.apoptosis.duration, busy.necrosis.duration = 33.0, 47.0
    busy.necrosis.relative_rupture_volume = 1.1
    calm = physicell_type([phase(Exponential(0.01), True, True)], apoptosis=0.001)
    still = physicell_type()
    still.apoptosis = still.necrosis = None
    return {"busy": busy, "calm": calm, "still": still}


@settings(max_examples=12)
@given(st.integers(1, 12), st.integers(0, 10**6), st.sampled_from([6.0, 50.0, 110.0]), st.booleans())
def test_a_step_equals_the_reference(n, seed, minutes, planar):
    random = np.random.default_rng(seed)
    tissue = Tissue(busy_types(), random.integers(0, 3, n), seed, (5, 5, 1 if planar else 5), (2, 1))
    cells, draw = tissue.cells, Draw(seed)
    cells.view("position")[:] = random.uniform(0, tissue.grid.size, (n, 3))
    cells.view("vesicles")[:] = random.integers(0, 300, (n, 2))
    cells.view("cargo")[:] = random.integers(0, 5, (n, 1))
    cells.view("substrate")[:] = random.uniform(0, 9, (n, 1))
    phenotype = Phenotype(tissue.types, tissue.holdings, every=1, tick=minutes)
    for tick in range(1, 5):
        cells.view("signals")[:] = random.uniform(0, 60, (cells.n, 1))
        step_beside_reference(tissue, phenotype, draw, tick, minutes, planar)


def test_the_same_seed_repeats_and_the_order_of_cells_does_not_matter():
    def fates(order, seed=3):
        tissue = Tissue(busy_types(), np.zeros(30), 1)
        tissue.draw = Draw(seed)
        tissue.cells.permute(order)
        list(tissue.live(300.0, 30.0))
        by_key = np.argsort(tissue.cells.view("key"))
        return tissue.cells.view("key")[by_key], tissue.cells.total_volume()[by_key]

    straight, reversed_order = fates(np.arange(30)), fates(np.arange(30)[::-1])
    for found, wanted in zip(straight, reversed_order, strict=True):
        assert np.array_equal(found, wanted)
    assert not np.array_equal(straight[0], fates(np.arange(30), seed=4)[0])
