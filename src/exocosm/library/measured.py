"""Measured effects of mechanisms: the readout with and without the cargo, at which dose, after how long.

A mechanism may have several. One that is set aside is kept from every fit and shown as a prediction.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache

from exocosm.library.rows import TABLES

OTHER_READOUT, OTHER_CARRIER = "other readout", "other carrier"
NEAR = (OTHER_READOUT, OTHER_CARRIER)
"""How the note begins of a number that is near a mechanism and not of it."""


@dataclass(frozen=True)
class MeasuredEffect:
    """One number of one mechanism. `control` is the value without the cargo, in the unit of the value."""

    id: str
    mechanism: str
    what: str
    value: str
    low: str
    high: str
    unit: str
    control: str
    dose: str
    dose_unit: str
    exposure_h: str
    system: str
    design: str
    author_year: str
    source: str
    where: str
    read: str
    status: str
    set_aside: str
    note: str

    @property
    def of_the_row(self) -> bool:
        """Whether readout and carrier are the mechanism's; the note of one that is near says so first."""
        return not self.note.startswith(NEAR)

    @property
    def sized(self) -> bool:
        """Whether the source gives a number, or bounds of it, and not the sign and dose alone."""
        return bool(self.value or self.low or self.high)

    @property
    def complete(self) -> bool:
        """Whether the source gives size, dose and time."""
        return bool(self.value and self.dose and self.exposure_h)

    def told(self) -> str:
        """The number in words, as it stands in the table."""
        span = f" ({self.low or '?'} to {self.high or '?'})" if self.low or self.high else ""
        size = f"{self.value}{span} {self.unit}".strip() if self.sized else "size not told"
        without = f", {self.control} without" if self.control else ""
        dose = f", at {self.dose} {self.dose_unit}".rstrip() if self.dose else ""
        hours = f", after {self.exposure_h} h" if self.exposure_h else ""
        aside = " [set aside as a prediction]" if self.set_aside else ""
        return f"{self.what}: {size}{without}{dose}{hours}{aside}"


@lru_cache(maxsize=1)
def measured_effects() -> tuple[MeasuredEffect, ...]:
    """All measured effects; none where the table is not there."""
    path = TABLES / "effects.csv"
    if not path.exists():
        return ()
    fields = MeasuredEffect.__dataclass_fields__
    with path.open(newline="", encoding="utf-8") as file:
        return tuple(
            MeasuredEffect(**{name: line.get(name) or "" for name in fields}) for line in csv.DictReader(file)
        )


def measured_of(mechanism: str) -> tuple[MeasuredEffect, ...]:
    """The measured effects of a mechanism's id that were not retracted."""
    return tuple(
        row for row in measured_effects() if row.mechanism == mechanism and row.status != "retracted"
    )
