"""Where the vessels of a network run: its lines, or those of a hexagonal lattice clipped to a region.

Blood of a line that a region cuts flows through each piece on its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

Point = tuple[float, ...]
Segment = tuple[Point, Point]
Span = tuple[float, float]
ROW = math.sqrt(3) / 2
"""Distance of rows of a hexagonal lattice of spacing 1."""


def segments_of(network: Any, size: Point) -> list[Segment]:
    """Start and end (µm) of each vessel of a network in a block of `size`.

    Of a lattice, lines whose wall would cross a face are left out, and pieces shorter than the radius.
    """
    if network.hexagonal is None:
        return [(_plain(line.start), _plain(line.end)) for line in network.lines]
    axis, found = "xyz".index(network.hexagonal.axis), []
    for place in _places(network, size, axis):
        for low, high in _pieces(network.hexagonal.region, place, axis, size[axis]):
            if high - low >= float(network.radius):
                ends = (_with(place, axis, low), _with(place, axis, high))
                found.append(ends)
    return found


def lattice_number(network: Any, size: Point) -> float:
    """About how many lines a lattice has: its density on the cross-section of its region."""
    axis = "xyz".index(network.hexagonal.axis)
    low, high = _bounds(network.hexagonal.region, size)
    area = math.prod(high[a] - low[a] for a in range(3) if a != axis)
    return area / (ROW * float(network.hexagonal.spacing) ** 2)


def _plain(point: Any) -> Point:
    return tuple(float(c) for c in point)


def _with(place: Point, axis: int, value: float) -> Point:
    return tuple(value if a == axis else c for a, c in enumerate(place))


def _bounds(region: Any, size: Point) -> tuple[Point, Point]:
    """The part of the block that a region may reach."""
    low, high = _box(region, size)
    return tuple(max(0.0, c) for c in low), tuple(min(s, c) for s, c in zip(size, high, strict=True))


def _box(region: Any, size: Point) -> tuple[Point, Point]:
    if region is None:
        return (0.0, 0.0, 0.0), size
    if hasattr(region, "low"):
        return _plain(region.low), _plain(region.high)
    radius = float(getattr(region, "outer_radius", None) or region.radius)
    return tuple(c - radius for c in _plain(region.center)), tuple(c + radius for c in _plain(region.center))


def _places(network: Any, size: Point, axis: int) -> Iterator[Point]:
    """Places of the lattice across an axis within the block, row by row; one in the middle of the region."""
    u, v = (a for a in range(3) if a != axis)
    whole, spacing, edge = _box(network.hexagonal.region, size), network.hexagonal.spacing, network.radius
    low, high = _bounds(network.hexagonal.region, size)
    middle = [0.5 * (a + b) for a, b in zip(*whole, strict=True)]
    for row in _steps(low[v] - middle[v], high[v] - middle[v], ROW * float(spacing)):
        shift = 0.5 * float(spacing) * (row % 2)
        for column in _steps(low[u] - middle[u] - shift, high[u] - middle[u] - shift, float(spacing)):
            place = list(middle)
            place[u] += shift + column * float(spacing)
            place[v] += row * ROW * float(spacing)
            if all(float(edge) <= place[a] <= size[a] - float(edge) for a in (u, v)):
                yield tuple(place)


def _steps(low: float, high: float, step: float) -> range:
    return range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)


def _pieces(region: Any, place: Point, axis: int, length: float) -> list[Span]:
    """The parts of a line along an axis that lie in a region and in the block."""
    if region is None:
        return [(0.0, length)]
    if hasattr(region, "low"):
        low, high = _plain(region.low), _plain(region.high)
        inside = all(low[a] <= place[a] <= high[a] for a in range(3) if a != axis)
        spans = [(low[axis], high[axis])] if inside else []
    else:
        spans = _pieces_of_ball(region, place, axis)
    cut = [(max(0.0, low), min(length, high)) for low, high in spans]
    return [span for span in cut if span[1] > span[0]]


def _pieces_of_ball(region: Any, place: Point, axis: int) -> list[Span]:
    """Of a sphere one piece, of a shell one or two."""
    centre = _plain(region.center)
    away = sum((place[a] - centre[a]) ** 2 for a in range(3) if a != axis)
    outer = float(getattr(region, "outer_radius", None) or region.radius) ** 2 - away
    inner = float(getattr(region, "inner_radius", 0.0)) ** 2 - away
    if outer <= 0:
        return []
    reach, middle = math.sqrt(outer), centre[axis]
    if inner <= 0:
        return [(middle - reach, middle + reach)]
    hole = math.sqrt(inner)
    return [(middle - reach, middle - hole), (middle + hole, middle + reach)]
