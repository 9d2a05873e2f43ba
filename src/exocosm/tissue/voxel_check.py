"""Whether a grid is fine enough for who captures what: cheap warnings from the state at the start of a run.

Among cells that take vesicles up a concentration falls by e over sqrt(κ V / Q): κ the conductivity of the
tissue, Q / V the clearance per volume. Voxels of more than half that length spread vesicles past the cells
that would have taken them: far cells then get too many. Measured with voxels of 20 µm against 10 µm, where
cells of 17 µm touch and that length is half a voxel (efficiency 0.05), far cells of a pack get 1.5 times as
much, at 0.5 many times. Where it is long, shares still differ by up to 16 % (a neighbour that touches a
sender in fluid), 10 % (a pack) and 17 % (a sender in a sheet); what a lone sender retakes and what far
cells get from it differ by under 1 %. The tests of this module hold these numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from exocosm.tissue.state import State
from exocosm.tissue.vesicle_tables import population_of
from exocosm.tissue.vesicles import VesiclePopulation

VOXELS_PER_LENGTH = 2.0
"""Voxels in one length of capture from which shares of near and far cells can be trusted to about 10 %."""


def warnings(simulation: Any) -> list[str]:
    """What a reader of results should know of the grid, in plain words; empty if nothing."""
    found: list[str] = []
    types = simulation.tissue.model.tissue.cell_types.values()
    for name in simulation.tissue.vesicles:
        sent = any(name in part.release or name in part.genesis for part in types)
        found += population_warnings(simulation.state, population_of(simulation.tissue, name), sent)
    return found


def population_warnings(state: State, process: VesiclePopulation, sent: bool = True) -> list[str]:
    """Warnings of one population; `sent`: whether cells make it, or it only comes in doses."""
    length, clipped = capture_length(state, process)
    voxel, found = state.grid.voxel, []
    if clipped:
        found.append(
            f"{process.name}: {clipped} cells take up more than a voxel of {voxel:g} um can carry; their "
            "uptake is limited by the grid. Use a smaller voxel or a lower clearance."
        )
    wide = state.cells.n > 1 and voxel > 2.0 * float(state.cells.radius().mean())
    if sent and wide and _neighbours_within_reach(state):
        found.append(
            f"{process.name}: voxels of {voxel:g} um are wider than cells; shares that touching cells take "
            "of a sender's vesicles may be off by up to 20 %. Compare with half the voxel where they matter."
        )
    if length < VOXELS_PER_LENGTH * voxel:
        found.append(
            f"{process.name}: among cells vesicles are taken up within {length:.3g} um, less than "
            f"{VOXELS_PER_LENGTH:g} voxels of {voxel:g} um. The shares of neighbours and of far cells may be "
            "off by more than 10 %, those of cells far off by a large factor. "
            f"Trust them from voxels of {length / VOXELS_PER_LENGTH:.2g} um, or compare two voxels."
        )
    return found


def _neighbours_within_reach(state: State) -> bool:
    """Whether some two cells are nearer than two voxels, within which a grid smears what one releases."""
    from scipy.spatial import cKDTree

    place = state.cells.view("position")
    nearest = cKDTree(place).query(place, k=2)[0][:, 1]
    return bool(nearest.min() < 2.0 * state.grid.voxel)


def capture_length(state: State, process: VesiclePopulation) -> tuple[float, int]:
    """Distance (µm) over which uptake by all lets the concentration fall by e; cells that are clipped."""
    least, most_clipped = np.inf, 0
    rates, foot = process.rates.of_cells(state.cells, process.name, process.behaviours), None
    for carrier in process.carriers:
        clearance, _, _, clipped = process.clearances(state, carrier, rates)
        sink, foot = np.zeros(state.grid.shape), state.footprint(process.width)
        foot.spread(clearance, sink)
        density = foot.sample(sink)[clearance > 0.0] / state.grid.volume
        conductivity = foot.sample(state.fields[carrier.name].conductivity)[clearance > 0.0]
        if len(density):
            least = min(least, float(np.sqrt(conductivity.mean() / density.mean())))
        most_clipped = max(most_clipped, int(clipped.sum()))
    return least, most_clipped
