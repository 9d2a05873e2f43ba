"""The evidence tables: one measured fact a row, found by its id.

A row is never changed by the program. Retracted rows stay in the tables, so that nobody adds them back,
and give no value.
"""

from __future__ import annotations

import csv
import difflib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

TABLES = Path(__file__).with_name("evidence")
PLAIN_NUMBERS = ("fraction", "fold", "count")

COLUMNS = {
    "mechanisms": ("effect", "effect_size", "effect_unit"),
    "observations": ("what", "value", "unit"),
    "effects": ("what", "value", "unit"),
    "outcomes": ("what", "value", "unit"),
    "pathways": ("acts_on", "value", "unit"),
}
"""Of each table: the columns of the quantity, its value and its unit; a column it lacks counts as empty."""


class EvidenceError(ValueError):
    """An id that no table has, or a row that cannot give a value."""

    def __init__(self, problem: str, *, wanted: str | None = None, nearest: str | None = None) -> None:
        self.problem, self.wanted, self.nearest = problem, wanted, nearest
        hints = [f"wanted: {wanted}"] if wanted else []
        hints += [f"did you mean: {nearest}"] if nearest else []
        super().__init__("\n  ".join([problem, *hints]))


@dataclass(frozen=True)
class Row:
    """A row of the evidence tables: a quantity, its value or range, its source."""

    id: str
    table: str
    quantity: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    system: str
    author_year: str
    source: str
    where: str
    read: str
    status: str
    note: str
    cells: tuple[str, ...] = ()
    """What the number is of, by names in `terms/cells.csv`: cells, else a tissue or fluid."""
    cargos: tuple[str, ...] = ()
    """The molecules, drugs or vesicles that were measured or given, by their names in `terms/cargos.csv`."""
    targets: tuple[str, ...] = ()
    """The genes that were measured, blocked or lost, by their names in `terms/targets.csv`."""
    effects: tuple[str, ...] = ()
    """What was read out, by its name in `terms/effects.csv`; empty for quantities."""
    control: float | None = None
    """The value without what was given, in the unit of the value."""
    dose: float | None = None
    dose_unit: str = ""
    exposure_h: float | None = None

    @property
    def retracted(self) -> bool:
        """Whether the source was withdrawn."""
        return self.status == "retracted"

    @property
    def plain_unit(self) -> str:
        """The unit for conversion: counts, folds and fractions are plain numbers."""
        return "" if self.unit in PLAIN_NUMBERS else self.unit

    def given(self) -> float:
        """The value in the row's unit. Raises EvidenceError for retracted rows and rows with only a range."""
        if self.retracted:
            raise EvidenceError(f"evidence {self.id} was retracted ({self.source}) and gives no value")
        if self.value is None:
            raise EvidenceError(
                f"evidence {self.id} gives a range and no value", wanted=f"a value within {self.range_text()}"
            )
        return self.value

    def told(self) -> str:
        """The quantity with its size, or its sign in words, and under what it was measured."""
        return ", ".join([f"{self.quantity}: {self._sign() or self._size()}", *self._under()])

    def _size(self) -> str:
        """The value with its bounds, or these alone, and the unit."""
        if self.value is None:
            return self.range_text()
        bounds = "" if self.low is None and self.high is None else f" ({self._bounds()})"
        return f"{self.value:g}{bounds} {self.unit}".strip()

    def _under(self) -> list[str]:
        """The value without what was given, its dose and the hours, as far as they are known."""
        without = [] if self.control is None else [f"{self.control:g} without"]
        dose = [] if self.dose is None else [f"at {self.dose:g} {self.dose_unit}".rstrip()]
        return without + dose + ([] if self.exposure_h is None else [f"after {self.exposure_h:g} h"])

    def range_text(self) -> str:
        """Low to high with the unit, "?" where a bound is missing."""
        return f"{self._bounds()} {self.unit}".strip()

    def _sign(self) -> str:
        """What a value means whose unit says it, as in "sign (+1 up, -1 down)"; empty for others."""
        if self.value is None or not self.unit.startswith("sign"):
            return ""
        meanings = dict(re.findall(r"([+-]?\d) ([^,;)]+)", self.unit))
        return meanings.get("0" if not self.value else f"{self.value:+g}", "")

    def _bounds(self) -> str:
        low, high = ("?" if bound is None else f"{bound:g}" for bound in (self.low, self.high))
        return f"{low} to {high}"


@lru_cache(maxsize=1)
def rows() -> dict[str, Row]:
    """All rows of all tables, by id. A retracted one is among them, and says so."""
    found: dict[str, Row] = {}
    for path in _tables():
        with path.open(newline="", encoding="utf-8") as file:
            found.update((line["id"], _row(path.stem, line)) for line in csv.DictReader(file))
    return found


def _tables() -> list[Path]:
    """The tables of evidence: the folder's, and the pathways beside it where they are known."""
    pathways = TABLES.with_name("pathways.csv")
    return sorted(TABLES.glob("*.csv")) + ([pathways] if pathways.exists() else [])


def evidence(id: str) -> Row:
    """The row of an id. Raises EvidenceError with the nearest id."""
    table = rows()
    if id not in table:
        wanted = "the id of a row in the evidence tables, such as phys-P-GEN-005"
        raise EvidenceError(
            f"no evidence row has the id {id!r}", wanted=wanted, nearest=nearest_id(id, table)
        )
    return table[id]


def nearest_id(id: str, table: Iterable[str]) -> str | None:
    """The id nearest to one that no row has; None where none is near."""
    matches = difflib.get_close_matches(id, list(table), n=1, cutoff=0.5)
    return matches[0] if matches else None


def _row(table: str, line: dict[str, str]) -> Row:
    quantity, value, unit = COLUMNS.get(table, ("quantity", "value", "unit"))
    return Row(
        id=line["id"],
        table=table,
        quantity=line.get(quantity, ""),
        value=_number(line.get(value, "")),
        low=_number(line.get("low", "")),
        high=_number(line.get("high", "")),
        unit=line.get(unit, "").strip(),
        system=line.get("system", ""),
        author_year=line.get("author_year", ""),
        source=line.get("source", ""),
        where=line.get("where", ""),
        read=line.get("read", ""),
        status=line.get("status", "ok"),
        note=line.get("note", ""),
        cells=several(line.get("cell", "")),
        cargos=several(line.get("cargo", "")),
        targets=several(line.get("target", "")),
        effects=several(line.get("effect", "")),
        control=_number(line.get("control", "")),
        dose=_number(line.get("dose", "")),
        dose_unit=line.get("dose_unit", ""),
        exposure_h=_number(line.get("exposure_h", "")),
    )


def several(text: str) -> tuple[str, ...]:
    """The values of a field that may hold several."""
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
