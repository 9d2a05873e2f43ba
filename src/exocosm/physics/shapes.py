"""Shapes of regions: how far each reaches, which points are inside, and how much it holds.

A region is any object with the numbers (µm) of its kind: a sphere `center`, `radius`; a shell `center`,
`inner_radius`, `outer_radius`; a box `low`, `high` (corners); a layer `axis`, `low`, `high` (all of the block
between two planes); a hexagonal prism `center`, `radius` (to a corner), `height` (None: through the block)
along `axis`. Two corners of a hexagon lie along the axis after its own (x after z). `size` is the block's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
HALF_WIDTH = math.sqrt(3.0) / 2.0
"""Distance from the middle of a hexagon to its sides, in units of that to its corners."""
BALL, BOX, HEXAGON = range(3)


def ball_radius(volume: float) -> float:
    """Radius (µm) of a ball of a volume (µm³)."""
    return math.cbrt(0.75 * volume / math.pi)


def kind_of(region: Any) -> int:
    """BALL (between two distances from a centre), BOX (between planes) or HEXAGON."""
    if hasattr(region, "low"):
        return BOX
    return HEXAGON if hasattr(region, "axis") else BALL


def axis_of(region: Any) -> int:
    """The axis of a layer or hexagon as a number, 0 to 2."""
    return "xyz".index(region.axis)


def radii(region: Any) -> tuple[float, float]:
    """Inner and outer radius of a sphere or shell; of a hexagon 0 and that of its corners; else 0 and ∞."""
    if kind_of(region) == BOX:
        return 0.0, math.inf
    outer = getattr(region, "outer_radius", None)
    return float(getattr(region, "inner_radius", 0.0)), float(region.radius if outer is None else outer)


def extent(region: Any, size: Sequence[Any] | Reals) -> tuple[Reals, Reals]:
    """Low and high corner of the smallest box around a region in a block of a size."""
    kind = kind_of(region)
    if kind == BOX and not hasattr(region, "axis"):
        return np.array(region.low, float), np.array(region.high, float)
    if kind == BOX:
        low, high = np.zeros(3), np.array(size, float)
        low[axis_of(region)], high[axis_of(region)] = float(region.low), float(region.high)
        return low, high
    centre, outer = np.array(region.center, float), radii(region)[1]
    if kind == BALL:
        return centre - outer, centre + outer
    axis, reach = axis_of(region), np.zeros(3)
    reach[(axis + 1) % 3], reach[(axis + 2) % 3] = outer, HALF_WIDTH * outer
    low, high = centre - reach, centre + reach
    if region.height is None:
        low[axis], high[axis] = 0.0, float(size[axis])
    else:
        low[axis] -= 0.5 * float(region.height)
        high[axis] += 0.5 * float(region.height)
    return low, high


def centre_of(region: Any, size: Sequence[Any] | Reals) -> Reals:
    """The middle of a region."""
    if kind_of(region) == BALL:
        return np.array(region.center, float)
    low, high = extent(region, size)
    middle = 0.5 * (low + high)
    if kind_of(region) == HEXAGON:
        across = [axis for axis in range(3) if axis != axis_of(region)]
        middle[across] = np.array(region.center, float)[across]
    return np.asarray(middle)


def inside(region: Any, points: Reals, size: Sequence[Any] | Reals, slack: float = 0.0) -> NDArray[np.bool_]:
    """Which of the points (..., 3) lie in a region, or no further outside than `slack`."""
    kind = kind_of(region)
    if kind == BALL:
        distance = np.linalg.norm(points - np.array(region.center, float), axis=-1)
        inner, outer = radii(region)
        return np.asarray((distance >= inner - slack) & (distance <= outer + slack))
    low, high = extent(region, size)
    if kind == BOX:
        return np.asarray(((points >= low - slack) & (points <= high + slack)).all(axis=-1))
    axis, side = axis_of(region), HALF_WIDTH * radii(region)[1] + slack
    away = np.abs(points - centre_of(region, size))
    u, v, along = away[..., (axis + 1) % 3], away[..., (axis + 2) % 3], points[..., axis]
    across = (v <= side) & (HALF_WIDTH * u + 0.5 * v <= side)
    return np.asarray(across & (along >= low[axis] - slack) & (along <= high[axis] + slack))


def content(
    region: Any, size: Sequence[Any] | Reals, *, planar: bool, whole: bool = False, margin: float = 0.0
) -> float:
    """Volume (µm³; `planar`: the area of the cut through the middle, µm²) of a region grown by `margin`.

    `whole`: a shell as a ball.
    """
    kind, (inner, outer) = kind_of(region), radii(region)
    if kind == BALL:
        power = 2 if planar else 3
        inner = 0.0 if whole else max(0.0, inner - margin)
        return (math.pi if planar else 4 / 3 * math.pi) * ((outer + margin) ** power - inner**power)
    low, high = extent(region, size)
    edges = [float(edge) + 2 * margin for edge in high - low]
    if kind == BOX or (planar and axis_of(region) != 2):
        return math.prod(edges[: 2 if planar else 3])
    hexagon = 3 * HALF_WIDTH * (outer + margin / HALF_WIDTH) ** 2
    return hexagon if planar else hexagon * edges[axis_of(region)]
