"""Death: apoptosis and necrosis at rates that signals modulate, and what follows in volume and time.

An apoptotic cell shrinks and is gone after its duration. A necrotic cell swells until it ruptures at a
multiple of its volume at death, then shrinks and calcifies until its duration ends.
Source: death models of PhysiCell, 10.1371/journal.pcbi.1005991.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from exocosm.ground.compiled import inner_kernel
from exocosm.ground.draws import Purpose, uniform
from exocosm.tissue.cell_types import (
    APOPTOSIS,
    DURATION,
    NECROSIS,
    ONE_AT,
    RATE,
    RELATIVE_RUPTURE,
    ZERO_AT,
)
from exocosm.tissue.cells import APOPTOTIC, LYSED, SWELLING, UNDRIVEN
from exocosm.tissue.cycle import modulation
from exocosm.tissue.rows import LIFE, PHASE, PROGRESS, RUPTURE, TARGET, THRESHOLD, TYPE
from exocosm.tissue.volume import volume

PURPOSES = (np.int64(Purpose.APOPTOSIS), np.int64(Purpose.NECROSIS))


@inner_kernel
def time_of_death(i: int, death: int, seed: Any, tick: int, rows: Any, types: Any) -> float:
    """Minutes from the start of a step (or birth in it) to a death, exponential at the present rate."""
    kind = rows.marks[i, TYPE]
    numbers = types.death_numbers
    rate = numbers[kind, death, RATE]
    if types.death_column[death] != UNDRIVEN:
        rate = rows.behaviour[i, types.death_column[death]]
    if rate > 0.0:
        zero_at, one_at = numbers[kind, death, ZERO_AT], numbers[kind, death, ONE_AT]
        rate *= modulation(i, types.death_ramp[kind, death], zero_at, one_at, rows.signals)
    if not rate > 0.0:
        return np.inf
    return -np.log1p(-uniform(seed, PURPOSES[death], rows.key[i], tick)) / rate


@inner_kernel
def die(i: int, death: int, rows: Any, types: Any) -> None:
    """Begin a death: the cycle ends, solids have no target any more."""
    kind = rows.marks[i, TYPE]
    rows.numbers[i, RUPTURE] = types.death_numbers[kind, death, RELATIVE_RUPTURE] * volume(i, rows)
    rows.numbers[i, TARGET] = 0.0
    rows.marks[i, PHASE] = 0
    rows.numbers[i, PROGRESS] = 0.0
    if death == APOPTOSIS:
        rows.marks[i, LIFE] = APOPTOTIC
        rows.numbers[i, THRESHOLD] = types.death_numbers[kind, APOPTOSIS, DURATION]
    else:
        rows.marks[i, LIFE] = SWELLING
        rows.numbers[i, THRESHOLD] = np.inf


@inner_kernel
def rupture(i: int, rows: Any, types: Any) -> None:
    """A swollen cell bursts: what is left decays for the duration of its necrosis."""
    rows.marks[i, LIFE] = LYSED
    rows.numbers[i, PROGRESS] = 0.0
    rows.numbers[i, THRESHOLD] = types.death_numbers[rows.marks[i, TYPE], NECROSIS, DURATION]
