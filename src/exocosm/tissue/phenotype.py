"""Life of cells over a step: volume, cycle, division, death and removal, in the order in which they happen.

Within a step a cell goes from event to event (end of a phase, death, rupture, end of a dead body) at the
exact times that its present signals imply; volumes are integrated exactly in between. The step therefore
only says how often signals are read again and how often daughters get a place.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from exocosm.ground.compiled import inner_kernel, parallel_kernel
from exocosm.ground.draws import Draw
from exocosm.ground.ledger import Ledger
from exocosm.tissue.cell_types import APOPTOSIS, DIVIDES, NECROSIS, CellTypes
from exocosm.tissue.cells import APOPTOTIC, LIVE, SWELLING
from exocosm.tissue.contents import Contents
from exocosm.tissue.cycle import enter_next_phase, phase_speed, time_to_exit
from exocosm.tissue.death import die, rupture, time_of_death
from exocosm.tissue.division import divide
from exocosm.tissue.holdings import Holdings
from exocosm.tissue.rows import (
    BORN,
    ENTERING,
    LIFE,
    LIVED,
    OUTCOME,
    PHASE,
    PROGRESS,
    THRESHOLD,
    TYPE,
    Rows,
)
from exocosm.tissue.volume import grow, time_to_rupture

DONE, MITOSIS, GONE = 0, 1, 2


@inner_kernel
def advance_dead(i: int, left: float, rows: Any, types: Any) -> tuple[float, int]:
    """Advance a dead cell to its next event within `left` min; minutes lived and outcome."""
    swelling = rows.marks[i, LIFE] == SWELLING
    if swelling:
        until = time_to_rupture(i, left, rows, types)
    else:
        until = max(0.0, rows.numbers[i, THRESHOLD] - rows.numbers[i, PROGRESS])
    t = min(until, left)
    grow(i, t, rows, types)
    rows.numbers[i, PROGRESS] += t
    if until <= left:
        if not swelling:
            return t, GONE
        rupture(i, rows, types)
    return t, DONE


@inner_kernel
def advance_live(i: int, seed: Any, tick: int, left: float, rows: Any, types: Any) -> tuple[float, int]:
    """Advance a live cell to its next event within `left` min; minutes lived and outcome."""
    age = rows.numbers[i, LIVED] - rows.numbers[i, BORN]
    apoptosis = time_of_death(i, APOPTOSIS, seed, tick, rows, types) - age
    necrosis = time_of_death(i, NECROSIS, seed, tick, rows, types) - age
    leaving = time_to_exit(i, rows, types)
    t = max(0.0, min(left, apoptosis, necrosis, leaving))
    grow(i, t, rows, types)
    kind, phase = rows.marks[i, TYPE], rows.marks[i, PHASE]
    if types.phases[kind] > 0:
        rows.numbers[i, PROGRESS] += t * phase_speed(i, rows, types)
    if t < min(apoptosis, necrosis, leaving):
        return t, DONE
    if apoptosis < leaving or necrosis < leaving:
        die(i, APOPTOSIS if apoptosis <= necrosis else NECROSIS, rows, types)
        return t, DONE
    if not types.phase_marks[kind, phase, DIVIDES]:
        rows.marks[i, ENTERING] = 1
        return t, DONE
    return t, MITOSIS


@inner_kernel
def live_one(i: int, seed: Any, tick: int, minutes: float, rows: Any, types: Any) -> None:
    """Let cell i live to the end of a step of so many minutes, to its next division or its removal."""
    if rows.marks[i, ENTERING]:
        enter_next_phase(i, seed, tick, rows, types)
    while rows.numbers[i, LIVED] < minutes and rows.marks[i, OUTCOME] == DONE:
        left = minutes - rows.numbers[i, LIVED]
        if rows.marks[i, LIFE] == LIVE:
            t, outcome = advance_live(i, seed, tick, left, rows, types)
        else:
            t, outcome = advance_dead(i, left, rows, types)
        rows.numbers[i, LIVED] = minutes if t >= left else rows.numbers[i, LIVED] + t
        rows.marks[i, OUTCOME] = outcome
        if rows.marks[i, ENTERING]:
            enter_next_phase(i, seed, tick, rows, types)


@parallel_kernel
def live_on(seed: Any, tick: int, minutes: float, rows: Any, types: Any) -> None:
    """Let each cell live on within a step; no cell reads or writes another's row."""
    for i in prange(rows.key.size):
        live_one(i, seed, tick, minutes, rows, types)


class Phenotype:
    """Volume, cycle, division, death and removal of all cells; `tick` is the length of a tick in min.

    The state's `grid` bounds where daughters go; `holdings` are the columns that are on the books.
    """

    name = "phenotype"

    def __init__(self, types: CellTypes, holdings: Holdings, *, every: int, tick: float) -> None:
        self.types, self.holdings = types, holdings
        self.every, self.minutes = every, every * tick

    def step(self, state: Any, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Let all cells of `state.cells` live for one step."""
        cells, contents = state.cells, Contents(state.cells, self.holdings, ledger)
        rows, alive = Rows.of(cells), cells.view("life") == LIVE
        while True:
            live_on(draw.seed, int(tick), float(self.minutes), rows, self.types.phenotype)
            rows.write(cells)
            mothers = np.flatnonzero(rows.marks[:, OUTCOME] == MITOSIS)
            if not len(mothers):
                break
            divide(cells, mothers, draw, contents, state.grid.size, state.grid.is_planar)
            rows = rows.after_division(cells, mothers)
            alive = np.concatenate([alive, np.ones(len(mothers), bool)])
        self._count_deaths(state, alive & (cells.view("life") != LIVE))
        gone = rows.marks[:, OUTCOME] == GONE
        if gone.any():
            contents.die(gone)
            cells.remove(gone)

    def _count_deaths(self, state: Any, dead: NDArray[np.bool_]) -> None:
        """Tally the cells that died in this step, by type and by way of death."""
        kind = state.cells.view("type")[dead]
        way = np.where(state.cells.view("life")[dead] == APOPTOTIC, APOPTOSIS, NECROSIS)
        np.add.at(state.tallies.died, (kind, way), 1.0)
