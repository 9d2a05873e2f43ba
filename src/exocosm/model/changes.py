"""Changes of a model: set a value, do without a mechanism, add an event. One path syntax for all of them.

A path is dotted, with indices in brackets or as steps: `tissue.cells[0].count`,
`species.vesicles.tumour.decay_rate`. Items that have names, such as phases, are found by them too. What a
model can do without is named as `Without` says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from exocosm.ground.errors import ModelError
from exocosm.model.events import Event
from exocosm.model.faults import Fault, Place, show, unknown
from exocosm.model.loading import from_tree
from exocosm.model.model import Model
from exocosm.model.reading import Tree, parse_value
from exocosm.model.without import WORDS, take_out, take_out_part
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
    """Without a mechanism, named by its kind, or by a path, which is then left out.

    Of a vesicle population: `vesicles:P` no cell makes or releases it (doses of it are still given, and the
    species stays, so that the tables of two arms pair), `matrix:P` it does not bind to the matrix, `doses:P`
    none is given (of a substrate too). Of a cargo: `cargo:C` no vesicle carries it (cells keep their pools),
    `loading:C` none is loaded from pools, `pool:C` no cell has or makes copies of its own, `capture:C`
    antibodies do not bind it, `enzyme:C` it does not work. Of a cell type, for all vesicles: `release:T`
    makes and releases none, `genesis:T` has none of its genesis, of which `formation:T`, `docking:T`,
    `lysosome:T` and `budding:T` are steps and `loading:T` what it loads; `uptake:T`, of which `binding:T` and
    `fate:T` are parts (entry is then at once, and all open at once), `escape:T`, `recycling:T` none escapes
    or goes back out. Of cells: `motility:T` they do not move on their own, `chemotaxis:T` only at random,
    `cells:T`, `cycle:T`, `apoptosis:T`, `necrosis:T`, `receptor:NAME`, `state:NAME`, `rule:NAME`, `rules:T`.
    Of the tissue: `flow`, `vessels`, `capillaries` (nobody then arrives by them), `immigration:NAME`.
    Rules that would bring a mechanism back go with it.
    """

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


DEFINED: dict[Place, str] = {
    ("tissue", "cell_types"): "cell type",
    ("species", "substrates"): "substrate",
    ("species", "vesicles"): "vesicle population",
    ("species", "cargos"): "cargo",
}
"""Where a name is that of a thing: a path into one that is not there is misspelt, and begins none."""


def _set(data: Any, path: Place, value: Any) -> None:
    for index, step in enumerate(path[:-1]):
        data = _inner(data, step, path[: index + 1])
    last = path[-1]
    if isinstance(data, list):
        _inner(data, last, path)
        last = _index(data, last)
    elif not isinstance(data, dict):
        raise Fault(
            "this has no parts", at=path[:-1], found=show(data), wanted="a path to a value of the model"
        )
    data[last] = value


def _inner(data: Any, step: str | int, place: Place) -> Any:
    """What stands at a step; a mapping that the model leaves out is begun, and checked later."""
    if isinstance(data, list):
        step = _index(data, step)
        if not isinstance(step, int) or step >= len(data):
            raise Fault(
                "there is no such item", at=place, found=show(step), wanted=f"a number below {len(data)}"
            )
        return data[step]
    if not isinstance(data, dict):
        raise Fault(
            "this has no parts", at=place[:-1], found=show(data), wanted="a path to a value of the model"
        )
    if place[:-1] in DEFINED and str(step) not in data:
        raise unknown(DEFINED[place[:-1]], step, data, at=place)
    return data.setdefault(str(step), {})


def _index(items: list[Any], step: str | int) -> str | int:
    """The index of the item that has this name; else the step itself."""
    named = [i for i, item in enumerate(items) if isinstance(item, dict) and item.get("name") == step]
    return named[0] if named else step


def _without(data: dict[str, Any], target: str) -> None:
    kind, colon, name = target.partition(":")
    if colon:
        take_out(data, kind, name)
    elif target in WORDS:
        take_out_part(data, target)
    else:
        _leave_out(data, parse_path(target))


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
