"""Surface cargo on the membranes of cells, the antibody that it holds there, and how both go.

A membrane shows a share of the cell's own pool of a cargo: what rules, synthesis, loading and division do to
the pool, they do to the membrane. Antibody on it is held copy by copy by what is shown, as on vesicles (see
`capture.py`), stands on the books of its substance as `surface`, and goes with its ligand: at the rate at
which the pool is degraded, and at once where more is held than shown. That is booked as `degraded`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.draws import Draw
from exocosm.ground.ledger import Ledger
from exocosm.tissue.cells import LIVE, Cells
from exocosm.tissue.delivery import COPIES_PER_AMOUNT
from exocosm.tissue.state import State

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Membrane:
    """A surface cargo on membranes: column of its pool, share that is shown by cell type (types,).

    `held` names the antibodies that bind it, with the column of `membrane_held` in which each is counted.
    """

    cargo: str
    index: int
    share: Array
    held: dict[str, int]

    def shown(self, cells: Cells) -> Array:
        """Copies on each membrane, those that antibodies hold among them, (n,)."""
        return np.asarray(self.share[cells.view("type")] * cells.view("cargo")[:, self.index])

    def free(self, cells: Cells) -> Array:
        """Copies on each membrane that no antibody holds, (n,)."""
        held = cells.view("membrane_held")[:, list(self.held.values())].sum(axis=1)
        return np.asarray(np.maximum(self.shown(cells) - held, 0.0))


def membranes_of(model: Any) -> dict[str, Membrane]:
    """What membranes show, by cargo, in the order of the model's cargos."""
    types, found, column = model.tissue.cell_types.values(), dict[str, Membrane](), 0
    for index, (cargo, part) in enumerate(model.species.cargos.items()):
        if not any(cargo in t.surface for t in types):
            continue
        share = np.array([float(t.surface.get(cargo, 0.0)) for t in types])
        held = {antibody: column + i for i, antibody in enumerate(part.captured_by)}
        column += len(held)
        found[cargo] = Membrane(cargo, index, share, held)
    return found


@dataclass(frozen=True)
class HeldOnMembranes:
    """Antibody copies on membranes, as a place of capture: a column of `membrane_held`."""

    column: int

    def amount(self, state: State, place: str) -> Array:
        """Copies on each cell, (n,)."""
        return np.asarray(state.cells.view("membrane_held")[:, self.column])

    def put(self, state: State, place: str, amount: Array) -> None:
        """Set what `amount` tells."""
        state.cells.view("membrane_held")[:, self.column] = amount


@dataclass(frozen=True)
class ShownOnMembranes:
    """Copies on membranes, as the sites of capture."""

    membrane: Membrane

    def amount(self, state: State, place: str) -> Array:
        """Copies on each cell, (n,)."""
        return self.membrane.shown(state.cells)


class Shedding:
    """Process: antibody on membranes goes with the ligand that holds it."""

    def __init__(self, membrane: Membrane, degradation: Array, tissue: Any, *, every: int) -> None:
        self.name, self.membrane, self.degradation = f"antibody on {membrane.cargo}", membrane, degradation
        self.behaviours, self.every, self.minutes = tissue.behaviours, every, every * tissue.clock.length

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Degrade over one step what live cells degrade, and what is held beyond what is shown."""
        cells, columns = state.cells, list(self.membrane.held.values())
        rate = self.behaviours.of(cells, f"{self.membrane.cargo} degradation", self.degradation)
        stays = np.where(cells.view("life") == LIVE, np.exp(-rate * self.minutes), 1.0)
        held = cells.view("membrane_held")
        total, shown = held[:, columns].sum(axis=1), self.membrane.shown(cells)
        most = np.divide(shown, total, out=np.ones(cells.n), where=total > shown)
        for antibody, column in self.membrane.held.items():
            left = held[:, column] * np.minimum(stays, most)
            lost = float((held[:, column] - left).sum())
            held[:, column] = left
            ledger.move(antibody, "surface", "degraded", lost / COPIES_PER_AMOUNT)


def shedding_of(tissue: Any) -> list[Shedding]:
    """The loss of antibody from all membranes, once a step of the phenotype."""
    found = []
    for membrane in tissue.membranes.values():
        if membrane.held:
            pools = [t.pools.get(membrane.cargo) for t in tissue.model.tissue.cell_types.values()]
            degradation = np.array([0.0 if pool is None else float(pool.degradation) for pool in pools])
            found.append(Shedding(membrane, degradation, tissue, every=tissue.phenotype_every))
    return found
