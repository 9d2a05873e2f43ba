"""When a cell dies, and when a swelling one ruptures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy.optimize import brentq

from exocosm.ground.draws import Draw, Purpose
from exocosm.tissue.cell_types import ONE_AT, RATE, ZERO_AT, PhenotypeTable
from exocosm.tissue.cells import UNDRIVEN
from exocosm.tissue.reference.cycle import modulation

PURPOSES = (Purpose.APOPTOSIS, Purpose.NECROSIS)


def time_of_death(
    types: PhenotypeTable, kind: int, death: int, draw: Draw, cell: Mapping[str, Any], tick: int
) -> float:
    """Minutes until a death at the present rate, from the start of the step or from birth in it."""
    key, signals, column = cell["key"], cell["signals"], types.death_column[death]
    numbers = types.death_numbers[kind, death]
    ramp = types.death_ramp[kind, death]
    rate = numbers[RATE] if column == UNDRIVEN else cell["behaviour"][column]
    rate = rate * modulation(signals, ramp, numbers[ZERO_AT], numbers[ONE_AT])
    if rate == 0:
        return np.inf
    return float(-np.log1p(-draw.uniform(PURPOSES[death], np.array([key], np.uint64), tick)[0]) / rate)


def time_to_rupture(volume_after: Callable[[float], float], limit: float, left: float) -> float:
    """When a growing volume passes its limit within `left` min; infinity if it does not."""
    if volume_after(0.0) >= limit:
        return 0.0
    if volume_after(left) < limit:
        return np.inf
    return float(brentq(lambda t: volume_after(t) - limit, 0.0, left, xtol=1e-13))
