"""A converged reference for oxygen around frozen cells, independent of both simulators.

Continuum problem: 0 = D ∇²c - λ c - k(x) c in a cube whose faces hold c; k(x) is the sum, over the cells
that cover x, of their uptake rates (1/min). Finite volumes on a grid twice as fine as the simulators',
the cells' share of each voxel sampled at 4³ points, conjugate gradients to a residual of 1e-10.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import LinearOperator, cg

SAMPLES = 4

Array = NDArray[np.float64]


@dataclass(frozen=True)
class FrozenTissue:
    """Cells at one moment: positions (n, 3) and radii in µm, uptake rates in 1/min."""

    position: Array
    radius: Array
    uptake_rate: Array


@dataclass(frozen=True)
class Medium:
    """D in µm²/min, λ in 1/min, the held concentration, and the planes (µm) of every axis that hold it."""

    diffusion_coefficient: float
    decay_rate: float
    held: float
    low: float
    high: float


def uptake_field(tissue: FrozenTissue, medium: Medium, voxel: float) -> Array:
    """Mean of k(x) in 1/min over each voxel of a grid that starts at `medium.low`."""
    n = round((medium.high - medium.low) / voxel)
    step = voxel / SAMPLES
    k = np.zeros((n, n, n))
    for centre, radius, rate in zip(tissue.position, tissue.radius, tissue.uptake_rate, strict=True):
        first = np.floor((centre - radius - medium.low) / step).astype(int)
        count = np.ceil(2 * radius / step).astype(int) + 2
        axes = [medium.low + (first[a] + np.arange(count) + 0.5) * step - centre[a] for a in range(3)]
        inside = (axes[0][:, None, None] ** 2 + axes[1][:, None] ** 2 + axes[2] ** 2) < radius**2
        points = np.argwhere(inside)
        # Every cell keeps its exact volume, whatever the samples hit.
        weight = rate * (4 / 3 * np.pi * radius**3) / voxel**3 / len(points)
        index = (points + first) // SAMPLES
        kept = np.all((index >= 0) & (index < n), axis=1)
        np.add.at(k, tuple(index[kept].T), weight)
    return k


def steady(tissue: FrozenTissue, medium: Medium, voxel: float) -> Array:
    """The steady concentration, one value a voxel, on a grid that starts at `medium.low`."""
    k = uptake_field(tissue, medium, voxel)
    coupling = medium.diffusion_coefficient / voxel**2
    loss = medium.decay_rate + k
    # A face at half a voxel's distance couples twice as strongly; it enters the diagonal and the right side.
    touched = np.sum([_at_faces(k.shape, axis) for axis in range(3)], axis=0)
    faces = touched * 2 * coupling
    diagonal = loss + faces

    def apply(flat: Array) -> Array:
        c = flat.reshape(k.shape)
        out = diagonal * c
        for axis in range(3):
            flux = coupling * np.diff(c, axis=axis)
            out[_side(axis, slice(None, -1))] -= flux
            out[_side(axis, slice(1, None))] += flux
        return out.ravel()

    full = diagonal + coupling * (6 - touched)
    operator = LinearOperator((k.size, k.size), matvec=apply, dtype=np.float64)
    jacobi = LinearOperator((k.size, k.size), matvec=lambda flat: flat / full.ravel(), dtype=np.float64)
    right = (faces * medium.held).ravel()
    solution, failed = cg(operator, right, rtol=1e-10, maxiter=5000, M=jacobi)
    if failed:
        raise RuntimeError("the reference did not converge")
    return solution.reshape(k.shape)


def _side(axis: int, part: slice) -> tuple[slice, ...]:
    return tuple(part if a == axis else slice(None) for a in range(3))


def _at_faces(shape: tuple[int, ...], axis: int) -> Array:
    """Number of the domain's faces across `axis` that each voxel touches."""
    count = np.zeros(shape)
    count[_side(axis, slice(0, 1))] += 1
    count[_side(axis, slice(-1, None))] += 1
    return count


def averaged(fine: Array) -> Array:
    """Mean over blocks of 2³ voxels."""
    n = fine.shape[0] // 2
    return fine.reshape(n, 2, n, 2, n, 2).mean(axis=(1, 3, 5))


def relative_error(field: Array, reference: Array, where: NDArray[np.bool_] | None = None) -> float:
    """Relative L2 norm of the difference, over all voxels or those of `where`."""
    chosen = np.ones(field.shape, bool) if where is None else where
    return float(np.linalg.norm((field - reference)[chosen]) / np.linalg.norm(reference[chosen]))
