"""The levels of a multigrid: which voxels make a coarse one, and its coefficients.

Coarse transmissibilities are sums over the fine faces that a coarse face holds, scaled by the spans from
centre to centre; what leads to a held voxel inside a coarse one becomes a loss (`leak`). A plane across z
that hinders exchange (`split`) stays a face on all levels but the last.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass
class Level:
    """Coefficients and work space of one grid level."""

    widths: tuple[Array, Array, Array]
    transmissibility: tuple[Array, Array, Array]
    held: NDArray[np.bool_]
    leak: Array  # conductance to held voxels inside the children, which a coarse level cannot see
    diagonal: Array
    inverse: Array
    right: Array
    c: Array
    split: int = 0  # voxels below the hindering plane across z; 0: there is none
    parents: tuple[Array, Array, Array] | None = None  # how this level reads the next coarser one
    above: NDArray[np.int64] | None = None  # coarse voxel along z of each voxel along z

    @property
    def shape(self) -> tuple[int, ...]:
        """Voxels along x, y, z."""
        return self.held.shape


def level_of(
    widths: tuple[Array, Array, Array],
    faces: tuple[Array, Array, Array],
    held: NDArray[np.bool_],
    leak: Array,
    split: int,
) -> Level:
    """A level with room to work in, its diagonal not set yet."""
    shape = held.shape
    padded = tuple(n + 2 for n in shape)
    diagonal, inverse, right = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    return Level(widths, faces, held, leak, diagonal, inverse, right, np.zeros(padded), split)


def finest(transmissibility: tuple[Array, Array, Array], held: NDArray[np.bool_], split: int) -> Level:
    """The level of the voxels themselves."""
    widths = tuple(np.ones(n) for n in held.shape)
    return level_of(widths, transmissibility, held, np.zeros(held.shape), split)  # type: ignore[arg-type]


def _starts(n: int, split: int) -> NDArray[np.int64]:
    """First child of each coarse voxel: pairs, an odd last one alone; only the last pair spans the split."""
    if split == 0 or n <= 2:
        return np.arange(0, n, 2)
    return np.concatenate([np.arange(0, split, 2), np.arange(split, n, 2)])


def _parent_of(starts: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    return np.searchsorted(starts, np.arange(n), side="right") - 1


def _pair_sum(array: Array, axis: int, starts: NDArray[np.int64]) -> Array:
    return np.add.reduceat(array, starts, axis=axis)


def _centres(widths: Array) -> Array:
    return np.cumsum(widths) - 0.5 * widths


def _spans(widths: Array) -> Array:
    """Distance across each face from centre to centre; from centre to face at the two ends."""
    centres = _centres(widths)
    return np.concatenate([[centres[0]], np.diff(centres), [0.5 * widths[-1]]])


def _coarse_faces(
    level: Level, axis: int, coarse_widths: Array, starts: tuple[NDArray[np.int64], ...]
) -> tuple[Array, Array]:
    """Transmissibility of the coarse faces along an axis, and the fine conductances lost to held voxels."""
    fine = level.transmissibility[axis]
    n = level.shape[axis]
    free = np.pad(~level.held, [(1, 1) if a == axis else (0, 0) for a in range(3)], constant_values=True)
    lower, upper = np.take(free, np.arange(n + 1), axis), np.take(free, np.arange(1, n + 2), axis)
    open_faces = np.where(lower & upper, fine, 0.0)
    lost = np.where(lower & upper, 0.0, fine)
    leak = np.take(lost, np.arange(n), axis) + np.take(lost, np.arange(1, n + 1), axis)
    keep = np.append(starts[axis], n)
    scale = _spans(level.widths[axis])[keep] / _spans(coarse_widths)
    if axis == 2 and level.split:
        scale[keep == level.split] = 1.0  # the plane hinders more than the way to it
    faces = np.take(open_faces, keep, axis) * scale.reshape([-1 if a == axis else 1 for a in range(3)])
    for other in range(3):
        if other != axis:
            faces = _pair_sum(faces, other, starts[other])
    return np.ascontiguousarray(faces), np.where(level.held, 0.0, leak)


def _parents(
    fine: Array, coarse: Array, above: NDArray[np.int64], split: int, held_low: bool, held_high: bool
) -> Array:
    """Rows (parent, other, weight, weight) for linear interpolation between coarse centres along an axis.

    Beyond a held face the correction is 0 at the face; beyond a no-flux face, or the split, it is constant.
    """
    n, m = len(fine), len(coarse)
    chamber = np.zeros(m, np.int64)
    if split and m > 1:
        chamber[above[split] :] = 1
    x, y = _centres(fine), _centres(coarse)
    out = np.zeros((n, 4))
    for i in range(n):
        parent = int(above[i])
        other = parent + (1 if x[i] > y[parent] else -1) if x[i] != y[parent] else parent
        if other == parent:
            weight, other_weight = 1.0, 0.0
        elif 0 <= other < m and chamber[other] != chamber[parent]:
            weight, other_weight, other = 1.0, 0.0, parent
        elif 0 <= other < m:
            other_weight = (x[i] - y[parent]) / (y[other] - y[parent])
            weight = 1.0 - other_weight
        else:
            held, face = (held_low, 0.0) if other < 0 else (held_high, float(fine.sum()))
            weight, other_weight = ((x[i] - face) / (y[parent] - face) if held else 1.0), 0.0
            other = parent
        out[i] = parent + 1, other + 1, weight, other_weight
    return out


def coarser(level: Level) -> Level:
    """The next coarser level; the finer one learns its parents."""
    splits = (0, 0, level.split)
    starts = tuple(_starts(n, split) for n, split in zip(level.shape, splits, strict=True))
    above = [_parent_of(s, n) for s, n in zip(starts, level.shape, strict=True)]
    widths = tuple(_pair_sum(w, 0, s) for w, s in zip(level.widths, starts, strict=True))
    faces, leaks = zip(*(_coarse_faces(level, axis, widths[axis], starts) for axis in range(3)), strict=True)
    leak = level.leak + sum(leaks)
    held = level.held
    free = np.where(held, 0.0, 1.0)
    leak = np.where(held, 0.0, leak)
    for axis in range(3):
        leak, free = _pair_sum(leak, axis, starts[axis]), _pair_sum(free, axis, starts[axis])
    level.parents = tuple(  # type: ignore[assignment]
        _parents(
            level.widths[a],
            widths[a],
            above[a],
            splits[a],
            bool(np.take(level.transmissibility[a], 0, a).any()),
            bool(np.take(level.transmissibility[a], -1, a).any()),
        )
        for a in range(3)
    )
    level.above = above[2]
    split = int(level.above[level.split]) if level.split else 0
    return level_of(widths, faces, free == 0.0, leak, split)  # type: ignore[arg-type]
