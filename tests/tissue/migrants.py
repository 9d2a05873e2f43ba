"""Cells that migrate, alone in space or in a small tissue that a scenario describes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from exocosm.model import Model, Set
from exocosm.tissue.behaviours import NO_RULES
from exocosm.tissue.cell_types import MechanicsTable
from exocosm.tissue.cells import Cells
from exocosm.tissue.grid import Grid
from exocosm.tissue.mechanics import Mechanics
from exocosm.tissue.motility import WORDS, Cue, Motility, MotilityTable

FAR = 1e5  # µm, edge of a box whose faces nobody reaches
ALONE = MechanicsTable(np.zeros(1), np.zeros(1), np.ones(1))


def table(speed: Any = 4.0, persistence: Any = 10.0, bias: Any = 0.0, motile: Any = 1) -> MotilityTable:
    """Motility of one type, or of several."""
    numbers = [np.atleast_1d(np.asarray(x, float)) for x in (speed, persistence, bias)]
    columns = np.array([NO_RULES.column(name) for name in WORDS], np.int64)
    return MotilityTable(np.atleast_1d(np.asarray(motile, np.int64)), *numbers, columns)


def migrants(n: int, *, planar: bool = False, seed: int = 0, fields: dict[str, Any] | None = None) -> Any:
    """A state of n cells, far apart in a large box, in a grid of 10 x 10 x 10 (or 1) voxels."""
    random, cells = np.random.default_rng(seed), Cells()
    position = random.uniform(0.1 * FAR, 0.9 * FAR, (n, 3))
    position[:, 2] = 0.5 * FAR / 10 if planar else position[:, 2]
    cells.append(key=random.integers(0, 2**63, n).astype(np.uint64), position=position, fluid=np.ones(n))
    grid = Grid((10, 10, 1 if planar else 10), FAR / 10)
    values = {name: SimpleNamespace(values=field(grid.mesh())) for name, field in (fields or {}).items()}
    return SimpleNamespace(cells=cells, grid=grid, fields=values)


def migration(state: Any, motility: MotilityTable, dt: float = 1.0, cues: Any = ()) -> Motility:
    """The process of migration of cells that neither push nor hold each other."""
    size, planar = tuple(state.grid.size), state.grid.is_planar
    mechanics = Mechanics(ALONE, size, every=1, dt=dt, planar=planar, skin=200.0)
    found = [Cue(name, (name,), np.atleast_1d(np.asarray(weight, float))) for name, weight in cues]
    return Motility(motility, found, NO_RULES, mechanics)


TEXT = """
format: exocosm/1
name: migration
duration: 8 h
species:
  substrates:
    chemokine: {unit: uM, diffusion_coefficient: 1e4 um^2/min, decay_rate: 0 1/min, initial: 0 uM,
                regime: quasi-steady, every: 0.5 min}
tissue:
  geometry: {size: [200 um, 200 um, 200 um], voxel: 20 um}
  boundaries:
    chemokine: {x_low: 1 uM, x_high: 9 uM, y_low: no-flux, y_high: no-flux, z_low: no-flux, z_high: no-flux}
  cell_types:
    walker:
      volume: {total: 400 um^3}
      motility: {speed: 4 um/min, persistence_time: 10 min, bias: 0.5, chemotaxis: {chemokine: 1}}
    other:
      volume: {total: 400 um^3}
      motility: {speed: 2 um/min, persistence_time: 5 min}
  cells:
    - type: walker
      region: {box: {low: [20 um, 20 um, 20 um], high: [110 um, 180 um, 180 um]}}
      spacing: 20 um
    - type: other
      region: {box: {low: [25 um, 30 um, 30 um], high: [105 um, 175 um, 175 um]}}
      spacing: 45 um
  steps: {tick: 0.5 min, mechanics: 0.5 min, phenotype: 5 min}
"""


def walkers(**settings: Any) -> Model:
    """The scenario above with settings by path (dots as `__`)."""
    changes = [Set(path.replace("__", "."), value) for path, value in settings.items()]
    return Model.from_yaml(TEXT, file="walkers.yaml").change(*changes)
