"""What surrounds the tissue: the floors of a dish or transwell, its porous plane and stirring, and vessels.

In a dish the block is medium, and cells sit on its bottom. A transwell has a second floor, a membrane of
straight pores; what passes it is hindered by the walls of the pores (`physics.pores`), and what is wider
does not pass. Stirring adds an eddy diffusion coefficient to diffusion in the medium, not to the diffusion
beside a cell, where walls still the fluid. Vessels are sources and sinks spread through a region.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.physics import membrane_permeability
from exocosm.physics.shapes import inside
from exocosm.tissue.fields import Field
from exocosm.tissue.grid import Grid


def floors_of(model: Any) -> tuple[int, ...]:
    """Voxels below each floor on which cells sit. ValueError if a floor lies between voxels or outside."""
    culture = model.tissue.culture
    if culture is None:
        return ()
    height = getattr(culture, "height", None)
    if height is None:
        return (0,)
    voxel, layers = float(model.tissue.geometry.voxel), int(model.tissue.geometry.shape[2])
    below = round(float(height) / voxel)
    if abs(below * voxel - float(height)) > 1e-9 * voxel * layers or not 0 < below < layers:
        raise ValueError(
            f"the plane of a transwell lies on voxels: at a multiple of {voxel:g} um between 0 and "
            f"{layers * voxel:g} um, not at {float(height):g} um"
        )
    return 0, below


def plane_permeability(culture: Any, diffusion: float, diameter: float) -> float:
    """Permeability (µm/min) of a transwell's plane to particles of a diameter (µm), free D in µm²/min."""
    return membrane_permeability(
        diffusion,
        diameter,
        float(culture.pore_diameter),
        float(culture.pore_density),
        float(culture.thickness),
    )


def surround(field: Field, model: Any, species: str, diffusion: float, diameter: float, share: float) -> None:
    """Put the field of a species (a `share` of it) into its surroundings: stirring, porous plane, vessels.

    `diffusion` is that in free fluid (µm²/min), `diameter` that of the particle (0: a small molecule).
    """
    culture = model.tissue.culture
    if culture is not None:
        field.mixing = float(culture.mixing)
    if len(field.grid.floors) > 1:
        field.set_plane(field.grid.floors[1], plane_permeability(culture, diffusion, diameter))
    for vessels in model.tissue.vessels:
        if vessels.species == species:
            where = in_zone(vessels.region, field.grid)
            field.add_vessels(where, float(vessels.exchange_rate), share * float(vessels.blood))


def in_zone(region: Any, grid: Grid) -> NDArray[np.bool_]:
    """Voxels whose centre lies in a region; all without one."""
    return np.ones(grid.shape, bool) if region is None else inside(region, grid.mesh(), grid.size)
