"""Answers as tables: one line for each effect of each row, and the counts."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

from exocosm.results.durable import write_text
from exocosm.study.directions.answering import Answer, Directions
from exocosm.study.directions.asking import ENCODED, SAME_SOURCE, Question

COLUMNS = (
    *("row", "recipient", "cargo", "effect", "published", "column", "why_not", "found", "verdict"),
    *("tissue_dose", "without", "change", "low", "high", "tissue_change", "arrows", "pathways", "source"),
)
SIGNED = {1: "up", -1: "down", 0: "none"}


def lines(found: Directions) -> list[dict[str, str]]:
    """One line for each question, with the columns of `COLUMNS`."""
    return [_line(answer) for answer in found.answers]


def write_table(found: Directions, path: Path) -> None:
    """Write all lines as CSV; nothing is left half-written."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines(found))
    write_text(path, text.getvalue())


def column(question: Question) -> str:
    """In which of the columns a question stands: emergent, encoded or not modelled."""
    if question.counted:
        return "emergent"
    return "encoded" if question.why_not in (ENCODED, SAME_SOURCE) else "not modelled"


def reasons(found: Directions) -> Counter[str]:
    """Why questions do not count, and how many for each reason; targets and effects are left out of it."""
    return Counter(
        _reason(answer.question.why_not) for answer in found.answers if not answer.question.counted
    )


def _reason(why_not: str) -> str:
    if why_not.startswith("no pathway was read"):
        return "no pathway was read from the target to the effect"
    if why_not.startswith("no dish reads"):
        return "no dish reads the effect in this cell"
    return why_not


def arrows(question: Question) -> str:
    """The chain in words: what is pulled at, and the arrows from there."""
    if question.chain is None:
        return ""
    pulled = [f"{'+' if sign > 0 else '-'} {node}" for node, sign in question.pulls]
    led = [f"{here} {'->' if sign > 0 else '-|'} {to}" for here, to, sign in question.chain.arrows]
    return "; ".join([*pulled, *led])


def _line(answer: Answer) -> dict[str, str]:
    asked, assay, tissue = answer.question, answer.assay, answer.tissue
    return {
        "row": asked.row.id,
        "recipient": asked.cell_type,
        "cargo": "; ".join(asked.row.cargos),
        "effect": asked.effect,
        "published": SIGNED[answer.expected],
        "column": column(asked),
        "why_not": asked.why_not,
        "found": SIGNED[answer.found] if assay else "",
        "verdict": answer.verdict,
        "tissue_dose": answer.at_tissue_dose,
        "without": f"{assay.without:.6g}" if assay else "",
        "change": f"{assay.mean:.6g}" if assay else "",
        "low": f"{assay.low:.6g}" if assay else "",
        "high": f"{assay.high:.6g}" if assay else "",
        "tissue_change": f"{tissue.mean:.6g}" if tissue else "",
        "arrows": arrows(asked),
        "pathways": "; ".join(asked.chain.ids) if asked.chain else "",
        "source": asked.row.source,
    }
