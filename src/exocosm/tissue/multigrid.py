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

import numpy as np
from numba import prange
from numpy.typing import NDArray

from exocosm.ground.compiled import inner_kernel, kernel, parallel_kernel
from exocosm.ground.errors import ExocosmError
from exocosm.tissue.coarsening import coarser, finest

Array = NDArray[np.float64]

SMALL = 20_000
"""Voxels of a coarse level up to which one thread is faster than several."""

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


@inner_kernel
def smooth_plane(i, c, right, tx, ty, tz, inverse, colour):  # type: ignore[no-untyped-def]
    """Gauss-Seidel on the voxels of plane i with (i + j + k) % 2 == colour."""
    _, ny, nz = inverse.shape
    for j in range(ny):
        for k in range((i + j + colour) % 2, nz, 2):
            if inverse[i, j, k] != 0.0:
                c[i + 1, j + 1, k + 1] = inverse[i, j, k] * (
                    right[i, j, k] + from_neighbours(c, tx, ty, tz, i, j, k)
                )


@inner_kernel
def restrict_plane(a, c, right, tx, ty, tz, inverse, above, coarse_right):  # type: ignore[no-untyped-def]
    """Sum the residual of the children into the voxels of coarse plane a; returns the sum of |residual|."""
    nx, ny, nz = inverse.shape
    cx, cy, _ = coarse_right.shape
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
    return norm


@inner_kernel
def prolong_plane(i, c, inverse, e, ox, oy, oz):  # type: ignore[no-untyped-def]
    """Add the coarse correction e, trilinear between coarse centres, to plane i of c.

    For each axis o[i] = (index of the parent in e, index of the other coarse voxel, weights of both).
    """
    _, ny, nz = inverse.shape
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
def smooth(c, right, tx, ty, tz, inverse, colour):  # type: ignore[no-untyped-def]
    """One Gauss-Seidel half-sweep over the voxels of a colour, planes shared by the threads."""
    for i in prange(inverse.shape[0]):
        smooth_plane(np.int64(i), c, right, tx, ty, tz, inverse, colour)


@kernel
def smooth_small(c, right, tx, ty, tz, inverse, colour):  # type: ignore[no-untyped-def]
    """`smooth` by one thread: on a small level waking the others costs more than they do."""
    for i in range(inverse.shape[0]):
        smooth_plane(i, c, right, tx, ty, tz, inverse, colour)


@parallel_kernel
def restrict_residual(c, right, tx, ty, tz, inverse, above, coarse_right, slab_norm):  # type: ignore[no-untyped-def]
    """Sum the residual of the children into each coarse voxel; slab_norm[I] = sum of |residual|.

    above[k] is the coarse voxel along z that holds voxel k.
    """
    for a in prange(coarse_right.shape[0]):
        slab_norm[a] = restrict_plane(np.int64(a), c, right, tx, ty, tz, inverse, above, coarse_right)


@kernel
def restrict_small(c, right, tx, ty, tz, inverse, above, coarse_right, slab_norm):  # type: ignore[no-untyped-def]
    """`restrict_residual` by one thread."""
    for a in range(coarse_right.shape[0]):
        slab_norm[a] = restrict_plane(a, c, right, tx, ty, tz, inverse, above, coarse_right)


@parallel_kernel
def prolong(c, inverse, e, ox, oy, oz):  # type: ignore[no-untyped-def]
    """Add the coarse correction e to c, planes shared by the threads."""
    for i in prange(inverse.shape[0]):
        prolong_plane(np.int64(i), c, inverse, e, ox, oy, oz)


@kernel
def prolong_small(c, inverse, e, ox, oy, oz):  # type: ignore[no-untyped-def]
    """`prolong` by one thread."""
    for i in range(inverse.shape[0]):
        prolong_plane(i, c, inverse, e, ox, oy, oz)


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


class Multigrid:
    """Solver for one field: faces and held voxels fixed at the start, the diagonal given at each solve.

    `transmissibility` are the arrays of the faces across x, y, z with shapes (nx+1, ny, nz), (nx, ny+1, nz),
    (nx, ny, nz+1); `held` marks Dirichlet voxels. `c` is the padded solution, kept from solve to solve.
    `split` is the number of voxels below a plane across z that hinders exchange, 0 without one.
    """

    def __init__(
        self, transmissibility: tuple[Array, Array, Array], held: NDArray[np.bool_], split: int = 0
    ) -> None:
        self.levels = [finest(transmissibility, held, split)]
        while max(self.levels[-1].shape) > 1:
            self.levels.append(coarser(self.levels[-1]))
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
        small = depth > 0 and fine.held.size <= SMALL
        sweep = smooth_small if small else smooth
        if depth > 0:
            fine.c[...] = 0.0
        if depth == len(self.levels) - 1:
            sweep(fine.c, *operator, 0)
            return 0.0
        coarse = self.levels[depth + 1]
        sweep(fine.c, *operator, 0)
        sweep(fine.c, *operator, 1)
        slabs = self.slab_norm[: coarse.shape[0]]
        (restrict_small if small else restrict_residual)(fine.c, *operator, fine.above, coarse.right, slabs)
        norm = float(slabs.sum())
        self._descend(depth + 1)
        assert fine.parents is not None
        (prolong_small if small else prolong)(fine.c, fine.inverse, coarse.c, *fine.parents)
        sweep(fine.c, *operator, 0)
        sweep(fine.c, *operator, 1)
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
