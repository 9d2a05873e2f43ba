"""Receptors on cells that a surface cargo of bound vesicles occupies.

L copies of the ligand on the vesicles that a cell holds meet its R receptors on its area A = 4 π r²; with
a dissociation constant K per area the complexes C obey (R - C)(L - C) = K A C. Copies that an antibody holds
are no ligand, and a blocker of concentration a leaves R / (1 + sum of a / Kd) receptors free to bind.
Source: two-dimensional binding, Lauffenburger & Linderman 1993, Receptors, ISBN 978-0-19-510663-3.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.tissue.state import State

Array = NDArray[np.float64]


def complexes(receptors: Array, ligands: Array, dissociation: Array) -> Array:
    """C of (R - C)(L - C) = K C, the root between 0 and the smaller of R and L; K in copies."""
    total = receptors + ligands + dissociation
    root = np.sqrt(np.maximum(total * total - 4.0 * receptors * ligands, 0.0))
    return np.divide(
        2.0 * receptors * ligands, total + root, out=np.zeros_like(total), where=total + root > 0.0
    )


def ligands(state: State, tissue: Any, cargo: str) -> Array:
    """Copies of a surface cargo on the vesicles that each cell holds, without what antibodies hold, (n,)."""
    cells = state.cells
    bound, riders = cells.view("bound"), cells.view("bound_riders")
    copies = [tissue.model.species.vesicles[c.population].copies(cargo) for c in tissue.carriers]
    total = bound @ np.array(copies) if copies else np.zeros(cells.n)
    for i, rider in enumerate(tissue.riders):
        if rider.captor == cargo:
            total = total - riders[:, i]
        elif rider.captor is None and rider.species == cargo:
            total = total + riders[:, i]
    return np.maximum(total, 0.0)


def occupancy(state: State, tissue: Any, receptor: str) -> Array:
    """Share of each cell's receptors that ligand on bound vesicles occupies, (n,); 0 where there are none."""
    cells, out = state.cells, np.zeros(state.cells.n)
    for kind, part in enumerate(tissue.model.tissue.cell_types.values()):
        mine = np.flatnonzero(cells.view("type") == kind)
        found = part.receptors.get(receptor)
        if found is None or not len(mine) or not float(found.copies) > 0.0:
            continue
        total = np.full(len(mine), float(found.copies))
        open_receptors = total / _blocked(state, tissue, found, mine)
        area = 4.0 * np.pi * cells.radius()[mine] ** 2
        ligand = ligands(state, tissue, found.ligand)[mine]
        out[mine] = complexes(open_receptors, ligand, float(found.dissociation) * area) / total
    return out


def _blocked(state: State, tissue: Any, receptor: Any, rows: NDArray[np.int64]) -> Array:
    seen, factor = state.cells.view("signals"), np.ones(len(rows))
    for blocker, dissociation in receptor.blockers.items():
        factor += seen[rows, tissue.substrates.index(blocker)] / float(dissociation)
    return factor
