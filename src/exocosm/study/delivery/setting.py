"""The setting of a dose: how many cells of each type a model starts with, where, and what is between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.draws import Draw
from exocosm.ground.errors import ModelError
from exocosm.model import Model
from exocosm.physics.spreading import Block, conductance_matrix
from exocosm.tissue.beginning import initial_state
from exocosm.tissue.build import Tissue, vesicle_diffusion
from exocosm.tissue.carriers import Carrier
from exocosm.tissue.cells import UNDRIVEN

Array = NDArray[np.float64]
MOST_VOXELS = 40_000
FULLEST = 0.95  # share of a place that cells fill, at most


@dataclass(frozen=True)
class Setting:
    """A tissue at its start; numbers of cells, radii (µm) and packing go by their types."""

    model: Model
    tissue: Any
    state: Any

    @classmethod
    def of(cls, model: Model, seed: int) -> Setting:
        """Cells placed as in a run with this seed. Raises ModelError where a block has too many voxels."""
        voxels = int(np.prod(model.tissue.geometry.shape))
        if voxels > MOST_VOXELS:
            raise ModelError(
                "a dose is worked out for blocks of few voxels",
                place="tissue.geometry.voxel",
                found=f"{voxels:,} voxels",
                wanted=f"at most {MOST_VOXELS:,}: a larger voxel or a smaller size "
                "(--set 'tissue.geometry.voxel=...')",
            )
        tissue = Tissue(model)
        return cls(model, tissue, initial_state(tissue, Draw(seed)))

    def cells(self, kind: str) -> NDArray[np.int64]:
        """Rows of the cells of a type."""
        return np.flatnonzero(self.state.cells.view("type") == self.tissue.types.names.index(kind))

    def count(self, kind: str) -> int:
        """Cells of a type at the start."""
        return len(self.cells(kind))

    def radius(self, kind: str) -> float:
        """Radius (µm) of a resting cell."""
        return float(np.cbrt(float(self.model.tissue.cell_types[kind].volume.total) * 3.0 / (4.0 * np.pi)))

    def driven(self, kind: str, behaviour: str) -> float | None:
        """Mean value that rules give a behaviour of a type's cells at the start; None where none speaks."""
        column = self.tissue.behaviours.column(behaviour)
        if column == UNDRIVEN or not self.count(kind):
            return None
        return float(self.state.cells.view("behaviour")[self.cells(kind), column].mean())

    def packing(self, population: str, kind: str) -> float:
        """Share of the tissue around the cells of a type that is filled by cells."""
        open_share = self.state.fields[self._carrier(population).name].porosity.ravel()[self._voxels(kind)]
        return float(np.clip(1.0 - open_share.mean(), 0.0, FULLEST))

    def block(self, population: str, sender: str, takers: list[str]) -> Block:
        """The block as vesicles of a population see it: conductances, cells, fluid."""
        carrier = self._carrier(population)
        field, diffusion = self.state.fields[carrier.name], vesicle_diffusion(self.model, carrier.size)
        matrix, lost = conductance_matrix(tuple(t / diffusion for t in field._transmissibility()))
        blood, _ = field._blood()
        taken = np.broadcast_to(np.asarray(blood, float) / diffusion, field.grid.shape).ravel()
        source = self._spread(sender)
        return Block(
            conductances=matrix,
            lost=lost + taken,
            volume=field.stock.ravel(),
            takers=np.array([self._spread(kind) for kind in takers]).reshape(len(takers), source.size),
            source=source / source.sum(),
        )

    def distance(self, a: str, b: str) -> float:
        """Mean distance (µm) from a cell of `b` to the nearest cell of `a`."""
        from scipy.spatial import cKDTree

        position = self.state.cells.view("position")
        found, _ = cKDTree(position[self.cells(a)]).query(position[self.cells(b)], k=2 if a == b else 1)
        return float(np.asarray(found)[:, 1].mean() if a == b else np.mean(found))

    def _carrier(self, population: str) -> Carrier:
        """The middle one of its sizes."""
        carriers = [c for c in self.tissue.carriers if c.population == population]
        return carriers[len(carriers) // 2]

    def _voxels(self, kind: str) -> NDArray[np.int64]:
        grid = self.state.grid
        place = (self.state.cells.view("position")[self.cells(kind)] / grid.voxel).astype(int)
        place = np.clip(place, 0, np.array(grid.shape) - 1)
        return np.asarray(np.ravel_multi_index(tuple(place.T), grid.shape))

    def _spread(self, kind: str) -> Array:
        """Cells of a type in each voxel, each spread over its footprint as in a run."""
        cells, spread = np.zeros(self.state.cells.view("type").shape), np.zeros(self.state.grid.shape)
        cells[self.cells(kind)] = 1.0
        self.state.footprint(self.tissue.width).spread(cells, spread)
        return spread.ravel()
