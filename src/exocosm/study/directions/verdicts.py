"""From paired values to a verdict, and from verdicts to whether the table of pathways passes.

All thresholds were fixed before the first run of the table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from exocosm.results.paired import interval

FLOOR = 0.01
"""A change below this share of the value without the cargo counts as none: nobody could measure it."""

SHARE, LEVEL = 2 / 3, 1e-3
"""The table passes if the rows that agree are more than `SHARE` of those that count, by an exact binomial
test at `LEVEL`. Rows share arrows and are no independent tosses: so the share lies well above one half."""

AGREES, DISAGREES, NULL = "agrees", "disagrees", "no change"


@dataclass(frozen=True)
class Change:
    """The mean paired difference to the arm without cargo, its 95 % interval, and the value without."""

    mean: float
    low: float
    high: float
    without: float

    @property
    def sign(self) -> int:
        """+1 or -1 where the interval excludes 0 and the change is one that could be measured; else 0."""
        if not (self.low > 0 or self.high < 0) or abs(self.mean) < FLOOR * abs(self.without):
            return 0
        return 1 if self.mean > 0 else -1


def change(without: Sequence[float], given: Sequence[float]) -> Change:
    """The paired change of values that belong together by seed."""
    differences = [new - old for old, new in zip(without, given, strict=True)]
    low, high = interval(differences)
    return Change(float(np.mean(differences)), low, high, float(np.mean(without)))


def verdict(found: int, expected: int) -> str:
    """What a sign that was found says of one that was published."""
    if not found:
        return NULL
    return AGREES if found == expected else DISAGREES


def together(verdicts: Sequence[str]) -> str:
    """The verdict of a row with several effects: all must agree; one that disagrees decides."""
    if DISAGREES in verdicts:
        return DISAGREES
    return NULL if NULL in verdicts else AGREES


def chance(agreeing: int, counted: int, share: float = SHARE) -> float:
    """The probability that at least so many of the counted agree, if each did so with probability `share`."""
    return math.fsum(
        math.comb(counted, k) * share**k * (1 - share) ** (counted - k) for k in range(agreeing, counted + 1)
    )


def passes(agreeing: int, counted: int) -> bool:
    """Whether the agreement lies above `SHARE` at `LEVEL`."""
    return counted > 0 and chance(agreeing, counted) < LEVEL
