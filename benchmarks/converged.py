"""A converged reference for oxygen around frozen cells, independent of both simulators.

Continuum problem: 0 = D ∇²c - λ c - k(x) c in a cube whose faces hold c; k(x) is the sum, over the cells
that cover x, of their uptake rates (1/min). Finite volumes on a grid twice as fine as the simulators',
the cells' share of each voxel sampled at 4³ points, conjugate gradients to a residual of 1e-10.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dstn, idstn
from scipy.sparse.linalg import LinearOperator, cg

SAMPLES = 4
CELLS_AT_ONCE = 2000
THREADS = 2

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


def spread_over_cells(
    position: Array, radius: Array, amount: Array, low: float, voxel: float, n: int
) -> Array:
    """Amount per voxel of a grid of n³ voxels from `low` on, each cell's spread evenly over its ball."""
    step = voxel / SAMPLES
    out = np.zeros(n**3)
    for chunk in np.array_split(np.arange(len(position)), len(position) // CELLS_AT_ONCE + 1):
        if len(chunk):
            _add_cells(position[chunk] - low, radius[chunk], amount[chunk], step, n, out)
    return out.reshape(n, n, n)


def _add_cells(position: Array, radius: Array, amount: Array, step: float, n: int, out: Array) -> None:
    first = np.floor((position - radius[:, None]) / step).astype(int)
    places = first[:, :, None] + np.arange(int(np.ceil(2 * radius.max() / step)) + 2)  # cell, axis, sample
    square = ((places + 0.5) * step - position[:, :, None]) ** 2
    x, y, z = square[:, 0, :, None, None], square[:, 1, None, :, None], square[:, 2, None, None, :]
    inside = x + y + z < radius[:, None, None, None] ** 2
    # Every cell keeps its exact amount, whatever the samples hit.
    each = inside * (amount / inside.sum(axis=(1, 2, 3)))[:, None, None, None]
    voxels = places // SAMPLES
    kept = (voxels >= 0) & (voxels < n)
    each *= kept[:, 0, :, None, None] & kept[:, 1, None, :, None] & kept[:, 2, None, None, :]
    v = np.clip(voxels, 0, n - 1)
    index = (v[:, 0, :, None, None] * n + v[:, 1, None, :, None]) * n + v[:, 2, None, None, :]
    out += np.bincount(index[inside], each[inside], minlength=out.size)


def uptake_field(tissue: FrozenTissue, medium: Medium, voxel: float) -> Array:
    """Mean of k(x) in 1/min over each voxel of a grid that starts at `medium.low`."""
    n = round((medium.high - medium.low) / voxel)
    clearance = 4 / 3 * np.pi * tissue.radius**3 * tissue.uptake_rate
    return spread_over_cells(tissue.position, tissue.radius, clearance, medium.low, voxel, n) / voxel**3


def steady(tissue: FrozenTissue, medium: Medium, voxel: float) -> Array:
    """The steady concentration, one value a voxel, on a grid that starts at `medium.low`.

    Preconditioned by the exact inverse without cells, diagonal under the second sine transform.
    """
    k = uptake_field(tissue, medium, voxel)
    n = len(k)
    coupling = medium.diffusion_coefficient / voxel**2
    # A face at half a voxel's distance couples twice as strongly; it enters the diagonal and the right side.
    touched = np.sum([_at_faces(k.shape, axis) for axis in range(3)], axis=0)
    faces = touched * 2 * coupling
    diagonal = medium.decay_rate + k + faces

    def apply(flat: Array) -> Array:
        c = flat.reshape(k.shape)
        out = diagonal * c
        for axis in range(3):
            flux = coupling * np.diff(c, axis=axis)
            out[_side(axis, slice(None, -1))] -= flux
            out[_side(axis, slice(1, None))] += flux
        return out.ravel()

    mode = coupling * (2.0 - 2.0 * np.cos(np.pi * np.arange(1, n + 1) / n))
    bare = medium.decay_rate + mode[:, None, None] + mode[:, None] + mode

    def without_cells(flat: Array) -> Array:
        modes = dstn(flat.reshape(k.shape), type=2, norm="ortho", workers=THREADS)
        return np.asarray(idstn(modes / bare, type=2, norm="ortho", workers=THREADS)).ravel()

    operator = LinearOperator((k.size, k.size), matvec=apply, dtype=np.float64)
    inverse = LinearOperator((k.size, k.size), matvec=without_cells, dtype=np.float64)
    solution, failed = cg(operator, (faces * medium.held).ravel(), rtol=1e-10, maxiter=500, M=inverse)
    if failed:
        raise RuntimeError("the reference did not converge")
    return np.asarray(solution).reshape(k.shape)


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
