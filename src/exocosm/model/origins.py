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
    range: str
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

    def conventions(self) -> Origins:
        """Those whose evidence is a default of a published simulator: in use, not measured."""
        return Origins(origin for origin in self.of("evidence") if _is_convention(origin))

    def of(self, kind: str) -> Origins:
        """Those of one kind."""
        return Origins(origin for origin in self if origin.kind == kind)


def sources(model: Model) -> Origins:
    """Every number of a model with what it stands on."""
    return Origins(origin_of(dotted(place), quantity) for place, quantity in quantities(model))


def quantities(value: Any, place: Place = ()) -> Iterator[tuple[Place, Quantity]]:
    """All quantities below a part, with their place; a zero that nobody gave is no number of the model."""
    if isinstance(value, Quantity):
        yield place, value
    elif isinstance(value, Part):
        for name in type(value).model_fields:
            if name in value.model_fields_set or _says_something(value, name):
                yield from quantities(getattr(value, name), (*place, name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from quantities(item, (*place, key))
    elif isinstance(value, tuple | list):
        for index, item in enumerate(value):
            yield from quantities(item, (*place, index))


def _is_convention(origin: Origin) -> bool:
    return library.evidence(origin.basis).table == "simulators"


def _says_something(part: Part, name: str) -> bool:
    """Whether a default that nobody changed is a number about the world: it has a source and is not zero."""
    default, value = type(part).model_fields[name].default, getattr(part, name)
    return value is default and isinstance(value, Part | Quantity) and not _is_zero(value)


def _is_zero(value: Any) -> bool:
    return isinstance(value, Quantity) and (float(value) == 0 or value.source is None)


def origin_of(path: str, quantity: Quantity) -> Origin:
    """What one number stands on, that stands at `path`."""
    kind, basis, reference = _basis(quantity)
    return Origin(
        path=path,
        text=quantity.text,
        value=float(quantity),
        unit=quantity.unit,
        kind=kind,
        basis=basis,
        low=quantity.low,
        high=quantity.high,
        range=_range(quantity),
        reference=reference,
    )


def _range(quantity: Quantity) -> str:
    """The range as its source writes it."""
    if quantity.source is not None and quantity.source.range:
        return " to ".join(quantity.source.range)
    ids = _ids(quantity.source)
    known = quantity.low is not None or quantity.high is not None
    return library.evidence(ids[0]).range_text() if known and len(ids) == 1 else ""


def _ids(source: Any) -> tuple[str, ...]:
    if isinstance(source, Evidence):
        return (source.id,)
    return source.evidence if isinstance(source, Derived) else ()


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
