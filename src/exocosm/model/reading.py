"""A scenario file into plain dicts, lists and scalars, with the file and line of each place.

YAML 1.2, composed to nodes and built here, so that no tag can make an object. Size, depth and the number of
expanded nodes are limited: a small file with nested aliases can otherwise fill the memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exocosm.ground.errors import ModelError
from exocosm.model.faults import Place, dotted, show

LARGEST_FILE = 20_000_000
MOST_NODES = 200_000
DEEPEST = 40
_TAG = "tag:yaml.org,2002:"
_WORDS = {"true": True, "false": False}


@dataclass
class Tree:
    """Plain data, and for each place the file and line it came from."""

    data: Any
    file: str
    marks: dict[Place, tuple[str, int]] = field(default_factory=dict)

    def locate(self, place: Place) -> tuple[str, int | None]:
        """File and line of a place, or of the nearest place around it that stands in a file."""
        for end in range(len(place), -1, -1):
            if place[:end] in self.marks:
                return self.marks[place[:end]]
        return self.file, None


def read_file(path: Path) -> Tree:
    """The tree of a file; relative paths of tables in it become absolute. Raises ModelError."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            found = f"{path.stat().st_size:,} bytes"
            raise ModelError(
                "the file is too large", file=str(path), found=found, wanted=f"at most {LARGEST_FILE:,}"
            )
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise ModelError(f"the file cannot be read: {reason}", file=str(path)) from None
    tree = read_text(text, file=str(path))
    _absolute_tables(tree.data, path.resolve().parent)
    return tree


def read_text(text: str, *, file: str) -> Tree:
    """The tree of a text. Raises ModelError."""
    if len(text) > LARGEST_FILE:
        raise ModelError("the text is too large", file=file, wanted=f"at most {LARGEST_FILE:,} characters")
    tree = Tree(None, file)
    node = _compose(text, file)
    if node is None:
        raise ModelError(
            "the file is empty", file=file, wanted="format: exocosm/1, name, duration, species, tissue"
        )
    tree.data = _Builder(tree).build(node, (), ())
    return tree


def _compose(text: str, file: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise ModelError(
            f"this is not YAML: {error.problem or error.context}", file=file, line=line
        ) from None
    except (YAMLError, ValueError) as error:
        raise ModelError(f"this is not YAML: {str(error).splitlines()[0]}", file=file) from None
    except RecursionError:
        raise ModelError(
            "the file is nested too deeply", file=file, wanted=f"at most {DEEPEST} levels"
        ) from None


class _Builder:
    """Builds plain data from nodes; only scalars, lists and mappings pass."""

    def __init__(self, tree: Tree) -> None:
        self.tree, self.nodes = tree, 0

    def build(self, node: Any, place: Place, above: tuple[int, ...]) -> Any:
        self._count(node, place, above)
        self.tree.marks.setdefault(place, (self.tree.file, node.start_mark.line + 1))
        tag = str(node.tag).removeprefix(_TAG)
        if node.id == "scalar":
            return self._scalar(node, tag, place)
        if (node.id, tag) == ("sequence", "seq"):
            return [self.build(item, (*place, i), (*above, id(node))) for i, item in enumerate(node.value)]
        if (node.id, tag) == ("mapping", "map"):
            return self._mapping(node, place, (*above, id(node)))
        raise self._error(
            "this YAML tag is refused", node, place, found=str(node.tag), wanted="plain data without tags"
        )

    def _count(self, node: Any, place: Place, above: tuple[int, ...]) -> None:
        self.nodes += 1
        if id(node) in above:
            raise self._error("an alias contains itself", node, place)
        if len(above) > DEEPEST:
            raise self._error(
                "the file is nested too deeply", node, place, wanted=f"at most {DEEPEST} levels"
            )
        if self.nodes > MOST_NODES:
            raise self._error("the file is too large once its aliases are expanded", node, place)

    def _mapping(self, node: Any, place: Place, above: tuple[int, ...]) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.id != "scalar":
                raise self._error("a name must be plain text", key_node, place)
            key = str(key_node.value)
            if key in data:
                raise self._error(
                    "this name stands twice", key_node, (*place, key), found=key, wanted="each name once"
                )
            self.tree.marks[(*place, key)] = (self.tree.file, key_node.start_mark.line + 1)
            data[key] = self.build(value_node, (*place, key), above)
        return data

    def _scalar(self, node: Any, tag: str, place: Place) -> Any:
        text = str(node.value)
        if tag in ("str", "timestamp", "merge", "value"):
            return text
        if tag == "null":
            return None
        if tag == "bool":
            return _WORDS[text.lower()]
        if tag in ("int", "float"):
            return _number(text)
        raise self._error(
            "this YAML tag is refused", node, place, found=str(node.tag), wanted="plain data without tags"
        )

    def _error(self, problem: str, node: Any, place: Place, **more: Any) -> ModelError:
        line = node.start_mark.line + 1
        return ModelError(problem, file=self.tree.file, line=line, place=dotted(place) or None, **more)


def _number(text: str) -> int | float | str:
    """A decimal number; what is none (0x10, .inf) stays text, and is refused where a number is due."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _absolute_tables(data: Any, folder: Path) -> None:
    if not isinstance(data, dict):
        return
    tissue = data.get("tissue")
    parts = [tissue.get(key) for key in ("cells", "held", "diffusivity")] if isinstance(tissue, dict) else []
    items = [item for part in parts if isinstance(part, list) for item in part]
    events = data.get("events")
    items += (
        [event.get("add") for event in events if isinstance(event, dict)] if isinstance(events, list) else []
    )
    tables = [item.get("region") for item in items if isinstance(item, dict)]
    tables.append(tissue.get("flow") if isinstance(tissue, dict) else None)
    rules = tissue.get("rules") if isinstance(tissue, dict) else None
    tables += rules if isinstance(rules, list) else []
    for table in tables:
        if isinstance(table, dict):
            files = [key for key in ("csv", "h5ad", "types") if isinstance(table.get(key), str)]
            table.update({key: str(folder / table[key]) for key in files})


def parse_value(text: str, place: str) -> Any:
    """The value of `--set path=value`: YAML in one line. Raises ModelError."""
    try:
        return read_text(text, file=f"--set {place}").data
    except ModelError as error:
        raise ModelError(
            "this is not a value", place=place, found=show(text), wanted="text as in a file"
        ) from error
