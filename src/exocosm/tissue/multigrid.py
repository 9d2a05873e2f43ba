"""Geometric multigrid for one implicit step of a field on a box of cubic voxels.

The equations are in integrated form, one row a voxel,

    diagonal[v] c[v] + sum over faces T (c[v] - c[neighbour]) = right[v],

with a transmissibility T for each face. Arrays of c carry one layer of ghosts: the ghost beyond a
held face holds its value and its face has T = 2 κ h, a no-flux face has T = 0; on coarser levels,
which hold corrections, ghosts are 0. So the boundary condition stands on every level. A held voxel
has `inverse` = 0 and is passed over. The coarsest level is one voxel and is solved exactly. A plane
across z that hinders exchange (`split`: the voxels below it) stays a face on all levels but the last, as no
coarse voxel could stand for the two sides of it.

Red-black Gauss-Seidel updates voxels of one colour independently, so the result is the same for any
number of threads. Source: Trottenberg, Oosterlee, Schüller 2001, Multigrid, ISBN 978-0-12-701070-0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import prange
from numpy.typing import NDArray

from exocosm.ground.compiled import inner_kernel, parallel_kernel
from exocosm.ground.errors import ExocosmError

Array = NDArray[np.float64]

DIVERGED = 1e3
"""Times the tolerance: a residual above that after all cycles is an error, below it is reported."""


@inner_kernel
def from_neighbours(c, tx, ty, tz, i, j, k):  # type: ignore[no-untyped-def]
    """Sum of T c over the six neighbours of voxel (i, j, k)."""
    return (
        tx[i, j, k] * c[i, j + 1, k + 1]
        + tx[i + 1, j, k] * c[i + 2, j + 1, k + 1]
        + ty[i, j, k] * c[i + 1, j, k + 1]
        + ty[i, j + 1, k] * c[i + 1, j + 2, k + 1]
        + tz[i, j, k] * c[i + 1, j + 1, k]
        + tz[i, j, k + 1] * c[i + 1, j + 1, k + 2]
    )


@parallel_kernel
def smooth(c, right, tx, ty, tz, inverse, colour):  # type: ignore[no-untyped-def]
    """One Gauss-Seidel half-sweep over the voxels with (i + j + k) % 2 == colour."""
    nx, ny, nz = inverse.shape
    for i in prange(nx):
        for j in range(ny):
            for k in range((i + j + colour) % 2, nz, 2):
                if inverse[i, j, k] != 0.0:
                    c[i + 1, j + 1, k + 1] = inverse[i, j, k] * (
                        right[i, j, k] + from_neighbours(c, tx, ty, tz, i, j, k)
                    )


@parallel_kernel
def restrict_residual(c, right, tx, ty, tz, inverse, above, coarse_right, slab_norm):  # type: ignore[no-untyped-def]
    """Sum the residual of the children into each coarse voxel; slab_norm[I] = sum of |residual|.

    above[k] is the coarse voxel along z that holds voxel k.
    """
    nx, ny, nz = inverse.shape
    cx, cy, _ = coarse_right.shape
    for a in prange(cx):
        coarse_right[a] = 0.0
        norm = 0.0
        for i in range(2 * a, min(2 * a + 2, nx)) if cx < nx else range(a, a + 1):
            for j in range(ny):
                b = j // 2 if cy < ny else j
                for k in range(nz):
                    if inverse[i, j, k] != 0.0:
                        here = c[i + 1, j + 1, k + 1]
                        residual = (
                            right[i, j, k] - here / inverse[i, j, k] + from_neighbours(c, tx, ty, tz, i, j, k)
                        )
                        norm += abs(residual)
                        coarse_right[a, b, above[k]] += residual
        slab_norm[a] = norm


@parallel_kernel
def prolong(c, inverse, e, ox, oy, oz):  # type: ignore[no-untyped-def]
    """Add the coarse correction e, trilinear between coarse centres, to c.

    For each axis o[i] = (index of the parent in e, index of the other coarse voxel, weights of both).
    """
    nx, ny, nz = inverse.shape
    for i in prange(nx):
        p, q, wp, wq = int(ox[i, 0]), int(ox[i, 1]), ox[i, 2], ox[i, 3]
        line = np.empty(e.shape[2])
        for j in range(ny):
            r, s, wr, ws = int(oy[j, 0]), int(oy[j, 1]), oy[j, 2], oy[j, 3]
            for k in range(e.shape[2]):
                line[k] = wp * (wr * e[p, r, k] + ws * e[p, s, k]) + wq * (wr * e[q, r, k] + ws * e[q, s, k])
            for k in range(nz):
                if inverse[i, j, k] != 0.0:
                    u, v = int(oz[k, 0]), int(oz[k, 1])
                    c[i + 1, j + 1, k + 1] += oz[k, 2] * line[u] + oz[k, 3] * line[v]


@parallel_kernel
def invert_diagonal(diagonal, tx, ty, tz, held, inverse):  # type: ignore[no-untyped-def]
    """Inverse = 1 / (diagonal + sum of T), 0 where the voxel is held."""
    nx, ny, nz = diagonal.shape
    for i in prange(nx):
        for j in range(ny):
            for k in range(nz):
                total = (
                    diagonal[i, j, k]
                    + (tx[i, j, k] + tx[i + 1, j, k])
                    + (ty[i, j, k] + ty[i, j + 1, k])
                    + (tz[i, j, k] + tz[i, j, k + 1])
                )
                inverse[i, j, k] = 0.0 if held[i, j, k] or total <= 0.0 else 1.0 / total


@parallel_kernel
def coarsen_diagonal(diagonal, held, above, coarse):  # type: ignore[no-untyped-def]
    """Coarse diagonal: the sum over free children; above[k] as in restrict_residual."""
    nx, ny, nz = diagonal.shape
    cx, cy, _ = coarse.shape
    for a in prange(cx):
        coarse[a] = 0.0
        for i in range(2 * a, min(2 * a + 2, nx)) if cx < nx else range(a, a + 1):
            for j in range(ny):
                b = j // 2 if cy < ny else j
                for k in range(nz):
                    if not held[i, j, k]:
                        coarse[a, b, above[k]] += diagonal[i, j, k]


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


def _level(
    widths: tuple[Array, Array, Array],
    faces: tuple[Array, Array, Array],
    held: NDArray[np.bool_],
    leak: Array,
    split: int,
) -> Level:
    shape = held.shape
    padded = tuple(n + 2 for n in shape)
    diagonal, inverse, right = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    return Level(widths, faces, held, leak, diagonal, inverse, right, np.zeros(padded), split)


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


def _coarser(level: Level) -> Level:
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
    return _level(widths, faces, free == 0.0, leak, split)  # type: ignore[arg-type]


class Multigrid:
    """Solver for one field: faces and held voxels fixed at the start, the diagonal given at each solve.

    `transmissibility` are the arrays of the faces across x, y, z with shapes (nx+1, ny, nz), (nx, ny+1, nz),
    (nx, ny, nz+1); `held` marks Dirichlet voxels. `c` is the padded solution, kept from solve to solve.
    `split` is the number of voxels below a plane across z that hinders exchange, 0 without one.
    """

    def __init__(
        self, transmissibility: tuple[Array, Array, Array], held: NDArray[np.bool_], split: int = 0
    ) -> None:
        widths = tuple(np.ones(n) for n in held.shape)
        self.levels = [_level(widths, transmissibility, held, np.zeros(held.shape), split)]  # type: ignore[arg-type]
        while max(self.levels[-1].shape) > 1:
            self.levels.append(_coarser(self.levels[-1]))
        self.slab_norm = np.zeros(held.shape[0])
        self.cycles = 0

    @property
    def c(self) -> Array:
        """The solution with its layer of ghosts."""
        return self.levels[0].c

    def set_diagonal(self, diagonal: Array) -> None:
        """Take the diagonal of the finest level and carry it down to all others."""
        self.levels[0].diagonal = diagonal
        for fine, coarse in zip(self.levels, self.levels[1:], strict=False):
            coarsen_diagonal(fine.diagonal, fine.held, fine.above, coarse.diagonal)
        for level in self.levels:
            invert_diagonal(level.diagonal + level.leak, *level.transmissibility, level.held, level.inverse)

    def cycle(self) -> float:
        """One V-cycle from the present c; returns the sum of |residual| after its first smoothing."""
        norm = self._descend(0)
        self.cycles += 1
        return norm

    def _descend(self, depth: int) -> float:
        fine = self.levels[depth]
        operator = (fine.right, *fine.transmissibility, fine.inverse)
        if depth > 0:
            fine.c[...] = 0.0
        if depth == len(self.levels) - 1:
            smooth(fine.c, *operator, 0)
            return 0.0
        coarse = self.levels[depth + 1]
        smooth(fine.c, *operator, 0)
        smooth(fine.c, *operator, 1)
        slabs = self.slab_norm[: coarse.shape[0]]
        restrict_residual(fine.c, *operator, fine.above, coarse.right, slabs)
        norm = float(slabs.sum())
        self._descend(depth + 1)
        assert fine.parents is not None
        prolong(fine.c, fine.inverse, coarse.c, *fine.parents)
        smooth(fine.c, *operator, 0)
        smooth(fine.c, *operator, 1)
        return norm

    def solve(self, right: Array, tolerance: float, most_cycles: int = 60) -> float:
        """Cycle until the sum of |residual| is at most `tolerance`; returns the last one seen.

        Raises ExocosmError if that stays far above: the coefficients then differ by too many orders.
        """
        self.levels[0].right = right
        for _ in range(most_cycles):
            norm = self.cycle()
            if norm <= tolerance:
                return norm
        if norm > DIVERGED * tolerance:
            raise ExocosmError(
                f"a field was not solved: {norm:.3g} is left where {tolerance:.3g} was asked for, after "
                f"{most_cycles} cycles; neighbouring voxels may differ too much in diffusivity"
            )
        return norm
