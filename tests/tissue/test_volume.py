"""The volume model: exact over any step, against fine integrations and PhysiCell's own update."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tissues import Tissue, physicell_type

from exocosm.ground.compiled import kernel
from exocosm.tissue.cells import APOPTOTIC, LYSED, SWELLING
from exocosm.tissue.reference import volume as reference
from exocosm.tissue.volume import convolved


@kernel
def convolved_here(a, b, t):
    return convolved(a, b, t)


RATES = st.sampled_from([0.0, 1e-9, 1e-3, 0.05, 0.05 + 1e-12, 1.0, 50.0])


@given(RATES, RATES, st.floats(1e-6, 100.0))
def test_the_convolution_of_decays_holds_through_resonance(a, b, t):
    s, weight = np.polynomial.legendre.leggauss(200)
    edges = np.unique(np.concatenate([[0.0, t], t - t * 0.5 ** np.arange(40), t * 0.5 ** np.arange(40)]))
    total = 0.0
    for low, high in pairwise(edges):
        x = 0.5 * (high - low) * s + 0.5 * (high + low)
        total += 0.5 * (high - low) * np.sum(weight * np.exp(-np.minimum(a * (t - x) + b * x, 700)))
    assert convolved_here(a, b, t) == pytest.approx(total, rel=1e-10, abs=1e-290)


@settings(max_examples=30)
@given(st.floats(0.01, 500), st.integers(1, 5))
def test_many_steps_make_one(minutes, pieces):
    once, often = (Tissue({"a": physicell_type()}, [0]) for _ in range(2))
    for tissue in (once, often):
        tissue.cells.view("target_solid")[:] *= 2
    list(once.live(minutes, minutes))
    list(often.live(minutes, minutes / pieces))
    for name in ("fluid", "nuclear_solid", "cytoplasmic_solid"):
        assert often.cells.view(name) == pytest.approx(once.cells.view(name), rel=1e-12)


def runge_kutta(matrix, y, t, steps):
    h = t / steps
    for _ in range(steps):
        k1 = matrix @ y
        k2 = matrix @ (y + 0.5 * h * k1)
        k3 = matrix @ (y + 0.5 * h * k2)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + matrix @ (y + h * k3))
    return y


def test_growth_equals_a_fine_runge_kutta():
    tissue = Tissue({"a": physicell_type()}, [0])
    tissue.cells.view("target_solid")[:] *= 2
    list(tissue.live(600.0, 600.0))
    types = tissue.types
    solid = 2 * (types.nuclear_solid[0] + types.cytoplasmic_solid[0])
    share = types.phenotype.nuclear_share[0]
    matrix = reference.system(types.phenotype.rates[0, 0], 0.75, share * solid, (1 - share) * solid)
    start = np.array([types.fluid[0], types.cytoplasmic_solid[0], types.nuclear_solid[0], 0.0, 1.0])
    y = runge_kutta(matrix, start, 600.0, 6000)
    found = [tissue.cells.view(name)[0] for name in ("fluid", "cytoplasmic_solid", "nuclear_solid")]
    assert found == pytest.approx(y[:3], rel=1e-10)


def test_a_doubled_target_doubles_the_cell():
    tissue = Tissue({"a": physicell_type()}, [0])
    tissue.cells.view("target_solid")[:] *= 2
    list(tissue.live(60 * 24 * 10, 60.0))
    assert tissue.cells.total_volume()[0] == pytest.approx(2 * 2494.0, rel=1e-9)


def physicell_euler(cell, fraction, rates, dt, steps):
    """PhysiCell's own update of a dying cell (standard_volume_update_function), forward Euler."""
    fluid, cytoplasmic, nuclear, calcified = cell
    for _ in range(steps):
        total = fluid + cytoplasmic + nuclear
        fluid = max(0.0, fluid + dt * rates[0] * (fraction * total - fluid))
        nuclear = max(0.0, nuclear - dt * rates[2] * nuclear)
        cytoplasmic = max(0.0, cytoplasmic - dt * rates[1] * cytoplasmic)
        calcified += dt * rates[3] * (1 - calcified)
    return np.array([fluid, cytoplasmic, nuclear, calcified])


@pytest.mark.parametrize(("life", "fraction"), [(APOPTOTIC, 0.0), (SWELLING, 1.0), (LYSED, 0.0)])
def test_dying_cells_follow_physicells_curves(life, fraction):
    tissue = Tissue({"a": physicell_type()}, [0])
    cells = tissue.cells
    cells.view("life")[:] = life
    cells.view("phase_threshold")[:] = 1e9
    parts = ("fluid", "cytoplasmic_solid", "nuclear_solid", "calcified_fraction")
    cell = np.array([cells.view(part)[0] for part in parts])
    rates = tissue.types.phenotype.rates[0, life]
    for _ in tissue.live(480.0, 60.0):
        cell = physicell_euler(cell, fraction, rates, 0.005, 12000)
        assert [cells.view(part)[0] for part in parts] == pytest.approx(cell, rel=2e-4, abs=0.1)
