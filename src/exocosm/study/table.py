"""A comparison for the eye: a table per arm with units, and in words what the numbers cannot say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from exocosm.study.comparison import BASELINE, Comparison

if TYPE_CHECKING:
    import pandas
    from rich.table import Table

GROUPS = {
    "cells": "Cells",
    "vesicles": "Vesicles, particles",
    "cargo": "Cargo, copies per cell per day",
}


NARROWEST = 20
"""Characters that the names of outcomes keep in a narrow terminal."""


def number(value: float, *, signed: bool = False) -> str:
    """Counts below ten million in full with thousands separators, other numbers to three digits."""
    if math.isnan(value):
        return "–"
    sign = "+" if signed else ""
    if value == 0:
        return "0"
    if abs(value) >= 1e7:
        return f"{value:{sign}.3g}"
    if abs(value) >= 100:
        return f"{value:{sign},.0f}"
    return f"{value:{sign}.3g}" if value != round(value) else f"{value:{sign}.0f}"


def tables(comparison: Comparison) -> list[Table]:
    """One Rich table for each arm against the baseline."""
    return [_arm_table(comparison, str(label)) for label in comparison.runs if label != BASELINE]


def _arm_table(comparison: Comparison, label: str) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    several = len(comparison.seeds) > 1
    hours = comparison.runs[BASELINE][0].time_h
    what = f"means of {len(comparison.seeds)} pairs" if several else "one pair"
    title = f"{label} against {BASELINE}, after {hours:g} h ({what})"
    table = Table(
        title=Text(title), title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False
    )
    table.add_column("outcome", min_width=NARROWEST, overflow="fold")
    for heading in (BASELINE, "changed", "difference"):
        table.add_column(heading, justify="right", no_wrap=True)
    if several:
        table.add_column("95 % interval", justify="right", no_wrap=True)
    rows = comparison.table[comparison.table["arm"] == label]
    for group, title in GROUPS.items():
        _add_group(table, title, rows[rows["group"] == group], several)
    return table


def _add_group(table: Table, title: str, rows: pandas.DataFrame, several: bool) -> None:
    from rich.markup import escape

    if rows.empty:
        return
    table.add_row(f"[bold]{title}[/bold]")
    for row in rows.to_dict("records"):
        between = [f"± {number((row['high'] - row['low']) / 2)}"] if several else []
        values = (number(row["baseline"]), number(row["value"]), number(row["difference"], signed=True))
        table.add_row(escape(f"  {row['outcome']}"), *values, *between)
    table.add_section()


def remarks(comparison: Comparison) -> list[str]:
    """What a reader must know to read the table right."""
    notes = []
    if len(comparison.seeds) == 1:
        notes.append("One seed: no interval. Add --seeds 5 for one.")
    else:
        notes.append("Intervals: Student's t over paired differences of seeds.")
    if comparison.cells_unchanged():
        notes.append(
            "All outcomes of cells are identical in both arms: in this model vesicles do not (yet) act on "
            "cells, so taking them away changes where cargo goes and nothing else."
        )
    return notes
