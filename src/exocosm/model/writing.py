"""A model into the plain data and the text of a scenario file: what was given, as it was given."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from exocosm.model.part import Part
from exocosm.model.parts.phases import Exponential, Fixed, Normal
from exocosm.model.parts.regions import Box, Hexagon, Layer, Positions, Shell, Sphere
from exocosm.model.parts.surroundings import Dish, Places, Transwell, Uniform
from exocosm.model.quantity import Quantity

if TYPE_CHECKING:
    from exocosm.model.model import Model

# Parts that stand under a tag, and the one field that stands for the whole where there is one.
_TAGS: dict[type[Part], tuple[str, str | None]] = {
    Fixed: ("fixed", "mean"),
    Normal: ("normal", None),
    Exponential: ("exponential", "rate"),
    Sphere: ("sphere", None),
    Shell: ("shell", None),
    Box: ("box", None),
    Layer: ("layer", None),
    Hexagon: ("hexagon", None),
    Positions: ("table", "table"),
    Dish: ("dish", None),
    Transwell: ("transwell", None),
    Uniform: ("uniform", "velocity"),
    Places: ("table", "table"),
}


def to_tree(value: Any) -> Any:
    """Plain dicts, lists and scalars: the form that a scenario file has."""
    if isinstance(value, Quantity):
        return value.written()
    if isinstance(value, Part):
        return _part(value)
    if isinstance(value, Mapping):
        return {key: to_tree(item) for key, item in value.items()}
    return [to_tree(item) for item in value] if isinstance(value, tuple | list) else value


def _part(part: Part) -> dict[str, Any]:
    fields = {name: to_tree(getattr(part, name)) for name in type(part).model_fields if _said(part, name)}
    if type(part) not in _TAGS:
        return fields
    tag, only = _TAGS[type(part)]
    if tag == only and len(fields) > 1:
        return fields  # a table with notes
    return {tag: fields if only is None else fields[only]}


def _said(part: Part, name: str) -> bool:
    """Whether a field was given; what follows from other fields or from a default is not written."""
    return name in part.model_fields_set


def to_yaml(model: Model) -> str:
    """The text of a scenario file that gives an equal model."""
    from ruamel.yaml import YAML
    from ruamel.yaml.scalarstring import LiteralScalarString

    def block(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: block(item) for key, item in value.items()}
        if isinstance(value, list):
            return [block(item) for item in value]
        return LiteralScalarString(value) if isinstance(value, str) and _is_block(value) else value

    yaml = YAML(typ="rt", pure=True)
    yaml.width = 110
    text = io.StringIO()
    yaml.dump(block(to_tree(model)), text)
    return text.getvalue()


def _is_block(text: str) -> bool:
    """Whether a text reads well, and reads back the same, as a block of lines."""
    lines = text.split("\n")
    plain = all(line.isprintable() and line.strip() == line for line in lines)
    return plain and len(lines) > 1 and bool(lines[0]) and text == text.strip("\n") + "\n"
