"""A table of evidence checked: every row has an id, a source, a unit where it has a number, and known names.

The shipped tables pass; a table of a user's own gets the same check. The first fault raises EvidenceError
with file, row, column and the value found.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from exocosm.library.mechanisms import ROUTES, mechanisms
from exocosm.library.rows import EvidenceError, nearest_id, several
from exocosm.library.terms import nearest, plain, terms

READ = ("full", "table", "abstract", "secondary")
STATUS = ("ok", "corrected", "retracted")
DIRECTIONS = ("up", "down")

IDENTIFIERS = {
    "mirbase.mature": r"MIMAT\d{7}",
    "HGNC": r"\d{1,5}",
    "uniprot": r"[OPQ]\d[A-Z\d]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z\d]{2}\d){1,2}",
    "CL": r"\d{7}",
    "UBERON": r"\d{7}",
    "CHEBI": r"\d{1,6}",
}
"""The form of an identifier, by its prefix."""

NAMED = {
    "process": "processes",
    "sender": "cells",
    "cargo": "cargos",
    "recipient": "cells",
    "target": "targets",
    "effect": "effects",
}
"""The vocabulary from which a column of mechanisms takes its names."""

NAMED_NUMBERS = {"cell": "cells", "cargo": "cargos", "target": "targets", "effect": "effects"}
"""The vocabulary from which a column of a table of numbers takes its names, where the table has it."""

NUMBERS = ("value", "low", "high", "effect_size", "control", "dose", "exposure_h")
CHOICES = {"read": READ, "status": STATUS, "route": ROUTES, "direction": DIRECTIONS}
UNITS = {"value": "unit", "low": "unit", "high": "unit", "effect_size": "effect_unit", "dose": "dose_unit"}

Line = dict[str, str]


def check_table(path: str | Path) -> int:
    """The number of rows of a table of evidence in which nothing is wrong. Raises EvidenceError.

    Which columns a table has decides what is asked of it: a `sender` makes it a table of mechanisms.
    """
    path = Path(path)
    lines = _lines(path)
    seen: set[str] = set()
    for number, line in enumerate(lines, start=2):
        try:
            _check_row(line, seen)
        except _Fault as fault:
            raise _in_words(path, number, line, fault) from None
    return len(lines)


class _Fault(ValueError):
    """What is wrong in one field of a row."""

    def __init__(self, column: str, wanted: str, near: str | None = None) -> None:
        super().__init__(column)
        self.column, self.wanted, self.near = column, wanted, near


def _lines(path: Path) -> list[Line]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, restval="")
            lines, columns = list(reader), reader.fieldnames or []
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise EvidenceError(f"{path}: the table cannot be read: {reason}") from None
    missing = [name for name in ("id", "source", "read") if name not in columns]
    if missing:
        raise EvidenceError(f"{path}: the table has no column {missing[0]}", wanted="id, source and read")
    return lines


def _check_row(line: Line, seen: set[str]) -> None:
    if None in line:
        raise _Fault("id", "as many fields as the table has columns")
    _check_id(line, seen)
    if not line["source"].strip():
        raise _Fault("source", "the DOI, PMID, PMCID or page that was read")
    for column, choices in CHOICES.items():
        if column in line and line[column] not in choices:
            raise _Fault(column, " | ".join(choices), nearest(line[column], {plain(c): c for c in choices}))
    _check_numbers(line)
    if "sender" in line:
        _check_mechanism_names(line)
    else:
        _check_names(line, NAMED_NUMBERS)
    if "mechanism" in line:
        _check_mechanism(line["mechanism"])


def _check_mechanism(id: str) -> None:
    known = [row.id for row in mechanisms()]
    if id not in known:
        raise _Fault("mechanism", "the id of a row in mechanisms.csv", nearest_id(id, known))


def _check_id(line: Line, seen: set[str]) -> None:
    if not line["id"].strip():
        raise _Fault("id", "an id that stays the row's for ever")
    if line["id"] in seen:
        raise _Fault("id", "an id that no other row has")
    seen.add(line["id"])


def _check_numbers(line: Line) -> None:
    for column in NUMBERS:
        text = line.get(column, "").strip()
        if not text:
            continue
        if not _number(text):
            raise _Fault(column, "a number, or nothing")
        unit = UNITS.get(column)
        if unit in line and not line[unit].strip():
            raise _Fault(unit, f"the unit of {column} {text}; fraction, fold or count for a plain number")


def _number(text: str) -> bool:
    return re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text) is not None


def _check_names(line: Line, named: dict[str, str]) -> None:
    for column, vocabulary in named.items():
        known = terms(vocabulary)
        for name in several(line.get(column, "")):
            if name not in known:
                spellings = {plain(each): each for each in known}
                raise _Fault(column, f"a name in terms/{vocabulary}.csv", nearest(name, spellings))


def _check_mechanism_names(line: Line) -> None:
    _check_names(line, NAMED)
    for column in ("process", "effect"):
        if not line.get(column, "").strip():
            raise _Fault(column, f"a name in terms/{NAMED[column]}.csv")
    if line.get("target_action", "") not in ("", *DIRECTIONS):
        raise _Fault("target_action", "up, down or nothing")


def _in_words(path: Path, number: int, line: Line, fault: _Fault) -> EvidenceError:
    found = (line.get(fault.column) or "").strip() or "nothing"
    where = f"{path}, line {number} ({line.get('id') or 'no id'}), column {fault.column}"
    return EvidenceError(f"{where}: found {found}", wanted=fault.wanted, nearest=fault.near)


def well_formed(identifier: str) -> bool:
    """Whether an identifier has a known prefix and the form that goes with it."""
    prefix, _, rest = identifier.partition(":")
    return prefix in IDENTIFIERS and re.fullmatch(IDENTIFIERS[prefix], rest) is not None
