"""Deaths: how many, when removed, rupture, and what oxygen does. False-alarm rate of each test below 6e-7."""

import numpy as np
import pytest
from tissues import Tissue, physicell_type, ramp

from exocosm.tissue.cells import APOPTOTIC, LIVE, LYSED, SWELLING


@pytest.mark.parametrize("step", [6.0, 144.0])
def test_apoptosis_counts(step):
    n, rate, minutes = 20000, 1e-3, 432.0
    tissue = Tissue({"a": physicell_type(apoptosis=rate)}, np.zeros(n), seed=1)
    list(tissue.live(minutes, step))
    survive = np.exp(-rate * minutes)
    live = np.count_nonzero(tissue.cells.view("life") == LIVE)
    assert live / n == pytest.approx(survive, abs=5 * np.sqrt(survive * (1 - survive) / n))
    assert np.count_nonzero(tissue.cells.view("life") == APOPTOTIC) == n - live


def test_dead_cells_are_gone_after_their_duration_and_not_before():
    n, rate = 20000, 2e-3
    kind = physicell_type(apoptosis=rate)
    kind.apoptosis.duration = 60.0
    tissue = Tissue({"a": kind}, np.zeros(n), seed=2)
    for minutes in tissue.live(300.0, 30.0):
        dead = np.exp(-rate * max(0.0, minutes - 60.0)) - np.exp(-rate * minutes)
        found = np.count_nonzero(tissue.cells.view("life") == APOPTOTIC)
        assert found / n == pytest.approx(dead, abs=5 * np.sqrt(dead * (1 - dead) / n))
        gone = 1 - np.exp(-rate * max(0.0, minutes - 60.0))
        assert 1 - tissue.cells.n / n == pytest.approx(gone, abs=5 * np.sqrt(gone * (1 - gone) / n) + 1e-12)


def test_necrosis_follows_oxygen():
    n, rate = 20000, 2e-3
    kind = physicell_type(necrosis=rate, ramps=(None, ramp(5.0, 2.5)))
    for oxygen, factor in ((38.0, 0.0), (5.0, 0.0), (3.75, 0.5), (2.5, 1.0), (0.0, 1.0)):
        tissue = Tissue({"a": kind}, np.zeros(n), seed=3)
        tissue.cells.view("signals")[:] = oxygen
        list(tissue.live(120.0, 60.0))
        dead = 1 - np.exp(-rate * factor * 120.0)
        found = np.count_nonzero(tissue.cells.view("life") != LIVE)
        assert found / n == pytest.approx(dead, abs=5 * np.sqrt(dead * (1 - dead) / n) + 1e-12)


@pytest.mark.parametrize("step", [0.5, 6.0, 37.0])
def test_a_swelling_cell_ruptures_at_its_volume_whatever_the_step(step):
    kind = physicell_type()
    kind.necrosis.duration = 1000.0
    tissue = Tissue({"a": kind}, [0])
    cells = tissue.cells
    cells.view("life")[:], cells.view("rupture_volume")[:] = SWELLING, 2 * 2494.0
    now = 0.0
    for now in tissue.live(2000.0, step):  # noqa: B007
        if cells.view("life")[0] == LYSED:
            break
        assert cells.total_volume()[0] < 2 * 2494.0
    ruptured = now - cells.view("phase_progress")[0]
    # fluid grows by r_F times the integral of the solids, which themselves decay slowly
    n0, c0, rf, rn, rc = 135.0, 488.5, 0.67 / 60, 0.013 / 60, 0.0032 / 60
    gained = rf * (n0 * -np.expm1(-rn * ruptured) / rn + c0 * -np.expm1(-rc * ruptured) / rc)
    lost = n0 * -np.expm1(-rn * ruptured) + c0 * -np.expm1(-rc * ruptured)
    assert 1870.5 + 623.5 + gained - lost == pytest.approx(2 * 2494.0, rel=1e-9)
    list(tissue.live(1000.0 + 2 * step, step))
    assert cells.n == 0


def test_each_cell_dies_one_death():
    n = 20000
    tissue = Tissue({"a": physicell_type(apoptosis=1e-3, necrosis=3e-3)}, np.zeros(n), seed=4)
    list(tissue.live(100.0, 50.0))
    died = 1 - np.exp(-4e-3 * 100)
    for life, share in ((APOPTOTIC, 0.25), (SWELLING, 0.75)):
        p = died * share
        found = np.count_nonzero(tissue.cells.view("life") == life)
        assert found / n == pytest.approx(p, abs=5 * np.sqrt(p * (1 - p) / n))
