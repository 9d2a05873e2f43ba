"""Neighbours by looking at every pair."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def neighbours(
    position: NDArray[np.float64], reach: NDArray[np.float64], skin: float
) -> list[NDArray[np.int64]]:
    """For each cell the others nearer than the sum of both reaches and the skin, ascending."""
    found = []
    for i in range(len(position)):
        offset = position[i] - position
        near = np.sum(offset**2, axis=1) < (reach[i] + reach + skin) ** 2
        near[i] = False
        found.append(np.flatnonzero(near))
    return found
