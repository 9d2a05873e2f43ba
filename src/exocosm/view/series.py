"""Time courses for the charts: plain lists by panel, one line per name and arm."""

from __future__ import annotations

from typing import Any

import numpy as np

from exocosm.view.arms import Arm
from exocosm.view.columns import ACCOUNTS, STATES, Column
from exocosm.view.conditions import Condition, known_columns
from exocosm.view.palette import CARGOS, cell_type_colours

MOST_POINTS = 400
PANELS = (
    *("injected", "released", "bodies", "unreleased", "field", "matrix", "surface", "inside", "lysosome"),
    *("decayed", "left"),
)


def time_courses(conditions: list[Condition], order: list[str]) -> dict[str, Any]:
    """Panels of cells, states, vesicles (also per cell), cargo; `order`: the cell types, for their colours.

    A line has: name, colour, condition (0 is the first), x in h, y, and `ceiling` for mass-balance ceilings.
    """
    arms = [arm for c in conditions for arm in c.arms]
    columns = known_columns(arms)
    names = list(dict.fromkeys([*order, *(c.name for c in columns if c.kind == "cells")]))
    populations = list(dict.fromkeys(c.name for c in columns if c.kind == "vesicles"))
    cargos = list(dict.fromkeys(c.name for c in columns if c.kind == "cargo"))
    recipients = list(dict.fromkeys(c.cell for c in columns if c.kind == "cargo"))
    cell_colours, vesicle_colours = cell_type_colours(names), cell_type_colours(populations)
    cargo_colours = {name: CARGOS[i % len(CARGOS)] for i, name in enumerate(cargos)}
    return {
        "conditions": [c.label for c in conditions],
        "cells": [
            _panel(
                f"{state.capitalize()} cells",
                "cells",
                conditions,
                _those(columns, "cells", state),
                cell_colours,
            )
            for state in STATES
        ],
        "states": [
            _panel(f"{name.capitalize()}", "0 to 1", conditions, _of(columns, "state", name), cell_colours)
            for name in dict.fromkeys(c.name for c in columns if c.kind == "state")
        ],
        "vesicles": [
            _panel(_first_upper(words), "particles", conditions, _pools(columns, what), vesicle_colours)
            for what, words in ACCOUNTS.items()
            if what in PANELS and _pools(columns, what)
        ],
        "each": [
            _panel(_first_upper(words), "particles per cell", conditions, found, cell_colours)
            for words, found in _each(columns).items()
        ],
        "pools": [
            _panel(f"Held by each {cell} cell", "copies", conditions, _held(columns, cell), cargo_colours)
            for cell in recipients
        ],
        "cargo": [
            _panel(
                f"Per {cell} cell",
                "copies per cell per day",
                conditions,
                _rates(columns, cell),
                cargo_colours,
            )
            for cell in recipients
        ],
    }


def _those(columns: list[Column], kind: str, what: str) -> list[Column]:
    return [c for c in columns if c.kind == kind and c.what == what]


def _pools(columns: list[Column], what: str) -> list[Column]:
    return [c for c in _those(columns, "vesicles", what) if not c.cell]


def _rates(columns: list[Column], cell: str) -> list[Column]:
    rates = ("per_cell_per_day", "ceiling_per_cell_per_day")
    return [c for c in columns if c.kind == "cargo" and c.cell == cell and c.what in rates]


def _held(columns: list[Column], cell: str) -> list[Column]:
    return [c for c in columns if c.kind == "cargo" and c.cell == cell and c.what == "inside_each"]


def _each(columns: list[Column]) -> dict[str, list[Column]]:
    """Vesicles per cell by what is counted and of which population; a line for each cell type."""
    words = {
        "bound_each": "on each cell",
        "inside_each": "inside each cell",
        "entered_each": "entered so far",
    }
    panels: dict[str, list[Column]] = {}
    for column in columns:
        if column.kind == "each":
            panels.setdefault(f"{column.name} {words[column.what]}", []).append(column)
    return panels


def _of(columns: list[Column], kind: str, name: str) -> list[Column]:
    return [c for c in columns if c.kind == kind and c.name == name]


def _first_upper(words: str) -> str:
    return words[0].upper() + words[1:]


def _panel(
    heading: str, unit: str, conditions: list[Condition], columns: list[Column], colours: dict[str, str]
) -> dict[str, Any]:
    lines = [
        _line(arm, column, place, colours[_named(column)])
        for column in columns
        for place, condition in enumerate(conditions)
        for arm in condition.arms
        if column.key in arm.run.summary
    ]
    return {"title": heading, "unit": unit, "lines": lines}


def _named(column: Column) -> str:
    """What tells the lines of a panel apart."""
    return column.cell if column.kind in ("state", "each") else column.name


def _line(arm: Arm, column: Column, condition: int, colour: str) -> dict[str, Any]:
    course = arm.run.summary[column.key]
    step = max(1, len(course) // MOST_POINTS)
    chosen = sorted({*range(0, len(course), step), len(course) - 1})
    return {
        "name": _named(column),
        "colour": colour,
        "condition": condition,
        "arm": arm.label,
        "ceiling": column.what.startswith("ceiling"),
        "x": [round(float(t), 5) for t in np.asarray(course.index, dtype=float)[chosen]],
        "y": [float(v) for v in np.asarray(course, dtype=float)[chosen]],
    }
