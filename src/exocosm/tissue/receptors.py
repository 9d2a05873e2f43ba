"""Receptors on cells that a surface cargo occupies, on bound vesicles and on the membranes of neighbours.

L copies of the ligand on the vesicles that a cell holds meet its R receptors on its area A = 4 π r²; with
a dissociation constant K per area the complexes C obey (R - C)(L - C) = K A C. Copies that an antibody holds
are no ligand, and a blocker of concentration a leaves R / (1 + sum of a / Kd) receptors free to bind.
Source: two-dimensional binding, Lauffenburger & Linderman 1993, Receptors, ISBN 978-0-19-510663-3.

A neighbour j with l free copies per area on its membrane shares the area a_j with the cell. There receptors,
as dense as elsewhere, meet the copies of the neighbour too: the same equation holds with L + l A for L,
for the share a_j / A of all receptors; what is not shared sees vesicles alone. Receptors and ligand do not
gather in the contact: a lower bound, as mobile ones do. More than the whole membrane is not shared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.tissue.cells import LIVE
from exocosm.tissue.contacts import Contacts
from exocosm.tissue.delivery import COPIES_PER_AMOUNT
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
    """Share of each cell's receptors that ligand on vesicles and on neighbours occupies, (n,)."""
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
        if found.ligand in tissue.membranes:
            alone = open_receptors, ligand, float(found.dissociation) * area
            out[mine] += _by_neighbours(state, tissue, found, mine, *alone) / total
    return out


def _by_neighbours(
    state: State,
    tissue: Any,
    receptor: Any,
    mine: NDArray[np.int64],
    open_receptors: Array,
    ligand: Array,
    dissociation: Array,
) -> Array:
    """Complexes that membranes of live neighbours add on the cells `mine`, to those with vesicles alone."""
    cells, contacts = state.cells, Contacts.of(state, tissue)
    radius = cells.radius()
    area, place = 4.0 * np.pi * radius**2, np.full(cells.n, -1)
    place[mine] = np.arange(len(mine))
    pairs = np.flatnonzero(place[contacts.cell] >= 0)
    cell, other = contacts.cell[pairs], contacts.other[pairs]
    share = _shared_area(receptor, contacts, radius, pairs) / area[cell]
    share /= np.maximum(np.bincount(cell, share, minlength=cells.n), 1.0)[cell]
    shown = np.where(cells.view("life") == LIVE, tissue.membranes[receptor.ligand].free(cells), 0.0)
    facing, at = (shown / area)[other] * area[cell], place[cell]
    alone = complexes(open_receptors, ligand, dissociation)[at]
    meeting = complexes(open_receptors[at], ligand[at] + facing, dissociation[at])
    return np.asarray(np.bincount(at, share * (meeting - alone), minlength=len(mine)))


def _shared_area(receptor: Any, contacts: Contacts, radius: Array, pairs: NDArray[np.int64]) -> Array:
    """Membrane (µm²) shared with each neighbour: that of their overlap, or as stated."""
    if receptor.contact_area is None:
        return contacts.areas(radius)[pairs]
    smaller = np.minimum(radius[contacts.cell[pairs]], radius[contacts.other[pairs]])
    return np.minimum(float(receptor.contact_area), 4.0 * np.pi * smaller**2)


def _blocked(state: State, tissue: Any, receptor: Any, rows: NDArray[np.int64]) -> Array:
    seen, factor = state.cells.view("signals"), np.ones(len(rows))
    for blocker, dissociation in receptor.blockers.items():
        factor += seen[rows, tissue.substrates.index(blocker)] / float(dissociation)
    return factor


MUCH = 0.05
"""Share of a blocker that receptors could bind from which it is worth a word: it stays dissolved."""


def warnings(simulation: Any) -> Iterator[str]:
    """Blockers of which receptors could bind a good part, had they not stayed dissolved."""
    state, tissue = simulation.state, simulation.tissue
    cells = np.bincount(state.cells.view("type"), minlength=len(tissue.types.names))
    bound: dict[tuple[str, str], float] = {}
    for kind, part in enumerate(tissue.model.tissue.cell_types.values()):
        for name, receptor in part.receptors.items():
            for blocker in receptor.blockers:
                copies = cells[kind] * float(receptor.copies)
                bound[name, blocker] = bound.get((name, blocker), 0.0) + copies
    for (name, blocker), copies in bound.items():
        there = 0.0 if tissue.is_steady(blocker) else state.fields[blocker].total() * COPIES_PER_AMOUNT
        if copies > MUCH * there > 0.0:
            yield (
                f"{blocker}: {name} could bind {copies / there:.0%} of it, which the model leaves dissolved. "
                "Where that matters, state less of it."
            )
