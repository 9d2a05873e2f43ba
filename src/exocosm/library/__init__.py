"""What is known: evidence tables with their reader, and what ships: scenarios, pieces of them, cycles."""

from __future__ import annotations

from exocosm.library.atlas import Atlas, atlas
from exocosm.library.contradictions import contradictions
from exocosm.library.exports import as_csv, as_graphml
from exocosm.library.grades import grade
from exocosm.library.measured import MeasuredEffect, measured_effects, measured_of
from exocosm.library.mechanisms import Mechanism, mechanism, mechanisms, read_mechanisms
from exocosm.library.network import Arrow, Network, network
from exocosm.library.numbers import numbered, numbers_as_csv, numbers_of
from exocosm.library.pathways import Pathway, Readout, pathways, readouts
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
from exocosm.library.table_checks import check_table
from exocosm.library.terms import Term, term, terms

__all__ = [
    "PIECES",
    "Arrow",
    "Atlas",
    "EvidenceError",
    "MeasuredEffect",
    "Mechanism",
    "Network",
    "Pathway",
    "Readout",
    "Row",
    "Term",
    "as_csv",
    "as_graphml",
    "atlas",
    "check_table",
    "contradictions",
    "cycle_names",
    "cycle_path",
    "evidence",
    "grade",
    "measured_effects",
    "measured_of",
    "mechanism",
    "mechanisms",
    "network",
    "numbered",
    "numbers_as_csv",
    "numbers_of",
    "pathways",
    "piece_names",
    "piece_path",
    "read_mechanisms",
    "readouts",
    "rows",
    "scenario_names",
    "scenario_path",
    "term",
    "terms",
]
