"""How cells and fields meet: the same weights spread a source and sample the field.

A cell gives each voxel the share of a product of hat functions (half-width `width`, centred on the
cell) that falls into it. The shares sum to one, so spreading is conservative; sampling uses the same
shares, so the two are adjoint. With `width` = voxel edge this is the quadratic B-spline; wider hats
spread the exchange over the cell's own volume where voxels are smaller than cells. What falls outside
the box is reflected at its faces, and what falls beyond the floor of a cell's chamber at that floor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import prange
from numpy.typing import NDArray

from exocosm.ground.compiled import inner_kernel, kernel, parallel_kernel
from exocosm.tissue.grid import Grid

Array = NDArray[np.float64]


@inner_kernel
def hat_integral(x):  # type: ignore[no-untyped-def]
    """Integral from -inf to x of the hat function max(0, 1 - |x|)."""
    if x <= -1.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    return 0.5 * (1.0 + x) * (1.0 + x) if x < 0.0 else 1.0 - 0.5 * (1.0 - x) * (1.0 - x)


@parallel_kernel
def hat_weights(position, shape, floors, voxel, width, index, weight, overlap):  # type: ignore[no-untyped-def]
    """Fill index[cell, axis, m] (voxel along the axis), weight[cell, axis, m] (share), overlap[cell].

    floors: voxels below each floor that parts chambers along z, ascending.
    """
    cells, _, support = weight.shape
    for i in prange(cells):
        overlap[i] = 1.0
        for axis in range(3):
            bottom, top = 0, shape[axis]
            centre = position[i, axis]
            if axis == 2:
                for floor in floors:
                    if centre >= floor * voxel and floor < shape[axis]:
                        bottom = floor
                    else:
                        top = min(top, floor)
            first = int(np.floor((centre - width) / voxel))
            below = hat_integral((first * voxel - centre) / width)
            for m in range(support):
                above = hat_integral(((first + m + 1) * voxel - centre) / width)
                v = first + m
                while v < bottom or v >= top:
                    v = 2 * bottom - 1 - v if v < bottom else 2 * top - 1 - v
                index[i, axis, m] = v
                weight[i, axis, m] = above - below
                below = above
            squares = 0.0
            for m in range(support):
                for other in range(support):
                    if index[i, axis, m] == index[i, axis, other]:  # mirrored parts fall into one voxel
                        squares += weight[i, axis, m] * weight[i, axis, other]
            overlap[i] *= squares


@kernel
def spread(amount, index, weight, field):  # type: ignore[no-untyped-def]
    """Add amount[cell] to the voxels of field, shared by the weights; in the order of the cells."""
    cells, _, support = weight.shape
    for i in range(cells):
        if amount[i] != 0.0:
            for a in range(support):
                x, wx = index[i, 0, a], amount[i] * weight[i, 0, a]
                for b in range(support):
                    y, wxy = index[i, 1, b], wx * weight[i, 1, b]
                    if wxy != 0.0:
                        for c in range(support):
                            field[x, y, index[i, 2, c]] += wxy * weight[i, 2, c]


@parallel_kernel
def sample(field, pad, index, weight, out):  # type: ignore[no-untyped-def]
    """out[cell] = weighted mean of the field, whose array carries `pad` layers of ghosts."""
    cells, _, support = weight.shape
    for i in prange(cells):
        total = 0.0
        for a in range(support):
            x, wx = index[i, 0, a] + pad, weight[i, 0, a]
            for b in range(support):
                y, wxy = index[i, 1, b] + pad, wx * weight[i, 1, b]
                if wxy != 0.0:
                    line = 0.0
                    for c in range(support):
                        line += weight[i, 2, c] * field[x, y, index[i, 2, c] + pad]
                    total += wxy * line
        out[i] = total


@dataclass(frozen=True)
class Footprint:
    """Voxels and shares of each cell, shapes (cells, 3, support).

    `overlap` (cells,) is the sum over voxels of each cell's squared share: what it finds of itself in a
    field that it filled.
    """

    index: NDArray[np.int64]
    weight: Array
    overlap: Array

    @classmethod
    def of(cls, position: Array, grid: Grid, width: float) -> Footprint:
        """Footprints of hats of half-width `width` µm centred at `position` (cells, 3) in µm."""
        support = int(np.ceil(2.0 * width / grid.voxel)) + 1
        index = np.empty((len(position), 3, support), np.int64)
        weight, overlap = np.empty((len(position), 3, support)), np.empty(len(position))
        shape = np.asarray(grid.shape, np.int64)
        floors = np.asarray(grid.floors, np.int64)
        place = np.ascontiguousarray(position)
        hat_weights(place, shape, floors, grid.voxel, float(width), index, weight, overlap)
        return cls(index, weight, overlap)

    def axis_overlap(self) -> Array:
        """The part of `overlap` that is of each axis, (cells, 3): `overlap` is their product."""
        same = self.index[:, :, :, None] == self.index[:, :, None, :]
        return np.asarray((self.weight[:, :, :, None] * self.weight[:, :, None, :] * same).sum(axis=(2, 3)))

    def spread(self, amount: Array, field: Array) -> None:
        """Add `amount` (cells,) to an unpadded field."""
        spread(np.ascontiguousarray(amount, float), self.index, self.weight, field)

    def sample(self, field: Array, pad: int = 0) -> Array:
        """Value of the field at each cell, (cells,)."""
        out = np.empty(len(self.weight))
        sample(field, pad, self.index, self.weight, out)
        return out
