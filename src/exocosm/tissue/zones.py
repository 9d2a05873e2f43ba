"""Zones of a tissue by their distance from the surface of what one cell type fills, such as core and margin.

A voxel belongs to what a type fills where that type, dead cells included, has more than half of the volume of
all cells within about a voxel of it, and fills at least a quarter of the space there. The distance of a
voxel from the surface is that to the nearest voxel on the other side, half a voxel less; negative inside.
Positions are thereby known to half a voxel. This is the pathologist's reading of core and invasive margin, in
three dimensions.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.tissue.cells import LIVE
from exocosm.tissue.state import State

Array = NDArray[np.float64]
UM3_PER_MM3 = 1e9
LEAST_FILLED = 0.25  # half of what close tissue fills at least; a surface cuts a voxel in two halves


def filled_volume(state: State, wanted: NDArray[np.bool_]) -> Array:
    """Volume (µm³) of the cells that are wanted, by voxel of their centre, smoothed over its neighbours."""
    from scipy.ndimage import uniform_filter

    volume = np.zeros(state.grid.shape)
    index = voxels_of(state)
    np.add.at(volume, tuple(index[wanted].T), state.cells.total_volume()[wanted])
    size = [min(3, n) for n in state.grid.shape]
    return np.asarray(uniform_filter(volume, size, mode="nearest"))


def voxels_of(state: State) -> NDArray[np.int64]:
    """Voxel of the centre of each cell, (n, 3)."""
    last = np.asarray(state.grid.shape) - 1
    return np.clip((state.cells.view("position") / state.grid.voxel).astype(np.int64), 0, last)


def distance(state: State, kind: int) -> Array:
    """Distance (µm) of each voxel from the surface of what cells of type `kind` fill; negative inside.

    Infinite everywhere if they fill nothing, and minus infinity if they fill all.
    """
    from scipy.ndimage import distance_transform_edt

    mine = filled_volume(state, state.cells.view("type") == kind)
    inside = mine > 0.5 * filled_volume(state, np.ones(state.cells.n, bool))
    inside &= mine >= LEAST_FILLED * state.grid.volume
    if not inside.any() or inside.all():
        return np.full(state.grid.shape, -np.inf if inside.any() else np.inf)
    half = 0.5 * state.grid.voxel
    outwards = distance_transform_edt(~inside, sampling=state.grid.voxel) - half
    inwards = distance_transform_edt(inside, sampling=state.grid.voxel) - half
    return np.asarray(np.where(inside, -inwards, outwards))


def zone_summary(state: State, tissue: Any) -> dict[str, float]:
    """Live cells of each type per mm³ in each zone of the record, and the volume of the zone in mm³."""
    row: dict[str, float] = {}
    types, distances = tissue.types.names, {}
    live, kinds, voxels = state.cells.view("life") == LIVE, state.cells.view("type"), voxels_of(state)
    for name, zone in tissue.model.record.zones.items():
        if zone.of not in distances:
            distances[zone.of] = distance(state, types.index(zone.of))
        within = _between(distances[zone.of], zone)
        volume = float(within.sum()) * state.grid.volume / UM3_PER_MM3
        here = live & within[tuple(voxels.T)]
        row[f"zone_volume.{name}"] = volume
        for kind, each in enumerate(types):
            count = float((here & (kinds == kind)).sum())
            row[f"density.{each}.{name}"] = count / volume if volume else float("nan")
    return row


def _between(distance: Array, zone: Any) -> NDArray[np.bool_]:
    low = -np.inf if zone.above is None else float(zone.above)
    high = np.inf if zone.below is None else float(zone.below)
    return np.asarray((distance >= low) & (distance < high))


def share_summary(state: State, tissue: Any) -> dict[str, float]:
    """Share of the live cells of a type in which a state is above its threshold, for the shares recorded."""
    row, live = {}, state.cells.view("life") == LIVE
    for name, share in tissue.model.record.shares.items():
        mine = live & (state.cells.view("type") == tissue.types.names.index(share.cell_type))
        values = state.cells.view("state")[mine, tissue.states.index(share.state)]
        above = float((values > float(share.above)).mean()) if len(values) else float("nan")
        row[f"fraction.{name}.{share.cell_type}"] = above
    return row
