"""Amounts of cargo in a vesicle sample: one row for each measurement, from qPCR, proteomics or sequencing.

Columns `cargo`, `value`, `unit`, and where they are needed `kind`, `dilution`, `cv`, `slope`, `intercept`,
`template_uL`, `kDa`, `spike_copies_per_mL`. Rows with the same cargo are replicates. What a unit needs:

    copies/mL       nothing (digital PCR, or calculated already)
    Ct              slope, intercept (Ct = intercept + slope log10 copies in the reaction), template_uL;
                    "Undetermined" is a well in which no copy was seen
    fmol/ug         the protein of the sample (--protein)
    ng/ug           the same, and the molar mass kDa
    fmol/particle, copies/particle   nothing
    reads           a row with the cargo `spike-in`, its reads and spike_copies_per_mL

`dilution` is from the vesicle sample to what was measured, `cv` the relative standard error of a row.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from exocosm.assay.tables import TableError, Text
from exocosm.ground.errors import nearest

UNITS = ("copies/mL", "Ct", "fmol/ug", "ng/ug", "fmol/particle", "copies/particle", "reads")
NEEDS = {"Ct": ("slope", "intercept", "template_uL"), "ng/ug": ("kDa",)}
NUMBERS = ("value", "dilution", "cv", "slope", "intercept", "template_uL", "kDa", "spike_copies_per_mL")
COLUMNS = ("cargo", "unit", "kind", *NUMBERS)
KINDS = ("miRNA", "lncRNA", "circRNA", "mRNA", "protein", "lipid", "drug", "other")
SPIKE = "spike-in"
NEEDED = ("cargo", "value", "unit")
POSITIVE = ("dilution", "template_uL", "kDa", "spike_copies_per_mL")
NO_SIGNAL = ("undetermined", "undet.", "undet", "no ct", "no cq", "n/a", "nd", "n.d.")
"""What instruments write for a well without a signal: no copy was seen in it."""
MOST_TENFOLDS = 15.0
"""More copies than this power of ten fit in no reaction."""
MOST_CV = 3.0
"""A larger relative standard error says nothing, and is most often meant in percent."""
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*")
"""Names that a model takes: letters, digits, + - _."""


@dataclass(frozen=True)
class Measurement:
    """One row: `numbers` by column, those that the row states."""

    row: int
    cargo: str
    kind: str
    unit: str
    numbers: dict[str, float]

    def of(self, name: str, otherwise: float) -> float:
        """A number of the row, or what stands for it."""
        return self.numbers.get(name, otherwise)


@dataclass(frozen=True)
class CargoTable:
    """All rows of a file, without the spike-in, which stands alone."""

    file: str
    rows: tuple[Measurement, ...]
    spike: Measurement | None

    def cargos(self) -> dict[str, list[Measurement]]:
        """Rows by cargo, in the order of the file."""
        found: dict[str, list[Measurement]] = {}
        for row in self.rows:
            found.setdefault(row.cargo, []).append(row)
        return found


def read_cargo(path: str | Path) -> CargoTable:
    """The rows of a table of cargo. Raises TableError."""
    text = Text.read(path)
    heading = [name.strip() for name in text.rows[text.heading - 1]]
    _check_heading(text, heading)
    rows = [
        _row(text, number, heading)
        for number in range(text.heading + 1, len(text.rows) + 1)
        if any(field.strip() for field in text.rows[number - 1])
    ]
    if not rows:
        raise TableError("there are no rows", file=text.file, wanted="a row for each measurement")
    spikes = [row for row in rows if row.cargo == SPIKE]
    table = CargoTable(text.file, tuple(r for r in rows if r.cargo != SPIKE), spikes[0] if spikes else None)
    _check_spike(table, spikes)
    _check_replicates(table)
    return table


def _check_heading(text: Text, heading: list[str]) -> None:
    for name in heading:
        if name and name not in COLUMNS:
            near, wanted = nearest(name, COLUMNS), "columns among " + ", ".join(COLUMNS)
            raise TableError(
                "unknown column", file=text.file, row=text.heading, found=name, wanted=wanted, nearest=near
            )
        if name and heading.count(name) > 1:
            wanted = "each column once; replicates are rows"
            raise TableError(
                "this column is there twice", file=text.file, row=text.heading, found=name, wanted=wanted
            )
    missing = [name for name in NEEDED if name not in heading]
    if missing:
        raise TableError(
            f"the column {missing[0]} is missing",
            file=text.file,
            row=text.heading,
            found=", ".join(heading),
            wanted="the columns cargo, value and unit",
        )


def _row(text: Text, row: int, heading: list[str]) -> Measurement:
    text.check_width(row)
    fields = dict(zip(heading, (f.strip() for f in text.rows[row - 1]), strict=False))
    cargo, unit, kind = (fields.get(name, "") for name in ("cargo", "unit", "kind"))
    if not NAME.fullmatch(cargo):
        wanted = "a name of letters, digits, + - and _, beginning with a letter"
        raise TableError(
            "this is no name", file=text.file, row=row, column="cargo", found=cargo, wanted=wanted
        )
    if unit not in UNITS:
        near, wanted = nearest(unit, UNITS), "one of " + ", ".join(UNITS)
        raise TableError(
            "unknown unit", file=text.file, row=row, column="unit", found=unit, wanted=wanted, nearest=near
        )
    kind = kind or ("protein" if unit in ("fmol/ug", "ng/ug") else "other")
    if kind not in KINDS:
        near = nearest(kind.casefold(), [k.casefold() for k in KINDS])
        near, wanted = next((k for k in KINDS if k.casefold() == near), None), "one of " + ", ".join(KINDS)
        raise TableError(
            "unknown kind", file=text.file, row=row, column="kind", found=kind, wanted=wanted, nearest=near
        )
    return Measurement(row, cargo, kind, unit, _numbers(text, row, heading, fields, unit))


def _numbers(text: Text, row: int, heading: list[str], fields: dict[str, str], unit: str) -> dict[str, float]:
    numbers = {}
    for name in NUMBERS:
        if name == "value" and unit == "Ct" and fields.get(name, "").casefold() in NO_SIGNAL:
            numbers[name] = math.inf
        elif fields.get(name):
            least = None if name in ("slope", "intercept") else 0.0
            numbers[name] = text.number(row, heading.index(name), name, least=least)
    for name in ("value", *NEEDS.get(unit, ())):
        if name not in numbers:
            wanted = f"a number in each row with the unit {unit}"
            raise TableError(
                "this number is missing", file=text.file, row=row, column=name, found="", wanted=wanted
            )
    _check_numbers(text, row, numbers, unit)
    return numbers


def _check_numbers(text: Text, row: int, numbers: dict[str, float], unit: str) -> None:
    for column, problem, found, wanted in _faults(numbers, unit):
        raise TableError(problem, file=text.file, row=row, column=column, found=found, wanted=wanted)


def _faults(numbers: dict[str, float], unit: str) -> Iterator[tuple[str, str, object, str]]:
    """What cannot be in the numbers of a row: column, problem, what was found and wanted.

    Only the first is sure: later ones take for granted that those before are not there.
    """
    for name in POSITIVE:
        if numbers.get(name) == 0.0:
            yield name, "this must be above 0", "0", "above 0"
    if numbers.get("cv", 0.0) > MOST_CV:
        wanted = "a share of the value, such as 0.15 for 15 %"
        yield "cv", "this is no relative error", numbers["cv"], wanted
    if "slope" in numbers and not numbers["slope"] < 0:
        wanted = "a negative slope, about -3.32 at full efficiency"
        yield "slope", "Ct falls with copies", numbers["slope"], wanted
    if unit == "Ct" and (numbers["value"] - numbers["intercept"]) / numbers["slope"] > MOST_TENFOLDS:
        problem = f"by this curve a Ct of {numbers['value']:g} is more than 1e{MOST_TENFOLDS:g} copies"
        wanted = "the curve Ct = intercept + slope log10(copies)"
        yield "slope", problem, f"slope {numbers['slope']:g}", wanted


def _check_spike(table: CargoTable, spikes: list[Measurement]) -> None:
    reads = [row for row in table.rows if row.unit == "reads"]
    wanted = f"one row with the cargo {SPIKE}, its reads and spike_copies_per_mL"
    if reads and not spikes:
        raise TableError(
            "reads are no copies without a spike-in",
            file=table.file,
            row=reads[0].row,
            column="unit",
            found="reads",
            wanted=wanted,
        )
    for row in spikes:
        good = row.unit == "reads" and row.of("value", 0.0) > 0 and "spike_copies_per_mL" in row.numbers
        if not good or len(spikes) > 1:
            raise TableError(
                "this spike-in cannot be used", file=table.file, row=row.row, found=row.cargo, wanted=wanted
            )


def _check_replicates(table: CargoTable) -> None:
    for name, rows in table.cargos().items():
        for row in rows[1:]:
            if row.unit != rows[0].unit:
                raise TableError(
                    f"replicates of {name} have different units",
                    file=table.file,
                    row=row.row,
                    column="unit",
                    found=row.unit,
                    wanted=f"{rows[0].unit}, as in row {rows[0].row}",
                )
