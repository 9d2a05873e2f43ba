"""Which cells are in contact, how hard they press, and how much membrane two of them share.

Cells are in contact when they touch or are within reach of adhesion: centres nearer than the larger of the
sum of radii and the sum of reaches. Pressure is the sum over neighbours of (1 - d/R)², d the distance and R
the sum of radii, in units of what twelve neighbours of a close packing exert. Both as in PhysiCell,
10.1371/journal.pcbi.1005991. The membrane that two cells share is the disc in which their spheres meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.tissue.cell_types import ADHESION_DISTANCE, MECHANICAL
from exocosm.tissue.neighbours import PACKED, RADIUS, REACH, NeighbourList
from exocosm.tissue.state import State

Array = NDArray[np.float64]
CLOSE_PACKING = 12.0 * (1.0 - np.sqrt(np.pi / (2.0 * np.sqrt(3.0)))) ** 2


@dataclass(frozen=True)
class Contacts:
    """All ordered pairs of cells in contact, `cell` and its neighbour `other`; the pressure on each cell.

    The pairs of cell i are those from starts[i] up to starts[i + 1]; `distance` is that of centres in µm.
    """

    cell: NDArray[np.int64]
    other: NDArray[np.int64]
    distance: Array
    pressure: Array
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, state: State, tissue: Any) -> Contacts:
        """The contacts of the cells where they are now; those found last, if nothing has changed since."""
        packed, known = _packed(state, tissue), getattr(state, "known_contacts", None)
        if known is None or not np.array_equal(known[0], packed):
            state.known_contacts = known = (packed, cls._among(packed))
        found: Contacts = known[1]
        return found

    @classmethod
    def _among(cls, packed: Array) -> Contacts:
        none = np.zeros(0, np.int64)
        if not len(packed):
            return cls(none, none, np.zeros(0), np.zeros(0), np.zeros(1, np.int64))
        near = NeighbourList(skin=0.0)
        near.build(packed)
        counts, rows = near.counts, near.rows[: len(packed)]
        cell = np.repeat(np.arange(len(packed)), counts)
        other = rows[np.arange(rows.shape[1]) < counts[:, None]].astype(np.int64)
        apart = packed[cell, :3] - packed[other, :3]
        distance = np.sqrt((apart * apart).sum(axis=1))
        overlap = np.maximum(0.0, 1.0 - distance / (packed[cell, RADIUS] + packed[other, RADIUS]))
        pressure = np.bincount(cell, overlap**2, minlength=len(packed)) / CLOSE_PACKING
        return cls(cell, other, distance, pressure, np.concatenate([[0], np.cumsum(counts)]))

    def with_those(self, wanted: NDArray[np.bool_]) -> Array:
        """How many neighbours of each cell are among those wanted, (n,)."""
        return np.asarray(np.bincount(self.cell, wanted[self.other], minlength=len(wanted)), float)

    def areas(self, radius: Array) -> Array:
        """Membrane (µm²) that the cells of each pair share, (pairs,); `radius` (n,) in µm."""
        return shared_disc(radius[self.cell], radius[self.other], self.distance)


def shared_disc(one: Array, other: Array, distance: Array) -> Array:
    """Area (µm²) of the disc in which two spheres meet; 0 apart, the equator of the smaller one at most.

    Own derivation: a point of the rim is `one` from the first centre and `other` from the second, so that
    its plane lies at x = (d² + one² - other²) / 2d from the first, and its radius is √(one² - x²).
    """
    apart = np.maximum(distance, 1e-12)
    plane = (apart * apart + one * one - other * other) / (2.0 * apart)
    square = np.where(distance < one + other, one * one - plane * plane, 0.0)
    within = np.minimum(one, other) ** 2  # a cell all within another shares its equator
    return np.asarray(np.pi * np.where(distance <= np.abs(one - other), within, np.maximum(square, 0.0)))


def _packed(state: State, tissue: Any) -> Array:
    cells, table = state.cells, tissue.types.mechanics
    packed = np.zeros((cells.n, PACKED))
    packed[:, :3] = cells.view("position")
    packed[:, RADIUS] = cells.radius()
    word = MECHANICAL[ADHESION_DISTANCE]
    relative = tissue.behaviours.of(cells, word, table.relative_adhesion_distance)
    packed[:, REACH] = np.maximum(1.0, relative) * packed[:, RADIUS]
    return packed
