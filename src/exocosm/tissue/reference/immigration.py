"""Candidates that arrive by vessels, one at a time: the twin of `immigration.draw_candidates`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.draws import Draw, Purpose, child_key

Candidate = tuple[int, int, list[float]]


def candidates(
    draw: Draw, vessels: NDArray[np.uint64], counts: NDArray[np.int64], tick: int
) -> list[Candidate]:
    """Key, vessel and three numbers of each candidate, vessel by vessel."""
    found: list[Candidate] = []
    for vessel, (key, count) in enumerate(zip(vessels, counts, strict=True)):
        here = np.uint64(child_key(key, tick))
        for ordinal in range(count):
            mine = np.uint64(child_key(here, ordinal))
            keys = np.array([mine], np.uint64)
            numbers = [float(draw.uniform(Purpose.IMMIGRANT_PLACE, keys, k)[0]) for k in range(3)]
            found.append((int(mine), vessel, numbers))
    return found
