"""Signals that cells sense, sampled where some rule uses them. Contacts and pressure are in `contacts.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.tissue.cells import APOPTOTIC, LIVE
from exocosm.tissue.contacts import Contacts
from exocosm.tissue.directions import gradient, length, voxels_of
from exocosm.tissue.fibres import stiffness
from exocosm.tissue.receptors import ligands, occupancy
from exocosm.tissue.state import State

Array = NDArray[np.float64]


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


def _stiffness(sense: Sense, target: str) -> Any:
    laid = sense.tissue.model.tissue.medium.laid_fibres
    return stiffness(float(laid.volume) * _substrate(sense, laid.substrate), laid.stiffness)


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
    "stiffness": _stiffness,
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
