"""Which published outcome is set beside which outcome of a shipped scenario: `comparisons.csv`, a row each.

A row names the evidence row (`evidence`), the `scenario` with its `arm` and the one `against` which it is
read (empty: the baseline), the column of the summary (`outcome`) and the time in hours (`at_h`; empty: the
end). `measure` says what is read: the `value` in the arm, or its `ratio`, `difference` or `change` (percent)
to the other arm, or of that the `sign` alone, beside the direction of a mechanism; `scale` brings it to
the unit of the evidence. `role` is `predicted`, `fitted` (a number of the scenario was chosen by this
outcome), `restated` (the quantity was put in, or fitted, by another publication, so that two publications
are set side by side) or `set aside` (chosen as a prediction before anything was fitted; `encoded` where a
rule of the library states it). Only `predicted` and `set aside` count.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("comparisons.csv")
LEFT_OUT = Path(__file__).with_name("not_compared.csv")
MEASURES = ("value", "ratio", "difference", "change", "sign")
ROLES = ("predicted", "fitted", "restated", "set aside", "set aside, encoded")
COUNTED = ("predicted", "set aside")
"""The roles of outcomes by which the model is judged."""


@dataclass(frozen=True)
class Comparable:
    """A published outcome and where a scenario predicts it."""

    id: str
    evidence: str
    scenario: str
    arm: str
    against: str
    outcome: str
    at_h: float | None
    measure: str
    scale: float
    role: str
    note: str


@lru_cache(maxsize=1)
def comparables() -> tuple[Comparable, ...]:
    """All rows of the table, in its order."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        return tuple(_row(line) for line in csv.DictReader(file))


@lru_cache(maxsize=1)
def not_compared() -> dict[str, str]:
    """Why a numeric outcome of the evidence tables is set beside nothing, by its id."""
    with LEFT_OUT.open(newline="", encoding="utf-8") as file:
        return {line["evidence"]: line["reason"] for line in csv.DictReader(file)}


def _row(line: dict[str, str]) -> Comparable:
    texts = {field.name: line[field.name].strip() for field in fields(Comparable)}
    at_h, scale = texts.pop("at_h"), texts.pop("scale")
    return Comparable(**texts, at_h=float(at_h) if at_h else None, scale=float(scale or 1.0))
