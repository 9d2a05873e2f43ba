"""Reading the dotted columns of a summary: what each one counts, of what, in words."""

from __future__ import annotations

import re
from dataclasses import dataclass

STATES = ("live", "apoptotic", "necrotic")
ACCOUNTS = {
    "released": "released",
    "field": "in the tissue fluid",
    "inside": "inside cells",
    "decayed": "decayed",
    "left": "left through the faces",
}
_CELLS = re.compile(rf"^cells\.(?P<name>.+)\.(?P<what>{'|'.join(STATES)})$")
_VESICLES = re.compile(rf"^vesicles\.(?P<name>.+?)\.(?P<what>{'|'.join(ACCOUNTS)})(?:\.(?P<cell>.+))?$")
_CARGO = re.compile(
    r"^cargo\.(?P<name>.+)\.(?P<what>delivered|per_cell_per_day|ceiling_per_cell_per_day)\.(?P<cell>.+)$"
)
_LEVEL = re.compile(r"^(?P<name>[^.]+)\.(?P<what>mean|min|max)$")


@dataclass(frozen=True)
class Column:
    """One column of a summary: `kind` is cells, vesicles, cargo or level; `cell` a cell type or ''."""

    key: str
    kind: str
    name: str
    what: str
    cell: str = ""

    @property
    def words(self) -> str:
        """What the column holds, for a reader who has never seen the column's name."""
        if self.kind == "cells":
            return f"{self.name} cells, {self.what}"
        if self.kind == "vesicles":
            return f"{self.name} vesicles {ACCOUNTS[self.what]}" + (f": {self.cell}" if self.cell else "")
        if self.kind == "level":
            return f"{self.name}, {dict(mean='mean', min='lowest', max='highest')[self.what]}"
        return {
            "delivered": f"{self.name} delivered to {self.cell} cells, in all",
            "per_cell_per_day": f"{self.name} delivered per {self.cell} cell",
            "ceiling_per_cell_per_day": f"{self.name}: ceiling per {self.cell} cell by mass balance",
        }[self.what]

    @property
    def unit(self) -> str:
        """The unit of the column, for an axis."""
        if self.kind == "cargo":
            return "copies" if self.what == "delivered" else "copies per cell per day"
        return {"cells": "cells", "vesicles": "particles"}.get(self.kind, "")


def read_column(key: str) -> Column | None:
    """What a summary column means, or None for one that the report does not know."""
    for kind, pattern in (("cells", _CELLS), ("vesicles", _VESICLES), ("cargo", _CARGO), ("level", _LEVEL)):
        found = pattern.match(key)
        if found:
            return Column(key, kind, **{k: v or "" for k, v in found.groupdict().items()})
    return None


def read_columns(keys: object) -> list[Column]:
    """All columns that the report knows, in the order of the summary."""
    return [column for key in keys if (column := read_column(str(key))) is not None]  # type: ignore[attr-defined]
