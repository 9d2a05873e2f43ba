"""The plain data of a model, as a file has it, and how parts and rules are found and left out in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from exocosm.model.faults import unknown

Data = dict[str, Any]
NAMED = {"substrates": "substrate", "vesicles": "vesicle population", "cargos": "cargo"}


def species_part(data: Data, kind: str, name: str) -> Data:
    """The plain data of a species. Raises Fault."""
    names = data.get("species", {}).get(kind, {})
    if name not in names:
        raise unknown(NAMED[kind], name, names)
    part: Data = names[name]
    return part


def all_types(data: Data) -> Data:
    """The plain data of all cell types by name."""
    types: Data = data["tissue"].get("cell_types", {})
    return types


def type_named(data: Data, name: str) -> Data:
    """The plain data of a cell type. Raises Fault."""
    types = all_types(data)
    if name not in types:
        raise unknown("cell type", name, types)
    cell_type: Data = types[name]
    return cell_type


def each_part(data: Data, part: str) -> Iterator[Data]:
    """The named items of a part of all cell types, such as the pools, type by type."""
    for cell_type in all_types(data).values():
        yield cell_type.get(part) or {}


def left_out(unit: str = "") -> Data:
    """A zero that says why it is zero."""
    return {"value": f"0 {unit}".strip(), "derived": "left out"}


def drop_rules(data: Data, *behaviours: str, of: str | None = None, signal: str | None = None) -> None:
    """Drops rules on behaviours, or with a signal (patterns), in cells of one type or of all."""

    def goes(rule: Data) -> bool:
        if of is not None and rule.get("cell_type") != of:
            return False
        said, sensed = plain(str(rule.get("behaviour", ""))), plain(str(rule.get("signal", "")))
        driven = any(re.fullmatch(pattern, said) for pattern in behaviours)
        return driven or (signal is not None and re.fullmatch(signal, sensed) is not None)

    if "rules" in data["tissue"]:
        data["tissue"]["rules"] = [rule for rule in data["tissue"]["rules"] if not goes(rule)]


def plain(words: str) -> str:
    """Words with one blank for any blanks and underscores, as the grammar of rules compares them."""
    return re.sub(r"[\s_]+", " ", words).strip()


def words_of(name: str, *words: str) -> list[str]:
    """Patterns of the behaviours of a species; blanks stand for the underscores that its name may have."""
    return [f"{re.escape(plain(name))} {word}" for word in words]


def words_of_vesicles(data: Data, *words: str) -> list[str]:
    """Patterns of the behaviours of all vesicle populations."""
    return [
        pattern for name in data.get("species", {}).get("vesicles", {}) for pattern in words_of(name, *words)
    ]


def stop(part: Data, *fields: str) -> None:
    """Leaves out fields of a part, which then have their default: nothing."""
    for field in fields:
        part.pop(field, None)
