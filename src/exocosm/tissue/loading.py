"""Loading: vesicles take copies of a cargo from their cell's pool, and the copies go where the vesicles go.

Each vesicle that forms takes each copy of the pool with the same small chance. Copies are spread evenly over
the vesicles that hold them, so that those in some of the vesicles are binomial; the last vesicle takes all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.draws import Draw, Purpose
from exocosm.ground.ledger import Ledger
from exocosm.tissue.behaviours import NO_RULES, Behaviours
from exocosm.tissue.cells import Cells
from exocosm.tissue.random_counts import Counts, Kind

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass
class Ended:
    """Vesicles that were in bodies (n,), and those of them whose bodies fused or were degraded."""

    held: Numbers
    fused: Numbers
    degraded: Numbers

    @property
    def gone(self) -> Numbers:
        """Vesicles that are in bodies no more."""
        return self.fused + self.degraded


class Loading:
    """One cargo that a population takes from pools; `share` (types,) of the pool goes into each vesicle.

    `index` is the column of `body_cargo`, `cargo` that of the pool; `riders` are the columns of
    `outgoing_riders` with their shares of what leaves.
    """

    def __init__(
        self,
        population: str,
        cargo_name: str,
        index: int,
        cargo: int,
        share: Array,
        riders: tuple[tuple[int, float], ...],
        behaviours: Behaviours = NO_RULES,
    ) -> None:
        self.behaviour, self.name = f"{cargo_name} loading into {population}", cargo_name
        self.kind: Kind = (population, cargo_name)
        self.index, self.cargo, self.share, self.riders = index, cargo, share, riders
        self.behaviours = behaviours

    def start(
        self, cells: Cells, rows: slice, vesicles: Numbers, initial: Array, draws: Counts, ledger: Ledger
    ) -> None:
        """Put into vesicles of new cells what they took from pools that stood at `initial` (n,)."""
        kind = cells.view("type")[rows]
        tries = vesicles * np.rint(initial).astype(np.int64)
        copies = draws.binomial((*self.kind, "start"), tries, np.minimum(self.share[kind], 1.0))
        cells.view("body_cargo")[rows, self.index] = copies
        ledger.move(self.name, "initial", "bodies", float(copies.sum()))

    def step(
        self,
        cells: Cells,
        rows: NDArray[np.int64],
        old: Ended,
        new: Ended,
        budded: Numbers,
        draws: Counts,
        ledger: Ledger,
    ) -> None:
        """Load the vesicles that formed, then let copies follow the vesicles of bodies that ended."""
        pool, inside = cells.view("cargo"), cells.view("body_cargo")
        held = inside[rows, self.index]
        share = self.behaviours.of(cells, self.behaviour, self.share)[rows]
        packed = draws.binomial((*self.kind, "packed"), pool[rows, self.cargo], taken_by(new.held, share))
        kept = pool[rows, self.cargo] - packed
        shed = draws.binomial((*self.kind, "shed"), kept, taken_by(budded, share))
        pool[rows, self.cargo] = kept - shed
        freed, lost = _follow(draws, (*self.kind, "old"), held, old)
        freed_now, lost_now = _follow(draws, (*self.kind, "new"), packed, new)
        freed, lost = freed + freed_now, lost + lost_now
        inside[rows, self.index] = held + packed - freed - lost
        for rider, part in self.riders:
            cells.view("outgoing_riders")[rows, rider] += part * (freed + shed)
        self._book(ledger, packed, shed, freed, lost)

    def _book(self, ledger: Ledger, packed: Numbers, shed: Numbers, freed: Numbers, lost: Numbers) -> None:
        for source, sink, copies in (
            ("inside", "bodies", packed),
            ("inside", "secreted", shed),
            ("bodies", "secreted", freed),
            ("released", "field", freed + shed),
            ("bodies", "unreleased", lost),
        ):
            ledger.move(self.name, source, sink, float(copies.sum()))


def taken_by(vesicles: Numbers, share: Array) -> Array:
    """Chance that a copy of a pool is taken by one of so many vesicles."""
    with np.errstate(divide="ignore", invalid="ignore"):
        taken = -np.expm1(vesicles * np.log1p(-np.minimum(share, 1.0)))
    return np.where(vesicles > 0, taken, 0.0)


def _follow(draws: Counts, kind: Kind, copies: Numbers, ended: Ended) -> tuple[Numbers, Numbers]:
    """Copies in the vesicles that were set free, and in those that were degraded."""
    freed = draws.share((*kind, "freed"), copies, ended.fused, ended.held)
    lost = draws.share((*kind, "lost"), copies - freed, ended.degraded, ended.held - ended.fused)
    return freed, lost


def draws_of(draw: Draw, keys: NDArray[np.uint64], tick: int) -> Counts:
    """The numbers of loading of these cells at a tick."""
    return Counts(draw, Purpose.LOADING, keys, tick)


def loadings_of(tissue: Any, population: int) -> tuple[Loading, ...]:
    """All cargos that some cell type loads into a population."""
    name, types = tissue.vesicles[population], tissue.model.tissue.cell_types.values()
    found = []
    for index, load in enumerate(tissue.loads):
        if load.population != name:
            continue
        parts = [t.genesis.get(name) for t in types]
        share = np.array([float(part.loading.get(load.cargo, 0.0)) if part else 0.0 for part in parts])
        riders = tuple(
            (i, tissue.carriers[rider.carrier].share)
            for i, rider in enumerate(tissue.riders)
            if rider.cargo_index == load.cargo_index and tissue.carriers[rider.carrier].population == name
        )
        found.append(Loading(name, load.cargo, index, load.cargo_index, share, riders, tissue.behaviours))
    return tuple(found)
