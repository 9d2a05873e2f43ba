"""All cells as a structure of arrays: one row a cell, one column a property, each listed once in COLUMNS.

Rows 0..n-1 are live in arrays of a larger capacity. The order of rows is part of the state: sums over
cells and over neighbours follow it. Radius and total volume derive from the stored parts of the volume.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

LIVE, APOPTOTIC, SWELLING, LYSED = 0, 1, 2, 3
UNDRIVEN = -1  # instead of a column of `behaviour`: no rule drives this number
LIFE_NAMES = ("live", "apoptotic", "necrotic", "necrotic")


@dataclass(frozen=True)
class Column:
    """One property of a cell: its name, number type, and what its second axis counts (None: no such axis)."""

    name: str
    dtype: DTypeLike
    per: str | None = None


COLUMNS = (
    Column("key", np.uint64),
    Column("births", np.uint32),
    Column("type", np.int16),
    Column("position", np.float64, "axes"),
    Column("previous_velocity", np.float64, "axes"),
    Column("velocity_known", np.int8),  # 0: the next step is an Euler step, there is no earlier velocity
    Column("direction", np.float64, "axes"),  # in which it moves on its own; 0: not drawn yet
    Column("life", np.int8),
    Column("phase", np.int16),
    Column("phase_progress", np.float64),
    Column("phase_threshold", np.float64),
    Column("fluid", np.float64),
    Column("nuclear_solid", np.float64),
    Column("cytoplasmic_solid", np.float64),
    Column("calcified_fraction", np.float64),
    Column("target_solid", np.float64),  # of nucleus and cytoplasm together
    Column("rupture_volume", np.float64),
    Column("bodies", np.int64, "populations"),  # multivesicular bodies
    Column("body_vesicles", np.int64, "populations"),  # intraluminal vesicles in all of them
    Column("body_cargo", np.int64, "loads"),  # copies in them that came from the cell's pool
    Column("outgoing", np.float64, "carriers"),  # left the cell, not yet in the field
    Column("outgoing_riders", np.float64, "riders"),
    Column("bound", np.float64, "carriers"),  # vesicles held on the surface
    Column("bound_riders", np.float64, "riders"),
    Column("membrane_held", np.float64, "membranes"),  # antibody on what the membrane shows, copies
    Column("vesicles", np.int64, "carriers"),  # entered: in endosomes, or opened where uptake has no fate
    Column("vesicle_carry", np.float64, "carriers"),
    Column("vesicle_riders", np.int64, "riders"),
    Column("rider_carry", np.float64, "riders"),
    Column("loaded_carry", np.float64, "fractions"),
    Column("cargo", np.int64, "cargos"),  # the cell's pool, in copies
    Column("cargo_carry", np.float64, "cargos"),
    Column("state", np.float64, "states"),
    Column("behaviour", np.float64, "behaviours"),  # present value of what rules drive
    Column("attack_target", np.uint64),  # key of the cell that it attacks; 0: none
    Column("attack_left", np.float64),  # min
    Column("damage", np.float64),
    Column("attacked_time", np.float64),  # min, of all attackers together
    Column("substrate", np.float64, "substrates"),
    Column("signals", np.float64, "substrates"),  # concentration at the cell, sampled from the fields
)
NAMES = tuple(column.name for column in COLUMNS)
OPTIONAL = ("membrane_held",)  # columns that no checkpoint and no digest has where they are empty
COUNTED = tuple(dict.fromkeys(column.per for column in COLUMNS if column.per))
_versions = itertools.count(1)


class Cells:
    """`n` cells; `view(name)` is the live part of a column, shape (n,) or (n, number of what it counts).

    Further counts are given by the names of COUNTED; there are as many carriers as populations unless said.

    `version` changes whenever rows are added, removed or reordered, and is never reused: what was
    computed for one version (a neighbour list) holds for no other.
    """

    def __init__(
        self,
        n_populations: int = 0,
        n_cargos: int = 0,
        n_substrates: int = 0,
        capacity: int = 16,
        **counts: int,
    ) -> None:
        given = {"populations": n_populations, "cargos": n_cargos, "substrates": n_substrates}
        self.widths = dict.fromkeys(COUNTED, 0) | given | {"carriers": n_populations, "axes": 3} | counts
        self.n = 0
        self.version = next(_versions)
        self._arrays: dict[str, NDArray[Any]] = {c.name: self._empty(c, max(capacity, 1)) for c in COLUMNS}

    def _empty(self, column: Column, rows: int) -> NDArray[Any]:
        shape = (rows,) if column.per is None else (rows, self.widths[column.per])
        return np.zeros(shape, column.dtype)

    @property
    def capacity(self) -> int:
        """Rows that fit before the arrays have to grow."""
        return len(self._arrays["key"])

    def view(self, name: str) -> NDArray[Any]:
        """The live rows of a column; writing to it writes the state. Invalid after rows were added."""
        return self._arrays[name][: self.n]

    def total_volume(self) -> NDArray[np.float64]:
        """Volume of each cell in µm³, shape (n,)."""
        return np.asarray(self.view("fluid") + self.view("nuclear_solid") + self.view("cytoplasmic_solid"))

    def radius(self) -> NDArray[np.float64]:
        """Radius in µm of the sphere of each cell's volume, shape (n,)."""
        return np.asarray(np.cbrt(self.total_volume() * (3.0 / (4.0 * np.pi))))

    def append(self, **columns: Any) -> slice:
        """Add rows at the end; columns that are not given are zero. Returns the new rows.

        Raises KeyError for an unknown column and ValueError if the columns differ in length.
        """
        unknown = set(columns) - set(NAMES)
        if unknown:
            raise KeyError(f"no such column of cells: {', '.join(sorted(unknown))}")
        lengths = {len(values) for values in columns.values()}
        if len(lengths) != 1:
            raise ValueError(f"columns of new cells must have one length, not {sorted(lengths)}")
        rows = slice(self.n, self.n + lengths.pop())
        self._reserve(rows.stop)
        for column in COLUMNS:
            self._arrays[column.name][rows] = columns.get(column.name, 0)
        self.n = rows.stop
        self.version = next(_versions)
        return rows

    def _reserve(self, rows: int) -> None:
        if rows <= self.capacity:
            return
        larger = max(rows, self.capacity + self.capacity // 8 + 64)  # doubling would double peak memory
        for column in COLUMNS:
            grown = self._empty(column, larger)
            grown[: self.n] = self.view(column.name)
            self._arrays[column.name] = grown

    def remove(self, mask: NDArray[np.bool_]) -> None:
        """Take out the rows where `mask` is true; the others keep their order."""
        self._take(np.flatnonzero(~np.asarray(mask, bool)))

    def permute(self, order: NDArray[np.int64]) -> None:
        """Put row order[i] at place i; `order` is a permutation of 0..n-1."""
        if len(order) != self.n:
            raise ValueError(f"a permutation of {self.n} cells cannot have {len(order)} entries")
        self._take(order)

    def _take(self, rows: NDArray[Any]) -> None:
        for name in NAMES:
            self._arrays[name][: len(rows)] = self.view(name)[rows]
        self.n = len(rows)
        self.version = next(_versions)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Copies of the live rows of all columns: what a checkpoint holds."""
        return {name: self.view(name).copy() for name in self._used()}

    def _used(self) -> list[str]:
        """Names of all columns but optional ones without content."""
        return [name for name in NAMES if name not in OPTIONAL or self._arrays[name].shape[1]]

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Cells:
        """The cells that `to_arrays` wrote; KeyError if a column is missing."""
        there = [name for name in NAMES if name in arrays or name not in OPTIONAL]
        widths = {c.per: arrays[c.name].shape[1] for c in COLUMNS if c.per and c.name in there}
        cells = cls(capacity=len(arrays["key"]), **widths)
        cells.append(**{name: arrays[name] for name in there})
        return cells

    def digest(self) -> bytes:
        """Hash of every bit of the live rows, in their order."""
        hasher = hashlib.blake2b(digest_size=16)
        for name in self._used():
            hasher.update(name.encode())
            hasher.update(np.ascontiguousarray(self.view(name)).tobytes())
        return hasher.digest()
