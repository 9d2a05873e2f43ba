"""Reading the text tables that instruments write: lines of fields, and errors that name file, row and column.

Instruments write commas, semicolons or tabs, and in some countries decimal commas; a table with another
separator than the comma may have these. Whether a comma parts thousands instead is told by the whole file.
"""

from __future__ import annotations

import csv
import io
import math
import re
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from exocosm.ground.errors import ExocosmError

SEPARATORS = ("\t", ";", ",")
NAMED_SEPARATOR = "sep="
"""Begins the line by which a spreadsheet says what separates the fields."""
WITH_COMMA = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")
WITH_POINT = re.compile(r"[+-]?\d+\.\d+([eE][+-]?\d+)?")
LIKE_THOUSANDS = re.compile(r"[1-9]\d{0,2}(,\d{3})+")
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
        lines = [f"{visible(where)}: {problem}"]
        if found is not None:
            lines.append(f"  found:  {visible(str(found)[:120])}")
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
            about = file.stat()
            if not stat.S_ISREG(about.st_mode):
                raise TableError("this is no file", file=str(path), wanted="a text file")
            if about.st_size > LARGEST:
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
        return cls(str(path), separator, tuple(_fields(text, separator, str(path))))

    @cached_property
    def heading(self) -> int:
        """The first row (from 1) that says anything, but for a line that names the separator."""
        for row, fields in enumerate(self.rows, start=1):
            first = fields[0].strip().casefold() if fields else ""
            if any(field.strip() for field in fields) and not first.startswith(NAMED_SEPARATOR):
                return row
        return 1

    @cached_property
    def comma(self) -> str:
        """What a comma within a number is in this file: "decimal", "thousands", or "unclear".

        It is unclear where all such numbers could be either, like 1,000.
        """
        fields = [field.strip() for row in self.rows for field in row if "," in field or "." in field]
        commas = [field for field in fields if WITH_COMMA.fullmatch(field)]
        points = sum(bool(WITH_POINT.fullmatch(field)) for field in fields)
        if self.separator == "," or points > len(commas):
            return "thousands"
        return "unclear" if commas and all(map(LIKE_THOUSANDS.fullmatch, commas)) else "decimal"

    def check_width(self, row: int) -> None:
        """A row has no more fields than the heading, as decimal commas would make. Raises TableError."""
        width, fields = len(self.rows[self.heading - 1]), self.rows[row - 1]
        if any(field.strip() for field in fields[width:]):
            raise TableError(
                "there are more fields than in the heading",
                file=self.file,
                row=row,
                found=self.separator.join(fields),
                wanted=f"{width} fields; decimal commas only where a semicolon or a tab separates",
            )

    def number(self, row: int, index: int, column: str, *, least: float | None = None) -> float:
        """The number in a field of a row (from 1). Raises TableError."""
        fields = self.rows[row - 1]
        text = fields[index].strip() if index < len(fields) else ""
        return self.said(text, row, column, least=least)

    def said(self, text: str, row: int, column: str, *, least: float | None = None) -> float:
        """The number that a text in this file stands for. Raises TableError."""
        if self.comma == "unclear" and LIKE_THOUSANDS.fullmatch(text):
            raise TableError(
                "this comma may be a decimal comma or part thousands",
                file=self.file,
                row=row,
                column=column,
                found=text,
                wanted="numbers without commas, such as 1000 or 1.5",
            )
        comma = self.comma == "decimal"
        return number(text, file=self.file, row=row, column=column, comma=comma, least=least)

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
        wanted = "a number, such as 95.5 or 1.2e9" + (", without commas" if "," in text else "")
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


def _fields(text: str, separator: str, file: str) -> list[tuple[str, ...]]:
    """The fields of each line, however lines end. Raises TableError."""
    plain = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    reader = csv.reader(io.StringIO(plain), delimiter=separator)
    try:
        rows = [tuple(fields) for fields in reader]
    except csv.Error as error:
        raise TableError(
            f"this is no table ({error})", file=file, row=reader.line_num, wanted="a text export (CSV, TXT)"
        ) from None
    if not any(field.strip() for fields in rows for field in fields):
        raise TableError("this file is empty", file=file, wanted="an export of sizes as text")
    return rows


def visible(text: str) -> str:
    """A text with what cannot be seen, such as the end of a line, written out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
