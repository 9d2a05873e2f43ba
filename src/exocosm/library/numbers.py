"""The numbers of the evidence tables, found by the cell, molecule or effect that they are of.

A molecule has one name as a cargo and another as a target (PD-L1, CD274); rows are found by either where an
identifier says that both are one gene.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from exocosm.library.rows import Row, rows
from exocosm.library.terms import SEVERAL, terms

NUMBERED = ("parameters", "more_parameters", "outcomes", "effects", "observations")
"""The tables of numbers, in the order in which their rows are told."""

DEPTHS = ("full", "table", "abstract", "secondary")
CELLS = ("sender", "recipient")
WHOLE_VESICLE = "whole vesicle"
VESICLES = re.compile(r"vesicle|exosom|\b[sl]?EVs?\b", re.IGNORECASE)
"""Words by which a row speaks of vesicles."""

NAMES = {"cell": "cells", "cargo": "cargos", "target": "targets", "effect": "effects"}
"""The columns of a table that name what a number is of, and the fields of a row that hold them."""

MOLECULES = {"cargo": "cargos", "target": "targets"}


def numbered() -> tuple[Row, ...]:
    """All rows of the tables of numbers, the retracted ones too."""
    return tuple(row for row in rows().values() if row.table in NUMBERED)


def numbers_of(meant: Mapping[str, Sequence[str]]) -> tuple[Row, ...]:
    """The rows with a number that are of all that a search means, nearest first.

    `meant` gives for each field of a search (`cargo`, `sender`, `recipient`, `target`, `effect`) its names,
    the nearest first. Sender and recipient both mean the cells that a number is of: one of them is enough. No
    row is of a process, and none is found where nothing is asked.
    """
    asked = {field: names for field, names in meant.items() if field not in CELLS}
    cells = [name for field in CELLS for name in meant.get(field, ())]
    if not meant or set(asked) - {"cargo", "target", "effect"}:
        return ()
    found = [row for row in numbered() if _stands(row) and _of(row, asked, cells)]
    return tuple(sorted(found, key=lambda row: _rank(row, meant)))


def numbers_as_csv(found: Iterable[Row]) -> str:
    """The rows as a table in the columns of the evidence tables, with the table that each is from."""
    text = io.StringIO()
    plain = [name for name in Row.__dataclass_fields__ if name not in NAMES.values()]
    writer = csv.DictWriter(text, [*plain, *NAMES], lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for row in found:
        values = asdict(row)
        writer.writerow(values | {column: SEVERAL.join(values[field]) for column, field in NAMES.items()})
    return text.getvalue()


def _stands(row: Row) -> bool:
    return not row.retracted and any(number is not None for number in (row.value, row.low, row.high))


def _of(row: Row, asked: Mapping[str, Sequence[str]], cells: Sequence[str]) -> bool:
    if cells and not set(cells) & set(row.cells):
        return False
    return all(
        set(names) & set(row.effects)
        if field == "effect"
        else _known_as(MOLECULES[field], names) & _molecules(row)
        for field, names in asked.items()
    )


def _molecules(row: Row) -> set[str]:
    return _known_as("cargos", row.cargos) | _known_as("targets", row.targets)


def _known_as(vocabulary: str, names: Iterable[str]) -> set[str]:
    """The names with their identifiers."""
    known = terms(vocabulary)
    return {word for name in names for word in (name, *known[name].identifiers)}


def _of_vesicles(row: Row) -> bool:
    return WHOLE_VESICLE in row.cargos or VESICLES.search(f"{row.quantity} {row.unit}") is not None


def _rank(row: Row, meant: Mapping[str, Sequence[str]]) -> tuple[int, bool, bool, int, int]:
    """How near a row is, by names that were asked for and are no wider ones; then sizes before signs.

    Then come numbers of vesicles, quantities before outcomes, and what was read best.
    """
    first = {names[0] for names in meant.values()}
    near = len(first & {*row.cells, *row.cargos, *row.targets, *row.effects})
    depth = DEPTHS.index(row.read) if row.read in DEPTHS else len(DEPTHS)
    sign = row.unit.startswith("sign")
    return -near, sign, not _of_vesicles(row), NUMBERED.index(row.table), depth
