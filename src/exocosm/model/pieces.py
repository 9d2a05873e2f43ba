"""Pieces of the library, and those that lie beside a scenario, as plain data that can be fitted together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from exocosm.model.faults import Fault, Place, show, unknown
from exocosm.model.reading import Tree, read_file

KEYS = ("title", "description", "takes", "species", "tissue")
_PARTS = {"species": ("substrates", "vesicles", "cargos"), "tissue": ("cell_types", "boundaries")}
_IN_CELLS = ("receptors", "states", "attack")


def read_piece(path: Path) -> Tree:
    """A piece: title and description, what it brings, and what it says of species and tissue.

    Raises ModelError with its file and line where it is no piece.
    """
    return _read(path, path.stat().st_mtime_ns)


@cache
def _read(path: Path, _changed: int) -> Tree:
    tree = read_file(path)
    try:
        _check(tree.data)
    except Fault as fault:
        raise fault.error(tree.locate) from None
    return tree


def _check(data: Any) -> None:
    """What fitting takes for granted; the rest is checked in the model. Raises Fault."""
    _mapping(data, ())
    for key in data:
        if key not in KEYS:
            raise unknown("name", key, KEYS, at=(key,))
    for section, parts in _PARTS.items():
        _mapping(data.get(section, {}), (section,))
        for part in parts:
            _of_mappings(data.get(section, {}).get(part, {}), (section, part))
    for name, cell_type in data.get("tissue", {}).get("cell_types", {}).items():
        for part in _IN_CELLS:
            _mapping(cell_type.get(part, {}), ("tissue", "cell_types", name, part))
    for place, rule in _rules(data.get("tissue", {})):
        _mapping(rule, place)
        for field in ("cell_type", "signal", "behaviour"):
            if not isinstance(rule.get(field), str):
                wanted = "a rule of a piece names its cell_type, signal and behaviour"
                raise Fault("this has the wrong form", at=place, found=show(rule), wanted=wanted)


def _rules(tissue: dict[str, Any]) -> Iterator[tuple[Place, Any]]:
    rules = tissue.get("rules", [])
    if not isinstance(rules, list):
        raise Fault("this has the wrong form", at=("tissue", "rules"), found=show(rules), wanted="a list")
    for index, rule in enumerate(rules):
        yield ("tissue", "rules", index), rule


def _of_mappings(data: Any, at: Place) -> None:
    _mapping(data, at)
    for name, part in data.items():
        _mapping(part, (*at, name))


def _mapping(data: Any, at: Place) -> None:
    if not isinstance(data, dict):
        raise Fault("this has the wrong form", at=at, found=show(data), wanted="a mapping of names")
