"""Cells that arrive by the blood: at a rate per length of vessel, driven by a signal at its wall.

The rate goes with the level c of the signal from `base_rate` to `rate` by c^n / (c^n + half_max^n).
Candidates come to each vessel in each step by a Poisson process at the full `rate`; numbers, places and
chances are functions of the seed, the entry's name, the vessel's place and the tick alone; a candidate is let
in where its chance lies below the ratio of rates (thinning, Lewis & Shedler 1979, 10.1002/nav.3800260304). So
two arms share arrivals as far as their signals agree. A cell that arrives lies at the wall of its vessel, at
a random place along and around it; where that would be outside the box, on the other side. Its key is a hash
of the entry, the vessel, the tick and the ordinal of the candidate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.compiled import kernel
from exocosm.ground.draws import Draw, Purpose, child_key, mark_of, uniform
from exocosm.ground.ledger import Ledger
from exocosm.tissue.capillaries import Network
from exocosm.tissue.placement import enter, rest_radius, seat
from exocosm.tissue.random_counts import Counts
from exocosm.tissue.state import State
from exocosm.tissue.weights import Footprint

Array = NDArray[np.float64]
Keys = NDArray[np.uint64]
PLACE = np.int64(Purpose.IMMIGRANT_PLACE)


@kernel
def draw_candidates(
    seed: Any, vessels: Any, counts: Any, tick: int, keys: Any, which: Any, drawn: Any
) -> None:
    """Keys of the candidates of each vessel at a tick; three uniform numbers each: along, around, chance."""
    n = 0
    for i in range(vessels.size):
        here = child_key(vessels[i], tick)
        for ordinal in range(counts[i]):
            keys[n], which[n] = child_key(here, ordinal), i
            for k in range(3):
                drawn[n, k] = uniform(seed, PLACE, keys[n], k)
            n += 1


def vessel_keys(entry: str, network: Network) -> Keys:
    """Keys of the vessels of a network for an entry, from its name and where they are."""
    ends = network.segments.reshape(-1, 6)
    return np.array([mark_of(("immigration", entry, *(f"{x:.9g}" for x in row))) for row in ends], np.uint64)


def across(directions: Array) -> tuple[Array, Array]:
    """Two unit vectors across each direction, (n, 3) each."""
    first = np.cross(directions, np.eye(3)[np.argmin(np.abs(directions), axis=1)])
    first /= np.linalg.norm(first, axis=1)[:, None]
    return first, np.cross(directions, first)


def beside(network: Network, which: NDArray[np.int64], drawn: Array, gap: float, size: Array) -> Array:
    """Places (n, 3) at `gap` µm from the wall of vessels `which`, within a box of `size`.

    A place outside the box is taken from the other side of the vessel, and at last from the nearest in it.
    """
    on_axis = axis_places(network, which, drawn[:, 0])
    first, second = across(network.directions)
    angle = 2.0 * np.pi * drawn[:, 1:2]
    out = (network.radius + gap) * (np.cos(angle) * first[which] + np.sin(angle) * second[which])
    outside = np.any((on_axis + out < 0.0) | (on_axis + out > size), axis=1)
    return np.clip(on_axis + np.where(outside[:, None], -out, out), 0.0, size)


def axis_places(network: Network, which: NDArray[np.int64], way: Array) -> Array:
    """Places (n, 3) on the axes of vessels at a share of their way."""
    start, end = network.segments[which, 0], network.segments[which, 1]
    return np.asarray(start + way[:, None] * (end - start))


class Immigration:
    """Process: arrivals of one entry. `settle` gives cells what new cells get, once they are in the state."""

    def __init__(
        self, tissue: Any, entry: Any, settle: Callable[[State, slice, Draw], None], *, every: int
    ) -> None:
        self.name, self.entry, self.tissue, self.settle = f"immigration {entry.name}", entry, tissue, settle
        self.every, self.minutes = every, every * tissue.clock.length
        self.network: Network = tissue.blood.network(entry.through)
        self.vessels = vessel_keys(entry.name, self.network)
        self.kind = tissue.types.names.index(entry.cell_type)

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Let those arrive that came within the last step."""
        keys, which, drawn = self.candidates(draw, tick)
        let_in = drawn[:, 2] < self.chances(state, axis_places(self.network, which, drawn[:, 0]))
        if let_in.any():
            rows = self._enter(state, keys[let_in], which[let_in], drawn[let_in], draw)
            self.settle(state, rows, draw)
            state.tallies.immigrated[self.kind] += float(let_in.sum())

    def candidates(self, draw: Draw, tick: int) -> tuple[Keys, NDArray[np.int64], Array]:
        """Key, vessel and uniform numbers of who come at the full rate in the step that ends at a tick."""
        mine = draw.of("immigration", self.entry.name)
        mean = float(self.entry.rate) * self.network.lengths * self._open_minutes(tick)
        counts = Counts(mine, Purpose.IMMIGRATION, self.vessels, tick).poisson(("candidates",), mean)
        n = int(counts.sum())
        keys, which, drawn = np.empty(n, np.uint64), np.empty(n, np.int64), np.empty((n, 3))
        draw_candidates(mine.seed, self.vessels, counts, int(tick), keys, which, drawn)
        return keys, which, drawn

    def _open_minutes(self, tick: int) -> float:
        """Minutes of the step that lie in the entry's window."""
        now = self.tissue.clock.minutes(tick)
        end = np.inf if self.entry.end is None else float(self.entry.end)
        return max(0.0, min(now, end) - max(now - self.minutes, float(self.entry.start)))

    def chances(self, state: State, places: Array) -> Array:
        """Share of the full rate at places on the axes (n, 3)."""
        entry = self.entry
        if entry.signal is None or not entry.rate > 0:
            return np.ones(len(places))
        with np.errstate(over="ignore"):
            scaled = (self.levels(state, places) / float(entry.half_max)) ** float(entry.hill_power)
        base = float(entry.base_rate) / float(entry.rate)
        return np.asarray(base + (1.0 - base) * (1.0 - 1.0 / (1.0 + scaled)))

    def levels(self, state: State, places: Array) -> Array:
        """Level of the signal that vessels see at places (n, 3): of a population that of all sizes."""
        foot = Footprint.of(places, state.grid, self.network.width(state.grid))
        names = [c.name for c in self.tissue.carriers if c.population == self.entry.signal]
        found = sum(foot.sample(state.fields[name].c, 1) for name in names or [self.entry.signal])
        return np.maximum(found, 0.0)

    def _enter(self, state: State, keys: Keys, which: NDArray[np.int64], drawn: Array, draw: Draw) -> slice:
        types, kind = self.tissue.types, np.full(len(keys), self.kind, np.int16)
        radius = rest_radius(types, kind)
        places = beside(self.network, which, drawn, float(radius[0]), state.grid.size)
        return enter(state, types, kind, keys, seat(state.grid, places, radius), draw)


def immigration_of(tissue: Any, settle: Callable[[State, slice, Draw], None]) -> list[Immigration]:
    """The processes of all entries of a model."""
    every = tissue.every(tissue.model.tissue.steps.phenotype)
    return [Immigration(tissue, entry, settle, every=every) for entry in tissue.model.tissue.immigration]
