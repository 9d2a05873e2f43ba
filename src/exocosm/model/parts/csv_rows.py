"""Rows of the CSV tables that a model takes in: under a heading, each as long as it, with its line.

Quotes must end and numbers are written as everybody writes them; anything else is a fault with its row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from exocosm.model.faults import Fault, show

Row = dict[str, str]


class Rows:
    """The rows of a table's text: `columns` of its heading, then (line, row) by iteration. Raises Fault.

    `fails` says what is the matter with a row that is too short or too long.
    """

    def __init__(self, text: str, fails: str) -> None:
        self._fails = fails
        self._reader = csv.reader(io.StringIO(text), strict=True)
        self.columns = [name.strip() for name in next(self._lines(), (1, []))[1]]

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        for line, fields in self._lines():
            if len(fields) != len(self.columns):
                found = f"row {line}: {len(fields)} column{'s' * (len(fields) != 1)}: {','.join(fields)}"
                wanted = f"{len(self.columns)} columns: " + ", ".join(self.columns)
                problem = f"a row of the table {self._fails}: it is not as long as the heading"
                raise Fault(problem, found=show(found), wanted=wanted)
            yield line, dict(zip(self.columns, fields, strict=True))

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        """Lines that are not empty, with the number of their last line in the file."""
        try:
            for fields in self._reader:
                if fields:
                    yield self._reader.line_num, fields
        except csv.Error as error:
            found = f"row {self._reader.line_num}"
            raise Fault(f"the table cannot be read ({error})", found=found, wanted="a CSV file") from None


def heading(columns: list[str]) -> str:
    """A heading as it is shown in a fault."""
    return show(", ".join(columns)) if any(columns) else "nothing"


def number(text: str) -> float:
    """A number as tables have it. Raises ValueError, for a number with underscores too."""
    if "_" in text:
        raise ValueError(f"not a number: {text}")
    return float(text)


def in_file(fault: Fault, name: object) -> Fault:
    """The same fault; where it is one of a row, with the file in which the row stands."""
    if not (fault.found or "").startswith("row "):
        return fault
    found = f"{Path(str(name)).name}, {fault.found}"
    return Fault(fault.problem, at=fault.at, found=found, wanted=fault.wanted, near=fault.near)
