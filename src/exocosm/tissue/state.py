"""All that a run is at one tick: cells, fields, ledger, tallies. What is not here does not exist.

A checkpoint holds exactly this, the order of the cells included; the digest is a hash of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.ledger import Ledger
from exocosm.tissue.cells import Cells
from exocosm.tissue.fields import Field
from exocosm.tissue.grid import Grid
from exocosm.tissue.weights import Footprint

Array = NDArray[np.float64]
Arrays = dict[str, NDArray[Any]]


class Tallies:
    """Running totals by cell type that no single cell remembers.

    `cell_minutes` (types,): lifetime of live cells; `internalised` (types, populations) vesicles and
    `delivered` (types, cargos) copies taken up so far; `turnover` (substrates, 6): inflow by faces,
    held voxels and vessels, secretion, outflow, decay, use by cells and residual of quasi-steady fields;
    `died` (types, 2): cells that began apoptosis and necrosis; `engulfed` (types,): that others took in;
    `immigrated` (types,): that arrived by vessels.
    """

    NAMES = ("cell_minutes", "internalised", "delivered", "turnover", "died", "engulfed", "immigrated")

    def __init__(self, types: int, populations: int, cargos: int, substrates: int) -> None:
        self.cell_minutes: Array = np.zeros(types)
        self.internalised: Array = np.zeros((types, populations))
        self.delivered: Array = np.zeros((types, cargos))
        self.turnover: Array = np.zeros((substrates, 6))
        self.died: Array = np.zeros((types, 2))
        self.engulfed: Array = np.zeros(types)
        self.immigrated: Array = np.zeros(types)


class State:
    """Cells, fields by name, what the matrix holds of some of them by voxel, ledger, tallies and the tick."""

    def __init__(
        self,
        grid: Grid,
        cells: Cells,
        fields: dict[str, Field],
        ledger: Ledger,
        tallies: Tallies,
        matrix: dict[str, Array] | None = None,
    ) -> None:
        self.matrix: dict[str, Array] = matrix or {}
        self.grid, self.cells, self.fields, self.ledger, self.tallies = grid, cells, fields, ledger, tallies
        self.tick = 0
        self.known_contacts: Any = None  # derived from the cells: see `contacts.Contacts`
        self._footprints: dict[tuple[int, int, float], Footprint] = {}

    def footprint(self, width: float) -> Footprint:
        """Footprints of all cells at this tick, shared by the fields that step before cells move."""
        key = (self.tick, self.cells.version, width)
        if key not in self._footprints:
            self._footprints = {k: v for k, v in self._footprints.items() if k[:2] == key[:2]}
            self._footprints[key] = Footprint.of(self.cells.view("position"), self.grid, width)
        return self._footprints[key]

    def to_arrays(self) -> Arrays:
        """Copies of every array of the state by name."""
        out: Arrays = {"tick": np.array(self.tick), "ledger": self.ledger.balances.copy()}
        out |= {f"cells/{name}": array for name, array in self.cells.to_arrays().items()}
        for name, field in self.fields.items():
            out[f"fields/{name}/values"] = field.values.copy()
            out[f"fields/{name}/porosity"] = field.porosity.copy()
            out[f"fields/{name}/obstruction"] = field.obstruction.copy()
            faces = [np.nan if face is None else face for face in field.faces]
            out[f"fields/{name}/faces"] = np.array(faces)
        out |= {f"matrix/{name}": held.copy() for name, held in self.matrix.items()}
        out |= {f"tallies/{name}": getattr(self.tallies, name).copy() for name in Tallies.NAMES}
        return out

    def load_arrays(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take over what `to_arrays` wrote; KeyError if something is missing."""
        self.tick = int(arrays["tick"])
        self.ledger.balances[...] = arrays["ledger"]
        self.cells = Cells.from_arrays(
            {k.removeprefix("cells/"): v for k, v in arrays.items() if k.startswith("cells/")}
        )
        for name, field in self.fields.items():
            faces = arrays[f"fields/{name}/faces"]
            field.faces = [None if np.isnan(face) else float(face) for face in faces]
            field.set_porosity(
                arrays[f"fields/{name}/porosity"].copy(), arrays[f"fields/{name}/obstruction"].copy()
            )
            field.values[...] = arrays[f"fields/{name}/values"]
        self.matrix = {name: arrays[f"matrix/{name}"].copy() for name in self.matrix}
        for name in Tallies.NAMES:
            getattr(self.tallies, name)[...] = arrays[f"tallies/{name}"]
        self._footprints = {}

    def digest(self) -> str:
        """Hash of every bit of the state."""
        hasher = hashlib.blake2b(digest_size=16)
        for name, array in sorted(self.to_arrays().items()):
            hasher.update(f"{name} {array.dtype} {array.shape} ".encode())
            hasher.update(np.ascontiguousarray(array).tobytes())
        return hasher.hexdigest()
