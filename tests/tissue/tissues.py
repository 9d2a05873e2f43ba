"""Small tissues for tests."""

import numpy as np

from exocosm.tissue.cell_types import MechanicsTable
from exocosm.tissue.cells import Cells

PHYSICELL = MechanicsTable(np.array([10.0**0.5]), np.array([0.4**0.5]), np.array([1.25]))


def random_tissue(n, side=60.0, seed=0, types=1):
    """Cells at random in a cube of `side` µm, some of them overlapping strongly."""
    random = np.random.default_rng(seed)
    cells = Cells()
    cells.append(
        key=random.integers(0, 2**63, n).astype(np.uint64),
        type=random.integers(0, types, n),
        position=random.uniform(0, side, (n, 3)),
        previous_velocity=random.normal(0, 1, (n, 3)),
        velocity_known=random.integers(0, 2, n),
        fluid=random.uniform(300, 2000, n),
        nuclear_solid=random.uniform(50, 200, n),
        cytoplasmic_solid=random.uniform(100, 400, n),
    )
    return cells


def cells_at(position, radius):
    """Cells of given centres and one radius, with keys 1, 2, ..."""
    position = np.asarray(position, float)
    n = len(position)
    cells = Cells()
    volume = 4 / 3 * np.pi * radius**3
    cells.append(key=np.arange(1, n + 1, dtype=np.uint64), position=position, fluid=np.full(n, volume))
    return cells
