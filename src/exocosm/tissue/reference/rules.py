"""Rules of one cell after the other, as the grammar states them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from exocosm.tissue.cells import LIVE


def combined(rules: Sequence[Any], signals: Mapping[Any, float]) -> float:
    """Multivariate Hill response, from 0 to 1, of the rules of one direction."""
    total = 0.0
    for read in rules:
        with np.errstate(over="ignore"):
            ratio = np.float64(signals[read.signal]) / float(read.rule.half_max)
            total += float(ratio ** float(read.rule.hill_power))
    return total / (1 + total) if np.isfinite(total) else 1.0


def behaviour(
    rules: Sequence[Any], signals: Mapping[Any, float], life: int, base: float, before: float
) -> float:
    """Value of one behaviour in one cell under the rules of its type on it."""
    heard = [read for read in rules if life == LIVE or read.rule.applies_to_dead]
    if life != LIVE and not heard:
        return before
    up = [read for read in heard if read.rule.response == "increases"]
    down = [read for read in heard if read.rule.response == "decreases"]
    value = base
    if up:
        value += (float(up[0].rule.saturation) - base) * combined(up, signals)
    if down:
        value += (float(down[0].rule.saturation) - value) * combined(down, signals)
    return value
