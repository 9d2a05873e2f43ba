"""One step of migration, cell by cell, as the model description has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.draws import Draw, Purpose
from exocosm.tissue.cells import LIVE
from exocosm.tissue.grid import Grid
from exocosm.tissue.motility import FLAT, NOWHERE, Cue, MotilityTable
from exocosm.tissue.state import State

Reals = NDArray[np.float64]


def drawn(draw: Draw, purpose: Purpose, key: Any, when: int) -> float:
    """A number in [0, 1) of one cell."""
    return float(draw.uniform(purpose, np.array([key], np.uint64), when)[0])


def unit(vector: Reals, least: float = 0.0) -> Reals:
    """A vector at length 1; zero if it is not longer than `least`."""
    size = float(np.sqrt((vector**2).sum()))
    return vector / size if size > least else np.zeros(3)


def slope(values: Reals, voxel: tuple[int, ...], grid: Grid) -> Reals:
    """Gradient of a field in a voxel from its two neighbours along each axis, or the one inside."""
    found = np.zeros(3)
    for axis in range(3):
        ends = []
        for step in (-1, 1):
            beside = list(voxel)
            beside[axis] = min(max(voxel[axis] + step, 0), grid.shape[axis] - 1)
            ends.append(tuple(beside))
        voxels = ends[1][axis] - ends[0][axis]
        if voxels:
            found[axis] = (values[ends[1]] - values[ends[0]]) / (voxels * grid.voxel)
    return found


def way(state: State, i: int, cues: Sequence[Cue], planar: bool) -> Reals:
    """Unit vector along which the fields lead cell i; zero if it feels none."""
    grid, kind = state.grid, state.cells.view("type")[i]
    place = zip(state.cells.view("position")[i], grid.shape, strict=True)
    voxel = tuple(min(max(int(x / grid.voxel), 0), n - 1) for x, n in place)
    total = np.zeros(3)
    for cue in cues:
        fields = [state.fields[name].values for name in cue.fields]
        up = np.array(sum(slope(values, voxel, grid) for values in fields))
        if planar:
            up[2] = 0.0
        level = sum(float(values[voxel]) for values in fields)
        total += cue.sensitivity[kind] * unit(up, FLAT * level / grid.voxel)
    return unit(total, NOWHERE)


def random_direction(draw: Draw, key: Any, tick: int, planar: bool) -> Reals:
    """A unit vector at random in space, or in the plane."""
    height = 0.0 if planar else 2 * drawn(draw, Purpose.DIRECTION, key, 2 * tick) - 1
    angle = 2 * np.pi * drawn(draw, Purpose.DIRECTION, key, 2 * tick + 1)
    across = np.sqrt(1 - height**2)
    return np.array([across * np.cos(angle), across * np.sin(angle), height])


def velocities(
    state: State, table: MotilityTable, cues: Sequence[Cue], draw: Draw, tick: int, dt: float, planar: bool
) -> Reals:
    """Turn the cells that are due; the velocity of each on its own (no rules)."""
    cells = state.cells
    found = np.zeros((cells.n, 3))
    for i in range(cells.n):
        kind, key = cells.view("type")[i], cells.view("key")[i]
        if cells.view("life")[i] != LIVE or not table.motile[kind]:
            continue
        chance = 1 - np.exp(-dt / table.persistence_time[kind])
        direction = cells.view("direction")[i]
        if not direction.any() or drawn(draw, Purpose.MOTILITY, key, tick) < chance:
            towards, u = way(state, i, cues, planar), random_direction(draw, key, tick, planar)
            bias = table.bias[kind] if towards.any() else 0.0
            new = unit(bias * towards + (1 - bias) * u, NOWHERE)
            direction[:] = new if new.any() else u
        found[i] = table.speed[kind] * direction
    return found
