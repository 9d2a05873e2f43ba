"""The cell cycle: phases in order, each left when progress reaches a threshold drawn at its entry.

In a fixed or normal phase progress is time and the threshold the duration; in an exponential one progress
is the integrated rate and the threshold a unit exponential, so that a rate may change on the way. A ramp
multiplies the speed of progress. Source: phase-type cycles of PhysiCell, 10.1371/journal.pcbi.1005991.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from exocosm.ground.compiled import kernel
from exocosm.ground.draws import Purpose, uniform
from exocosm.tissue.cell_types import EXPONENTIAL, NO_RAMP, NORMAL

PHASE = int(Purpose.PHASE)
ENTRIES = 256  # phases that one cell can enter within one step, each with its own draws
DRAWS = 16  # draws of one entry


@kernel
def ramp(signal: float, zero_at: float, one_at: float) -> float:
    """0 at `zero_at`, 1 at `one_at`, linear between, clamped outside; it may fall."""
    return min(1.0, max(0.0, (signal - zero_at) / (one_at - zero_at)))


@kernel
def modulation(i: int, substrate: int, zero_at: float, one_at: float, signals: Any) -> float:
    """What multiplies a rate of cell i: its ramp over the concentration that it sees, or 1."""
    if substrate == NO_RAMP:
        return 1.0
    return ramp(signals[i, substrate], zero_at, one_at)


@kernel
def phase_speed(i: int, rows: Any, table: Any) -> float:
    """Progress per min of cell i in its phase."""
    kind, phase = rows.type[i], rows.phase[i]
    speed = table.mean[kind, phase] if table.law[kind, phase] == EXPONENTIAL else 1.0
    substrate = table.ramp[kind, phase]
    return speed * modulation(i, substrate, table.zero_at[kind, phase], table.one_at[kind, phase], rows.signals)


@kernel
def time_to_exit(i: int, rows: Any, table: Any) -> float:
    """Minutes until cell i leaves its phase if its signals stay; infinity without a cycle."""
    if table.phases[rows.type[i]] == 0:
        return np.inf
    needed = rows.phase_threshold[i] - rows.phase_progress[i]
    speed = phase_speed(i, rows, table)
    if needed <= 0.0:
        return 0.0
    return needed / speed if speed > 0.0 else np.inf


@kernel
def drawn_threshold(seed: Any, key: Any, when: int, law: int, mean: float, sd: float) -> float:
    """How much progress a phase takes; a normal duration is drawn again until it is positive."""
    if law == EXPONENTIAL:
        return -np.log1p(-uniform(seed, PHASE, key, when))
    if law == NORMAL:
        for k in range(0, DRAWS, 2):
            spread = np.sqrt(-2.0 * np.log1p(-uniform(seed, PHASE, key, when + k)))
            duration = mean + sd * spread * np.cos(2.0 * np.pi * uniform(seed, PHASE, key, when + k + 1))
            if duration > 0.0:
                return duration
    return mean


@kernel
def enter_phase(i: int, phase: int, seed: Any, tick: int, entry: int, rows: Any, table: Any) -> None:
    """Put cell i at the start of a phase; `entry` counts the phases it entered in this step."""
    kind = rows.type[i]
    when = (tick * ENTRIES + entry % ENTRIES) * DRAWS
    law, mean, sd = table.law[kind, phase], table.mean[kind, phase], table.sd[kind, phase]
    rows.phase[i] = phase
    rows.phase_progress[i] = 0.0
    rows.phase_threshold[i] = drawn_threshold(seed, rows.key[i], when, law, mean, sd)


@kernel
def enter_next_phase(i: int, seed: Any, tick: int, entry: int, rows: Any, table: Any) -> None:
    """Move cell i on to the phase after its own; a doubling phase doubles its solid target."""
    kind = rows.type[i]
    phase = (rows.phase[i] + 1) % table.phases[kind]
    enter_phase(i, phase, seed, tick, entry, rows, table)
    if table.doubles[kind, phase]:
        rows.target_solid[i] *= 2.0


@kernel
def start_cycle(first: int, seed: Any, tick: int, rows: Any, table: Any) -> None:
    """Put the cells from row `first` on at the start of their first phase, with the volume they have."""
    for i in range(first, rows.phase.size):
        if table.phases[rows.type[i]] > 0:
            enter_phase(i, 0, seed, tick, ENTRIES - 1, rows, table)
