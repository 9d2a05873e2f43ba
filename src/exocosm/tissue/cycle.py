"""The cell cycle: phases, each left when progress reaches a threshold drawn at its entry.

In a fixed or normal phase progress is time and the threshold the duration; in an exponential one progress is
the integrated rate and the threshold a unit exponential, so that a rate may change on the way. A ramp
multiplies the speed of progress. A rule gives the rate of exit: that of an exponential phase itself, that of
a phase of given mean relative to 1/mean. Where several phases may follow, a cell draws one by its share;
mother and daughter draw each their own. Source: phase-type cycles of PhysiCell, 10.1371/journal.pcbi.1005991.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from exocosm.ground.compiled import inner_kernel, kernel
from exocosm.ground.draws import Purpose, uniform
from exocosm.tissue.cell_types import (
    DOUBLES,
    EXPONENTIAL,
    LAW,
    MEAN,
    NO_RAMP,
    NORMAL,
    ONE_AT,
    RAMP,
    SD,
    ZERO_AT,
)
from exocosm.tissue.cells import UNDRIVEN
from exocosm.tissue.rows import ENTERING, ENTRIES, PHASE, PROGRESS, TARGET, THRESHOLD, TYPE

PURPOSE, BRANCH = np.int64(Purpose.PHASE), np.int64(Purpose.BRANCH)
MOST_ENTRIES = 256  # phases that one cell can enter within one step, each with its own draws
DRAWS = 16  # draws of one entry


@inner_kernel
def ramp(signal: float, zero_at: float, one_at: float) -> float:
    """0 at `zero_at`, 1 at `one_at`, linear between, clamped outside; it may fall."""
    return min(1.0, max(0.0, (signal - zero_at) / (one_at - zero_at)))


@inner_kernel
def modulation(i: int, substrate: int, zero_at: float, one_at: float, signals: Any) -> float:
    """What multiplies a rate of cell i: its ramp over the concentration that it sees, or 1."""
    if substrate == NO_RAMP:
        return 1.0
    return ramp(signals[i, substrate], zero_at, one_at)


@inner_kernel
def phase_speed(i: int, rows: Any, types: Any) -> float:
    """Progress per min of cell i in its phase."""
    kind, phase = rows.marks[i, TYPE], rows.marks[i, PHASE]
    numbers = types.phase_numbers
    exponential = types.phase_marks[kind, phase, LAW] == EXPONENTIAL
    speed = numbers[kind, phase, MEAN] if exponential else 1.0
    column = types.exit_column[phase]
    if column != UNDRIVEN:
        # over the base rate as it was made: a type without such a rule then keeps a speed of exactly 1
        speed = rows.behaviour[i, column] / (1.0 if exponential else 1.0 / numbers[kind, phase, MEAN])
    zero_at, one_at = numbers[kind, phase, ZERO_AT], numbers[kind, phase, ONE_AT]
    return speed * modulation(i, types.phase_marks[kind, phase, RAMP], zero_at, one_at, rows.signals)


@inner_kernel
def time_to_exit(i: int, rows: Any, types: Any) -> float:
    """Minutes until cell i leaves its phase if its signals stay; infinity without a cycle."""
    if types.phases[rows.marks[i, TYPE]] == 0:
        return np.inf
    needed = rows.numbers[i, THRESHOLD] - rows.numbers[i, PROGRESS]
    speed = phase_speed(i, rows, types)
    if needed <= 0.0:
        return 0.0
    return needed / speed if speed > 0.0 else np.inf


@inner_kernel
def drawn_threshold(seed: Any, key: Any, when: int, law: int, mean: float, sd: float) -> float:
    """How much progress a phase takes; a normal duration is drawn again until it is positive."""
    if law == EXPONENTIAL:
        return -np.log1p(-uniform(seed, PURPOSE, key, when))
    if law == NORMAL:
        for k in range(0, DRAWS, 2):
            spread = np.sqrt(-2.0 * np.log1p(-uniform(seed, PURPOSE, key, when + k)))
            duration = mean + sd * spread * np.cos(2.0 * np.pi * uniform(seed, PURPOSE, key, when + k + 1))
            if duration > 0.0:
                return duration
    return mean


@inner_kernel
def enter_phase(i: int, phase: int, seed: Any, tick: int, entry: int, rows: Any, types: Any) -> None:
    """Put cell i at the start of a phase; `entry` tells apart the phases it enters in one step."""
    kind = rows.marks[i, TYPE]
    when = (tick * MOST_ENTRIES + entry % MOST_ENTRIES) * DRAWS
    law = types.phase_marks[kind, phase, LAW]
    mean, sd = types.phase_numbers[kind, phase, MEAN], types.phase_numbers[kind, phase, SD]
    rows.marks[i, PHASE] = phase
    rows.numbers[i, PROGRESS] = 0.0
    rows.numbers[i, THRESHOLD] = drawn_threshold(seed, rows.key[i], when, law, mean, sd)


@inner_kernel
def next_phase(i: int, seed: Any, tick: int, rows: Any, types: Any) -> int:
    """The phase that follows that of cell i; where there are several, one by a draw of its own."""
    kind, phase = rows.marks[i, TYPE], rows.marks[i, PHASE]
    way, last = 0, types.phase_ways[kind, phase] - 1
    if last > 0:
        when = tick * MOST_ENTRIES + rows.marks[i, ENTRIES] % MOST_ENTRIES
        share = uniform(seed, BRANCH, rows.key[i], when)
        while way < last and share >= types.next_share[kind, phase, way]:
            way += 1
    return types.next_phase[kind, phase, way]


@inner_kernel
def enter_next_phase(i: int, seed: Any, tick: int, rows: Any, types: Any) -> None:
    """Move cell i on to the phase after its own; a doubling phase doubles its solid target."""
    kind = rows.marks[i, TYPE]
    phase = next_phase(i, seed, tick, rows, types)
    enter_phase(i, phase, seed, tick, rows.marks[i, ENTRIES], rows, types)
    rows.marks[i, ENTRIES] += 1
    rows.marks[i, ENTERING] = 0
    if types.phase_marks[kind, phase, DOUBLES]:
        rows.numbers[i, TARGET] *= 2.0


@kernel
def start_cycle(seed: Any, tick: int, rows: Any, types: Any) -> None:
    """Put cells at the start of their first phase, with the volume they have."""
    for i in range(rows.key.size):
        if types.phases[rows.marks[i, TYPE]] > 0:
            enter_phase(i, 0, seed, tick, MOST_ENTRIES - 1, rows, types)
