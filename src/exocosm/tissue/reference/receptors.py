"""Slow readable twin of the occupancy of receptors: cell by cell, neighbour by neighbour, by bisection."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Neighbour:
    """A cell in contact: radius (µm), distance of centres (µm), free ligand copies on its whole membrane."""

    radius: float
    distance: float
    ligand: float


def occupancy(
    receptors: float,
    blocked: float,
    dissociation: float,
    radius: float,
    on_vesicles: float,
    neighbours: list[Neighbour],
    contact_area: float | None = None,
) -> float:
    """Share of the receptors of one cell that are occupied.

    `receptors` and `on_vesicles` in copies, `blocked` the share that antibody blocks, `dissociation` in
    copies/µm², `contact_area` (µm²) that of each neighbour if it does not follow from overlap.
    """
    area = 4.0 * math.pi * radius**2
    density, vesicles = receptors * (1.0 - blocked) / area, on_vesicles / area
    shared = [_shared(radius, near, contact_area) for near in neighbours]
    crowding = max(1.0, sum(shared) / area)
    occupied, elsewhere = 0.0, area
    for near, zone in zip(neighbours, shared, strict=True):
        facing = near.ligand / (4.0 * math.pi * near.radius**2)
        occupied += zone / crowding * bound(density, vesicles + facing, dissociation)
        elsewhere -= zone / crowding
    return (occupied + elsewhere * bound(density, vesicles, dissociation)) / receptors


def _shared(radius: float, near: Neighbour, contact_area: float | None) -> float:
    if contact_area is not None:
        return min(contact_area, 4.0 * math.pi * min(radius, near.radius) ** 2)
    if near.distance >= radius + near.radius:
        return 0.0
    if near.distance <= abs(radius - near.radius):
        return math.pi * min(radius, near.radius) ** 2
    # Heron: the rim is the height of a triangle of both radii over the line of centres
    half = 0.5 * (radius + near.radius + near.distance)
    triangle = math.sqrt(half * (half - radius) * (half - near.radius) * (half - near.distance))
    return math.pi * (2.0 * triangle / near.distance) ** 2


def bound(receptors: float, ligand: float, dissociation: float) -> float:
    """Complexes per area of densities that meet: (R - C)(L - C) = K C, by bisection."""
    low, high = 0.0, min(receptors, ligand)
    for _ in range(200):
        middle = 0.5 * (low + high)
        more = (receptors - middle) * (ligand - middle) > dissociation * middle
        low, high = (middle, high) if more else (low, middle)
    return 0.5 * (low + high)
