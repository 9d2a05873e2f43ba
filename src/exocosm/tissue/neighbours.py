"""Which cells can touch: cell lists, and from them a list of neighbours that serves many steps.

A cell reaches `reach` from its centre; two interact when they are closer than the sum. The list holds
every pair closer than that plus a skin, so it stays complete until some cell has moved or grown by half
the skin; a cell that migrates may have a margin of its own, by which it may move further. Rows are in
ascending order of the neighbour's index and a pair out of range contributes exactly nothing, so sums over a
row do not depend on when the list was built, nor on threads.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from exocosm.ground.compiled import inner_kernel, kernel, parallel_kernel

X, Y, Z, RADIUS, ADHESION_REACH, ROOT_REPULSION, ROOT_ADHESION, REACH = range(8)
PACKED = 8  # one cache line a cell
BINS_PER_REACH = (
    2  # finer bins follow the sphere of neighbours more closely: 16 instead of 27 cubes of its radius
)


@kernel
def bin_cells(position: Any, low: Any, edge: float, shape: Any, order: Any, starts: Any) -> None:
    """Sort cells into bins of a grid, row by row, keeping their order within a bin (a counting sort).

    On return `order[starts[b]:starts[b + 1]]` are the cells of bin b = (x * shape[1] + y) * shape[2] + z.
    """
    n = position.shape[0]
    bins = np.empty(n, np.int64)
    starts[:] = 0
    for i in range(n):
        b = 0
        for axis in range(3):
            place = int((position[i, axis] - low[axis]) / edge)
            b = b * shape[axis] + min(max(place, 0), shape[axis] - 1)
        bins[i] = b
        starts[b + 1] += 1
    for b in range(starts.size - 1):
        starts[b + 1] += starts[b]
    filled = starts[:-1].copy()
    for i in range(n):
        order[filled[bins[i]]] = i
        filled[bins[i]] += 1


@inner_kernel
def sort_row(rows: Any, i: int, count: int) -> None:
    """Insertion sort of row i: it comes as a few ascending runs that are nearly in order already."""
    for k in range(1, count):
        value = rows[i, k]
        place = k
        while place > 0 and rows[i, place - 1] > value:
            rows[i, place] = rows[i, place - 1]
            place -= 1
        rows[i, place] = value


@inner_kernel
def list_run(i: int, packed: Any, skin: float, run: Any, order: Any, rows: Any, found: int) -> int:
    """Append to row i the cells of order[run[0]:run[1]] that are near cell i; the new count."""
    for k in range(run[0], run[1]):
        j = order[k]
        dx = packed[i, X] - packed[j, X]
        dy = packed[i, Y] - packed[j, Y]
        dz = packed[i, Z] - packed[j, Z]
        most = packed[i, REACH] + packed[j, REACH] + skin
        if dx * dx + dy * dy + dz * dz < most * most and j != i:
            if found < rows.shape[1]:
                rows[i, found] = j
            found += 1
    return found


@inner_kernel
def bin_range(x: float, low: float, edge: float, bins: int) -> tuple[int, int]:
    """First and last bin along one axis that hold neighbours of a place."""
    place = min(max(int((x - low) / edge), 0), bins - 1)
    return max(place - BINS_PER_REACH, 0), min(place + BINS_PER_REACH, bins - 1)


@parallel_kernel
def list_neighbours(
    packed: Any,
    skin: float,
    low: Any,
    edge: float,
    shape: Any,
    order: Any,
    starts: Any,
    counts: Any,
    rows: Any,
) -> None:
    """rows[i, :counts[i]] = neighbours of cell i, ascending; a row whose count exceeds the width is cut."""
    for cell in prange(packed.shape[0]):
        i = np.int64(cell)  # prange counts unsigned; with it every inner kernel would be compiled twice
        x_first, x_last = bin_range(packed[i, X], low[X], edge, shape[X])
        y_first, y_last = bin_range(packed[i, Y], low[Y], edge, shape[Y])
        z_first, z_last = bin_range(packed[i, Z], low[Z], edge, shape[Z])
        found = np.int64(0)
        for x in range(x_first, x_last + 1):
            for y in range(y_first, y_last + 1):
                column = (x * shape[Y] + y) * shape[Z]
                run = (starts[column + z_first], starts[column + z_last + 1])
                found = list_run(i, packed, skin, run, order, rows, found)
        counts[i] = found
        sort_row(rows, i, min(found, rows.shape[1]))


@inner_kernel
def insert_in_row(rows: Any, counts: Any, i: int, value: int) -> None:
    """Put a neighbour into its place in row i; a full row only counts it."""
    place = counts[i]
    counts[i] += 1
    if place < rows.shape[1]:
        while place > 0 and rows[i, place - 1] > value:
            rows[i, place] = rows[i, place - 1]
            place -= 1
        rows[i, place] = value


@kernel
def list_migrants(
    packed: Any,
    margin: Any,
    migrants: Any,
    furthest: float,
    skin: float,
    low: Any,
    edge: float,
    shape: Any,
    order: Any,
    starts: Any,
    counts: Any,
    rows: Any,
) -> None:
    """Add the pairs that only the margins of migrants bring within reach, in both rows of each."""
    first, last = np.empty(3, np.int64), np.empty(3, np.int64)
    for i in migrants:
        far = packed[i, REACH] + margin[i] + furthest + skin
        for axis in range(3):
            first[axis] = max(int((packed[i, axis] - far - low[axis]) / edge), 0)
            last[axis] = min(max(int((packed[i, axis] + far - low[axis]) / edge), 0), shape[axis] - 1)
        for x in range(first[X], last[X] + 1):
            for y in range(first[Y], last[Y] + 1):
                column = (x * shape[Y] + y) * shape[Z]
                for k in range(starts[column + first[Z]], starts[column + last[Z] + 1]):
                    j = order[k]
                    dx = packed[i, X] - packed[j, X]
                    dy = packed[i, Y] - packed[j, Y]
                    dz = packed[i, Z] - packed[j, Z]
                    square = dx * dx + dy * dy + dz * dz
                    near = packed[i, REACH] + packed[j, REACH] + skin
                    most = near + margin[i] + margin[j]
                    listed = square < near * near or (margin[j] > 0.0 and j <= i)
                    if not listed and square < most * most:
                        insert_in_row(rows, counts, i, j)
                        insert_in_row(rows, counts, j, i)


def grid_around(
    position: NDArray[np.float64], edge: float
) -> tuple[NDArray[np.float64], float, NDArray[np.int64]]:
    """Low corner, edge and shape of a grid of bins that holds all cells with at most about 4 bins a cell."""
    low, high = position.min(axis=0), position.max(axis=0)
    while True:
        shape = np.maximum(np.ceil((high - low) / edge), 1).astype(np.int64)
        if float(np.prod(shape.astype(float))) <= 4 * len(position) + 64:
            return low, edge, shape
        edge *= 1.26


def spatial_order(position: NDArray[np.float64], edge: float) -> NDArray[np.int64]:
    """The permutation that puts cells in the order of bins of a given edge (µm); stable within a bin."""
    if len(position) == 0:
        return np.empty(0, np.int64)
    low, edge, shape = grid_around(position, edge)
    order, starts = np.empty(len(position), np.int64), np.empty(int(shape.prod()) + 1, np.int64)
    bin_cells(np.ascontiguousarray(position), low, edge, shape, order, starts)
    return order


class NeighbourList:
    """Neighbours within reach plus `skin` (µm); `rows[i, :counts[i]]` are those of cell i, ascending."""

    def __init__(self, skin: float = 2.0, width: int = 32) -> None:
        self.skin, self.width = skin, width
        self.counts: NDArray[np.int64] = np.empty(0, np.int64)
        self.rows: NDArray[np.int32] = np.empty((0, width), np.int32)
        self.built: NDArray[np.float64] = np.empty((0, PACKED))

    def build(self, packed: NDArray[np.float64], margin: NDArray[np.float64] | None = None) -> None:
        """List the neighbours of cells given by their packed positions and reaches, shape (n, 8).

        `margin` (n,) in µm is how much further than half the skin each cell may move.
        """
        n = len(packed)
        margin = np.zeros(n) if margin is None else margin
        migrants = np.flatnonzero(margin > 0.0)
        position = np.ascontiguousarray(packed[:, :3])
        furthest = 2 * float(packed[:, REACH].max()) + self.skin
        low, edge, shape = grid_around(position, furthest / BINS_PER_REACH)
        order, starts = np.empty(n, np.int64), np.empty(int(shape.prod()) + 1, np.int64)
        bin_cells(position, low, edge, shape, order, starts)
        self.built = packed.copy()
        self.built[:, REACH] += margin
        most = float((packed[:, REACH] + margin).max())
        self.counts = np.empty(n, np.int64)
        while True:
            if self.rows.shape[0] < n or self.rows.shape[1] < self.width:
                self.rows = np.empty((n, self.width), np.int32)
            bins = (low, edge, shape, order, starts, self.counts, self.rows)
            list_neighbours(packed, self.skin, *bins)
            if len(migrants):
                list_migrants(packed, margin, migrants, most, self.skin, *bins)
            if self.counts.max() <= self.rows.shape[1]:
                return
            self.width = int(self.counts.max()) + 8
