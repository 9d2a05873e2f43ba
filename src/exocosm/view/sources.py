"""What the model stands on: each number with its source, and the shares of evidence, derived and assumed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from exocosm.view.words import number, units

KINDS = {
    "evidence": "measured, from a cited source",
    "derived": "calculated by a stated formula",
    "assumed": "assumed, with a reason and a range",
    "choice": "a choice of the experiment, not knowledge",
    "unsourced": "without a source",
}


def source_rows(model: Any) -> list[dict[str, str]]:
    """The rows of `exocosm.model.sources` as text; an empty list where this version does not tell."""
    try:
        from exocosm.model import Model, sources
    except ImportError:
        return []
    return [read_row(origin) for origin in sources(model)] if isinstance(model, Model) else []


def read_row(origin: Any) -> dict[str, str]:
    """One row from an origin (or a mapping with its names): value, source and range as text."""
    row = origin if isinstance(origin, Mapping) else vars(origin)
    unit = units(str(row.get("unit", "")))
    low, high = row.get("low"), row.get("high")
    reference = str(row.get("reference") or "")
    return {
        "path": str(row["path"]),
        "value": units(str(row.get("text") or f"{number(row['value'])} {unit}")),
        "kind": str(row["kind"]),
        "source": str(row.get("basis") or ""),
        "reference": reference,
        "link": _link(reference),
        "range": "" if low is None or high is None else f"{low:.4g} to {high:.4g} {unit}".strip(),
    }


def _link(reference: str) -> str:
    """Where a reader who is online finds the reference; '' where it is no address."""
    address = re.search(r"https?://\S+", reference)
    identifier = re.search(r"\b10\.\d{4,}/[^\s,;]+", reference)
    if address:
        return address[0].rstrip(".,;")
    return f"https://doi.org/{identifier[0].rstrip('.')}" if identifier else ""


def shares(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    """How many numbers are of each kind, choices apart: the bar above the table."""
    counts = Counter(row["kind"] for row in rows)
    known = [kind for kind in KINDS if kind != "choice" and counts[kind]]
    total = sum(counts[kind] for kind in known)
    return [{"kind": k, "count": counts[k], "share": counts[k] / total, "words": KINDS[k]} for k in known]
