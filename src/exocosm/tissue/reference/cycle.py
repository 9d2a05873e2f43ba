"""Phases of the cycle for one cell: how long they take and how fast they pass."""

from __future__ import annotations

from typing import Any

import numpy as np

from exocosm.ground.draws import Draw, Purpose
from exocosm.tissue.cell_types import (
    EXPONENTIAL,
    LAW,
    MEAN,
    NO_RAMP,
    NORMAL,
    ONE_AT,
    RAMP,
    SD,
    ZERO_AT,
    PhenotypeTable,
)
from exocosm.tissue.cells import UNDRIVEN
from exocosm.tissue.cycle import DRAWS, MOST_ENTRIES


def modulation(signals: Any, substrate: int, zero_at: float, one_at: float) -> float:
    """The ramp of a rate over the concentration that a cell sees."""
    if substrate == NO_RAMP:
        return 1.0
    return float(np.clip((signals[substrate] - zero_at) / (one_at - zero_at), 0, 1))


def speed(types: PhenotypeTable, kind: int, phase: int, signals: Any, behaviour: Any) -> float:
    """Progress per min: 1 for a phase of given length, the rate of an exponential one, times its ramp.

    A rule gives the rate of exit, which for a phase of given length is 1/mean without it.
    """
    numbers, marks = types.phase_numbers[kind, phase], types.phase_marks[kind, phase]
    rate = numbers[MEAN] if marks[LAW] == EXPONENTIAL else 1.0
    if types.exit_column[phase] != UNDRIVEN:
        driven = behaviour[types.exit_column[phase]]
        rate = driven if marks[LAW] == EXPONENTIAL else driven / (1.0 / numbers[MEAN])
    return float(rate * modulation(signals, marks[RAMP], numbers[ZERO_AT], numbers[ONE_AT]))


def threshold(
    types: PhenotypeTable, kind: int, phase: int, draw: Draw, key: Any, tick: int, entry: int
) -> float:
    """Progress at which a phase that is entered now will be left."""
    law, mean, sd = types.phase_marks[kind, phase, LAW], *types.phase_numbers[kind, phase, [MEAN, SD]]
    when = (tick * MOST_ENTRIES + entry) * DRAWS

    def u(k: int) -> float:
        return float(draw.uniform(Purpose.PHASE, np.array([key], np.uint64), when + k)[0])

    if law == EXPONENTIAL:
        return float(-np.log1p(-u(0)))
    if law != NORMAL:
        return float(mean)
    for k in range(0, DRAWS, 2):
        duration = mean + sd * np.sqrt(-2 * np.log1p(-u(k))) * np.cos(2 * np.pi * u(k + 1))
        if duration > 0:
            return float(duration)
    return float(mean)


def following(
    types: PhenotypeTable, kind: int, phase: int, draw: Draw, key: Any, tick: int, entry: int
) -> int:
    """The phase after one: the first whose share, with those before it, is above what the cell draws."""
    ways = int(types.phase_ways[kind, phase])
    share = draw.uniform(Purpose.BRANCH, np.array([key], np.uint64), tick * MOST_ENTRIES + entry)[0]
    steps = [*types.next_share[kind, phase, : ways - 1], 1.0]
    return int(types.next_phase[kind, phase, next(k for k, step in enumerate(steps) if share < step)])
