"""A dish and a transwell with a monolayer, small enough for tests; numbers by path."""

from __future__ import annotations

from typing import Any

from exocosm.model import Model

TEXT = """
format: exocosm/1
name: dish
duration: 4 h
species:
  substrates:
    drug: {unit: uM, diffusion_coefficient: 3e4 um^2/min, initial: 2 uM, regime: transient, every: 1 min}
  cargos:
    miR-1: {kind: miRNA}
  vesicles:
    ev:
      origin: medium
      route: exosome
      diameter: {median: 100 nm, geometric_sd: 1.2}
      manifest: {miR-1: 0.5 copies/particle}
      particles_per_mass: 2e9 particle/ug
      every: 1 min
tissue:
  geometry: {size: [120 um, 120 um, 200 um], voxel: 20 um}
  medium: {temperature: 37 degC, viscosity: 0.7 mPa*s, tortuosity: 1, minimum_extracellular_fraction: 0.05}
  culture: {dish: {}}
  cell_types:
    cell:
      volume: {total: 2494 um^3, nuclear: 540 um^3, fluid_fraction: 0.75}
      uptake: {ev: {clearance: 50 um^3/min}}
  cells:
    - {type: cell, region: {box: {low: [0 um, 0 um, 0 um], high: [120 um, 120 um, 20 um]}}, spacing: 15 um}
  steps: {tick: 1 min, mechanics: 1 min, phenotype: 6 min}
"""


def dish(**settings: Any) -> Model:
    """The model above with settings by path (dots as `__`)."""
    from exocosm.model import Set

    changes = [Set(path.replace("__", "."), value) for path, value in settings.items()]
    return Model.from_yaml(TEXT, file="dish.yaml").change(*changes)
