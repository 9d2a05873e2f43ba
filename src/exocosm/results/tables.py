"""Tables that grow by rows: CSV files, read only as far as the index says.

Numbers are written with as many digits as bring back the same double.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exocosm.ground.errors import RunError
from exocosm.results.durable import append_text, fingerprint, hasher, told_plainly

if TYPE_CHECKING:
    import pandas


def _plain(value: Any) -> Any:
    """Python's own number for a NumPy one, so that it is written with its shortest exact digits."""
    return value.item() if hasattr(value, "item") else value


def _lines(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], header: bool) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if header:
        writer.writerow(columns)
    writer.writerows([_plain(row[column]) for column in columns] for row in rows)
    return text.getvalue()


class GrowingTable:
    """A CSV file to which rows are appended; its columns are those of the first row."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._hash: Any = None

    def columns(self) -> list[str] | None:
        """Names in the header, or None before the first row."""
        if not self.path.exists() or self.path.stat().st_size == 0:
            return None
        with told_plainly("read", self.path), self.path.open(newline="", encoding="utf-8") as file:
            return next(csv.reader(file))

    def append(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Add rows and flush; returns length and fingerprint of the whole file, for the index."""
        header = self.columns()
        columns = header or list(rows[0])
        for row in rows:
            if set(row) != set(columns):
                changed = ", ".join(sorted(set(row) ^ set(columns)))
                raise RunError(f"{self.path}: the columns of this table changed during the run: {changed}")
        text = _lines(columns, rows, header is None)
        if self._hash is None:
            self._hash = hasher(self.path.read_bytes() if header else b"")
        append_text(self.path, text)
        self._hash.update(text.encode())
        return {"bytes": self.path.stat().st_size, "blake2b": self._hash.hexdigest()}

    def truncate(self, length: int) -> None:
        """Drop what lies beyond `length` bytes: rows that the index does not list."""
        self._hash = None
        if not self.path.exists():
            if length:
                raise RunError(f"{self.path}: it is missing, though the index lists {length} bytes of it")
            return
        with told_plainly("write", self.path):
            os.truncate(self.path, length)

    def read(self, part: Mapping[str, Any]) -> pandas.DataFrame:
        """What the index lists as a DataFrame; RunError if it is not there or not what was written."""
        import pandas

        length = int(part["bytes"])

        with told_plainly("read", self.path), self.path.open("rb") as file:
            content = file.read(length)
        if len(content) < length:
            raise RunError(
                f"{self.path}: it ends after {len(content)} of the {length} bytes that the index lists"
            )
        if fingerprint(content) != part["blake2b"]:
            raise RunError(f"{self.path}: this is not the table that was written: it was changed or damaged")
        return pandas.read_csv(io.BytesIO(content), float_precision="round_trip")
