"""Reading the dotted columns of a summary: what each one counts, of what, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

STATES = ("live", "apoptotic", "necrotic")
LEVELS = {"mean": "mean", "min": "lowest", "max": "highest"}
ACCOUNTS = {
    "injected": "given as doses",
    "released": "released",
    "re-released": "released again by recipients",
    "bodies": "in multivesicular bodies",
    "unreleased": "degraded unreleased",
    "field": "in the fluid",
    "matrix": "bound to matrix",
    "surface": "on cell surfaces",
    "inside": "inside cells",
    "consumed": "opened inside cells",
    "lysosome": "degraded in recipients",
    "decayed": "decayed outside",
    "left": "left the tissue, by faces and vessels",
    "died": "gone with dead cells",
    "engulfed": "gone with engulfed cells",
    "taken_up": "taken up in all",
}
_CELLS = re.compile(rf"^cells\.(?P<name>.+)\.(?P<what>{'|'.join(STATES)}|volume|died|immigrated|engulfed)$")
_ATTACKING = re.compile(r"^cells\.(?P<cell>.+)\.attacking$")
_CAPTURED = re.compile(r"^captured\.(?P<name>.+)\.(?P<cell>vesicles|membranes)$")
_VESICLES = re.compile(rf"^vesicles\.(?P<name>.+?)\.(?P<what>{'|'.join(ACCOUNTS)})(?:\.(?P<cell>.+))?$")
_CARGO = re.compile(
    r"^cargo\.(?P<name>.+)\.(?P<what>delivered|per_cell_per_day|ceiling_per_cell_per_day|assay_per_cell|inside_each"
    r"|in_bodies_each|on_membrane_each)\.(?P<cell>.+)$"
)
_EACH = re.compile(r"^vesicles\.(?P<name>.+?)\.(?P<what>bound_each|inside_each|entered_each)\.(?P<cell>.+)$")
_STATE = re.compile(r"^(?P<what>state|occupancy)\.(?P<name>[^.]+)\.(?P<cell>.+)$")
_TUMOUR = re.compile(r"^(?P<what>viable_fraction|necrotic_fraction)\.(?P<name>.+)$")
_DENSITY = re.compile(r"^(?P<what>density)\.(?P<name>.+)\.(?P<cell>[^.]+)$")
_FRACTION = re.compile(r"^(?P<what>fraction)\.(?P<name>[^.]+)\.(?P<cell>.+)$")
_INNER = re.compile(
    r"^(tick|time_min|time_h|zone_volume\..+|numerical_diffusion\..+|cargo\..+\.released|vesicles\..+\.pending(\..+)?"
    r"|.+\.(supply|use|residual))$"
)
"""Columns of clocks and books, which other parts of a report show or nobody asks for as an outcome."""
_LEVEL = re.compile(r"^(?P<name>[^.]+)\.(?P<what>mean|min|max|at)(?:\.(?P<cell>.+))?$")


@dataclass(frozen=True)
class Column:
    """One column of a summary.

    `kind` is tumour, cells, density, fraction, state, vesicles, each (vesicles per cell), cargo, level or
    other; `cell` a cell type, the zone of a density, or ''.
    """

    key: str
    kind: str
    name: str
    what: str
    cell: str = ""

    @property
    def is_part(self) -> bool:
        """Whether the column belongs under another one: a share of it, or its ceiling."""
        return bool(self.kind == "vesicles" and self.cell) or self.what.startswith("ceiling")

    @property
    def words(self) -> str:
        """What the column holds, for a reader who has never seen the column's name."""
        if self.kind == "other":
            return self.key
        if self.kind in _SHARES:
            return _SHARES[self.kind].format(name=self.name, cell=self.cell, what=self.what.replace("_", " "))
        if self.kind == "cells":
            return f"{self.name} cells, {_OF_CELLS.get(self.what, self.what)}"
        if self.kind == "vesicles":
            whole = f"{self.name} vesicles {ACCOUNTS[self.what]}"
            return f"{_WHERE[self.what]} {self.cell} cells" if self.is_part else whole
        if self.kind == "each":
            return f"{self.name} vesicles {_EACHES[self.what]} each {self.cell} cell"
        if self.kind == "state":
            of = f"occupancy of {self.name}" if self.what == "occupancy" else self.name
            return f"{of} of {self.cell} cells, mean"
        if self.what == "captured":
            return f"{self.name}: share of what is outside cells that {self.cell} hold"
        if self.kind == "level":
            return (
                f"{self.name} at {self.cell} cells, mean"
                if self.cell
                else f"{self.name}, {LEVELS[self.what]}"
            )
        return {
            "delivered": f"{self.name} delivered to {self.cell} cells, in all",
            "inside_each": f"{self.name} in the pool of each {self.cell} cell",
            "on_membrane_each": f"{self.name} free on the membrane of each {self.cell} cell",
            "in_bodies_each": f"{self.name} in the multivesicular bodies of each {self.cell} cell",
            "per_cell_per_day": f"{self.name} delivered to each {self.cell} cell",
            "ceiling_per_cell_per_day": "ceiling: if all that was released came to these cells",
            "assay_per_cell": "offered to each cell in the assay in which the effect was measured",
        }[self.what]

    @property
    def unit(self) -> str:
        """The unit of the column, for an axis."""
        if self.what == "volume":
            return "µm³"
        if self.what == "captured":
            return "0 to 1"
        if self.kind == "cargo":
            if self.what.endswith("_each"):
                return "copies per cell"
            return "copies" if self.what == "delivered" else "copies per cell per day"
        return {
            "cells": "cells",
            "vesicles": "particles",
            "each": "particles per cell",
            "state": "0 to 1",
            "tumour": "0 to 1",
            "fraction": "0 to 1",
            "density": "cells/mm³",
        }.get(self.kind, "")


REFERENCES = ("ceiling_per_cell_per_day", "assay_per_cell")
"""What deliveries are held against; no outcomes of their own."""
_SHARES = {
    "tumour": "{what} of {name}",
    "density": "{name} cells in the {cell}",
    "fraction": "{name} share of {cell} cells",
}
_OF_CELLS = {
    "volume": "total volume",
    "died": "died so far",
    "immigrated": "arrived",
    "engulfed": "engulfed by others",
}
_WHERE = {"inside": "inside", "taken_up": "taken up by", "surface": "on"}
_EACHES = {"bound_each": "on", "inside_each": "inside", "entered_each": "entered so far in"}
_PATTERNS = {
    "tumour": _TUMOUR,
    "cells": _CELLS,
    "density": _DENSITY,
    "fraction": _FRACTION,
    "state": _STATE,
    "each": _EACH,
    "vesicles": _VESICLES,
    "cargo": _CARGO,
    "level": _LEVEL,
}


def read_column(key: str) -> Column | None:
    """What a summary column means, under its own name if nothing else is known; None for clocks and books."""
    if _INNER.match(key):
        return None
    if found := _ATTACKING.match(key):
        return Column(key, "fraction", "attacking", "fraction", found["cell"])
    if found := _CAPTURED.match(key):
        return Column(key, "level", found["name"], "captured", found["cell"])
    for kind, pattern in _PATTERNS.items():
        found = pattern.match(key)
        if found:
            return Column(key, kind, **{k: v or "" for k, v in found.groupdict().items()})
    return Column(key, "other", key, "value")


def read_columns(keys: Iterable[object]) -> list[Column]:
    """All columns that a reader may ask for, in the order of the summary."""
    return [column for key in keys if (column := read_column(str(key))) is not None]
