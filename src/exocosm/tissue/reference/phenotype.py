"""The life of cells over one step, one cell and one event after the other."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from exocosm.ground.draws import Draw
from exocosm.tissue.cell_types import (
    APOPTOSIS,
    DIVIDES,
    DOUBLES,
    DURATION,
    NECROSIS,
    RELATIVE_RUPTURE,
    PhenotypeTable,
)
from exocosm.tissue.cells import APOPTOTIC, LIVE, LYSED, NAMES, SWELLING, Cells
from exocosm.tissue.reference import cycle, death, volume
from exocosm.tissue.reference.division import Cell, divided

PARTS = ("fluid", "cytoplasmic_solid", "nuclear_solid", "calcified_fraction")


class Life:
    """One cell within one step of `minutes`; `lived` says how far it is, `born` where it began."""

    def __init__(self, cell: Cell, types: PhenotypeTable, draw: Draw, tick: int, minutes: float) -> None:
        self.cell, self.types, self.draw, self.tick, self.minutes = cell, types, draw, tick, minutes
        self.kind, self.lived, self.born, self.entries, self.gone = int(cell["type"]), 0.0, 0.0, 0, False

    def volumes(self, t: float) -> np.ndarray:
        """Parts of the volume after t more minutes of this life."""
        life, types = int(self.cell["life"]), self.types
        target = self.cell["target_solid"] if life == LIVE else 0.0
        nuclear = types.nuclear_share[self.kind] * target
        now = np.array([self.cell[part] for part in PARTS])
        rates, fraction = types.rates[self.kind, life], types.fluid_fraction[self.kind, life]
        return volume.advanced(now, t, rates, fraction, nuclear, target - nuclear)

    def pass_time(self, t: float) -> None:
        """Grow for t min."""
        self.cell |= dict(zip(PARTS, self.volumes(t), strict=True))
        self.lived += t

    def total(self, t: float = 0.0) -> float:
        """Total volume after t min."""
        return float(self.volumes(t)[:3].sum())

    def enter_next_phase(self) -> None:
        """Begin the phase after the present one."""
        who = (self.draw, self.cell["key"], self.tick, self.entries)
        phase = cycle.following(self.types, self.kind, int(self.cell["phase"]), *who)
        limit = cycle.threshold(
            self.types, self.kind, phase, self.draw, self.cell["key"], self.tick, self.entries
        )
        self.cell |= {"phase": phase, "phase_progress": 0.0, "phase_threshold": limit}
        self.entries += 1
        if self.types.phase_marks[self.kind, phase, DOUBLES]:
            self.cell["target_solid"] = 2 * self.cell["target_solid"]

    def die(self, which: int) -> None:
        """Begin apoptosis or necrosis."""
        numbers = self.types.death_numbers[self.kind, which]
        self.cell["rupture_volume"] = numbers[RELATIVE_RUPTURE] * self.total()
        self.cell |= {"target_solid": 0.0, "phase": 0, "phase_progress": 0.0}
        apoptotic = which == APOPTOSIS
        self.cell["life"] = APOPTOTIC if apoptotic else SWELLING
        self.cell["phase_threshold"] = numbers[DURATION] if apoptotic else np.inf

    def next_event(self) -> bool:
        """Live to the next event; true if it is a division."""
        left, cell = self.minutes - self.lived, self.cell
        if cell["life"] != LIVE:
            self._decay(left)
            return False
        age, who = self.lived - self.born, (self.draw, cell, self.tick)
        deaths = [death.time_of_death(self.types, self.kind, which, *who) - age for which in (0, 1)]
        speed = cycle.speed(self.types, self.kind, int(cell["phase"]), cell["signals"], cell["behaviour"])
        needed = cell["phase_threshold"] - cell["phase_progress"]
        has_cycle = self.types.phases[self.kind] > 0
        leaving = max(needed, 0) / speed if has_cycle and speed > 0 else np.inf
        t = max(0.0, min(left, leaving, *deaths))
        self.pass_time(t)
        if has_cycle:
            cell["phase_progress"] += t * speed
        if min(deaths) <= left and min(deaths) < leaving:
            self.die(APOPTOSIS if deaths[APOPTOSIS] <= deaths[NECROSIS] else NECROSIS)
        elif leaving <= left:
            if self.types.phase_marks[self.kind, int(cell["phase"]), DIVIDES]:
                return True
            self.enter_next_phase()
        return False

    def _decay(self, left: float) -> None:
        swelling = self.cell["life"] == SWELLING
        if swelling:
            until = death.time_to_rupture(self.total, self.cell["rupture_volume"], left)
        else:
            until = max(0.0, self.cell["phase_threshold"] - self.cell["phase_progress"])
        t = min(until, left)
        self.pass_time(t)
        self.cell["phase_progress"] += t
        if until <= left and swelling:
            limit = self.types.death_numbers[self.kind, NECROSIS, DURATION]
            self.cell |= {"life": LYSED, "phase_progress": 0.0, "phase_threshold": limit}
        elif until <= left:
            self.gone = True


def advanced(
    cells: Cells,
    types: PhenotypeTable,
    draw: Draw,
    tick: int,
    minutes: float,
    size: np.ndarray,
    planar: bool,
    names: Mapping[str, tuple[str, ...]],
) -> list[Cell]:
    """All cells after one step, those that are gone left out, daughters after all cells that were there."""
    lives = []
    for i in range(cells.n):
        cell = {name: cells.view(name)[i].copy() for name in NAMES}
        lives.append(Life(cell, types, draw, tick, minutes))
    for life in lives:  # grows while daughters are added
        while life.lived < minutes and not life.gone:
            if life.next_event():
                life.cell, daughter = divided(life.cell, draw, size, planar, names)
                born = Life(daughter, types, draw, tick, minutes)
                born.lived = born.born = life.lived
                life.enter_next_phase()
                born.enter_next_phase()
                lives.append(born)
    return [life.cell for life in lives if not life.gone]
