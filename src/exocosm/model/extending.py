"""`extends: other` — a scenario that says only what differs from another one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from exocosm import library
from exocosm.ground.errors import ModelError, nearest
from exocosm.model.faults import Place, dotted, show
from exocosm.model.parts.presets import phase_with
from exocosm.model.reading import Tree, read_file

KEY, TAKES, RULES, PHASES = "extends", "takes", ("tissue", "rules"), ("cycle", "phases")
# What stands on its own: naming another source or another duration replaces the old one whole.
ALTERNATIVES = (
    {"value", "evidence", "derived", "assumed", "range"},
    {"fixed", "normal", "exponential"},
    {"sphere", "shell", "box", "layer", "hexagon", "csv", "h5ad", "table"},
    {"loaded_fraction", "copies_per_loaded"},
    {"dish", "transwell"},
    {"uniform", "csv", "table"},
)


def extended(tree: Tree, seen: tuple[str, ...] = ()) -> Tree:
    """The tree laid over the one that it extends. Raises ModelError.

    Mappings merge, rules and phases by name; all else is replaced.
    """
    if not isinstance(tree.data, dict) or KEY not in tree.data:
        return tree
    path = _base_path(tree)
    key = str(path.resolve())
    if key in seen:
        file, line = tree.locate((KEY,))
        wanted = "a scenario that does not come back to this one"
        raise ModelError(
            "these scenarios extend each other",
            file=file,
            line=line,
            place=KEY,
            found=path.name,
            wanted=wanted,
        )
    base = extended(read_file(path), (*seen, key))
    over = {name: value for name, value in tree.data.items() if name != KEY}
    return laid_over(base, Tree(over, tree.file, tree.marks))


def laid_over(base: Tree, over: Tree) -> Tree:
    """The base with what the other says laid over it, as a scenario lies over the one that it extends."""
    merged = Tree(None, over.file, dict(base.marks))
    merged.data = _merge(base.data, over.data, (), over, merged)
    return merged


def _base_path(tree: Tree) -> Path:
    name = tree.data[KEY]
    beside = Path(tree.file).parent / str(name)
    if isinstance(name, str) and beside.is_file():
        return beside
    shipped = library.scenario_path(str(name))
    if shipped is not None:
        return shipped
    file, line = tree.locate((KEY,))
    names = library.scenario_names()
    wanted = "a file beside this one, or one of: " + ", ".join(names)
    near = nearest(str(name), names)
    problem = "there is no scenario to extend"
    raise ModelError(problem, file=file, line=line, place=KEY, found=name, wanted=wanted, nearest=near)


def _merge(base: Any, over: Any, place: Place, source: Tree, merged: Tree) -> Any:
    mappings = isinstance(base, dict) and isinstance(over, dict)
    if mappings and not _alternative(over) and not _other_cycle(place, over):
        kept = {key: value for key, value in base.items() if key not in over}
        laid = {
            key: _merge(base.get(key), value, (*place, key), source, merged) for key, value in over.items()
        }
        return {key: (kept | laid)[key] for key in [*base, *(key for key in over if key not in base)]}
    if place == RULES and isinstance(base, list) and isinstance(over, list):
        return _merge_rules(base, over, source, merged)
    if place[:1] == (TAKES,) and isinstance(base, list) and isinstance(over, list):
        return _both(base, over, place, source, merged)
    if place[-2:] == PHASES and isinstance(base, list) and isinstance(over, dict):
        return _merge_phases(base, over, place, source, merged)
    _take_marks((base, over), place, source, merged)
    return over


def _both(base: list[Any], over: list[Any], place: Place, source: Tree, merged: Tree) -> list[Any]:
    """What either list names, once."""
    items = list(base)
    for index, item in enumerate(over):
        if item not in items:
            _take_marks((None, item), (*place, len(items)), source, merged, (*place, index))
            items.append(item)
    return items


def _merge_phases(base: list[Any], over: dict[str, Any], place: Place, source: Tree, merged: Tree) -> Any:
    """The phases of a cycle, of which some are said anew by name. Raises ModelError."""
    places = {name: index for index, phase in enumerate(base) if (name := _name(phase)) is not None}
    phases = list(base)
    for name, change in over.items():
        if name not in places or not isinstance(change, dict):
            raise _no_change((*place, name), change, list(places), source)
        at = places[name]
        for field in change:
            both = phases[at].get(field), change[field]
            _take_marks(both, (*place, at, field), source, merged, (*place, name, field))
        phases[at] = phase_with(phases[at], change)
    return phases


def _no_change(place: Place, change: Any, names: list[str], source: Tree) -> ModelError:
    """The error of a phase that is not there, or that is changed into what is no phase."""
    (file, line), name, at = source.locate(place), str(place[-1]), dotted(place)
    if name not in names:
        wanted, near = "one of: " + ", ".join(names), nearest(name, names)
        return ModelError(
            "unknown phase", file=file, line=line, place=at, found=name, wanted=wanted, nearest=near
        )
    wanted, found = "what differs, such as {duration: {fixed: 9 h}}", show(change)
    return ModelError("this has the wrong form", file=file, line=line, place=at, found=found, wanted=wanted)


def _merge_rules(base: list[Any], over: list[Any], source: Tree, merged: Tree) -> list[Any]:
    """The rules of both: one with the name of a rule of the base replaces that, others come after."""
    places = {name: index for index, rule in enumerate(base) if (name := _name(rule)) is not None}
    rules = list(base)
    for index, rule in enumerate(over):
        at = places.pop(str(_name(rule)), len(rules))
        both = rules[at] if at < len(rules) else None, rule
        rules[at : at + 1] = [rule]
        _take_marks(both, (*RULES, at), source, merged, (*RULES, index))
    return rules


def _name(rule: Any) -> str | None:
    name = rule.get("name") if isinstance(rule, dict) else None
    return name if isinstance(name, str) else None


def _alternative(over: dict[str, Any]) -> bool:
    return any(set(over) and set(over) <= names for names in ALTERNATIVES)


def _other_cycle(place: Place, over: dict[str, Any]) -> bool:
    """Whether a cycle names its model or all of its phases: it then replaces the old one whole."""
    return place[-1:] == ("cycle",) and ("model" in over or isinstance(over.get("phases"), list))


def _take_marks(
    both: tuple[Any, Any], place: Place, source: Tree, merged: Tree, origin: Place | None = None
) -> None:
    """Give a place the marks that it has in the source, where it may stand at another `origin`.

    `both` are what stood there and what stands there now.
    """
    origin = place if origin is None else origin
    for old in places_in(both[0], place):
        merged.marks.pop(old, None)
    size = len(origin)
    for new in places_in(both[1], origin):
        if new in source.marks:
            merged.marks[place + new[size:]] = source.marks[new]


def places_in(data: Any, place: Place = ()) -> Iterator[Place]:
    """A place and all below it."""
    yield place
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, item in items:
        yield from places_in(item, (*place, step))
