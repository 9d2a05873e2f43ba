"""What is known: the evidence tables with their reader, and the scenarios that ship with Exocosm."""

from __future__ import annotations

from exocosm.library.rows import EvidenceError, Row, evidence, rows
from exocosm.library.shipped import scenario_names, scenario_path

__all__ = ["EvidenceError", "Row", "evidence", "rows", "scenario_names", "scenario_path"]
