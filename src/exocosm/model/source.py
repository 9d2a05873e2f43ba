"""What a number stands on: a row of evidence, a formula, or an assumption with its range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Evidence:
    """The value of a row in the evidence tables. `range` as written, where the row's own is not used."""

    id: str
    range: tuple[str, ...] = ()

    def written(self) -> dict[str, Any]:
        """As the keys of a quantity in a scenario file."""
        return {"evidence": self.id} | ({"range": list(self.range)} if self.range else {})


@dataclass(frozen=True)
class Derived:
    """A formula, and the rows of evidence that it uses. `range` as written, may be empty."""

    formula: str
    evidence: tuple[str, ...] = ()
    range: tuple[str, ...] = ()

    def written(self) -> dict[str, Any]:
        """As the keys of a quantity in a scenario file."""
        ids = self.evidence[0] if len(self.evidence) == 1 else list(self.evidence)
        rows = {"evidence": ids} if ids else {}
        return rows | {"derived": self.formula} | ({"range": list(self.range)} if self.range else {})


@dataclass(frozen=True)
class Assumed:
    """Why the value is thought plausible, and its range: in internal units, and as written."""

    why: str
    low: float
    high: float
    range: tuple[str, ...] = ()

    def written(self) -> dict[str, Any]:
        """As the keys of a quantity in a scenario file."""
        return {"assumed": self.why, "range": list(self.range) or [self.low, self.high]}


Source = Evidence | Derived | Assumed
