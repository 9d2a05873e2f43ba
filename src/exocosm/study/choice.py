"""Which rows of a comparison a terminal shows where there are many; the rest stands in file and report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas

MOST = 24
"""Rows of one group that are shown whole."""


def worth_a_line(rows: pandas.DataFrame) -> pandas.DataFrame:
    """The rows of one arm that have content, without details where there are many."""
    kept = rows[with_content(rows)]
    kept = kept[~kept["column"].isin(_unreached(kept))]
    crowded = kept.groupby("group")["column"].transform("size") > MOST
    return kept[~(crowded & kept["column"].isin(_details(kept)))]


def with_content(rows: pandas.DataFrame) -> pandas.Series[bool]:
    """Whether a row is neither zero in both arms nor without a value in both, as where no such cell is."""
    some = rows["baseline"].notna() | rows["value"].notna()
    return some & ((rows["baseline"] != 0) | (rows["value"] != 0))


def _unreached(rows: pandas.DataFrame) -> list[str]:
    """Ceilings of cargo that never came to these cells in either arm."""
    delivered = set(rows["column"])
    ceilings = [column for column in rows["column"] if ".ceiling_per_cell_per_day." in column]
    return [
        column
        for column in ceilings
        if column.replace(".ceiling_per_cell_per_day.", ".per_cell_per_day.") not in delivered
    ]


def _details(rows: pandas.DataFrame) -> list[str]:
    """Vesicles by cell, pools and levels; cargo to cells for which no dose of an assay is stated."""
    assays = {
        tuple(match.groups())
        for column in rows["column"]
        if (match := re.fullmatch(r"cargo\.(.+)\.assay_per_cell\.([^.]+)", column))
    }
    return [column for column in rows["column"] if _is_detail(column, assays)]


def _is_detail(column: str, assays: set[tuple[str, ...]]) -> bool:
    if re.fullmatch(r"vesicles\.[^.]+\.(surface|inside|bound_each|inside_each|entered_each)\.[^.]+", column):
        return True
    if re.fullmatch(r"cargo\..+\.(inside_each|in_bodies_each)\.[^.]+", column):
        return True
    match = re.fullmatch(r"cargo\.(.+)\.(?:ceiling_)?per_cell_per_day\.([^.]+)", column)
    return bool(assays) and match is not None and match.groups() not in assays
