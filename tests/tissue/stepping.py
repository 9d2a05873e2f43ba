"""A step of the phenotype beside the reference, cell by cell."""

from __future__ import annotations

from typing import Any

import pytest

from exocosm.tissue.cells import NAMES
from exocosm.tissue.reference import phenotype as reference


def step_beside_reference(
    tissue: Any, phenotype: Any, draw: Any, tick: int, minutes: float, planar: bool = False
) -> None:
    """Advance `tissue` by one tick; every column of every cell must be what the reference makes of it."""
    cells = tissue.cells
    size, table, names = tissue.grid.size, tissue.types.phenotype, tissue.holdings.names
    expected = reference.advanced(cells, table, draw, tick, minutes, size, planar, names)
    phenotype.step(tissue, tick, draw, tissue.ledger)
    by_key = {int(cell["key"]): cell for cell in expected}
    assert sorted(by_key) == sorted(cells.view("key").tolist())
    for i, key in enumerate(cells.view("key").tolist()):
        for name in NAMES:
            found, wanted = cells.view(name)[i], by_key[key][name]
            assert found == pytest.approx(wanted, rel=1e-11, abs=1e-10), (name, tick)
