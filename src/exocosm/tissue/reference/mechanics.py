"""One step of overdamped mechanics, every pair looked at, as the model description has it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.draws import bits
from exocosm.tissue.cell_types import ADHESION, ADHESION_DISTANCE, REPULSION, MechanicsTable
from exocosm.tissue.cells import UNDRIVEN, Cells
from exocosm.tissue.mechanics import COINCIDENT, LINEAR, LOGARITHMIC, OVERLAP

Reals = NDArray[np.float64]


def repulsion(d: float, contact: float, law: int) -> float:
    """Unit repulsion of two cells that touch at `contact`: quadratic, linear or logarithmic."""
    if d >= contact:
        return 0.0
    if law == LINEAR:
        return 1 - d / contact
    if law == LOGARITHMIC:
        return float(-np.log(d / contact))
    return (1 - d / contact) ** 2


def adhesion(d: float, reach: float) -> float:
    """Unit adhesion, from 1 for coincident cells to 0 at the reach."""
    return (1 - d / reach) ** 2 if d < reach else 0.0


def drawn_direction(seed: Any, mine: Any, other: Any, planar: bool) -> Reals:
    """Where a cell goes that sits exactly on another."""
    angle = 2 * np.pi * float(bits(seed, OVERLAP, mine ^ other, 0)) / 2.0**64
    height = 0.0 if planar else 2 * float(bits(seed, OVERLAP, mine ^ other, 1)) / 2.0**64 - 1
    across = np.sqrt(1 - height**2)
    direction = np.array([across * np.cos(angle), across * np.sin(angle), height])
    return direction if mine < other else -direction


def driven(cells: Cells, table: MechanicsTable, which: int) -> Reals:
    """Repulsion, adhesion or its reach of each cell: its own where rules drive it, else that of its type."""
    if table.columns[which] != UNDRIVEN:
        return np.asarray(cells.view("behaviour")[:, table.columns[which]])
    by_type = (table.root_repulsion**2, table.root_adhesion**2, table.relative_adhesion_distance)
    return np.asarray(by_type[which][cells.view("type")])


def affinity(table: MechanicsTable, mine: int, other: int) -> float:
    """What multiplies the adhesion of a pair of types."""
    return float(table.affinity[mine, other]) if table.affinity.size else 1.0


def velocities(
    cells: Cells, table: MechanicsTable, seed: Any, *, planar: bool = False, law: int = 0
) -> Reals:
    """Velocity (µm/min) of each cell from all others, shape (n, 3)."""
    position, radius, key, kind = (
        cells.view("position"), cells.radius(), cells.view("key"), cells.view("type"),
    )  # fmt: skip
    rep, adh, relative = (driven(cells, table, which) for which in (REPULSION, ADHESION, ADHESION_DISTANCE))
    reach = relative * radius
    velocity = np.zeros((cells.n, 3))
    for i in range(cells.n):
        for j in range(cells.n):
            if i == j:
                continue
            offset = position[i] - position[j]
            d = float(np.sqrt(offset @ offset))
            direction = offset / d if d >= COINCIDENT else drawn_direction(seed, key[i], key[j], planar)
            d = max(d, COINCIDENT)
            speed = np.sqrt(rep[i] * rep[j]) * repulsion(d, radius[i] + radius[j], law)
            strength = np.sqrt(adh[i] * adh[j]) * affinity(table, kind[i], kind[j])
            speed -= strength * adhesion(d, reach[i] + reach[j])
            velocity[i] += speed * direction
    return velocity


def advance(
    cells: Cells, table: MechanicsTable, size: Reals, dt: float, seed: Any, *,
    drive: Reals | None = None, planar: bool = False, law: int = 0,
) -> None:  # fmt: skip
    """Move the cells that move one Adams–Bashforth step and keep their centres in the box."""
    moves = table.movable[cells.view("type")] == 1 if table.movable.size else np.ones(cells.n, bool)
    velocity = velocities(cells, table, seed, planar=planar, law=law)
    known = cells.view("velocity_known")[:, None] == 1
    before = np.where(known, cells.view("previous_velocity"), velocity)
    shift = dt * (1.5 * velocity - 0.5 * before) + (0 if drive is None else dt * drive)
    if planar:
        shift[:, 2] = velocity[:, 2] = 0
    wanted = cells.view("position") + shift
    kept = np.clip(wanted, 0, size)
    velocity[kept != wanted] = 0
    if planar:
        velocity[:, 2] = cells.view("previous_velocity")[:, 2]
        kept[:, 2] = cells.view("position")[:, 2]
    cells.view("position")[moves] = kept[moves]
    cells.view("previous_velocity")[moves] = velocity[moves]
    cells.view("velocity_known")[moves] = 1
