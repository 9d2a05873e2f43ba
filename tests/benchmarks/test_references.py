"""The references of the benchmark's errors are right: closed forms, exact amounts, orders of convergence."""

from __future__ import annotations

import numpy as np
import pytest

from converged import FrozenTissue, Medium, averaged, relative_error, spread_over_cells, steady, uptake_field
from secreted import Moment, Slow, released

NOBODY = FrozenTissue(np.zeros((0, 3)), np.zeros(0), np.zeros(0))


def mean_in_a_cube(size: float, diffusion_coefficient: float, loss: float) -> float:
    """Mean of c in a cube whose faces hold 1: eigenfunctions of the Laplacian, odd orders to 199."""
    odd = np.arange(1, 200, 2, dtype=float) ** 2
    l2, m2, n2 = odd[:, None, None], odd[:, None], odd
    rate = diffusion_coefficient * np.pi**2 * (l2 + m2 + n2) / size**2
    return float(1 - (512 / np.pi**6 / (l2 * m2 * n2) * loss / (rate + loss)).sum())


def test_reference_converges_to_the_closed_form_with_second_order() -> None:
    exact = mean_in_a_cube(200.0, 1000.0, 0.5)
    medium = Medium(1000.0, 0.5, 1.0, 0.0, 200.0)
    errors = [abs(steady(NOBODY, medium, voxel).mean() - exact) for voxel in (20.0, 10.0, 5.0)]
    assert errors[-1] < 2e-3
    assert np.log2(errors[1] / errors[2]) > 1.9


def test_reference_keeps_the_uptake_of_each_cell() -> None:
    """Clearance = rate × volume, wherever the cell sits in its voxel; overlaps add."""
    position = np.array([[41.3, 52.9, 47.1], [49.0, 50.0, 51.0]])
    tissue = FrozenTissue(position, np.array([8.4, 6.0]), np.array([10.0, 3.0]))
    k = uptake_field(tissue, Medium(1e5, 0.1, 38.0, 0.0, 100.0), 10.0)
    clearance = (4 / 3 * np.pi * tissue.radius**3 * tissue.uptake_rate).sum()
    assert k.sum() * 10.0**3 == pytest.approx(clearance, rel=1e-12)


def test_errors_are_relative_and_local() -> None:
    reference = np.full((4, 4, 4), 2.0)
    field = reference.copy()
    field[0, 0, 0] = 3.0
    corner = np.zeros(field.shape, bool)
    corner[0, 0, 0] = True
    assert relative_error(field, reference, corner) == pytest.approx(0.5)
    assert relative_error(field, reference) == pytest.approx(0.5 / 8)
    assert averaged(field).shape == (2, 2, 2)


def test_cells_beyond_the_grid_keep_what_lies_inside() -> None:
    """A ball cut by a face loses what is outside, and no voxel elsewhere gains it."""
    half = spread_over_cells(np.array([[0.0, 50.0, 50.0]]), np.array([8.0]), np.array([2.0]), 0.0, 10.0, 10)
    assert half.sum() == pytest.approx(1.0, rel=0.02)
    assert not half[1:].any()


def moments(count: int, release: float = 3.0) -> list[Moment]:
    """Two cells that move by 1 µm from moment to moment, away from each other."""
    start = np.array([[60.0, 100.0, 100.0], [140.0, 100.0, 100.0]])
    away = np.array([[-1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    return [Moment(start + i * away, np.full(2, 8.0), np.full(2, release)) for i in range(count)]


def test_released_amount_is_exact() -> None:
    """Amount = release / λ (1 - e^(-λ t)), wherever the cells go; a moment held longer goes on releasing."""
    medium = Slow(200.0, 0.01, 200.0)
    for still, t in ((0.0, 60.0), (5.0, 65.0)):
        field = released(moments(11), 6.0, medium, 5.0, still)
        exact = 6.0 / 0.01 * (1.0 - np.exp(-0.01 * t))
        assert field.sum() * 5.0**3 == pytest.approx(exact, rel=1e-10)


def test_released_goes_to_the_steady_profile_of_a_sphere() -> None:
    """From outside, a ball of radius R that releases Q is a point of 3 Q (kR cosh kR - sinh kR) / (kR)³.

    The steady field of a point is Q e^(-k r) / (4 π D r), k² = λ / D. The faces are 10 decay lengths away.
    """
    diffusion, decay, radius, voxel, size = 200.0, 0.25, 8.0, 5.0, 605.0
    cell = Moment(np.full((1, 3), size / 2), np.array([radius]), np.array([1.0]))
    field = released([cell, cell], 200.0, Slow(diffusion, decay, size), voxel)
    x = (np.arange(121) + 0.5) * voxel - size / 2
    r = np.sqrt(x[:, None, None] ** 2 + x[:, None] ** 2 + x**2)
    k = np.sqrt(decay / diffusion)
    point = 3.0 * (k * radius * np.cosh(k * radius) - np.sinh(k * radius)) / (k * radius) ** 3
    exact = point * np.exp(-k * r) / (4.0 * np.pi * diffusion * np.maximum(r, voxel))
    assert relative_error(field, exact, (r > 15.0) & (r < 250.0)) < 0.004
