"""What is known: evidence tables with their reader; what ships: scenarios, pieces of them, cell cycles."""

from __future__ import annotations

from exocosm.library.rows import EvidenceError, Row, evidence, rows
from exocosm.library.shipped import (
    PIECES,
    cycle_names,
    cycle_path,
    piece_names,
    piece_path,
    scenario_names,
    scenario_path,
)

__all__ = [
    "PIECES",
    "EvidenceError",
    "Row",
    "cycle_names",
    "cycle_path",
    "evidence",
    "piece_names",
    "piece_path",
    "rows",
    "scenario_names",
    "scenario_path",
]
