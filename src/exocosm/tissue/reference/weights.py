"""The share of a cell's hat function in each voxel, by integrating it voxel by voxel."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from exocosm.tissue.grid import Grid

Array = NDArray[np.float64]


def hat_share(low: float, high: float) -> float:
    """Integral of max(0, 1 - |x|) from low to high; the midpoint rule is exact on its straight pieces."""
    knots = [low, *(k for k in (-1.0, 0.0, 1.0) if low < k < high), high]
    return sum((b - a) * max(0.0, 1.0 - abs(0.5 * (a + b))) for a, b in itertools.pairwise(knots))


def axis_weights(centre: float, voxels: int, voxel: float, width: float) -> Array:
    """Shares along one axis; the box is mirrored at its faces as often as the hat reaches."""
    out = np.zeros(voxels)
    mirrors = int(np.ceil(width / (voxels * voxel))) + 1
    for v in range(-mirrors * voxels, (mirrors + 1) * voxels):
        place = v % (2 * voxels)
        share = hat_share((v * voxel - centre) / width, ((v + 1) * voxel - centre) / width)
        out[place if place < voxels else 2 * voxels - 1 - place] += share
    return out


def footprint(position: Array, grid: Grid, width: float) -> Array:
    """Shares of every voxel in one cell's exchange, (nx, ny, nz); they sum to one."""
    x, y, z = (axis_weights(p, n, grid.voxel, width) for p, n in zip(position, grid.shape, strict=True))
    return x[:, None, None] * y[None, :, None] * z[None, None, :]
