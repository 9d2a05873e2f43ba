"""The least that each main kernel must move and compute in one call, from the shapes of its arguments.

`Work.moved` counts each array that is read once and each that is written once, in bytes, as if nothing came
twice; numbers have 8 bytes. Operations are counted from the formulas in the kernel's file: a multiplication,
addition or comparison is one; divisions and roots, and exponentials and logarithms, take longer and stand
apart. Random bits (Philox, 10 rounds of 10 integer operations) count as 100.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

NUMBER = 8  # bytes


class Work(NamedTuple):
    """Bytes moved, plain operations, divisions and roots, exponentials and logarithms."""

    moved: float
    plain: float
    divisions: float = 0.0
    exponentials: float = 0.0


@dataclass(frozen=True)
class Kernel:
    """A kernel by the module that calls it; `work` and `size` of its grid from its arguments by name.

    `why`: what keeps it from its bound, printed where it reaches less than half of it.
    """

    name: str
    module: str
    work: Callable[[Any], Work]
    size: Callable[[Any], int]
    why: str


def smooth(a: Any) -> Work:
    """Reads c, right, three T and 1/diagonal, writes c: 7 numbers a voxel: each line holds both colours.

    6 products and 6 sums with the neighbours, 1 product, for half of the voxels.
    """
    voxels = a.inverse.size
    return Work(7 * NUMBER * voxels, 13 * voxels / 2)


def restrict_residual(a: Any) -> Work:
    """Reads what `smooth` reads, writes an eighth as many; per voxel 12 + 5 operations and a division."""
    voxels = a.inverse.size
    return Work((6 + 1 / 8) * NUMBER * voxels, 17 * voxels, voxels)


def prolong(a: Any) -> Work:
    """Reads and writes c, reads 1/diagonal and the coarse e; 4 operations a voxel, 9 for half of them."""
    voxels = a.inverse.size
    return Work((3 + 1 / 8) * NUMBER * voxels, 8.5 * voxels)


def conserve(a: Any) -> Work:
    """As the residual, with stock read and c written; two divisions, and a sum over the field."""
    voxels = a.inverse.size
    return Work(8 * NUMBER * voxels, 18 * voxels, 2 * voxels)


def pack_cells(a: Any) -> Work:
    """Per cell: place, three volumes, type, 8 numbers of the last list in; 8 out. Cube and a square root."""
    cells = len(a.position)
    return Work((6 + 8 + 8) * NUMBER * cells + 2 * cells, 20 * cells, cells, cells)


def move_cells(a: Any) -> Work:
    """Per cell: 8 packed numbers and a count in, place and velocity in and out; per pair an index of 4 bytes.

    Per pair a difference (3), its square (5), two distances over reaches (5), both forces (9), the sum of
    velocities (6); a root and three divisions. 15 operations a cell for the step.
    """
    cells, pairs = len(a.packed), int(a.counts.sum())
    return Work((9 + 12) * NUMBER * cells + 4 * pairs, 28 * pairs + 15 * cells, 4 * pairs)


def list_neighbours(a: Any) -> Work:
    """Per cell: 8 packed numbers and its place in the order in, a count out; the bins' starts in.

    Per pair found 4 bytes and 9 operations. What is looked at and not found is no work that a list must do.
    """
    cells, pairs = len(a.packed), int(a.counts.sum())
    return Work(10 * NUMBER * cells + NUMBER * a.starts.size + 4 * pairs, 9 * pairs)


def live_on(a: Any) -> Work:
    """Per cell: 10 numbers and 6 marks in and out, key and signals in.

    10 exponentials of its volumes, 1 logarithm and 1 set of random bits of its death.
    """
    rows = a.rows
    cells = len(rows.key)
    moved = 2 * rows.numbers.nbytes + 2 * rows.marks.nbytes + rows.signals.nbytes + NUMBER * cells
    return Work(moved, (100 + 60) * cells, 3 * cells, 11 * cells)


def hat_weights(a: Any) -> Work:
    """Place in; index, share and overlap out. Per axis support + 1 integrals of 5 and support² products."""
    cells, _, support = a.weight.shape
    per_axis = 5 * (support + 1) + 4 * support + 2 * support**2
    moved = a.position.nbytes + a.index.nbytes + a.weight.nbytes + a.overlap.nbytes
    return Work(moved, 3 * per_axis * cells, 3 * (support + 2) * cells)


def spread(a: Any) -> Work:
    """Amount, indices and shares in; the field's voxels under cells in and out, about one a cell."""
    cells, _, support = a.weight.shape
    moved = a.index.nbytes + a.weight.nbytes + (1 + 2) * NUMBER * cells
    return Work(moved, cells * (2 * support**3 + support**2 + support))


def sample(a: Any) -> Work:
    """As `spread`, with the field only read and a number out for each cell."""
    cells, _, support = a.weight.shape
    moved = a.index.nbytes + a.weight.nbytes + (1 + 1) * NUMBER * cells
    return Work(moved, cells * (2 * support**3 + 2 * support**2 + 2 * support))


def _voxels(a: Any) -> int:
    return int(a.inverse.size)


def _cells(a: Any) -> int:
    return 0


GRID, CELLS, WEIGHTS = (f"exocosm.tissue.{name}" for name in ("multigrid", "mechanics", "weights"))
KERNELS = (
    Kernel("smooth", GRID, smooth, _voxels, "takes every second voxel of a line: loads are not in a row"),
    Kernel("restrict_residual", GRID, restrict_residual, _voxels, "sums eight voxels into one, in order"),
    Kernel("prolong", GRID, prolong, _voxels, "reads its coarse line by index"),
    Kernel(
        "conserve", "exocosm.tissue.fields", conserve, _voxels,
        "makes a copy first, so that no voxel sees a new value: twice the voxels to move",
    ),
    Kernel("pack_cells", CELLS, pack_cells, _cells, "gathers columns into rows"),
    Kernel(
        "move_cells", CELLS, move_cells, _cells,
        "neighbours are read by index and summed in a fixed order, so that results are reproducible: "
        "one pair at a time, its root and three divisions one after the other, and not eight at once",
    ),
    Kernel(
        "list_neighbours", "exocosm.tissue.neighbours", list_neighbours, _cells,
        "the 125 bins around a cell hold about four cells for each that is near enough, each is a branch "
        "that cannot be foreseen, and rows are put in order afterwards",
    ),
    Kernel(
        "live_on", "exocosm.tissue.phenotype", live_on, _cells,
        "each cell takes its own way through phases and deaths, one at a time",
    ),
    Kernel("hat_weights", WEIGHTS, hat_weights, _cells, "branches at the walls, cell by cell"),
    Kernel("spread", WEIGHTS, spread, _cells, "adds in the order of cells, so that sums keep their order"),
    Kernel("sample", WEIGHTS, sample, _cells, "reads the 27 voxels of each cell by index"),
)  # fmt: skip
