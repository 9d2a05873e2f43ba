"""The space between cells: how much of each voxel is open, and how much of its diffusion is left.

Both follow from where cells are, averaged over a representative volume of a few cell diameters; they change
the storage and conductivity (Maxwell) of all that moves outside cells, and a vesicle stays in its voxel when
they do.
"""

from __future__ import annotations

import numpy as np

from exocosm.ground.draws import Draw
from exocosm.ground.ledger import Ledger
from exocosm.tissue.state import State
from exocosm.tissue.weights import Footprint

LEAST_FRACTION = 1e-3
"""Extracellular share below which a concentration outside cells would mean nothing."""

AVERAGING_PER_RADIUS = 4.0
"""Half-width, in cell radii, over which the extracellular share is averaged: about two cells each way."""


class ExtracellularSpace:
    """Process: the extracellular share of each voxel, from where the cells are."""

    name = "extracellular space"

    def __init__(self, fields: tuple[str, ...], least_fraction: float, radius: float, *, every: int) -> None:
        self.fields, self.least_fraction, self.every = fields, least_fraction, every
        self.radius = radius

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Spread the volume of all cells over the voxels and tell the fields of carriers and riders."""
        grid = state.grid
        width = max(grid.voxel, AVERAGING_PER_RADIUS * self.radius)
        cells = np.zeros(grid.shape)
        foot = Footprint.of(state.cells.view("position"), grid, width)
        foot.spread(state.cells.total_volume() / grid.volume, cells)
        open_share = np.maximum(1.0 - cells, max(self.least_fraction, LEAST_FRACTION))
        obstruction = open_share / (1.0 + 0.5 * (1.0 - open_share))
        for name in self.fields:
            state.fields[name].set_porosity(open_share, obstruction)
