"""Vessels as line sources: nodes along each line meet the fields through footprints like those of cells.

Per length a vessel passes K (blood - c), c the level of its footprint and K the conductance of its wall with
the resistance of the grid taken out (`line_resistance`; among other vessels, `crowded_lines`). A node of
length dl adds K dl w to the loss of the voxel that has the share w of its footprint, and K dl w times the
level in blood there to its supply. K is that of the conductivity that the field has at the node, and follows
it when cells move. Hats have a half-width of two radii or one voxel, whichever is more: the equivalent
radius then lies outside the wall.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.model.vessel_lines import segments_of
from exocosm.physics import membrane_permeability
from exocosm.tissue.crowded_lines import change_of_radius
from exocosm.tissue.grid import Grid
from exocosm.tissue.line_resistance import ALIGNED, conductance, radii_of
from exocosm.tissue.weights import Footprint

Array = NDArray[np.float64]
NODES_PER_VOXEL = 4
WIDTH_PER_RADIUS = 2.0


@dataclass(frozen=True)
class Network:
    """Vessels of one radius (µm): start and end of each, `segments` (n, 2, 3) in µm.

    `spacing` (µm) is that of the hexagonal lattice that they are of, infinite if of none.
    """

    name: str
    radius: float
    segments: Array
    spacing: float = np.inf

    @property
    def lengths(self) -> Array:
        """Length of each vessel, µm."""
        return np.asarray(np.linalg.norm(self.segments[:, 1] - self.segments[:, 0], axis=1))

    @property
    def directions(self) -> Array:
        """Unit vector from start to end of each vessel, (n, 3)."""
        return np.asarray((self.segments[:, 1] - self.segments[:, 0]) / self.lengths[:, None])

    def width(self, grid: Grid) -> float:
        """Half-width (µm) of the hats through which these vessels meet a field."""
        return max(grid.voxel, WIDTH_PER_RADIUS * self.radius)


def networks_of(model: Any) -> tuple[Network, ...]:
    """The networks of a model, in its order."""
    size = tuple(float(length) for length in model.tissue.geometry.size)
    return tuple(_network(name, part, size) for name, part in model.tissue.capillaries.items())


def _network(name: str, part: Any, size: tuple[float, ...]) -> Network:
    ends = np.array(segments_of(part, size), float).reshape(-1, 2, 3)
    spacing = np.inf if part.hexagonal is None else float(part.hexagonal.spacing)
    return Network(name, float(part.radius), ends, spacing)


def segments(model: Any) -> dict[str, tuple[Array, float]]:
    """For each network of a model start and end of its vessels, (n, 2, 3) in µm, and their radius."""
    return {network.name: (network.segments, network.radius) for network in networks_of(model)}


@dataclass(frozen=True)
class Nodes:
    """The nodes of a network on a grid.

    `line` (nodes,) is the vessel, `length` (µm) the piece of it, `way` how far along it the node is, 0 to 1;
    `table` [line, strength] holds the equivalent radii, `change` (nodes,) what others nearby make of them.
    """

    network: Network
    grid: Grid
    line: NDArray[np.int64]
    way: Array
    length: Array
    foot: Footprint
    table: Array
    change: Array

    @classmethod
    def of(cls, network: Network, grid: Grid) -> Nodes:
        """Nodes at most a quarter of a voxel apart, each in the middle of its piece."""
        counts = np.ceil(network.lengths * NODES_PER_VOXEL / grid.voxel - 1e-9).astype(np.int64)
        counts = np.maximum(counts, 1)
        line = np.repeat(np.arange(len(counts)), counts)
        first = np.repeat(np.cumsum(counts) - counts, counts)
        way = (np.arange(len(line)) - first + 0.5) / counts[line]
        start, end = network.segments[line, 0], network.segments[line, 1]
        width = network.width(grid)
        foot = Footprint.of(start + way[:, None] * (end - start), grid, width)
        ratio = round(width / grid.voxel, 6)
        ways = zip(network.segments[:, 0], network.directions, strict=True)
        table = np.array([radii_of(place, along, grid.voxel, ratio) for place, along in ways])
        length = (network.lengths / counts)[line]
        others = _others(foot, length, network.directions[line], grid)
        spread = float(np.sqrt(width**2 / 6.0 + grid.voxel**2 / 12.0))
        change = change_of_radius(others, spread, 2.0 / (np.sqrt(3.0) * network.spacing**2))
        return cls(network, grid, line, way, length, foot, table, change)


def _others(foot: Footprint, length: Array, direction: Array, grid: Grid) -> Array:
    """Length of other lines that each footprint finds, relative to what it finds of its own line.

    Of a line along an axis its own is the overlap of the weights across it; of an oblique one it is that of
    the mean direction.
    """
    field = np.zeros(grid.shape)
    foot.spread(length, field)
    all_lines = foot.sample(field) / grid.voxel
    axis = np.argmax(np.abs(direction), axis=1)
    along = foot.axis_overlap()[np.arange(len(axis)), axis]
    aligned = np.abs(direction).max(axis=1) >= ALIGNED
    own = np.where(aligned, foot.overlap / along, np.cbrt(foot.overlap) ** 2)
    return np.asarray(np.maximum(all_lines / own - 1.0, 0.0))


@dataclass
class LineExchange:
    """Exchange of one field with a network: `permeability` (µm/min) and level in `blood` at each node."""

    nodes: Nodes
    permeability: Array | float
    blood: Array

    def coefficients(self, conductivity: Array, held: NDArray[np.bool_]) -> tuple[Array, Array]:
        """Per voxel, none where held: what is lost per level (µm³/min) and what is given (amount/min)."""
        nodes, grid = self.nodes, self.nodes.grid
        wall = np.full(len(nodes.line), 2.0 * np.pi * nodes.network.radius) * self.permeability
        per_length = conductance(
            wall, nodes.network.radius, nodes.foot.sample(conductivity), grid.voxel, nodes.table, nodes.line,
            nodes.change,
        )  # fmt: skip
        lost, given = np.zeros(grid.shape), np.zeros(grid.shape)
        nodes.foot.spread(per_length * nodes.length, lost)
        nodes.foot.spread(per_length * nodes.length * self.blood, given)
        return np.where(held, 0.0, lost), np.where(held, 0.0, given)


@dataclass
class Bloodstream:
    """All networks of a model on its grid, and what each passes of a species."""

    model: Any
    grid: Grid
    networks: tuple[Network, ...]
    _nodes: dict[str, Nodes] = field(default_factory=dict)

    @classmethod
    def of(cls, model: Any, grid: Grid) -> Bloodstream:
        """The vessels of a model."""
        return cls(model, grid, networks_of(model))

    def network(self, name: str) -> Network:
        """A network by its name."""
        return next(network for network in self.networks if network.name == name)

    def nodes(self, network: Network) -> Nodes:
        """The nodes of a network, made once for all fields."""
        if network.name not in self._nodes:
            self._nodes[network.name] = Nodes.of(network, self.grid)
        return self._nodes[network.name]

    def exchanges(self, species: str, diffusion: float, diameter: float, share: float) -> list[LineExchange]:
        """How a field of a `share` of a species exchanges with each network.

        `diffusion` (µm²/min) is that of vesicles of this `diameter` (µm) in free fluid.
        """
        found = []
        for network in self.networks:
            part = self.model.tissue.capillaries[network.name]
            if species in self.model.species.vesicles:
                wall = _through_fenestrae(part.fenestrae, diffusion, diameter)
                start = end = share * float(part.vesicles.get(species, 0.0))
            else:
                wall, start, end = _through_wall(part.exchange, species)
            if wall > 0.0:
                nodes = self.nodes(network)
                walls = np.full(len(nodes.line), wall)
                found.append(LineExchange(nodes, walls, start + nodes.way * (end - start)))
        return found


def _through_fenestrae(fenestrae: Any, diffusion: float, diameter: float) -> float:
    """Permeability (µm/min) of a wall to vesicles: 0 without openings, or where they do not fit."""
    if fenestrae is None:
        return 0.0
    pores = (float(fenestrae.diameter), float(fenestrae.density), float(fenestrae.thickness))
    return membrane_permeability(diffusion, diameter, *pores)


def _through_wall(exchange: Mapping[str, Any], substrate: str) -> tuple[float, float, float]:
    """Permeability (µm/min) to a substrate and its level in blood at start and end of a line."""
    part = exchange.get(substrate)
    if part is None:
        return 0.0, 0.0, 0.0
    outlet = part.blood if part.outlet is None else part.outlet
    return float(part.permeability), float(part.blood), float(outlet)
