"""Life of cells over a step: volume, cycle, division, death and removal, in the order in which they happen.

Within a step a cell goes from event to event (end of a phase, death, rupture, end of a dead body) at the
exact times that its present signals imply; volumes are integrated exactly in between. The step therefore
only says how often signals are read again and how often daughters get a place.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import prange
from numpy.typing import NDArray

from exocosm.ground.compiled import kernel, parallel_kernel
from exocosm.ground.draws import Draw
from exocosm.ground.ledger import Ledger
from exocosm.tissue.cell_types import APOPTOSIS, NECROSIS, CellTypes, Tables
from exocosm.tissue.cells import LIVE, SWELLING, Cells
from exocosm.tissue.contents import Contents
from exocosm.tissue.cycle import enter_next_phase, phase_speed, time_to_exit
from exocosm.tissue.death import die, rupture, time_of_death
from exocosm.tissue.division import divide
from exocosm.tissue.volume import grow, time_to_rupture

DONE, DIVIDES, GONE = 0, 1, 2


class Rows(NamedTuple):
    """The columns of cells that the phenotype reads and writes."""

    key: Any
    type: Any
    life: Any
    phase: Any
    phase_progress: Any
    phase_threshold: Any
    fluid: Any
    nuclear_solid: Any
    cytoplasmic_solid: Any
    calcified_fraction: Any
    target_solid: Any
    rupture_volume: Any
    signals: Any

    @classmethod
    def of(cls, cells: Cells) -> Rows:
        """Views of the live rows."""
        return cls(*(cells.view(name) for name in cls._fields))


class Step(NamedTuple):
    """What one step remembers of each cell: minutes already lived, minute of birth, phases entered, and
    whether the cell has just divided and must enter its next phase.
    """

    lived: Any
    born: Any
    entries: Any
    entering: Any
    outcome: Any


@kernel
def advance_dead(i: int, left: float, rows: Any, types: Any) -> tuple[float, int]:
    """Advance a dead cell to its next event within `left` min; minutes lived and outcome."""
    swelling = rows.life[i] == SWELLING
    if swelling:
        until = time_to_rupture(i, left, rows, types.volume)
    else:
        until = max(0.0, rows.phase_threshold[i] - rows.phase_progress[i])
    t = min(until, left)
    grow(i, t, rows, types.volume)
    rows.phase_progress[i] += t
    if until <= left:
        if not swelling:
            return t, GONE
        rupture(i, rows, types.death)
    return t, DONE


@kernel
def advance_live(i: int, seed: Any, tick: int, left: float, rows: Any, types: Any, step: Any) -> tuple[float, int]:
    """Advance a live cell to its next event within `left` min; minutes lived and outcome."""
    age = step.lived[i] - step.born[i]
    apoptosis = time_of_death(i, APOPTOSIS, seed, tick, rows, types.death) - age
    necrosis = time_of_death(i, NECROSIS, seed, tick, rows, types.death) - age
    leaving = time_to_exit(i, rows, types.cycle)
    t = max(0.0, min(left, apoptosis, necrosis, leaving))
    grow(i, t, rows, types.volume)
    kind, phase = rows.type[i], rows.phase[i]
    if types.cycle.phases[kind] > 0:
        rows.phase_progress[i] += t * phase_speed(i, rows, types.cycle)
    if t < min(apoptosis, necrosis, leaving):
        return t, DONE
    if leaving <= min(apoptosis, necrosis):
        if types.cycle.divides[kind, phase]:
            return t, DIVIDES
        enter_next_phase(i, seed, tick, step.entries[i], rows, types.cycle)
        step.entries[i] += 1
    else:
        die(i, APOPTOSIS if apoptosis <= necrosis else NECROSIS, rows, types.death)
    return t, DONE


@kernel
def live_one(i: int, seed: Any, tick: int, minutes: float, rows: Any, types: Any, step: Any) -> None:
    """Let cell i live from where it is in the step to the end, to its next division or its removal."""
    if step.entering[i]:
        enter_next_phase(i, seed, tick, step.entries[i], rows, types.cycle)
        step.entries[i] += 1
        step.entering[i] = 0
    while step.lived[i] < minutes and step.outcome[i] == DONE:
        left = minutes - step.lived[i]
        if rows.life[i] == LIVE:
            t, outcome = advance_live(i, seed, tick, left, rows, types, step)
        else:
            t, outcome = advance_dead(i, left, rows, types)
        step.lived[i] = minutes if t >= left else step.lived[i] + t
        step.outcome[i] = outcome


@parallel_kernel
def live_on(
    seed: Any, tick: int, minutes: float, rows: Any, volume: Any, cycle: Any, death: Any, step: Any
) -> None:
    """Let each cell live on within a step of so many minutes."""
    for i in prange(rows.key.size):
        # tables are nested only here: a parallel loop takes no tuple of tuples from outside
        live_one(i, seed, tick, minutes, rows, Tables(volume, cycle, death), step)


def new_step(n: int) -> Step:
    """A step at whose start all n cells stand."""
    return Step(np.zeros(n), np.zeros(n), *(np.zeros(n, np.int64) for _ in range(3)))


def with_daughters(step: Step, mothers: NDArray[np.int64]) -> Step:
    """The step after these cells have divided: daughters stand where their mothers do."""
    step.outcome[mothers] = DONE
    step.entering[mothers] = 1
    lived = step.lived[mothers]
    nothing, entering = np.zeros(len(mothers), np.int64), np.ones(len(mothers), np.int64)
    added = Step(lived, lived, nothing, entering, nothing)
    return Step(*(np.concatenate(pair) for pair in zip(step, added, strict=True)))


class Phenotype:
    """Volume, cycle, division, death and removal of all cells; `tick` is the length of a tick in min.

    The state's `grid` bounds where daughters go; the ledger lists vesicle populations first, then cargos.
    """

    name = "phenotype"

    def __init__(self, types: CellTypes, *, every: int, tick: float) -> None:
        self.types, self.every, self.minutes = types, every, every * tick

    def step(self, state: Any, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Let all cells of `state.cells` live for one step."""
        cells, contents = state.cells, Contents(state.cells, self.types.substrates, ledger)
        step = new_step(cells.n)
        while True:
            rows = Rows.of(cells)
            live_on(draw.seed, int(tick), float(self.minutes), rows, *self.types.tables, step)
            mothers = np.flatnonzero(step.outcome == DIVIDES)
            if not len(mothers):
                break
            divide(cells, mothers, draw, contents, state.grid.size, state.grid.is_layer)
            step = with_daughters(step, mothers)
        gone = step.outcome == GONE
        if gone.any():
            contents.die(gone)
            cells.remove(gone)
