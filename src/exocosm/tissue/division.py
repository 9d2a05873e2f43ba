"""Division: a cell becomes two of half its volume along a random axis, and shares what it holds.

The centres move apart by 1.5 radii of the mother, evenly, so that the centre of mass stays (PhysiCell's
distance, 10.1371/journal.pcbi.1005991). The mother keeps her key; the daughter's is a hash of it and the
ordinal of the birth, so that paired runs give the same daughter the same numbers. Both keep the damage done
to the mother; her attack is her own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.compiled import kernel
from exocosm.ground.draws import Draw, Purpose, child_key
from exocosm.tissue.cells import NAMES, Cells
from exocosm.tissue.contents import Contents
from exocosm.tissue.directions import random_direction

DIVISION_AXIS = np.int64(Purpose.DIVISION_AXIS)
SEPARATION = 1.5  # radii of the mother between the new centres
HERS = ("direction", "attack_target", "attack_left")  # not passed on to the daughter
HALVED = ("fluid", "nuclear_solid", "cytoplasmic_solid", "target_solid")


@kernel
def draw_births(seed: Any, keys: Any, births: Any, planar: int, children: Any, axes: Any) -> None:
    """Keys of the daughters of these births, and unit vectors at random on the sphere (circle in a layer)."""
    for i in range(keys.size):
        children[i] = child_key(keys[i], births[i])
        when = 2 * np.int64(births[i])
        axes[i, 0], axes[i, 1], axes[i, 2] = random_direction(seed, DIVISION_AXIS, keys[i], when, planar)


def divide(
    cells: Cells,
    mothers: NDArray[np.int64],
    draw: Draw,
    contents: Contents,
    size: NDArray[np.float64],
    planar: bool,
) -> slice:
    """Divide the cells of rows `mothers`; returns the rows of the daughters, in the order of mothers.

    Centres are kept in the box of `size` (µm); in a `planar` tissue daughters lie in its plane.
    """
    keys, births = cells.view("key")[mothers], cells.view("births")[mothers]
    children, axes = np.empty(len(mothers), np.uint64), np.empty((len(mothers), 3))
    draw_births(draw.seed, keys, births, int(planar), children, axes)
    shift = 0.5 * SEPARATION * cells.radius()[mothers, None] * axes
    for name in HALVED:
        cells.view(name)[mothers] *= 0.5
    cells.view("births")[mothers] += 1
    cells.view("previous_velocity")[mothers] = 0.0
    cells.view("velocity_known")[mothers] = 0
    columns: dict[str, Any] = {name: cells.view(name)[mothers] for name in NAMES}
    columns |= {"key": children, "births": np.zeros(len(mothers), np.uint32)}
    columns |= {name: np.zeros_like(columns[name]) for name in HERS}
    columns["position"] = np.clip(columns["position"] + shift, 0.0, size)
    daughters = cells.append(**columns)
    place = cells.view("position")
    place[mothers] = np.clip(place[mothers] - shift, 0.0, size)
    contents.split(mothers, daughters, draw, births)
    return daughters
