"""What the numbers of a model stand on: evidence, derivation, assumption, choice, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exocosm import library
from exocosm.model.faults import Place, dotted
from exocosm.model.model import Model
from exocosm.model.part import Part
from exocosm.model.quantity import Quantity
from exocosm.model.source import Assumed, Derived, Evidence

KINDS = ("evidence", "derived", "assumed", "unsourced", "choice")


@dataclass(frozen=True)
class Origin:
    """One number of a model: where it stands, its value, and what it stands on.

    `basis` is the evidence id, the formula or the reason; `low` and `high` are in `unit`; `reference` is
    where the evidence was published.
    """

    path: str
    text: str
    value: float
    unit: str
    kind: str
    basis: str
    low: float | None
    high: float | None
    reference: str


class Origins(list[Origin]):
    """The numbers of a model, in the order of its file."""

    def counts(self) -> dict[str, int]:
        """How many numbers there are of each kind."""
        counted = Counter(origin.kind for origin in self)
        return {kind: counted[kind] for kind in KINDS}

    def shares(self) -> dict[str, float]:
        """The share of each kind among the numbers that are knowledge (choices are left out)."""
        counts = self.counts()
        known = {kind: counts[kind] for kind in KINDS if kind != "choice"}
        total = sum(known.values())
        return {kind: count / total if total else 0.0 for kind, count in known.items()}

    def of(self, kind: str) -> Origins:
        """Those of one kind."""
        return Origins(origin for origin in self if origin.kind == kind)


def sources(model: Model) -> Origins:
    """Every number of a model with what it stands on."""
    return Origins(_origin(place, quantity) for place, quantity in quantities(model))


def quantities(value: Any, place: Place = ()) -> Iterator[tuple[Place, Quantity]]:
    """All quantities below a part, with their place; a zero that nobody gave is no number of the model."""
    if isinstance(value, Quantity):
        yield place, value
    elif isinstance(value, Part):
        for name in type(value).model_fields:
            if name in value.model_fields_set or not _nothing(getattr(value, name)):
                yield from quantities(getattr(value, name), (*place, name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from quantities(item, (*place, key))
    elif isinstance(value, tuple | list):
        for index, item in enumerate(value):
            yield from quantities(item, (*place, index))


def _nothing(value: Any) -> bool:
    """Whether a default says nothing about the world: zero, or what other fields already say."""
    return not isinstance(value, Quantity) or float(value) == 0 or value.source is None


def _origin(place: Place, quantity: Quantity) -> Origin:
    kind, basis, reference = _basis(quantity)
    return Origin(
        path=dotted(place),
        text=quantity.text,
        value=float(quantity),
        unit=quantity.unit,
        kind=kind,
        basis=basis,
        low=quantity.low,
        high=quantity.high,
        reference=reference,
    )


def _basis(quantity: Quantity) -> tuple[str, str, str]:
    source = quantity.source
    if isinstance(source, Evidence):
        return "evidence", source.id, _reference(source.id)
    if isinstance(source, Derived):
        ids = ", ".join(source.evidence)
        basis = f"{source.formula} [{ids}]" if ids else source.formula
        return "derived", basis, "; ".join(map(_reference, source.evidence))
    if isinstance(source, Assumed):
        return "assumed", source.why, ""
    return ("choice" if quantity.choice else "unsourced"), "", ""


def _reference(id: str) -> str:
    row = library.evidence(id)
    return f"{row.author_year}, {row.source}".strip(", ")
