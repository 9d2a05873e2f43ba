"""What the model stands on: each number with its source, and the shares of evidence, derived and assumed."""

from __future__ import annotations

from collections import Counter
from typing import Any

KINDS = {
    "evidence": "measured, from a cited source",
    "derived": "calculated by a stated formula",
    "assumed": "assumed, with a reason and a range",
    "choice": "a choice of the experiment, not knowledge",
    "unsourced": "without a source",
}
COLUMNS = ("path", "value", "unit", "kind", "source", "range")
_NAMES = {"source": ("source", "why", "detail", "text"), "path": ("path", "place"), "kind": ("kind",)}


def source_rows(model: Any) -> list[dict[str, str]]:
    """The rows of `exocosm.model.sources` as text; an empty list where this version does not tell."""
    try:
        from exocosm.model import sources
    except ImportError:
        return []
    try:
        found = sources(model)
    except (AttributeError, TypeError):
        return []
    records = found.to_dict("records") if hasattr(found, "to_dict") else list(found)
    return [read_row(record) for record in records]


def read_row(record: Any) -> dict[str, str]:
    """One row from a mapping or an object, whatever of the columns it has."""
    return {column: _text(_first(record, _NAMES.get(column, (column,)))) for column in COLUMNS}


def _first(record: Any, names: tuple[str, ...]) -> Any:
    for name in names:
        value = record.get(name) if isinstance(record, dict) else getattr(record, name, None)
        if value is not None and value != "":
            return value
    return ""


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return " to ".join(str(v) for v in value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def shares(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    """How many numbers are of each kind, choices apart: the bar above the table."""
    counts = Counter(row["kind"] for row in rows)
    known = [kind for kind in KINDS if kind != "choice" and counts[kind]]
    total = sum(counts[kind] for kind in known)
    return [{"kind": k, "count": counts[k], "share": counts[k] / total, "words": KINDS[k]} for k in known]
