"""Signals that cells sense, sampled where some rule uses them.

Cells are in contact when they touch or are within reach of adhesion: centres nearer than the larger of the
sum of radii and the sum of reaches. Pressure is the sum over neighbours of (1 - d/R)², d the distance and R
the sum of radii, in units of what twelve neighbours of a close packing exert. Both as in PhysiCell,
10.1371/journal.pcbi.1005991.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.tissue.cell_types import ADHESION_DISTANCE, MECHANICAL
from exocosm.tissue.cells import APOPTOTIC, LIVE
from exocosm.tissue.directions import gradient, length, voxels_of
from exocosm.tissue.neighbours import PACKED, RADIUS, REACH, NeighbourList
from exocosm.tissue.receptors import ligands, occupancy
from exocosm.tissue.state import State

Array = NDArray[np.float64]
CLOSE_PACKING = 12.0 * (1.0 - np.sqrt(np.pi / (2.0 * np.sqrt(3.0)))) ** 2


@dataclass(frozen=True)
class Contacts:
    """All ordered pairs of cells in contact, `cell` and its neighbour `other`; the pressure on each cell.

    The pairs of cell i are those from starts[i] up to starts[i + 1].
    """

    cell: NDArray[np.int64]
    other: NDArray[np.int64]
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
            return cls(none, none, np.zeros(0), np.zeros(1, np.int64))
        near = NeighbourList(skin=0.0)
        near.build(packed)
        counts, rows = near.counts, near.rows[: len(packed)]
        cell = np.repeat(np.arange(len(packed)), counts)
        other = rows[np.arange(rows.shape[1]) < counts[:, None]].astype(np.int64)
        apart = packed[cell, :3] - packed[other, :3]
        distance = np.sqrt((apart * apart).sum(axis=1))
        overlap = np.maximum(0.0, 1.0 - distance / (packed[cell, RADIUS] + packed[other, RADIUS]))
        pressure = np.bincount(cell, overlap**2, minlength=len(packed)) / CLOSE_PACKING
        return cls(cell, other, pressure, np.concatenate([[0], np.cumsum(counts)]))

    def with_those(self, wanted: NDArray[np.bool_]) -> Array:
        """How many neighbours of each cell are among those wanted, (n,)."""
        return np.asarray(np.bincount(self.cell, wanted[self.other], minlength=len(wanted)), float)


def _packed(state: State, tissue: Any) -> Array:
    cells, table = state.cells, tissue.types.mechanics
    packed = np.zeros((cells.n, PACKED))
    packed[:, :3] = cells.view("position")
    packed[:, RADIUS] = cells.radius()
    word = MECHANICAL[ADHESION_DISTANCE]
    relative = tissue.behaviours.of(cells, word, table.relative_adhesion_distance)
    packed[:, REACH] = np.maximum(1.0, relative) * packed[:, RADIUS]
    return packed


class Sense:
    """What cells sense at one moment; what several signals need is worked out once."""

    def __init__(self, state: State, tissue: Any, tick: int) -> None:
        self.state, self.tissue, self.tick = state, tissue, tick
        self._contacts: Contacts | None = None

    @property
    def contacts(self) -> Contacts:
        """Which cells are in contact."""
        if self._contacts is None:
            self._contacts = Contacts.of(self.state, self.tissue)
        return self._contacts

    def view(self, column: str) -> NDArray[Any]:
        """A column of the cells."""
        return self.state.cells.view(column)


def sampled(signals: Sequence[Any], state: State, tissue: Any, tick: int) -> Array:
    """Values of typed signals in all cells, (cells, signals)."""
    sense = Sense(state, tissue, tick)
    out = np.empty((state.cells.n, len(signals)))
    for column, signal in enumerate(signals):
        out[:, column] = SAMPLERS[signal.kind](sense, signal.target)
    return out


def _substrate(sense: Sense, target: str) -> Any:
    return sense.view("signals")[:, sense.tissue.substrates.index(target)]


def _intracellular(sense: Sense, target: str) -> Any:
    return (
        sense.view("substrate")[:, sense.tissue.substrates.index(target)] / sense.state.cells.total_volume()
    )


def _gradient(sense: Sense, target: str) -> Any:
    """Size of the gradient by differences between the voxels beside that of the cell."""
    grid = sense.state.grid
    index = voxels_of(sense.view("position"), grid)
    return length(gradient(sense.state.fields[target].values, index, grid))


def _life(*states: str) -> Callable[[NDArray[np.int8]], NDArray[np.bool_]]:
    tests = {
        "live": lambda life: life == LIVE,
        "apoptotic": lambda life: life == APOPTOTIC,
        "necrotic": lambda life: life > APOPTOTIC,
    }
    return lambda life: np.logical_or.reduce([tests[state](life) for state in states])


def _is(*states: str) -> Callable[[Sense, str], Any]:
    return lambda sense, _: _life(*states)(sense.view("life"))


def _beside(*states: str) -> Callable[[Sense, str], Any]:
    return lambda sense, _: sense.contacts.with_those(_life(*states)(sense.view("life")))


def _beside_type(sense: Sense, target: str) -> Any:
    return sense.contacts.with_those(sense.view("type") == sense.tissue.types.names.index(target))


def _outside(sense: Sense, target: str) -> Any:
    """Vesicles per volume of fluid at the cell, all sizes together."""
    foot = sense.state.footprint(sense.tissue.width)
    fields = [sense.state.fields[c.name] for c in sense.tissue.carriers if c.population == target]
    return sum(foot.sample(field.c, 1) for field in fields)


def _carried(column: str) -> Callable[[Sense, str], Any]:
    def sampler(sense: Sense, target: str) -> Any:
        mine = [c.index for c in sense.tissue.carriers if c.population == target]
        return sense.view(column)[:, mine].sum(axis=1)

    return sampler


SAMPLERS: dict[str, Callable[[Sense, str], Any]] = {
    "substrate": _substrate,
    "intracellular": _intracellular,
    "gradient": _gradient,
    "pressure": lambda sense, _: sense.contacts.pressure,
    "volume": lambda sense, _: sense.state.cells.total_volume(),
    "contact": _beside_type,
    "contact live": _beside("live"),
    "contact dead": _beside("apoptotic", "necrotic"),
    "contact apoptotic": _beside("apoptotic"),
    "contact necrotic": _beside("necrotic"),
    "dead": _is("apoptotic", "necrotic"),
    "apoptotic": _is("apoptotic"),
    "necrotic": _is("necrotic"),
    "damage": lambda sense, _: sense.view("damage"),
    "total attack time": lambda sense, _: sense.view("attacked_time"),
    "attacking": lambda sense, _: sense.view("attack_target") != 0,
    "time": lambda sense, _: sense.tissue.clock.minutes(sense.tick),
    "vesicles outside": _outside,
    "vesicles on": _carried("bound"),
    "vesicles inside": _carried("vesicles"),
    "bodies": lambda sense, target: sense.view("bodies")[:, sense.tissue.vesicles.index(target)],
    "cargo on": lambda sense, target: ligands(sense.state, sense.tissue, target),
    "cargo inside": lambda sense, target: sense.view("cargo")[:, sense.tissue.cargos.index(target)],
    "occupancy": lambda sense, target: occupancy(sense.state, sense.tissue, target),
    "state": lambda sense, target: sense.view("state")[:, sense.tissue.states.index(target)],
}
