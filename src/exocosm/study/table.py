"""A comparison for the eye: a table per arm with units, and in words what the numbers cannot say."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from exocosm.results.expected import VERDICTS, Judged, judged
from exocosm.study.choice import with_content, worth_a_line
from exocosm.study.comparison import BASELINE, Comparison
from exocosm.study.outcomes import OF_CELLS

if TYPE_CHECKING:
    import pandas
    from rich.table import Table

GROUPS = {
    "cells": "Cells",
    "viability": "Shares of the volume of a type",
    "density": "Cells per mm3",
    "fraction": "Shares of a type of cell",
    "state": "States of cells, 0 to 1",
    "vesicles": "Vesicles, particles",
    "each": "Vesicles, particles per cell",
    "cargo": "Cargo, copies per cell per day",
    "pool": "Cargo held, copies per cell",
    "level": "Substrates, mean over the tissue",
}


NARROWEST = 20
"""Characters that the names of outcomes keep in a narrow terminal."""


def number(value: float, *, signed: bool = False, digits: int = 3) -> str:
    """Counts below ten million in full with thousands separators, other numbers to three digits."""
    if math.isnan(value):
        return "–"
    sign = "+" if signed else ""
    if value == 0:
        return "0"
    if abs(value) >= 1e7:
        return f"{value:{sign}.{digits}g}"
    if abs(value) >= 10.0 ** (digits - 1):
        return f"{value:{sign},.0f}"
    return f"{value:{sign},.{digits}g}" if value != round(value) else f"{value:{sign}.0f}"


def interval_in_words(low: float, high: float) -> str:
    """`-0.5 to +0.2`: three digits, or up to six that tell the ends apart."""
    for digits in range(3, 7):
        ends = [number(end, signed=True, digits=digits) for end in (low, high)]
        if ends[0] != ends[1]:
            return " to ".join(ends)
    return f"{number(low, signed=True)} to {number(high, signed=True)}"


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
    shown = worth_a_line(rows)
    for group, title in GROUPS.items():
        _add_group(table, title, shown[shown["group"] == group], several)
    hidden = int(with_content(rows).sum()) - len(shown)
    if hidden:
        table.caption = Text(f"{hidden} more outcomes stand in comparison.csv and in the report")
        table.caption_justify = "left"
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
    """What a reader must know to read the table right; a null is a finding, told with its interval."""
    notes = []
    if len(comparison.seeds) == 1:
        notes.append("One seed: no interval. Add --seeds 5 for one.")
    else:
        notes.append("Intervals: Student's t over paired differences of seeds.")
        notes.append(_gain_of_pairing(comparison))
    notes += [_nulls(comparison, str(label)) for label in comparison.runs if label != BASELINE]
    return [note for note in notes if note]


def _gain_of_pairing(comparison: Comparison) -> str:
    """How much smaller the variance of paired differences is than that of runs with seeds of their own."""
    table = comparison.table
    rows = table[table["group"].isin(OF_CELLS) & (table["variance"] > 0) & (table["unpaired_variance"] > 0)]
    if rows.empty:
        return ""
    gain = rows["unpaired_variance"] / rows["variance"]
    hours = comparison.runs[BASELINE][0].time_h
    most = rows.loc[gain.idxmax()]
    low, middle, high = (times(float(value)) for value in (gain.min(), gain.median(), gain.max()))
    paired, unpaired = (number(float(most[column])) for column in ("variance", "unpaired_variance"))
    if len(rows) == 1:
        return (
            f"Pairing: after {hours:g} h the variance of the paired difference of {most['outcome']} is "
            f"{paired}, that of unpaired runs {unpaired}."
        )
    return (
        f"Pairing: after {hours:g} h the variance of a paired difference, beside that of unpaired runs, is "
        f"{middle} (median over {len(rows)} outcomes of cells, from {low} to {high}; {most['outcome']}: "
        f"{paired} against {unpaired})."
    )


def times(gain: float) -> str:
    """A gain of variance in words: 4 -> 4 times smaller; 0.5 -> 2 times larger; 1 -> about as large."""
    if 0.95 < gain < 1.05:
        return "about as large"
    return f"{number(gain)} times smaller" if gain > 1 else f"{number(1 / gain)} times larger"


def _nulls(comparison: Comparison, label: str) -> str:
    """The outcomes of cells that an arm did not change, or whose interval covers no change."""
    table = comparison.table
    rows = table[(table["arm"] == label) & table["group"].isin(OF_CELLS)]
    rows = rows[(rows["baseline"] != 0) | (rows["value"] != 0)]
    rows = rows[rows["difference"].notna()]  # what no cell of an arm has has no value
    if rows.empty:
        return ""
    if (rows["difference"] == 0).all() and comparison.cells_unchanged(label):
        pairs = len(comparison.seeds)
        return (
            f"{label}: a null for cells. Their numbers and states are identical in {_pairs(pairs)}, at every "
            "record; what vesicles and cargo did stands in the table."
        )
    covered = rows[(rows["low"] <= 0) & (rows["high"] >= 0)]
    same = (covered["low"] == 0) & (covered["high"] == 0)
    told = [f"{r['outcome']} {_between(r)}" for r in covered[~same].to_dict("records")]
    equal = [str(name) for name in covered[same]["outcome"]]
    parts = [f"no effect told from none on {'; '.join(told)}"] if told else []
    parts += [f"the same in every pair: {'; '.join(equal)}"] if equal else []
    return f"{label}: {'. '.join(parts)}." if parts else ""


def expectations(comparison: Comparison) -> list[str]:
    """What was expected of the arms, with the verdict and the numbers; nothing where nothing was written."""
    found = judged(comparison.runs[BASELINE][0].model, comparison.runs)
    if not found:
        return []
    counts = ", ".join(f"{n} {word}" for word in VERDICTS if (n := sum(j.verdict == word for j in found)))
    return [f"Expected before the run: {counts}.", *map(_told, found)]


def _told(found: Judged) -> str:
    several = found.low == found.low
    between = f", 95 % interval {interval_in_words(found.low, found.high)}"
    change = f"{number(found.before)} to {number(found.after)} ({number(found.difference, signed=True)}"
    return f"  {found.verdict}: {found.said}: {change}{between if several else ''}). {found.why}"


def _pairs(count: int) -> str:
    return "the one pair" if count == 1 else f"each of {count} pairs"


def _between(row: Mapping[Any, Any]) -> str:
    between = interval_in_words(row["low"], row["high"])
    return f"({number(row['difference'], signed=True)}, 95 % interval {between})"
