"""The final outcomes: rows of a table for each arm, and forest plots of paired differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from exocosm.view.columns import Column
from exocosm.view.conditions import (
    OF_CELLS,
    Condition,
    Difference,
    common_hour,
    difference,
    known_columns,
    names,
    paired,
    value_of,
)
from exocosm.view.words import ends, number, percent, signed

GROUPS = {
    "tumour": "Tumour",
    "cells": "Cells",
    "density": "Density of cells",
    "fraction": "Shares of cells",
    "state": "States of cells",
    "vesicles": "Vesicles",
    "each": "Vesicles per cell",
    "cargo": "Cargo",
    "level": "Surroundings",
    "other": "Other",
}


@dataclass(frozen=True)
class Forest:
    """One outcome: the difference of each arm from the first, for a forest plot."""

    column: Column
    unit: str
    baseline: float
    arms: tuple[tuple[str, int, Difference], ...]

    @property
    def differs(self) -> bool:
        """Whether any pair of seeds differs in any arm."""
        return any(gap != 0 for _, _, found in self.arms for gap in found.paired)


def forests(conditions: list[Condition], units: dict[str, str] | None = None) -> list[Forest]:
    """A forest for each outcome that is not zero or missing everywhere; none where nothing is paired.

    Arms come with their place among the conditions, by which they have their colour.
    """
    if not paired(conditions):
        return []
    arms = [arm for c in conditions for arm in c.arms]
    hour, short = common_hour(arms), names(conditions)
    columns = [c for kind in GROUPS for c in known_columns(arms) if c.kind == kind and _worth(c)]
    found = [
        Forest(
            column,
            column.unit or (units or {}).get(column.name, ""),
            value_of(conditions[0], column.key, hour),
            tuple(
                (short[i], i, difference(conditions[0], other, column.key, hour))
                for i, other in enumerate(conditions)
                if i
            ),
        )
        for column in columns
    ]
    return [f for f in found if _something(f.baseline) or any(_something(d.value) for _, _, d in f.arms)]


def _something(value: float) -> bool:
    """Whether a value is there and not zero."""
    return value == value and value != 0


def main(found: list[Forest]) -> list[Forest]:
    """Those that a reader asks for first: what cells did."""
    return [f for f in found if f.column.kind in OF_CELLS and f.column.what != "volume"]


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
    several = min(len(c.arms) for c in conditions) > 1
    return {
        "hour": hour,
        "conditions": labels,
        "names": names(conditions),
        "others": others,
        "groups": groups,
        "several": several,
    }


def _worth(column: Column) -> bool:
    """Totals that another row already tells are left to the summary's own file."""
    return column.what not in ("taken_up", "delivered")


def in_order(columns: list[Column]) -> list[Column]:
    """As in the summary, but each part below what it is a part of."""
    wholes = [column for column in columns if not column.is_part]
    parts = [column for column in columns if column.is_part]
    below = [c for whole in wholes for c in (whole, *(part for part in parts if _belongs(part, whole)))]
    return below + [part for part in parts if part not in below]


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
    if not any(v for v in values if v == v):
        return None
    others = conditions[1:] if paired(conditions) else []
    changes = [difference(conditions[0], other, column.key, hour) for other in others]
    return {
        "key": column.key,
        "words": column.words,
        "unit": column.unit or units.get(column.name, ""),
        "values": [number(v) for v in values],
        "differences": [_difference(d) for d in changes],
        "part": column.is_part,
    }


def _difference(found: Difference) -> dict[str, Any]:
    low, high = found.interval
    relative = "" if not found.mean else percent(found.relative)
    sign = "−" if found.mean < 0 else "+"
    return {
        "text": signed(found.mean),
        "interval": "" if low != low else " to ".join(ends(low, high)),
        "relative": f"{sign}{relative}" if relative not in ("", "–") else "",
        "none": not found.told_from_none,
    }
