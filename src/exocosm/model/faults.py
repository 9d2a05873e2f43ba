"""From a fault anywhere inside a model to one error that says where, what, and what would be right."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import ValidationError

from exocosm.ground.errors import ModelError, nearest

Place = tuple[str | int, ...]
Locate = Callable[[Place], tuple[str | None, int | None]]

LONGEST_SHOWN = 60
_WANTED = {
    "dict_type": "a mapping of names",
    "list_type": "a list",
    "tuple_type": "a list",
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "too_long": "a shorter list",
    "too_short": "a longer list",
}


class Fault(ValueError):
    """A fault at a place relative to the part that found it; the loader adds file and line."""

    def __init__(
        self,
        problem: str,
        *,
        at: Place = (),
        found: str | None = None,
        wanted: str | None = None,
        near: str | None = None,
    ) -> None:
        super().__init__(problem)
        self.problem, self.at, self.found, self.wanted, self.near = problem, at, found, wanted, near

    def inside(self, *place: str | int) -> Fault:
        """The same fault seen from further out."""
        return self.moved(place + self.at)

    def moved(self, at: Place) -> Fault:
        """The same fault at another place."""
        return Fault(self.problem, at=at, found=self.found, wanted=self.wanted, near=self.near)

    def error(self, locate: Locate | None = None) -> ModelError:
        """The error for the user; `locate` finds file and line of a place."""
        file, line = locate(self.at) if locate else (None, None)
        return ModelError(
            self.problem,
            file=file,
            line=line,
            place=dotted(self.at) or None,
            found=self.found,
            wanted=self.wanted,
            nearest=self.near,
        )


def unknown(what: str, name: object, valid: Iterable[str], *, at: Place = (), none: str = "nothing") -> Fault:
    """The fault of a name that does not exist, with the names that do."""
    names = sorted(map(visible, valid))
    wanted = "one of: " + ", ".join(names) if names else f"{none}, as the model has none"
    return Fault(f"unknown {what}", at=at, found=show(name), wanted=wanted, near=nearest(str(name), names))


def visible(text: str) -> str:
    """A text with letters that cannot be seen as their code."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def show(value: object) -> str:
    """A value as it stands in a file, cut short; letters that cannot be seen as their code."""
    text = (
        str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else _words(value)
    )
    text = visible(text[: LONGEST_SHOWN + 1])
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _words(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping with " + ", ".join(map(str, value)) if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def dotted(place: Place) -> str:
    """`("tissue", "cells", 0, "count")` as `tissue.cells[0].count`."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


def faults_of(error: ValidationError) -> list[Fault]:
    """The faults that pydantic gathered, each with its whole place."""
    return [_fault(detail) for detail in error.errors(include_url=False)]


def first_fault(error: ValidationError, locate: Locate | None = None) -> Fault:
    """The fault that stands first in the file, or in the order of fields."""
    found = faults_of(error)
    # A list with a faulty item also counts as too short: what lies deeper says more.
    faults = [fault for fault in found if not any(_within(other.at, fault.at) for other in found)]
    if locate is None:
        return faults[0]
    return min(faults, key=lambda fault: locate(fault.at)[1] or 0)


def _within(inner: Place, outer: Place) -> bool:
    return len(inner) > len(outer) and inner[: len(outer)] == outer


def _fault(detail: Any) -> Fault:
    place: Place = tuple(step for step in detail["loc"] if step != "[key]")
    original = detail.get("ctx", {}).get("error")
    if isinstance(original, Fault):
        return original.inside(*place)
    if detail["type"] == "literal_error":
        valid = [word.strip("'") for word in detail["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        return unknown("word", detail["input"], valid, at=place)
    wanted = _WANTED.get(detail["type"]) or _bound(detail) or detail["msg"]
    return Fault("this has the wrong form", at=place, found=show(detail["input"]), wanted=wanted)


def _bound(detail: Any) -> str | None:
    limits = detail.get("ctx", {})
    if detail["type"] == "greater_than_equal":
        return f"at least {limits['ge']}" if limits["ge"] else "a number that is not negative"
    return f"at most {limits['le']}" if detail["type"] == "less_than_equal" else None
