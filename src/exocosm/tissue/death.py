"""Death: apoptosis and necrosis at rates that signals modulate, and what follows in volume and time.

An apoptotic cell shrinks and is gone after its duration. A necrotic cell swells until it ruptures at a
multiple of its volume at death, then shrinks and calcifies until its duration ends.
Source: death models of PhysiCell, 10.1371/journal.pcbi.1005991.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from exocosm.ground.compiled import kernel
from exocosm.ground.draws import Purpose, uniform
from exocosm.tissue.cell_types import APOPTOSIS, NECROSIS
from exocosm.tissue.cells import APOPTOTIC, LYSED, SWELLING
from exocosm.tissue.cycle import modulation
from exocosm.tissue.volume import volume

PURPOSES = (int(Purpose.APOPTOSIS), int(Purpose.NECROSIS))


@kernel
def time_of_death(i: int, death: int, seed: Any, tick: int, rows: Any, table: Any) -> float:
    """Minutes from the start of a step (or birth in it) to a death, exponential at the present rate."""
    kind = rows.type[i]
    rate = table.rate[kind, death]
    substrate = table.ramp[kind, death]
    if rate > 0.0:
        rate *= modulation(i, substrate, table.zero_at[kind, death], table.one_at[kind, death], rows.signals)
    if not rate > 0.0:
        return np.inf
    return -np.log1p(-uniform(seed, PURPOSES[death], rows.key[i], tick)) / rate


@kernel
def die(i: int, death: int, rows: Any, table: Any) -> None:
    """Begin a death: the cycle ends, solids have no target any more."""
    kind = rows.type[i]
    rows.rupture_volume[i] = table.relative_rupture_volume[kind, death] * volume(i, rows)
    rows.target_solid[i] = 0.0
    rows.phase[i] = 0
    rows.phase_progress[i] = 0.0
    if death == APOPTOSIS:
        rows.life[i] = APOPTOTIC
        rows.phase_threshold[i] = table.duration[kind, APOPTOSIS]
    else:
        rows.life[i] = SWELLING
        rows.phase_threshold[i] = np.inf


@kernel
def rupture(i: int, rows: Any, table: Any) -> None:
    """A swollen cell bursts: what is left decays for the duration of its necrosis."""
    rows.life[i] = LYSED
    rows.phase_progress[i] = 0.0
    rows.phase_threshold[i] = table.duration[rows.type[i], NECROSIS]
