"""Phagocytosis: a live cell engulfs a neighbour, which is gone at once.

Each pair in contact has an exponential time, at the rate of the phagocyte towards what the neighbour is:
apoptotic, necrotic, or live of a type. The pairs act in the order of their times within the step: a cell that
has been taken is taken no more and takes none, and none takes two in a step. Fluid and solids of the prey are
added to the fluid and the cytoplasmic solid of the phagocyte, whose own volume model then returns to its
target; so is the dissolved substrate that it holds. Source: phagocytosis of PhysiCell 1.14 (`ingest_cell`),
10.1371/journal.pcbi.1005991, with exact times for its probabilities a step.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.compiled import kernel
from exocosm.ground.draws import Draw, Purpose, uniform
from exocosm.ground.ledger import Ledger
from exocosm.tissue.behaviours import Behaviours
from exocosm.tissue.cells import APOPTOTIC, LIVE, Cells
from exocosm.tissue.contacts import Contacts
from exocosm.tissue.contents import Contents
from exocosm.tissue.holdings import Holdings
from exocosm.tissue.state import State

PHAGOCYTOSIS = np.int64(Purpose.PHAGOCYTOSIS)
DEAD = ("apoptotic", "necrotic")


@kernel
def reach_out(
    seed: Any, tick: int, minutes: float, pairs: Any, key: Any, prey: Any, rate: Any, times: Any, found: Any
) -> int:
    """Pairs whose time comes within the step: times (min), phagocyte and prey of each; how many.

    `prey` [cell] says which column of `rate` [cell, column] holds towards it.
    """
    starts, other = pairs
    count = 0
    for i in range(key.size):
        for p in range(starts[i], starts[i + 1]):
            j = other[p]
            r = rate[i, prey[j]]
            if not r > 0.0:
                continue
            u = uniform(seed ^ key[i], PHAGOCYTOSIS, key[j], tick)
            t = np.inf if u >= r * minutes else -np.log1p(-u) / r  # as -log(1 - u) >= u
            if t < minutes:
                times[count], found[count, 0], found[count, 1] = t, i, j
                count += 1
    return count


@kernel
def take_in(found: Any, parts: Any, substrate: Any, fed: Any, gone: Any) -> None:
    """Let pairs act in order: contents move from the prey to the phagocyte; marks who has fed and is gone."""
    fluid, nuclear, cytoplasmic = parts
    for e in range(found.shape[0]):
        i, j = found[e, 0], found[e, 1]
        if fed[i] or gone[i] or gone[j]:
            continue
        fed[i] = gone[j] = True
        fluid[i] += fluid[j]
        cytoplasmic[i] += nuclear[j] + cytoplasmic[j]
        for s in range(substrate.shape[1]):
            substrate[i, s] += substrate[j, s]


class Phagocytes:
    """Phagocytosis by all cells over steps of `minutes`; `rate` [type, apoptotic, necrotic, live types]."""

    def __init__(self, tissue: Any, minutes: float) -> None:
        types = tissue.model.tissue.cell_types
        self.minutes = minutes
        self.behaviours: Behaviours = tissue.behaviours
        self.words = [*(f"phagocytose {dead} cell" for dead in DEAD), *(f"phagocytose {t}" for t in types)]
        self.rate = np.zeros((len(types), len(self.words)))
        for t, part in enumerate(types.values()):
            if part.phagocytosis is not None:
                live = [part.phagocytosis.live.get(name, 0.0) for name in types]
                self.rate[t] = [*(getattr(part.phagocytosis, dead) for dead in DEAD), *live]
        self.holdings: Holdings = tissue.holdings

    def rates(self, cells: Cells) -> NDArray[np.float64]:
        """Present rates of all cells (1/min)."""
        rate = np.zeros((cells.n, len(self.words)))
        for c, word in enumerate(self.words):
            if self.behaviours.column(word) >= 0 or self.rate[:, c].any():
                rate[:, c] = self.behaviours.of_active(cells, word, self.rate[:, c])
        rate[cells.view("life") != LIVE] = 0.0
        return rate

    def step(self, state: State, contacts: Contacts, tick: int, draw: Draw, ledger: Ledger) -> None:
        """All that is engulfed within one step; rows of the prey are removed."""
        cells = state.cells
        fed, gone = np.zeros(cells.n, bool), np.zeros(cells.n, bool)
        parts = tuple(cells.view(name) for name in ("fluid", "nuclear_solid", "cytoplasmic_solid"))
        take_in(self._meetings(cells, contacts, tick, draw), parts, cells.view("substrate"), fed, gone)
        if gone.any():
            state.tallies.engulfed += np.bincount(cells.view("type")[gone], minlength=len(self.rate))
            Contents(cells, self.holdings, ledger).engulf(gone)
            cells.remove(gone)

    def _meetings(self, cells: Cells, contacts: Contacts, tick: int, draw: Draw) -> NDArray[np.int64]:
        """Phagocyte and prey of pairs whose time comes, in the order of their times."""
        key, life = np.ascontiguousarray(cells.view("key")), cells.view("life")
        prey = np.where(life == LIVE, len(DEAD) + cells.view("type"), np.where(life == APOPTOTIC, 0, 1))
        times, found = np.empty(len(contacts.other)), np.empty((len(contacts.other), 2), np.int64)
        pairs = (contacts.starts, contacts.other)
        count = reach_out(
            draw.seed, int(tick), float(self.minutes), pairs, key, prey.astype(np.int64), self.rates(cells),
            times, found,
        )  # fmt: skip
        return found[np.argsort(times[:count], kind="stable")]


def phagocytes_of(tissue: Any, minutes: float) -> Phagocytes | None:
    """The phagocytosis of a tissue, if any of its cell types engulfs."""
    types = tissue.model.tissue.cell_types.values()
    return Phagocytes(tissue, minutes) if any(part.phagocytosis is not None for part in types) else None
