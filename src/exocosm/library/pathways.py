"""What a molecule does inside a cell, and how an effect is read off a dish: two tables.

A pathway row says with which sign a node (a gene, a pathway, a cargo) acts on another node or on a
behaviour of the cell, from a source of its own. A readout row says which column of a run stands for an
effect of the mechanisms. Both are data: a new row takes part in `exocosm directions` without a line of
code.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from exocosm.library.mechanisms import SIGNS
from exocosm.library.rows import EvidenceError, nearest_id, several

HERE = Path(__file__).parent
PATHWAYS, READOUTS = HERE / "pathways.csv", HERE / "readouts.csv"
ANY = "any"
"""A cell type of a row that holds in all."""

WAYS = ("up", "down")
READ = ("full", "table", "abstract", "secondary", "assumed")


@dataclass(frozen=True)
class Pathway:
    """One arrow inside a cell: `node` raises (+1) or lowers (-1) what it acts on."""

    id: str
    node: str
    cell_type: str
    acts_on: str
    sign: int
    source: str
    read: str
    author_year: str
    note: str

    @property
    def assumed(self) -> bool:
        """Whether no source of the sign was read."""
        return self.read == "assumed"

    def holds_in(self, cell_type: str) -> bool:
        """Whether the row speaks of a cell type."""
        return self.cell_type in (ANY, cell_type)


@dataclass(frozen=True)
class Readout:
    """How an effect is measured: a column of a dish of `cell_type`, moved by what is named in `through`.

    `sense` is +1 where more of the effect is more of the column, -1 where it is less. `dish` names what the
    dish holds beside its cells, and is empty for nothing.
    """

    id: str
    effect: str
    cell_type: str
    dish: str
    outcome: str
    sense: int
    through: tuple[str, ...]
    note: str


Row = TypeVar("Row", Pathway, Readout)


@lru_cache(maxsize=8)
def pathways(path: Path = PATHWAYS) -> tuple[Pathway, ...]:
    """All pathway rows of a table. Raises EvidenceError with file, row and what would be right."""
    return _read(path, _pathway)


@lru_cache(maxsize=8)
def readouts(path: Path = READOUTS) -> tuple[Readout, ...]:
    """All readout rows of a table. Raises EvidenceError with file, row and what would be right."""
    return _read(path, _readout)


def readout_of(effect: str, cell_type: str, known: Iterable[Readout]) -> Readout | None:
    """The readout of an effect in a cell type; a row of the type goes before one of any type."""
    fitting = [row for row in known if row.effect == effect and row.cell_type in (cell_type, ANY)]
    return min(fitting, key=lambda row: row.cell_type == ANY, default=None)


def _read(path: Path, made: Callable[[Path, dict[str, str]], Row]) -> tuple[Row, ...]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            found = [made(path, line) for line in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError) as error:
        raise EvidenceError(f"{path}: cannot be read: {error}", wanted="a CSV table in UTF-8") from None
    twice = {row.id for row in found if sum(other.id == row.id for other in found) > 1}
    if twice:
        raise EvidenceError(f"{path}: the id {min(twice)} stands twice", wanted="one row for each id")
    return tuple(found)


def _pathway(path: Path, line: dict[str, str]) -> Pathway:
    _stated(path, line, "id", "node", "cell_type", "acts_on", "action", "source", "read")
    _one_of(path, line, "read", READ)
    if line["read"] == "assumed" and not line.get("note"):
        raise EvidenceError(
            f"{path}: row {line['id']} is assumed without a reason", wanted="a note that says why"
        )
    return Pathway(
        **{name: line[name] for name in ("id", "node", "cell_type", "acts_on", "source", "read")},
        sign=SIGNS[_one_of(path, line, "action", WAYS)],
        author_year=line.get("author_year", ""),
        note=line.get("note", ""),
    )


def _readout(path: Path, line: dict[str, str]) -> Readout:
    _stated(path, line, "id", "effect", "cell_type", "outcome", "sense", "through")
    return Readout(
        **{name: line[name] for name in ("id", "effect", "cell_type", "outcome")},
        dish=line.get("dish", ""),
        sense=SIGNS[_one_of(path, line, "sense", WAYS)],
        through=several(line["through"]),
        note=line.get("note", ""),
    )


def _stated(path: Path, line: dict[str, str], *columns: str) -> None:
    for column in columns:
        if not line.get(column):
            name = line.get("id") or "without an id"
            raise EvidenceError(f"{path}: row {name} says nothing in {column}", wanted=f"a value in {column}")


def _one_of(path: Path, line: dict[str, str], column: str, allowed: tuple[str, ...]) -> str:
    if line[column] not in allowed:
        raise EvidenceError(
            f"{path}: row {line['id']} has {line[column]!r} in {column}",
            wanted=" | ".join(allowed),
            nearest=nearest_id(line[column], allowed),
        )
    return line[column]
