"""Directions in space: drawn at random, and up the gradient of a field."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.compiled import inner_kernel
from exocosm.ground.draws import uniform
from exocosm.tissue.grid import Grid

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@inner_kernel
def random_direction(seed: Any, purpose: int, key: Any, when: Any, planar: int) -> tuple[float, float, float]:
    """A unit vector at random on the sphere (on the circle in a plane), from the draws at `when` and next."""
    height = 0.0
    if planar == 0:
        height = 2.0 * uniform(seed, purpose, key, when) - 1.0
    angle = 2.0 * np.pi * uniform(seed, purpose, key, when + 1)
    across = np.sqrt(1.0 - height * height)
    return across * np.cos(angle), across * np.sin(angle), height


def voxels_of(position: Array, grid: Grid) -> Index:
    """The voxel in which each place lies, (n, 3)."""
    return np.clip((position / grid.voxel).astype(np.int64), 0, np.asarray(grid.shape) - 1)


def gradient(values: Array, index: Index, grid: Grid) -> Array:
    """Gradient in each of the voxels (n, 3) by differences between those beside it; one-sided at a face."""
    last = np.asarray(grid.shape) - 1
    slope = np.empty(index.shape)
    for axis in range(3):
        step = np.zeros(3, np.int64)
        step[axis] = 1
        high, low = np.minimum(index + step, last), np.maximum(index - step, 0)
        apart = np.maximum(high[:, axis] - low[:, axis], 1) * grid.voxel
        slope[:, axis] = (values[tuple(high.T)] - values[tuple(low.T)]) / apart
    return slope


def length(vectors: Array) -> Array:
    """Length of each of the vectors (n, 3)."""
    return np.asarray(np.sqrt(vectors[:, 0] ** 2 + vectors[:, 1] ** 2 + vectors[:, 2] ** 2))
