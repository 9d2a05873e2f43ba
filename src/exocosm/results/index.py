"""`index.jsonl`: what a run folder holds. A record counts once its line stands here, written last.

One line is one JSON object: `tick`, `time_min`, one entry for each part of the record, and `check`, a hash of
the rest of the line. A last line without its line end is a record that a kill cut short: it is
not there. Any other fault is damage, and an error. A line marked `passing` was made because the run
stopped at a tick where nothing was due; it goes away when the run goes on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exocosm.ground.errors import RunError
from exocosm.results.durable import append_text, fingerprint, told_plainly, write_text
from exocosm.results.well_formed import check_record, parsed

NAME = "index.jsonl"
KINDS = ("summary", "cells", "fields", "checkpoint")


@dataclass(frozen=True)
class Record:
    """What was written at one tick: `parts` maps a kind to how its content is found and checked."""

    tick: int
    time_min: float
    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    passing: bool = False

    def has(self, kind: str) -> bool:
        """Whether this record holds a part of that kind."""
        return kind in self.parts

    def only(self, *kinds: str) -> Record:
        """The same record with just these parts."""
        parts = {kind: part for kind, part in self.parts.items() if kind in kinds}
        return Record(self.tick, self.time_min, parts, self.passing)

    def line(self) -> str:
        """The record as a line of the index, line end included."""
        content: dict[str, Any] = {"tick": self.tick, "time_min": self.time_min, **self.parts}
        if self.passing:
            content["passing"] = True
        return json.dumps({**content, "check": _check(content)}) + "\n"


def _check(content: Mapping[str, Any]) -> str:
    return fingerprint(json.dumps(content, sort_keys=True).encode())[:8]


def _parse(line: str) -> Record:
    content = parsed(line)
    if not isinstance(content, dict) or content.pop("check", None) != _check(content):
        raise ValueError("its check sum does not fit its content")
    check_record(content)
    parts = {kind: content[kind] for kind in content if kind in (*KINDS, "ledger")}
    return Record(
        int(content["tick"]), float(content["time_min"]), parts, bool(content.get("passing", False))
    )


def read_index(folder: Path) -> list[Record]:
    """All complete records, oldest first.

    Raises RunError naming the line that is damaged.
    """
    path = folder / NAME
    with told_plainly("read", path):
        text = path.read_bytes().decode("utf-8", errors="replace")
    complete = text[: text.rfind("\n") + 1]
    records: list[Record] = []
    for number, line in enumerate(complete.splitlines(), start=1):
        try:
            records.append(_parse(line))
        except (ValueError, KeyError, TypeError) as error:
            raise RunError(f"{path}, line {number}: this record is damaged: {error}") from error
        if len(records) > 1 and records[-1].tick < records[-2].tick:
            raise RunError(f"{path}, line {number}: records are out of order")
    return records


def append_record(folder: Path, record: Record) -> None:
    """Make a record count."""
    append_text(folder / NAME, record.line())


def rewrite_index(folder: Path, records: Iterable[Record]) -> None:
    """Replace the whole index at once."""
    write_text(folder / NAME, "".join(record.line() for record in records))
