"""What is known: the evidence tables with their reader, and what ships: scenarios, models of the cycle."""

from __future__ import annotations

from exocosm.library.rows import EvidenceError, Row, evidence, rows
from exocosm.library.shipped import cycle_names, cycle_path, scenario_names, scenario_path

__all__ = [
    "EvidenceError",
    "Row",
    "cycle_names",
    "cycle_path",
    "evidence",
    "rows",
    "scenario_names",
    "scenario_path",
]
