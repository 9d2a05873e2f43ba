"""Text of the files that a model takes in, within limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from exocosm.model.faults import Fault

LARGEST_TABLE = 50_000_000


def read_text(name: Any) -> str:
    """The text of a CSV file. Raises Fault."""
    path = Path(str(name))
    try:
        if path.is_fifo() or path.is_char_device():
            raise Fault("the table cannot be read (it is no file)", found=str(path), wanted="a CSV file")
        if path.stat().st_size > LARGEST_TABLE:
            raise Fault("the table is too large", found=str(path), wanted=f"at most {LARGEST_TABLE:,} bytes")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        if isinstance(error, Fault):
            raise
        reason = error.strerror if isinstance(error, OSError) else "not text in UTF-8"
        raise Fault(f"the table cannot be read ({reason})", found=str(path), wanted="a CSV file") from None
