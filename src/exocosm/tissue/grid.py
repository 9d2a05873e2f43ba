"""The box of cubic voxels in which fields live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Grid:
    """`shape` voxels of edge `voxel` µm; coordinates run from 0 to shape * voxel.

    `floors` are the planes on which cells sit, as numbers of voxels below them, lowest first: none where
    cells move in space, 0 for the bottom of a dish, a second one for the porous plane of a transwell, which
    parts the box into two chambers.
    """

    shape: tuple[int, int, int]
    voxel: float
    floors: tuple[int, ...] = ()

    @property
    def volume(self) -> float:
        """Volume of one voxel in µm³."""
        return self.voxel**3

    @property
    def size(self) -> NDArray[np.float64]:
        """Edges of the box in µm."""
        return np.asarray(self.shape, float) * self.voxel

    @property
    def is_layer(self) -> bool:
        """Whether the box is one voxel thick along z: a layer, two-dimensional for diffusion."""
        return self.shape[2] == 1

    @property
    def is_planar(self) -> bool:
        """Whether cells stay at the height where they are: in a layer, or seated on a floor."""
        return self.is_layer or bool(self.floors)

    def seats(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """Height (µm) of the floor under places of height z: the highest that is not above them."""
        floors = np.array(self.floors or (0,), float) * self.voxel
        return np.asarray(floors[np.maximum(np.searchsorted(floors, z, side="right") - 1, 0)])

    def centres(self) -> tuple[NDArray[Any], ...]:
        """Coordinates of the voxel centres along x, y and z in µm."""
        return tuple((np.arange(n) + 0.5) * self.voxel for n in self.shape)

    def mesh(self) -> NDArray[np.float64]:
        """Centres of all voxels, shape (nx, ny, nz, 3), in µm."""
        return np.stack(np.meshgrid(*self.centres(), indexing="ij"), axis=-1)
