"""Fenestrae that answer to the endothelium: capillarised walls hold vesicles back, the large ones first.

The openings of a vessel at a place go from those of the open wall to those of the capillarised one as the
state s of the endothelial cells there goes from 0 to 1: d = d₀ + s (d₁ - d₀), and so does their density. What
passes follows the same hindrance in the openings (`physics.membrane_permeability`). s is the mean of the
cells that share voxels with the place, weighted by their footprints; where there is none the wall is open.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.draws import Draw
from exocosm.ground.ledger import Ledger
from exocosm.physics import membrane_permeability
from exocosm.tissue.capillaries import LineExchange, Nodes
from exocosm.tissue.cells import LIVE
from exocosm.tissue.state import State

Array = NDArray[np.float64]
POINTS = 1025  # of the table of permeability over the state; linear between


def permeability(fenestrae: Any, s: float, diffusion: float, diameter: float) -> float:
    """Permeability (µm/min) of a wall whose endothelium has the state s, 0 to 1, to vesicles of a diameter.

    `diffusion` (µm²/min) in free fluid; lengths in µm.
    """
    closed = fenestrae.capillarised
    width = float(fenestrae.diameter) + s * (float(closed.diameter) - float(fenestrae.diameter))
    density = float(fenestrae.density) + s * (float(closed.density) - float(fenestrae.density))
    if width <= 0.0 or density <= 0.0:
        return 0.0
    return membrane_permeability(diffusion, diameter, width, density, float(fenestrae.thickness))


class Openings:
    """What passes the wall of one network, for one field, as a function of the state of its endothelium."""

    def __init__(self, field: str, fenestrae: Any, diffusion: float, diameter: float) -> None:
        self.field, self.states = field, np.linspace(0.0, 1.0, POINTS)
        self.table = np.array([permeability(fenestrae, s, diffusion, diameter) for s in self.states])

    def at(self, s: Array) -> Array:
        """Permeability (µm/min) at these states."""
        return np.asarray(np.interp(s, self.states, self.table))


class Capillarisation:
    """Process: the fenestrae of a network follow its endothelium, before vesicles are transported."""

    name = "fenestrae"

    def __init__(self, nodes: Nodes, kind: int, column: int, openings: list[Openings], *, every: int) -> None:
        self.nodes, self.kind, self.column = nodes, kind, column
        self.openings, self.every = openings, every

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Set what passes at each node."""
        s = self.states_at_nodes(state)
        for part in self.openings:
            field = state.fields[part.field]
            for lines in field.lines:
                if isinstance(lines, LineExchange) and lines.nodes.network.name == self.nodes.network.name:
                    lines.permeability = part.at(s)
            field.forget_lines()

    def states_at_nodes(self, state: State) -> Array:
        """Mean state of the live endothelial cells near each node, 0 where there are none, (nodes,)."""
        nodes, cells = self.nodes, state.cells
        width = nodes.network.width(nodes.grid)
        mine = np.flatnonzero((cells.view("type") == self.kind) & (cells.view("life") == LIVE))
        if not len(mine):
            return np.zeros(len(nodes.line))
        foot = nodes.foot.of(cells.view("position")[mine], nodes.grid, width)
        summed, count = np.zeros(nodes.grid.shape), np.zeros(nodes.grid.shape)
        foot.spread(np.ascontiguousarray(cells.view("state")[mine, self.column]), summed)
        foot.spread(np.ones(len(mine)), count)
        near, total = nodes.foot.sample(summed), nodes.foot.sample(count)
        return np.divide(near, total, out=np.zeros_like(near), where=total > 0.0)


def capillarisation_of(tissue: Any) -> list[Capillarisation]:
    """The process of each network whose fenestrae answer to the endothelium."""
    vesicles = tissue.model.species.vesicles
    found = []
    for name, part in tissue.model.tissue.capillaries.items():
        closed = None if part.fenestrae is None else part.fenestrae.capillarised
        if closed is None or not vesicles:
            continue
        openings = [
            Openings(field, part.fenestrae, *tissue.free_diffusion_and_diameter(field))
            for field in tissue.moving
        ]
        nodes = tissue.blood.nodes(tissue.blood.network(name))
        kind, column = tissue.types.names.index(closed.cell_type), tissue.states.index(closed.state)
        every = math.gcd(*(tissue.every(each.every) for each in vesicles.values()))
        found.append(Capillarisation(nodes, kind, column, openings, every=every))
    return found
