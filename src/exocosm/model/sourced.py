"""Quantities written as a mapping: `{value:, evidence: | derived: | assumed:, range:}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from exocosm import library
from exocosm.ground.errors import nearest
from exocosm.model.faults import Fault, show
from exocosm.model.source import Assumed, Derived, Evidence
from exocosm.model.units import UnitFault, convert

if TYPE_CHECKING:
    from exocosm.model.quantity import In, Quantity

KEYS = ("value", "evidence", "derived", "assumed", "range")
FORMS = (
    "{evidence: ID}, {value: ..., derived: formula, evidence: ID} "
    "or {value: ..., assumed: why, range: [low, high]}"
)
# The value of a row may be written out again beside its id; it must then be the same but for rounding.
SAME = 1e-6


def read_sourced(kind: In, data: Mapping[Any, Any]) -> Quantity:
    """A quantity with its source. Raises Fault."""
    for key in data:
        if key not in KEYS:
            wanted = "one of: " + ", ".join(KEYS)
            raise Fault(
                "unknown name", at=(str(key),), found=show(key), wanted=wanted, near=nearest(str(key), KEYS)
            )
    if "assumed" in data:
        return _assumed(kind, data)
    if "derived" in data:
        return _derived(kind, data)
    if "evidence" in data:
        return _evidence(kind, data)
    raise Fault("this quantity has no source", found=show(dict(data)), wanted=FORMS)


def _value(kind: In, data: Mapping[Any, Any]) -> Quantity:
    if "value" not in data:
        raise Fault("'value' is missing", found=show(dict(data)), wanted=kind.wanted)
    if isinstance(data["value"], Mapping):
        raise Fault("this is not a quantity", at=("value",), found=show(data["value"]), wanted=kind.wanted)
    try:
        return kind.parse(data["value"])
    except Fault as fault:
        raise fault.inside("value") from None


def _range(kind: In, data: Mapping[Any, Any], value: Quantity) -> tuple[float, float, tuple[str, ...]]:
    bounds = data.get("range")
    if not isinstance(bounds, list | tuple) or len(bounds) != 2:
        wanted = f"a list of two quantities around {value.text!r}, such as [low, high]"
        raise Fault("a range is needed here, with two ends", at=("range",), found=show(bounds), wanted=wanted)
    try:
        low, high = kind.parse(bounds[0]), kind.parse(bounds[1])
    except Fault as fault:
        raise fault.inside("range") from None
    if not low <= value <= high:
        found = f"{value.text} with range [{low.text}, {high.text}]"
        raise Fault(
            "the value lies outside its range", at=("range",), found=found, wanted="low <= value <= high"
        )
    return float(low), float(high), tuple(str(bound).strip() for bound in bounds)


def _text(data: Mapping[Any, Any], key: str) -> str:
    text = data[key]
    if not isinstance(text, str) or not text.strip():
        wanted = "the reason in words" if key == "assumed" else "the formula in words"
        raise Fault("this has the wrong form", at=(key,), found=show(text), wanted=wanted)
    return text.strip()


def _assumed(kind: In, data: Mapping[Any, Any]) -> Quantity:
    for other in ("derived", "evidence"):
        if other in data:
            wanted = "either 'assumed' or '" + other + "'"
            raise Fault(
                "a number has one kind of source",
                at=(other,),
                found=f"both 'assumed' and '{other}'",
                wanted=wanted,
            )
    value, why = _value(kind, data), _text(data, "assumed")
    low, high, written = _range(kind, data, value)
    return value.replaced(source=Assumed(why, low, high, written), low=low, high=high)


def _derived(kind: In, data: Mapping[Any, Any]) -> Quantity:
    value, formula = _value(kind, data), _text(data, "derived")
    ids = _ids(data.get("evidence", ()))
    rows = [_row(id) for id in ids]
    low = high = None
    written: tuple[str, ...] = ()
    if "range" in data:
        low, high, written = _range(kind, data, value)
    elif len(rows) == 1:
        low, high = _bounds_of_row(kind, rows[0], value)
    return value.replaced(source=Derived(formula, ids, written), low=low, high=high)


def _ids(value: Any) -> tuple[str, ...]:
    ids = (value,) if isinstance(value, str) else value
    if not isinstance(ids, list | tuple) or not all(isinstance(id, str) for id in ids):
        wanted = "the id of a row of evidence, or a list of ids"
        raise Fault("this has the wrong form", at=("evidence",), found=show(value), wanted=wanted)
    return tuple(ids)


def _bounds_of_row(kind: In, row: library.Row, value: Quantity) -> tuple[float | None, float | None]:
    """A row of the same dimension that has only a range bounds the derived value."""
    low, high = (_in_units(kind, bound, row) for bound in (row.low, row.high))
    if low is None and high is None:
        return None, None
    below = low is not None and value < low * (1 - SAME)
    if row.value is None and (below or (high is not None and value > high * (1 + SAME))):
        wanted = f"a value within {row.range_text()} of evidence {row.id}"
        raise Fault(
            "the value lies outside the range of its evidence", at=("value",), found=value.text, wanted=wanted
        )
    return low, high


def _evidence(kind: In, data: Mapping[Any, Any]) -> Quantity:
    row = _row(data["evidence"])
    if row.value is None:
        wanted = f"{{value: within {row.range_text()}, derived: how it was chosen, evidence: {row.id}}}"
        raise Fault(
            f"evidence {row.id} gives a range and no value", at=("evidence",), found=row.id, wanted=wanted
        )
    value = _in_units(kind, row.value, row)
    if value is None:
        found = f"{row.id}: {row.quantity}, in {row.unit!r}"
        raise Fault(
            "this evidence is of another dimension", at=("evidence",), found=found, wanted=kind.wanted
        )
    taken = "value" not in data
    text = f"{row.value:.12g} {row.plain_unit}".strip() if taken else _same_value(kind, data, value, row)
    unit = next(unit for unit in kind.units if convert(1.0, row.plain_unit, unit) is not None)
    quantity = _quantity()(value, unit, text=text, taken=taken)
    low, high = (_in_units(kind, bound, row) for bound in (row.low, row.high))
    written: tuple[str, ...] = ()
    if "range" in data:
        low, high, written = _range(kind, data, quantity)
    return quantity.replaced(source=Evidence(row.id, written), low=low, high=high)


def _quantity() -> type[Quantity]:
    from exocosm.model.quantity import Quantity

    return Quantity


def _same_value(kind: In, data: Mapping[Any, Any], value: float, row: library.Row) -> str:
    written = _value(kind, data)
    if abs(written - value) > SAME * abs(value):
        wanted = f"{row.value:g} {row.plain_unit}, or a 'derived' formula beside another value"
        raise Fault(
            f"this is not the value of evidence {row.id}", at=("value",), found=written.text, wanted=wanted
        )
    return written.text


def _row(id: Any) -> library.Row:
    try:
        row = library.evidence(str(id))
    except library.EvidenceError as error:
        raise Fault(
            error.problem, at=("evidence",), found=show(id), wanted=error.wanted, near=error.nearest
        ) from None
    if row.retracted:
        wanted = "a row that was not retracted"
        raise Fault(
            f"evidence {row.id} was retracted ({row.source})", at=("evidence",), found=row.id, wanted=wanted
        )
    return row


def _in_units(kind: In, number: float | None, row: library.Row) -> float | None:
    if number is None:
        return None
    try:
        found = (convert(number, row.plain_unit, unit) for unit in kind.units)
        return next((value for value in found if value is not None), None)
    except UnitFault:
        return None
