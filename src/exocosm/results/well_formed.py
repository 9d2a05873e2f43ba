"""What stands in the JSON of a run folder: each entry of its kind, or a ValueError that names it.

Check sums show damage, not that a file was written as it should be: another program can seal anything. So
every entry that is read is looked at once, when the folder is opened, and no path leads out of the folder.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any

STATUSES = ("complete", "stopped", "unfinished")
Kind = tuple[Callable[[Any], bool], str]


def parsed(content: bytes | str) -> Any:
    """JSON of any depth that can be read. Raises ValueError."""
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def is_whole(value: Any) -> bool:
    """A whole number that is not negative."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _number(value: Any) -> bool:
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    return numeric and math.isfinite(value) and value >= 0


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _inside(value: Any) -> bool:
    """A path below the folder that holds the index."""
    if not isinstance(value, str) or "\\" in value or "\0" in value:
        return False
    path = PurePosixPath(value)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def _hashes(value: Any) -> bool:
    return isinstance(value, Mapping) and all(_inside(name) and _text(seal) for name, seal in value.items())


def _times(value: Any) -> bool:
    return isinstance(value, Mapping) and all(map(_number, value.values()))


WHOLE: Kind = (is_whole, "a whole number")
NUMBER: Kind = (_number, "a number")
TEXT: Kind = (_text, "text")
ABOUT: Mapping[str, Kind] = {
    "seed": (lambda value: is_whole(value) and value < 2**64, "a whole number below 2**64"),
    "status": (lambda value: value in STATUSES, " or ".join(STATUSES)),
    "tick": WHOLE,
    "until_tick": WHOLE,
    "model_hash": TEXT,
}
ALSO: Mapping[str, Kind] = {
    "label": TEXT,
    "model": TEXT,
    "title": TEXT,
    "digest": (lambda value: value is None or _text(value), "text or null"),
    "changes": (_texts, "a list of text"),
    "warnings": (_texts, "a list of text"),
    "versions": (lambda value: isinstance(value, Mapping), "a mapping"),
    "wall_s": NUMBER,
    "costs_s": (_times, "a mapping of numbers"),
}
_SEALED: Mapping[str, Kind] = {"blake2b": TEXT}
_TABLE = {"bytes": WHOLE, **_SEALED}
_FILE = {"file": (_inside, "a path in the folder"), **_SEALED}
PARTS: Mapping[str, Mapping[str, Kind]] = {
    "summary": _TABLE,
    "ledger": _TABLE,
    "cells": _FILE,
    "checkpoint": {**_FILE, "digest": TEXT},
    "fields": {"step": WHOLE, "blake2b": (_hashes, "hashes of files in the folder")},
}


def check_entries(content: Mapping[str, Any], needed: Mapping[str, Kind], also: Mapping[str, Kind]) -> None:
    """ValueError for an entry that is missing or of another kind."""
    for name, (_, wanted) in needed.items():
        if name not in content:
            raise ValueError(f"{name!r} is missing, wanted {wanted}")
    for name, (fits, wanted) in (*needed.items(), *also.items()):
        if name in content and not fits(content[name]):
            raise ValueError(f"{name!r}: found {json.dumps(content[name])[:60]}, wanted {wanted}")


def check_record(content: Mapping[str, Any]) -> None:
    """ValueError for a line of the index that is none."""
    check_entries(content, {"tick": WHOLE, "time_min": NUMBER}, {})
    for kind, entries in PARTS.items():
        if kind in content:
            if not isinstance(content[kind], Mapping):
                raise ValueError(f"{kind!r}: found {json.dumps(content[kind])[:60]}, wanted a mapping")
            check_entries(content[kind], entries, {})
