"""The resistance that a grid puts between a cell and its surroundings, so that it can be taken out.

A cell that takes up `clearance` * c from its footprint sees c lowered by its own sink. On a grid of
spacing h with conductivity D the uptake per far concentration is

    1 / uptake = 1 / clearance + g / (D h),

where g follows from the lattice Green function and the weights. The true cell has 1 / (4 π D R)
instead of g / (D h) (Smoluchowski). The exchange therefore uses the clearance that makes the two
agree. g depends a little on where the cell sits in its voxel, through the overlap of its weights with
themselves, and on how strong the sink is; both are tabulated here from dense solves.

In a layer of one voxel the field far from a cell is logarithmic; comparing a sphere midway between
two reflecting planes a distance h apart with the two-dimensional lattice leaves the constant below.
Sources: lattice Green functions, Economou 2006, Green's Functions in Quantum Physics, ch. 5,
10.1007/3-540-28841-4; potential kernel of the square lattice, Spitzer 1976, 10.1007/978-1-4684-6257-9.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ive

from exocosm.ground.compiled import kernel
from exocosm.tissue.grid import Grid
from exocosm.tissue.weights import Footprint

Array = NDArray[np.float64]

LAYER_CONSTANT = -2.5 * np.log(2.0) / (2.0 * np.pi)
"""(h D) times the difference, beside 1/(4 π D R), between a sphere in a layer and the square lattice."""

STRENGTHS = np.logspace(-3, 4, 29)  # clearance / (D h)
_OFFSETS = np.array(
    [
        (a, b, c)
        for a in (0.0, 0.17, 0.33, 0.5)
        for b in (0.0, 0.17, 0.33, 0.5)
        for c in (0.0, 0.25, 0.5)
        if a <= b
    ]
)


@lru_cache
def _times() -> tuple[Array, float]:
    log_times = np.linspace(np.log(1e-10), np.log(1e5), 4001)
    return np.exp(log_times), float(log_times[1] - log_times[0])


@lru_cache
def _bessel(order: int) -> Array:
    return np.asarray(ive(order, 2.0 * _times()[0]))


@lru_cache
def lattice_green(a: int, b: int, c: int) -> float:
    """Green function of the seven-point Laplacian at offset (a, b, c), for D h = 1: G(0, 0, 0) = 0.252731."""
    times, step = _times()
    body = np.trapezoid(_bessel(a) * _bessel(b) * _bessel(c) * times, dx=step)
    return float(body + 2.0 * (4.0 * np.pi) ** -1.5 * times[-1] ** -0.5)


@lru_cache
def lattice_potential(a: int, b: int) -> float:
    """Minus the potential kernel of the five-point Laplacian at offset (a, b): 0 at 0, -1/4 beside it."""
    times, step = _times()
    difference = _bessel(a) * _bessel(b) - _bessel(0) ** 2
    tail = -(a * a + b * b) / (16.0 * np.pi * times[-1])
    return float(np.trapezoid(difference * times, dx=step) + tail)


def _voxels(offset: Array, ratio: float, layer: bool) -> tuple[NDArray[np.int64], Array]:
    """Voxels and shares of a hat of half-width `ratio` voxels, far from any face."""
    middle = 32
    grid = Grid((64, 64, 1 if layer else 64), 1.0)
    place = np.array(
        [[middle + 0.5 + offset[0], middle + 0.5 + offset[1], 0.5 if layer else middle + 0.5 + offset[2]]]
    )
    foot = Footprint.of(place, grid, ratio)
    shares: dict[tuple[int, int, int], float] = {}
    for x, wx in zip(foot.index[0, 0], foot.weight[0, 0], strict=True):
        for y, wy in zip(foot.index[0, 1], foot.weight[0, 1], strict=True):
            for z, wz in zip(foot.index[0, 2], foot.weight[0, 2], strict=True):
                key = (int(x), int(y), int(z))
                shares[key] = shares.get(key, 0.0) + float(wx * wy * wz)
    kept = [(v, w) for v, w in shares.items() if w > 1e-12]
    return np.array([v for v, _ in kept]), np.array([w for _, w in kept])


def _green_matrix(voxels: NDArray[np.int64], layer: bool) -> Array:
    offsets = np.sort(np.abs(voxels[:, None] - voxels[None]), axis=-1)
    if layer:
        return np.array([[lattice_potential(int(d[1]), int(d[2])) for d in row] for row in offsets])
    return np.array([[lattice_green(int(d[0]), int(d[1]), int(d[2])) for d in row] for row in offsets])


@kernel
def unit_response(matrix: Any) -> float:
    """Sum of the solution of matrix x = 1, by Cholesky's method in place and in one fixed order.

    A library's solver may order its sums by the number of threads, and results must not depend on that.
    """
    n = matrix.shape[0]
    total = 0.0
    x = np.empty(n)
    for i in range(n):
        for j in range(i + 1):
            left = matrix[i, j]
            for k in range(j):
                left -= matrix[i, k] * matrix[j, k]
            matrix[i, j] = np.sqrt(left) if i == j else left / matrix[j, j]
        forward = 1.0
        for k in range(i):
            forward -= matrix[i, k] * x[k]
        x[i] = forward / matrix[i, i]
        total += x[i] * x[i]  # 1 A⁻¹ 1 = |L⁻¹ 1|²
    return total


def hat_resistance(offset: Array, ratio: float, layer: bool) -> tuple[float, Array]:
    """Overlap of the weights, and g for each of STRENGTHS, at one place in the voxel."""
    voxels, share = _voxels(offset, ratio, layer)
    green = _green_matrix(voxels, layer) + 1.0  # + 1 keeps it positive definite in a layer too
    resistance = [1.0 / unit_response(np.diag(1.0 / (s * share)) + green) for s in STRENGTHS]
    beyond = 1.0 + (LAYER_CONSTANT if layer else 0.0)
    return float((share**2).sum()), np.array(resistance) - beyond - 1.0 / STRENGTHS


@dataclass(frozen=True)
class GridResistance:
    """Table of g for hats of one width: g = intercept + slope * overlap, by strength of the sink."""

    intercept: Array
    slope: Array
    layer: bool

    def of(self, strength: Array, overlap: Array) -> Array:
        """G for sinks of strength clearance / (D h) whose weights overlap themselves by `overlap`."""
        log_strength = np.log(np.clip(strength, STRENGTHS[0], STRENGTHS[-1]))
        grid = np.log(STRENGTHS)
        return np.asarray(
            np.interp(log_strength, grid, self.intercept)
            + np.interp(log_strength, grid, self.slope) * overlap
        )


@lru_cache
def grid_resistance(ratio: float, layer: bool) -> GridResistance:
    """Table for hats of half-width `ratio` voxels, fitted over places within the voxel."""
    pairs = [hat_resistance(offset, ratio, layer) for offset in _OFFSETS]
    overlap = np.array([p[0] for p in pairs])
    values = np.stack([p[1] for p in pairs])
    if np.ptp(overlap) < 1e-6:
        return GridResistance(values.mean(axis=0), np.zeros(len(STRENGTHS)), layer)
    apart = (overlap - overlap.mean())[:, None]
    slope = (apart * values).sum(axis=0) / (apart**2).sum()
    return GridResistance(values.mean(axis=0) - slope * overlap.mean(), slope, layer)
