"""Transformation: a live cell turns into another type, at a rate for each that it can turn into.

Each has an exponential time of its own; the earliest within the step decides, and at most one happens a step.
The cell keeps its key, place, volume and all that it holds, damage, and the states that both types have;
others begin as the new type has them. The target of its solids is that of the new type at rest, and its cycle
begins in the first phase. Source: transformations of PhysiCell 1.10, 10.1371/journal.pcbi.1005991.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.draws import Draw, Purpose
from exocosm.tissue.behaviours import Behaviours
from exocosm.tissue.cell_types import CellTypes
from exocosm.tissue.cells import LIVE, Cells
from exocosm.tissue.cycle import start_cycle
from exocosm.tissue.rows import PHASE, PROGRESS, THRESHOLD, Rows

Indices = NDArray[np.int64]


class Transformations:
    """The transformations of all cells over steps of `minutes`; `rate` [type, type]."""

    def __init__(self, tissue: Any, minutes: float) -> None:
        types = tissue.model.tissue.cell_types
        self.minutes, self.names = minutes, tuple(types)
        self.types: CellTypes = tissue.types
        self.behaviours: Behaviours = tissue.behaviours
        parts = types.values()
        rates = [[float(part.transformations.get(name, 0.0)) for name in types] for part in parts]
        self.rate = np.array(rates)
        states = [[part.states.get(name) for name in tissue.states] for part in parts]
        self.has_state = np.array([[s is not None for s in row] for row in states], bool)
        self.initial = np.array([[float(getattr(s, "initial", 0.0)) for s in row] for row in states])
        stated = {name for part in parts for name in part.transformations}
        self.into = [t for t, name in enumerate(self.names) if name in stated]

    def step(self, cells: Cells, tick: int, draw: Draw) -> Indices:
        """All transformations within one step; the rows of the cells, ascending."""
        first, chosen = np.full(cells.n, self.minutes), np.full(cells.n, -1, np.int64)
        for t in self.into:
            word, name = f"transform to {self.names[t]}", self.names[t]
            rate = self.behaviours.of_active(cells, word, self.rate[:, t])
            rows = np.flatnonzero((rate > 0) & (cells.view("life") == LIVE))
            u = draw.of(name).uniform(Purpose.TRANSFORMATION, cells.view("key")[rows], tick)
            near = u < rate[rows] * first[rows]  # as -log(1 - u) >= u
            rows, times = rows[near], -np.log1p(-u[near]) / rate[rows[near]]
            sooner = times < first[rows]
            first[rows[sooner]], chosen[rows[sooner]] = times[sooner], t
        rows = np.flatnonzero(chosen >= 0)
        if len(rows):
            self.turn(cells, rows, chosen[rows], tick, draw)
        return rows

    def turn(self, cells: Cells, rows: Indices, into: Indices, tick: int, draw: Draw) -> None:
        """Turn the cells of `rows` into these types."""
        before = cells.view("type")[rows]
        kept = self.has_state[before] & self.has_state[into]
        cells.view("state")[rows] = np.where(kept, cells.view("state")[rows], self.initial[into])
        cells.view("type")[rows] = into
        cells.view("target_solid")[rows] = (self.types.nuclear_solid + self.types.cytoplasmic_solid)[into]
        for name in ("attack_target", "attack_left", "previous_velocity", "velocity_known"):
            cells.view(name)[rows] = 0
        self._begin_cycle(cells, rows, tick, draw)

    def _begin_cycle(self, cells: Cells, rows: Indices, tick: int, draw: Draw) -> None:
        now = Rows.of(cells)
        new = Rows(now.key[rows], now.numbers[rows], now.marks[rows], now.signals[rows], now.behaviour[rows])
        new.marks[:, PHASE] = 0
        new.numbers[:, [PROGRESS, THRESHOLD]] = 0.0
        start_cycle(draw.seed, int(tick), new, self.types.phenotype)
        cells.view("phase")[rows] = new.marks[:, PHASE]
        cells.view("phase_progress")[rows] = new.numbers[:, PROGRESS]
        cells.view("phase_threshold")[rows] = new.numbers[:, THRESHOLD]


def transformations_of(tissue: Any, minutes: float) -> Transformations | None:
    """The transformations of a tissue, if any of its cell types has some."""
    types = tissue.model.tissue.cell_types.values()
    return Transformations(tissue, minutes) if any(part.transformations for part in types) else None
