"""Changes of a model: set a value, do without a mechanism, add an event. One path syntax for all of them.

A path is dotted, with indices in brackets or as steps: `tissue.cells[0].count`,
`species.vesicles.tumour.decay_rate`. A target names a mechanism by its kind: `vesicles:tumour` (no cell
releases it; the species stays, so that the tables of two arms pair), `cargo:miR-21-5p`, `release:tumour`,
`uptake:macrophage`, `cells:macrophage`, `apoptosis:tumour`, `necrosis:tumour`, `cycle:tumour`; or it is a
path, which is then left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from exocosm.ground.errors import ModelError
from exocosm.model.events import Event
from exocosm.model.faults import Fault, Place, show, unknown
from exocosm.model.loading import from_tree
from exocosm.model.model import Model
from exocosm.model.reading import Tree, parse_value
from exocosm.model.writing import to_tree

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_PATH = re.compile(r"[^.\[\]]+(\.[^.\[\]]+|\[\d+\])*$")


def parse_path(text: str) -> Place:
    """The steps of a dotted path. Raises ModelError."""
    if not _PATH.match(text):
        wanted = "a dotted path, such as species.vesicles.tumour.decay_rate"
        raise ModelError("this is not a path", found=show(text), wanted=wanted)
    return tuple(int(number) if number else _step(name) for name, number in _STEP.findall(text))


def _step(name: str) -> str | int:
    return int(name) if name.isdecimal() else name


@dataclass(frozen=True)
class Set:
    """Another value at a path: text as in a file ("31 particle/h"), plain data, or a part."""

    path: str
    value: Any

    @classmethod
    def parse(cls, text: str) -> Set:
        """From `path=value`. Raises ModelError."""
        path, equals, value = text.partition("=")
        if not equals or not value.strip():
            raise ModelError("this is not a setting", found=show(text), wanted="path=value")
        parse_path(path.strip())
        return cls(path.strip(), value.strip())

    def __str__(self) -> str:
        return f"{self.path}={self.value}"


@dataclass(frozen=True)
class Without:
    """Without a mechanism, named by `kind:name` or by a path."""

    target: str

    def __str__(self) -> str:
        return f"without {self.target}"


@dataclass(frozen=True)
class Add:
    """One more event."""

    event: Event

    def __str__(self) -> str:
        return f"add an event at {self.event.at.text}"


Change = Set | Without | Add


def apply(model: Model, changes: Sequence[Change]) -> Model:
    """Another model, with the changes made in order and checked as a whole. Raises ModelError."""
    data = to_tree(model)
    for change in changes:
        try:
            _apply(data, change)
        except Fault as fault:
            raise _with_change(fault, change) from None

    what = ", ".join(map(str, changes))
    return from_tree(Tree(data, f"model with {what}" if what else "model"))


def _with_change(fault: Fault, change: Change) -> ModelError:
    return fault.error(lambda _: (f"change {str(change)!r}", None))


def _apply(data: dict[str, Any], change: Change) -> None:
    if isinstance(change, Set):
        value = (
            parse_value(change.value, change.path) if isinstance(change.value, str) else to_tree(change.value)
        )
        _set(data, parse_path(change.path), value)
    elif isinstance(change, Without):
        _without(data, change.target)
    elif isinstance(change, Add):
        data.setdefault("events", []).append(to_tree(change.event))
    else:
        raise Fault("this is not a change", found=show(change), wanted="Set, Without or Add")


def _set(data: Any, path: Place, value: Any) -> None:
    for index, step in enumerate(path[:-1]):
        data = _inner(data, step, path[: index + 1])
    last = path[-1]
    if isinstance(data, list):
        _inner(data, last, path)
    elif not isinstance(data, dict):
        raise Fault(
            "this has no parts", at=path[:-1], found=show(data), wanted="a path to a value of the model"
        )
    data[last] = value


def _inner(data: Any, step: str | int, place: Place) -> Any:
    """What stands at a step; a mapping that the model leaves out is begun, and checked later."""
    if isinstance(data, list):
        if not isinstance(step, int) or step >= len(data):
            raise Fault(
                "there is no such item", at=place, found=show(step), wanted=f"a number below {len(data)}"
            )
        return data[step]
    if not isinstance(data, dict):
        raise Fault(
            "this has no parts", at=place[:-1], found=show(data), wanted="a path to a value of the model"
        )
    return data.setdefault(str(step), {})


def _without(data: dict[str, Any], target: str) -> None:
    kind, colon, name = target.partition(":")
    if not colon:
        return _leave_out(data, parse_path(target))
    if kind not in _TARGETS:
        raise unknown("kind of target", kind, _TARGETS)
    _TARGETS[kind](data, name)


def _leave_out(data: Any, path: Place) -> None:
    for index, step in enumerate(path):
        here = dict(enumerate(data)) if isinstance(data, list) else data
        if not isinstance(here, dict) or step not in here:
            valid = map(str, here) if isinstance(here, dict) else ()
            raise unknown("name", step, valid, at=path[: index + 1])
        if index == len(path) - 1:
            del data[step]
            return
        data = here[step]


def _species(data: dict[str, Any], kind: str, name: str) -> None:
    names = data.get("species", {}).get(kind, {})
    if name not in names:
        raise unknown({"vesicles": "vesicle population", "cargos": "cargo"}[kind], name, names)


def _cell_types(data: dict[str, Any]) -> dict[str, Any]:
    types: dict[str, Any] = data["tissue"].get("cell_types", {})
    return types


def _cell_type(data: dict[str, Any], name: str) -> dict[str, Any]:
    types = _cell_types(data)
    if name not in types:
        raise unknown("cell type", name, types)
    cell_type: dict[str, Any] = types[name]
    return cell_type


def _without_vesicles(data: dict[str, Any], name: str) -> None:
    _species(data, "vesicles", name)
    for cell_type in _cell_types(data).values():
        cell_type.get("release", {}).pop(name, None)


def _without_cargo(data: dict[str, Any], name: str) -> None:
    _species(data, "cargos", name)
    for population in data["species"]["vesicles"].values():
        population.get("manifest", {}).pop(name, None)


def _without_cells(data: dict[str, Any], name: str) -> None:
    _cell_type(data, name)
    adds = [event["add"] for event in data.get("events", []) if event.get("add")]
    for placement in [*data["tissue"].get("cells", []), *adds]:
        if placement.get("type", name) == name and name not in placement.get("omit", []):
            placement["omit"] = [*placement.get("omit", []), name]


def _without_part(part: str) -> Callable[[dict[str, Any], str], None]:
    def remove(data: dict[str, Any], name: str) -> None:
        _cell_type(data, name).pop(part, None)

    return remove


_TARGETS: dict[str, Callable[[dict[str, Any], str], None]] = {
    "vesicles": _without_vesicles,
    "cargo": _without_cargo,
    "cells": _without_cells,
    **{part: _without_part(part) for part in ("release", "uptake", "apoptosis", "necrosis", "cycle")},
}
