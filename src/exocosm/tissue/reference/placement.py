"""Random places in a region, drawn one by one until each is clear of all others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.draws import Draw, Purpose
from exocosm.tissue.placement import ATTEMPTS, LEAST_SEPARATION

Reals = NDArray[np.float64]


def random_places(
    draw: Draw,
    keys: NDArray[np.uint64],
    low: Reals,
    high: Reals,
    distances: tuple[float, float],
    radius: Reals,
    taken: Reals,
    taken_radius: Reals,
    allowed: Callable[[Reals], bool] = lambda place: True,
) -> Reals:
    """Places (n, 3) between two distances from the middle of a box, clear of each other and of `taken`.

    `allowed` says which of them may be taken at all.
    """
    centre = 0.5 * (low + high)
    for i in range(len(keys)):
        least = LEAST_SEPARATION * (radius[i] + taken_radius)
        for attempt in range(ATTEMPTS):
            shares = [
                draw.uniform(Purpose.PLACEMENT, keys[i : i + 1], 3 * attempt + axis)[0] for axis in range(3)
            ]
            place = low + np.array(shares) * (high - low)
            inside = bool(distances[0] <= np.linalg.norm(place - centre) <= distances[1]) and allowed(place)
            if inside and np.all(np.linalg.norm(taken - place, axis=1) >= least):
                break
        taken, taken_radius = np.vstack([taken, place]), np.append(taken_radius, radius[i])
    return taken[len(taken) - len(keys) :]
