"""Reading the text tables that instruments write: lines of fields, and errors that name file, row and column.

Instruments write commas, semicolons or tabs, and in some countries decimal commas; a table with another
separator than the comma may have these.
"""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from pathlib import Path

from exocosm.ground.errors import ExocosmError

SEPARATORS = ("\t", ";", ",")
LARGEST = 200_000_000


class TableError(ExocosmError):
    """A fault in a table of measurements: names file, row, column, what was found and what would be right."""

    def __init__(
        self,
        problem: str,
        *,
        file: str,
        row: int | None = None,
        column: str | None = None,
        found: object = None,
        wanted: str | None = None,
        nearest: str | None = None,
    ) -> None:
        where = file + (f", row {row}" if row is not None else "") + (f", column {column}" if column else "")
        lines = [f"{where}: {problem}"]
        if found is not None:
            lines.append(f"  found:  {str(found)[:120]}")
        if wanted:
            lines.append(f"  wanted: {wanted}")
        if nearest:
            lines.append(f"  did you mean: {nearest}")
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class Text:
    """The rows of a file as fields: `rows[i]` is row i + 1 of the file."""

    file: str
    separator: str
    rows: tuple[tuple[str, ...], ...]

    @classmethod
    def read(cls, path: str | Path) -> Text:
        """The rows of a text file in UTF-8, UTF-16 or Latin-1. Raises TableError."""
        file = Path(path)
        try:
            if file.stat().st_size > LARGEST:
                raise TableError(
                    "this file is too large for a table", file=str(path), wanted="at most 200 MB"
                )
            raw = file.read_bytes()
        except OSError as error:
            raise TableError(
                f"cannot be read ({error.strerror or error})", file=str(path), wanted="a text file"
            ) from None
        if not raw.strip():
            raise TableError("this file is empty", file=str(path), wanted="an export of sizes as text")
        text = _decoded(raw, str(path))
        separator = _separator(text)
        return cls(str(path), separator, tuple(_fields(text, separator)))

    def number(self, row: int, index: int, column: str, *, least: float | None = None) -> float:
        """The number in a field of a row (from 1). Raises TableError."""
        fields = self.rows[row - 1]
        text = fields[index].strip() if index < len(fields) else ""
        return number(text, file=self.file, row=row, column=column, comma=self.separator != ",", least=least)

    def after(self, *words: str) -> tuple[int, tuple[str, ...]] | None:
        """The first row whose first field begins with one of the words (any case): its number and fields."""
        for i, fields in enumerate(self.rows, start=1):
            first = fields[0].strip().casefold() if fields else ""
            if any(first.startswith(word.casefold()) for word in words):
                return i, fields
        return None


def number(
    text: str,
    *,
    file: str,
    row: int | None,
    column: str,
    comma: bool = False,
    least: float | None = None,
) -> float:
    """A finite number of a field; with `comma`, decimal commas too. Raises TableError."""
    plain = text.replace(",", ".") if comma and text.count(",") == 1 and "." not in text else text
    try:
        if "_" in plain:
            raise ValueError
        value = float(plain)
    except ValueError:
        wanted = "a number, such as 95.5 or 1.2e9"
        raise TableError(
            "this is not a number", file=file, row=row, column=column, found=text, wanted=wanted
        ) from None
    if not math.isfinite(value):
        raise TableError(
            "this number is not finite", file=file, row=row, column=column, found=text, wanted="a number"
        )
    if least is not None and value < least:
        wanted = f"at least {least:g}"
        raise TableError(
            "this number is too small", file=file, row=row, column=column, found=text, wanted=wanted
        )
    return value


def _decoded(raw: bytes, file: str) -> str:
    if raw[:4] in (b"PK\x03\x04", b"%PDF") or raw[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        wanted = "a text export (CSV, TXT): save the workbook as CSV"
        raise TableError(
            "this is no text file", file=file, found="a workbook, an archive or a PDF", wanted=wanted
        )
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _separator(text: str) -> str:
    """The separator that most lines have."""
    lines = [line for line in text.splitlines() if line.strip()]
    counts = {mark: sum(mark in line for line in lines) for mark in SEPARATORS}
    if counts["\t"] > 0.3 * len(lines):
        return "\t"
    return ";" if counts[";"] > 0.5 * len(lines) else ","


def _fields(text: str, separator: str) -> list[tuple[str, ...]]:
    if "\0" in text:
        text = text.replace("\0", "")
    return [tuple(fields) for fields in csv.reader(io.StringIO(text), delimiter=separator)]
