"""Time courses for the charts: plain lists by panel, one line per name and condition, the mean of its seeds.

With one or two conditions a panel holds several names and tells them by colour; with more there is a panel
for each name, and colour tells the conditions.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from exocosm.view.columns import ACCOUNTS, STATES, Column
from exocosm.view.conditions import Condition, known_columns, names
from exocosm.view.palette import CARGOS, arm_colours, cell_type_colours

MOST_POINTS = 400
NEAR = 0.006
"""Share of the largest value of a panel within which two lines lie on each other."""
FEW = 2
"""Conditions that may share a panel with several names."""
PANELS = (
    *("injected", "released", "bodies", "unreleased", "field", "matrix", "surface", "inside", "lysosome"),
    *("decayed", "left"),
)


def time_courses(conditions: list[Condition], order: list[str]) -> dict[str, Any]:
    """Panels of cells, states, vesicles (also per cell), cargo; `order`: the cell types, for their colours.

    A line has: name, colour, condition (0 is the first), x in h, y, `low` and `high` over seeds (None for one
    seed), `turn` for lines that coincide, and `ceiling` for mass-balance ceilings.
    """
    columns = known_columns([arm for c in conditions for arm in c.arms])
    types = list(dict.fromkeys([*order, *(c.name for c in columns if c.kind == "cells")]))
    colours = cell_type_colours(types)
    return {
        "conditions": names(conditions),
        "colours": arm_colours(len(conditions)),
        "cells": _cells(conditions, columns, colours),
        "tissue": _tissue(conditions, columns, types),
        "states": _states(conditions, columns, colours),
        "vesicles": _vesicles(conditions, columns),
        "each": _flat(
            _panels(_first_upper(words), "particles per cell", conditions, found, colours)
            for words, found in _each(columns).items()
        ),
        **_cargo(conditions, columns),
    }


def _cells(
    conditions: list[Condition], columns: list[Column], colours: dict[str, str]
) -> list[dict[str, Any]]:
    """Counts of cells, a panel for each way in which a cell is."""
    return _flat(
        _panels(f"{state.capitalize()} cells", "cells", conditions, _those(columns, "cells", state), colours)
        for state in STATES
    )


def _states(
    conditions: list[Condition], columns: list[Column], colours: dict[str, str]
) -> list[dict[str, Any]]:
    """Means over cells of what rules drive, such as activation."""
    return _flat(
        _panels(f"{name.capitalize()}", "0 to 1", conditions, _of(columns, "state", name), colours)
        for name in dict.fromkeys(c.name for c in columns if c.kind == "state")
    )


def _vesicles(conditions: list[Condition], columns: list[Column]) -> list[dict[str, Any]]:
    """Where the vesicles of each population are, and what became of the others."""
    colours = cell_type_colours(list(dict.fromkeys(c.name for c in columns if c.kind == "vesicles")))
    return _flat(
        _panels(_first_upper(words), "particles", conditions, _pools(columns, what), colours)
        for what, words in ACCOUNTS.items()
        if what in PANELS and _pools(columns, what)
    )


def _cargo(conditions: list[Condition], columns: list[Column]) -> dict[str, list[dict[str, Any]]]:
    """Copies that each cell of a type holds, and those that it takes up in a day."""
    cargos = dict.fromkeys(c.name for c in columns if c.kind == "cargo")
    recipients = dict.fromkeys(c.cell for c in columns if c.kind == "cargo")
    colours = {name: CARGOS[i % len(CARGOS)] for i, name in enumerate(cargos)}
    held = (
        _panels(f"Held by each {cell} cell", "copies", conditions, _held(columns, cell), colours)
        for cell in recipients
    )
    taken = (
        _panels(f"Per {cell} cell", "copies per cell per day", conditions, _rates(columns, cell), colours)
        for cell in recipients
    )
    return {"pools": _flat(held), "cargo": _flat(taken)}


def _tissue(conditions: list[Condition], columns: list[Column], types: list[str]) -> list[dict[str, Any]]:
    """Fractions of the tumour, shares of cells above a threshold, and densities by zone."""
    found = [c for c in columns if c.kind in ("tumour", "fraction", "density")]
    colours = cell_type_colours(list(dict.fromkeys([*types, *(_named(c) for c in found)])))
    headings: dict[str, list[Column]] = {}
    for column in found:
        heading = {
            "tumour": column.what.replace("_", " "),
            "fraction": f"{column.name} share",
            "density": f"In the {column.cell}",
        }[column.kind]
        headings.setdefault(_first_upper(heading), []).append(column)
    return _flat(_panels(text, mine[0].unit, conditions, mine, colours) for text, mine in headings.items())


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


def _flat(groups: Iterable[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [panel for panels in groups for panel in panels]


def _panels(
    heading: str, unit: str, conditions: list[Condition], columns: list[Column], colours: dict[str, str]
) -> list[dict[str, Any]]:
    if len(conditions) <= FEW:
        lines = [
            _line(condition, column, place, colours[_named(column)])
            for column in columns
            for place, condition in enumerate(conditions)
        ]
        return [{"title": heading, "unit": unit, "lines": [line for line in lines if line]}]
    shades = arm_colours(len(conditions))
    panels: list[dict[str, Any]] = []
    for name in dict.fromkeys(_named(c) for c in columns):
        found = [
            _line(condition, column, place, shades[place])
            for column in columns
            if _named(column) == name
            for place, condition in enumerate(conditions)
        ]
        title = heading if heading.lower() == name.lower() else f"{heading}: {name}"
        panels.append({"title": title, "unit": unit, "lines": _apart([line for line in found if line])})
    return panels


def _apart(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines that lie on each other take turns: `turn` is (place, count); one band serves them all."""
    groups: list[list[dict[str, Any]]] = []
    width = NEAR * max((abs(v) for line in lines for v in line["y"] if v == v), default=0.0)
    for line in lines:
        mine = next((g for g in groups if _near(g[0], line, width)), None)
        if mine is None:
            groups.append([line])
        else:
            mine.append(line)
    for group in groups:
        for place, line in enumerate(group):
            line["turn"] = (place, len(group))
            if place:
                line["low"] = line["high"] = None
    return lines


def _near(one: dict[str, Any], two: dict[str, Any], width: float) -> bool:
    if one["ceiling"] != two["ceiling"] or one["x"] != two["x"]:
        return False
    return bool(np.allclose(one["y"], two["y"], rtol=0.0, atol=width, equal_nan=True))


def _named(column: Column) -> str:
    """What tells the lines of a panel apart."""
    return column.cell if column.kind in ("state", "each", "fraction") else column.name


def _line(condition: Condition, column: Column, place: int, colour: str) -> dict[str, Any] | None:
    """The mean over the seeds of a condition, with the smallest and largest; None without the column."""
    courses = [arm.run.summary[column.key] for arm in condition.arms if column.key in arm.run.summary]
    if not courses:
        return None
    times = courses[0].index
    for course in courses[1:]:
        times = times.intersection(course.index)
    step = max(1, len(times) // MOST_POINTS)
    chosen = times[sorted({*range(0, len(times), step), len(times) - 1})]
    values = np.array([np.asarray(course.loc[chosen], dtype=float) for course in courses])
    several = len(courses) > 1 and bool((np.nan_to_num(np.ptp(values, axis=0)) > 0).any())
    return {
        "name": _named(column),
        "colour": colour,
        "condition": place,
        "arm": condition.short,
        "ceiling": column.what.startswith("ceiling"),
        "turn": (0, 1),
        "x": [round(float(t), 5) for t in chosen],
        "y": [float(v) for v in values.mean(axis=0)],
        "low": [float(v) for v in values.min(axis=0)] if several else None,
        "high": [float(v) for v in values.max(axis=0)] if several else None,
    }
