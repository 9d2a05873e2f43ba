"""Tissues with vessels as lines, for tests."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.model import Model, Set
from exocosm.tissue.capillaries import LineExchange, Network, Nodes
from exocosm.tissue.fields import Field
from exocosm.tissue.grid import Grid

Array = NDArray[np.float64]
OXYGEN = 1.2e5  # µm²/min
TEXT = """
format: exocosm/1
name: vessels
duration: 4 h
species:
  substrates:
    oxygen:
      unit: mmHg
      diffusion_coefficient: 1.2e5 um^2/min
      initial: 40 mmHg
      regime: quasi-steady
      every: 1 min
    drug: {unit: uM, diffusion_coefficient: 3e4 um^2/min, initial: 1 uM, regime: transient, every: 1 min}
  cargos:
    miR-1: {kind: miRNA}
  vesicles:
    ev:
      origin: tumour cells
      route: exosome
      diameter: {median: 80 nm, geometric_sd: 1.4}
      manifest: {miR-1: 0.5 copies/particle}
      size_bins: 2
      every: 1 min
tissue:
  geometry: {size: [120 um, 120 um, 120 um], voxel: 20 um}
  medium: {temperature: 37 degC, viscosity: 0.7 mPa*s, tortuosity: 1.4, minimum_extracellular_fraction: 0.2}
  capillaries:
    sinusoids:
      radius: 4 um
      hexagonal: {spacing: 60 um, axis: z}
      exchange:
        oxygen: {permeability: 2e4 um/min, blood: 65 mmHg, outlet: 35 mmHg}
        drug: {permeability: 10 um/min, blood: 0 uM}
      fenestrae: {diameter: 110 nm, density: 9 1/um^2, thickness: 0.2 um}
  immigration:
  - {name: arrival, cell_type: T-cell, through: sinusoids, rate: 100 cell/h/mm}
  cell_types:
    tumour:
      volume: {total: 2494 um^3, nuclear: 540 um^3, fluid_fraction: 0.75}
      exchange: {oxygen: {uptake_rate: 100 1/min}, drug: {secretion_rate: 500 uM*um^3/min}}
      release: {ev: 100 particle/h}
    T-cell:
      volume: {total: 500 um^3, nuclear: 100 um^3, fluid_fraction: 0.75}
      uptake: {ev: {clearance: 50 um^3/min}}
  cells:
  - {type: tumour, region: {sphere: {center: [60 um, 60 um, 60 um], radius: 40 um}}, count: 20}
  steps: {tick: 1 min, mechanics: 1 min, phenotype: 6 min}
"""


def model(**settings: Any) -> Model:
    """The model above with settings by path (dots as `__`)."""
    changes = [Set(path.replace("__", "."), value) for path, value in settings.items()]
    return Model.from_yaml(TEXT, file="vessels.yaml").change(*changes)


def line(start: Array, end: Array, radius: float = 4.0) -> Network:
    """A network of one vessel."""
    return Network("vessel", radius, np.array([[start, end]], float))


def add_vessel(field: Field, network: Network, permeability: float, blood: float) -> Nodes:
    """A vessel that exchanges with a field."""
    nodes = Nodes.of(network, field.grid)
    field.add_lines(LineExchange(nodes, permeability, np.full(len(nodes.line), blood)))
    return nodes


def share_within(grid: Grid, centre: Array, low: float, high: float, parts: int = 40) -> Array:
    """Share of each voxel of a sheet across z that lies between two distances from an axis, (nx, ny)."""
    x, y = (
        (np.arange(n * parts) + 0.5) * grid.voxel / parts - c
        for n, c in zip(grid.shape[:2], centre, strict=False)
    )
    distance = np.hypot(x[:, None], y[None])
    inside = (distance > low) & (distance < high)
    return np.asarray(inside.reshape(grid.shape[0], parts, grid.shape[1], parts).mean(axis=(1, 3)))
