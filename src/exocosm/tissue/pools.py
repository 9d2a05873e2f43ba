"""Pools: a cell's own copies of a cargo, made one by one and degraded one by one.

dN/dt = synthesis - degradation N, exact in distribution over any step: copies that were there survive with
exp(-k dt), those made within the step are Poisson and survive with the mean of that over their ages.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.draws import Draw, Purpose
from exocosm.ground.ledger import Ledger
from exocosm.tissue.behaviours import NO_RULES, Behaviours
from exocosm.tissue.cells import LIVE
from exocosm.tissue.genesis import ended_within
from exocosm.tissue.random_counts import Counts
from exocosm.tissue.state import State

Array = NDArray[np.float64]


class Pool:
    """Process: the pool of one cargo in all live cells; numbers by cell type (types,).

    initial in copies, synthesis in copies/min, degradation in 1/min.
    """

    def __init__(
        self,
        cargo: str,
        index: int,
        initial: Array,
        synthesis: Array,
        degradation: Array,
        behaviours: Behaviours = NO_RULES,
        *,
        every: int,
        tick: float,
    ) -> None:
        self.name, self.cargo, self.index = f"pool of {cargo}", cargo, index
        self.initial, self.synthesis, self.degradation = initial, synthesis, degradation
        self.behaviours, self.every, self.minutes = behaviours, every, every * tick

    def start(self, state: State, rows: slice, draw: Draw, ledger: Ledger) -> None:
        """Give new cells whole copies whose mean is the initial number of their type."""
        cells = state.cells
        mean = self.initial[cells.view("type")[rows]]
        share = draw.of(self.cargo).uniform(Purpose.POOL_START, cells.view("key")[rows], 0)
        copies = np.floor(mean + share)
        cells.view("cargo")[rows, self.index] += copies.astype(np.int64)
        ledger.move(self.cargo, "initial", "inside", float(copies.sum()))

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Make and degrade copies over one step."""
        cells = state.cells
        rows = np.flatnonzero(cells.view("life") == LIVE)
        draws = Counts(draw, Purpose.POOL, cells.view("key")[rows], tick)
        made = self.behaviours.of(cells, f"{self.cargo} synthesis", self.synthesis)[rows] * self.minutes
        spent = self.behaviours.of(cells, f"{self.cargo} degradation", self.degradation)[rows] * self.minutes
        pool, lost = cells.view("cargo"), ended_within(spent)
        old = draws.binomial((self.cargo, "old"), pool[rows, self.index], -np.expm1(-spent))
        new = draws.poisson((self.cargo, "new"), made * (1.0 - lost))
        passing = draws.poisson((self.cargo, "passing"), made * lost)
        pool[rows, self.index] += new - old
        ledger.move(self.cargo, "formed", "inside", float((new + passing).sum()))
        ledger.move(self.cargo, "inside", "degraded", float((old + passing).sum()))


def pools_of(tissue: Any) -> list[Pool]:
    """The pools of all cargos of which some cell type has one."""
    found = []
    for index, cargo in enumerate(tissue.cargos):
        parts = [t.pools.get(cargo) for t in tissue.model.tissue.cell_types.values()]
        if all(part is None for part in parts):
            continue
        initial, synthesis, degradation = (
            np.array([0.0 if part is None else float(getattr(part, name)) for part in parts])
            for name in ("initial", "synthesis", "degradation")
        )
        every = tissue.every(tissue.model.tissue.steps.phenotype)
        found.append(
            Pool(
                cargo, index, initial, synthesis, degradation, tissue.behaviours,
                every=every, tick=tissue.clock.length,
            )
        )  # fmt: skip
    return found
