"""The interval of a paired difference over seeds, the same wherever it is printed or drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

COVERAGE = 0.95


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """95 % confidence interval of the mean of paired differences; NaN for fewer than two.

    Student's t: the mean plus and minus t(n - 1) times the standard deviation over the root of n.
    """
    count = len(differences)
    if count < 2:
        return math.nan, math.nan
    from scipy.special import stdtrit

    mean = float(np.mean(differences))
    half = (
        float(stdtrit(count - 1, 0.5 + COVERAGE / 2)) * float(np.std(differences, ddof=1)) / math.sqrt(count)
    )
    return mean - half, mean + half
