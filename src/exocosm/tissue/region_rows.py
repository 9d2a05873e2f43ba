"""Regions as rows of numbers, so that a kernel can ask whether a place is inside one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.compiled import inner_kernel
from exocosm.physics.shapes import BALL, BOX, HALF_WIDTH, axis_of, centre_of, extent, kind_of, radii

NOWHERE = -1
KIND, AXIS, LOW, HIGH, CENTRE, INNER, OUTER = 0, 1, 2, 5, 8, 11, 12


def region_rows(region: Any, size: Any, flat: float | None = None) -> NDArray[np.float64]:
    """The numbers of a region that `is_within` reads; of none, those of nowhere.

    With `flat`, the height of a plane of cells, its cut through the middle, moved to that height.
    """
    numbers = np.full(OUTER + 1, float(NOWHERE))
    if region is None:
        return numbers
    kind, (low, high), centre = kind_of(region), extent(region, size), centre_of(region, size)
    if flat is not None:
        low[2], high[2], centre[2] = -np.inf, np.inf, flat
    numbers[KIND], numbers[AXIS] = kind, axis_of(region) if hasattr(region, "axis") else 0
    numbers[LOW:HIGH], numbers[HIGH:CENTRE], numbers[CENTRE:INNER] = low, high, centre
    numbers[INNER:] = radii(region)
    return numbers


@inner_kernel
def is_within(place: Any, zone: Any) -> bool:
    """Whether a place lies in a region."""
    if zone[KIND] == NOWHERE:
        return False
    if zone[KIND] == BALL:
        square = 0.0
        for axis in range(3):
            square += (place[axis] - zone[CENTRE + axis]) ** 2
        return zone[INNER] * zone[INNER] <= square <= zone[OUTER] * zone[OUTER]
    if zone[KIND] == BOX:
        within = True
        for axis in range(3):
            within = within and zone[LOW + axis] <= place[axis] <= zone[HIGH + axis]
        return within
    along = int(zone[AXIS])
    first, second = (along + 1) % 3, (along + 2) % 3
    u, v = abs(place[first] - zone[CENTRE + first]), abs(place[second] - zone[CENTRE + second])
    side = HALF_WIDTH * zone[OUTER]
    across = v <= side and HALF_WIDTH * u + 0.5 * v <= side
    return across and zone[LOW + along] <= place[along] <= zone[HIGH + along]
