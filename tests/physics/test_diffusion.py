"""Diffusion coefficients: known numbers, limits and monotony."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exocosm import physics
from exocosm.physics.diffusion import fibre_permeability


def test_a_100_nm_vesicle_in_water_at_37_degrees():
    # formulas.md, 6: about 6.6 µm²/s at 0.69 mPa·s
    assert physics.stokes_einstein(0.1, 310.15, 0.69) / 60 == pytest.approx(6.585, abs=0.001)


@given(st.floats(0.02, 1), st.floats(1.0, 2.5))
def test_population_mean_is_the_average_over_the_distribution(median, geometric_sd):
    z, weight = np.polynomial.hermite_e.hermegauss(80)
    diameters = median * geometric_sd**z
    average = np.sum(weight * physics.stokes_einstein(1.0, 310.0, 0.7) / diameters) / np.sum(weight)
    found = physics.population_diffusion_coefficient(median, geometric_sd, 310.0, 0.7)
    assert found == pytest.approx(average, rel=1e-10)


@given(st.floats(0.001, 0.2), st.floats(0.002, 0.1), st.floats(1e-4, 0.05))
def test_hindrance_lies_between_0_and_1_and_grows_with_fibres(diameter, fibre_radius, fraction):
    more = min(1.5 * fraction, 0.2)
    if more * (1 + 0.5 * diameter / fibre_radius) ** 2 > 3:
        with pytest.raises(ValueError, match="caged"):
            physics.hindrance(diameter, fibre_radius, more)
        return
    here, there = (physics.hindrance(diameter, fibre_radius, f) for f in (fraction, more))
    assert 0 < there < here < 1


def test_hindrance_vanishes_with_the_fibres():
    assert physics.hindrance(0.1, 0.02, 0.0) == 1.0
    assert physics.hindrance(0.1, 0.02, 1e-9) == pytest.approx(1.0, abs=1e-3)


def brinkman_drag(alpha):
    """Drag on a sphere moving through a Brinkman medium, over Stokes', by the exact stream function.

    Unit radius and speed: the speed is u = cos θ f(r) with f = a/r³ + b g(r), g screened; the drag is
    read from the far pressure dipole p = α² a cos θ/r² plus the inertia-free balance over the sphere.
    """

    # u = ∇×∇×(ψ ẑ), ψ = A/r + B e^(-αr)/r; no slip fixes A and B, force = 4π (A α²) + α² · 4π/3 · (speed)
    def parts(r):
        e = math.exp(-alpha * r)
        first = -1 / r**2, -e * (alpha / r + 1 / r**2)
        second = 2 / r**3, e * (alpha**2 / r + 2 * alpha / r**2 + 2 / r**3)
        return first, second

    first, second = parts(1.0)
    # radial: -2 ψ'/r cos θ; tangential: (ψ'' + ψ'/r) sin θ; both equal to those of a unit velocity along z
    matrix = np.array([[-2 * first[0], -2 * first[1]], [second[0] + first[0], second[1] + first[1]]])
    a, _ = np.linalg.solve(matrix, [1.0, -1.0])
    force = 4 * math.pi * alpha**2 * a - alpha**2 * 4 * math.pi / 3
    return force / (6 * math.pi)


@pytest.mark.parametrize("alpha", [0.1, 0.5, 1.0, 3.0])
def test_viscous_hindrance_is_the_drag_in_a_brinkman_medium(alpha):
    fraction, fibre_radius = 0.01, 0.02
    diameter = 2 * alpha * math.sqrt(fibre_permeability(fibre_radius, fraction))
    found = physics.viscous_hindrance(diameter, fibre_radius, fraction)
    assert 1 / found == pytest.approx(brinkman_drag(alpha), rel=1e-9)


@pytest.mark.parametrize("fraction", [0.26, 0.5])
def test_dense_fibres_are_refused(fraction):
    with pytest.raises(ValueError, match="dilute fibres"):
        physics.viscous_hindrance(0.1, 0.02, fraction)


def test_obstruction_and_tortuosity():
    assert physics.maxwell_obstruction(0.0) == 1.0
    assert physics.maxwell_obstruction(0.5) == pytest.approx(0.8)
    assert physics.tortuous_diffusion_coefficient(100.0, 1.6) == pytest.approx(39.0625)
    with pytest.raises(ValueError, match="at least 1"):
        physics.tortuous_diffusion_coefficient(100.0, 0.9)


@pytest.mark.parametrize("wrong", [0.0, -1.0, math.inf, math.nan])
def test_impossible_sizes_are_refused(wrong):
    with pytest.raises(ValueError, match="diameter must be positive"):
        physics.stokes_einstein(wrong, 310.0, 0.7)
