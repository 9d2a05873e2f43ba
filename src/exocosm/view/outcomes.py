"""The table of final outcomes: a row for each column of the summary worth one, then the differences."""

from __future__ import annotations

from typing import Any

from exocosm.view.columns import Column
from exocosm.view.conditions import (
    Condition,
    Difference,
    common_hour,
    difference,
    known_columns,
    paired,
    value_of,
)
from exocosm.view.words import number, percent, signed

GROUPS = {
    "cells": "Cells",
    "state": "States of cells",
    "vesicles": "Vesicles",
    "each": "Vesicles per cell",
    "cargo": "Cargo",
    "level": "Surroundings",
}


def outcomes(conditions: list[Condition], units: dict[str, str] | None = None) -> dict[str, Any]:
    """Rows by group; rows that are zero in every condition are left out."""
    arms = [arm for c in conditions for arm in c.arms]
    hour = common_hour(arms)
    groups = []
    for kind, heading in GROUPS.items():
        columns = in_order([c for c in known_columns(arms) if c.kind == kind and _worth(c)])
        rows = [_row(c, conditions, hour, units or {}) for c in columns]
        shown = [row for row in rows if row is not None]
        if shown:
            groups.append({"heading": heading, "rows": shown})
    labels = [c.label for c in conditions]
    others = labels[1:] if paired(conditions) else []
    return {"hour": hour, "conditions": labels, "others": others, "groups": groups}


def _worth(column: Column) -> bool:
    """Totals that another row already tells are left to the summary's own file."""
    return column.what not in ("taken_up", "delivered")


def in_order(columns: list[Column]) -> list[Column]:
    """As in the summary, but each part below what it is a part of."""
    wholes = [column for column in columns if not column.is_part]
    parts = [column for column in columns if column.is_part]
    return [c for whole in wholes for c in (whole, *(part for part in parts if _belongs(part, whole)))]


def _belongs(part: Column, whole: Column) -> bool:
    if part.name != whole.name:
        return False
    if part.kind == "cargo":
        return part.cell == whole.cell and whole.what == "per_cell_per_day"
    return part.what == whole.what


def _row(
    column: Column, conditions: list[Condition], hour: float, units: dict[str, str]
) -> dict[str, Any] | None:
    values = [value_of(condition, column.key, hour) for condition in conditions]
    if not any(values):
        return None
    others = conditions[1:] if paired(conditions) else []
    changes = [difference(conditions[0], other, column.key, hour) for other in others]
    digits = 6 if column.kind == "cells" else 3
    return {
        "key": column.key,
        "words": column.words,
        "unit": column.unit or units.get(column.name, ""),
        "values": [number(v, digits) for v in values],
        "differences": [_difference(d) for d in changes],
        "part": column.is_part,
    }


def _difference(found: Difference) -> dict[str, Any]:
    if len(found.paired) > 1:
        text = f"{signed(found.mean)} [{signed(min(found.paired))} … {signed(max(found.paired))}]"
    else:
        text = signed(found.mean)
    relative = "" if not found.mean else percent(found.relative)
    sign = "−" if found.mean < 0 else "+"
    return {
        "text": text,
        "relative": f"{sign}{relative}" if relative not in ("", "–") else "",
        "none": not found.mean,
    }
