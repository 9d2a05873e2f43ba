"""Uptake: the crowded cell against a numerical solution, resistances in series, limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from exocosm import physics


def resistance_by_quadrature(radius, fraction):
    """Mean of c - c(R) over the shell for unit flux and D = 1, from the flux through each radius."""
    outer = radius * fraction ** (-1 / 3)
    volume = outer**3 - radius**3

    def flux_density(r):
        return (outer**3 - r**3) / volume / (4 * np.pi * r * r)

    def above_surface(r):
        return quad(flux_density, radius, r, epsrel=1e-12)[0]

    return quad(lambda r: above_surface(r) * 3 * r * r / volume, radius, outer, epsrel=1e-10)[0]


@pytest.mark.parametrize("fraction", [1e-3, 0.05, 0.3, 0.6, 0.9, 0.99])
def test_crowded_resistance_is_the_quadrature_of_its_cell(fraction):
    expected = resistance_by_quadrature(8.4, fraction)
    assert physics.crowded_resistance(8.4, fraction) == pytest.approx(expected, rel=1e-8)


def resistance_by_finite_volumes(radius, fraction, cells):
    """Mean concentration over flux in a shell with an even source, absorbed at its inner surface."""
    outer = radius * fraction ** (-1 / 3)
    faces = np.linspace(radius, outer, cells + 1)
    volume = 4 * np.pi / 3 * np.diff(faces**3)
    between = 4 * np.pi * faces[1:-1] ** 2 / (faces[1] - faces[0])
    wall = 4 * np.pi * radius**2 / (0.5 * (faces[1] - faces[0]))
    matrix = np.diag(np.append(between, 0) + np.append(wall, between))
    matrix -= np.diag(between, 1) + np.diag(between, -1)
    return np.average(np.linalg.solve(matrix, volume), weights=volume) / volume.sum()


@pytest.mark.parametrize("fraction", [0.01, 0.2, 0.6])
def test_crowded_resistance_is_that_of_a_discretised_shell(fraction):
    coarse, fine = (resistance_by_finite_volumes(8.0, fraction, cells) for cells in (300, 600))
    exact = physics.crowded_resistance(8.0, fraction)
    assert fine == pytest.approx(exact, rel=1e-3)
    assert abs(fine - exact) < 0.3 * abs(coarse - exact)


@given(st.floats(1, 20), st.floats(0, 0.999))
def test_crowding_brings_particles_closer(radius, fraction):
    crowded = physics.crowded_resistance(radius, fraction)
    assert 0 < crowded <= physics.isolated_resistance(radius) * (1 + 1e-12)
    assert crowded >= physics.crowded_resistance(radius, min(fraction + 0.01, 0.9999))


@given(st.floats(0, 1), st.floats(1, 20), st.floats(1, 1e4))
def test_a_lone_cell_of_efficiency_e_takes_that_share_of_what_diffuses_to_it(efficiency, radius, diffusion):
    expected = efficiency * physics.diffusion_to_sphere(radius, diffusion)
    assert physics.crowded_clearance(efficiency, radius, 0.0, diffusion) == pytest.approx(expected, rel=1e-12)
    if efficiency < 1:
        intrinsic = physics.clearance_from_efficiency(efficiency, radius, diffusion)
        found = physics.clearance_in_series(intrinsic, physics.isolated_resistance(radius), diffusion)
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_arrays_of_cells_at_once():
    radius, fraction = np.array([5.0, 8.0]), np.array([0.1, 0.5])
    both = physics.crowded_resistance(radius, fraction)
    one_by_one = [physics.crowded_resistance(r, f) for r, f in zip(radius, fraction, strict=True)]
    assert both == pytest.approx(one_by_one)


@pytest.mark.parametrize("fraction", [-0.1, 1.0, 1.5])
def test_impossible_fractions_are_refused(fraction):
    with pytest.raises(ValueError, match="volume fraction"):
        physics.crowded_resistance(8.0, fraction)
