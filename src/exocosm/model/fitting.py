"""What pieces of the library say, as far as a scenario has what they speak of.

A piece speaks of all that is known: a macrophage of every vesicle that it takes up and of every signal that
turns it. Where a scenario has no such vesicle or signal, that part of the piece is left out. The same walk
gives things the names under which a scenario takes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from exocosm.model.extending import RULES, places_in
from exocosm.model.faults import Place, dotted
from exocosm.model.grammar.mentions import Known, Named, mentioned, renamed
from exocosm.model.grammar.vocabulary import key
from exocosm.model.reading import Tree

_TYPE = "tissue.cell_types.*"
NAMES: dict[str, tuple[str, ...]] = {
    "species.substrates": ("substrates",),
    "species.vesicles": ("vesicles",),
    "species.cargos": ("cargos",),
    "species.vesicles.*.manifest": ("cargos",),
    "species.cargos.*.captured_by": ("substrates",),
    "species.cargos.*.assay_doses": ("cells",),
    "tissue.boundaries": ("substrates", "vesicles"),
    "tissue.cell_types": ("cells",),
    f"{_TYPE}.exchange": ("substrates",),
    f"{_TYPE}.release": ("vesicles",),
    f"{_TYPE}.genesis": ("vesicles",),
    f"{_TYPE}.genesis.*.loading": ("cargos",),
    f"{_TYPE}.pools": ("cargos",),
    f"{_TYPE}.surface": ("cargos",),
    f"{_TYPE}.uptake": ("vesicles",),
    f"{_TYPE}.receptors.*.blockers": ("substrates",),
    f"{_TYPE}.attack.targets": ("cells",),
    f"{_TYPE}.immunogenicity": ("cells",),
    f"{_TYPE}.phagocytosis.live": ("cells",),
    f"{_TYPE}.transformations": ("cells",),
    f"{_TYPE}.mechanics.adhesion_affinity": ("cells",),
    f"{_TYPE}.motility.chemotaxis": ("substrates", "vesicles"),
}
"""Where the names in a mapping are those of things, and of which kinds."""
NEEDS: dict[str, tuple[tuple[str, str], ...]] = {
    "species.cargos.*.enzyme": (("converts", "substrates"), ("into", "substrates")),
    f"{_TYPE}.receptors.*": (("ligand", "cargos"),),
    f"{_TYPE}.cycle.phases.*.modulated_by": (("substrate", "substrates"),),
    f"{_TYPE}.apoptosis": (("modulated_by.substrate", "substrates"),),
    f"{_TYPE}.necrosis": (("modulated_by.substrate", "substrates"),),
    "tissue.rules.*": (("cell_type", "cells"),),
}
"""Where a part stands or falls with what its fields name: a death that a ramp holds falls with the ramp."""
EMPTY = {f"{_TYPE}.attack": "targets"}
"""Parts that need something in a mapping of theirs."""
MECHANISMS = {
    "attack": r"attack .+|(is )?attacking",
    "necrosis": r"necrosis",
    "apoptosis": r"apoptosis",
}
"""Words that a cell type has only with a part."""
_DAMAGE = r"damage|total attack time"


@dataclass(frozen=True)
class LeftOut:
    """A part of a piece that was left out: its place, and the thing that the scenario does not have."""

    place: str
    kind: str
    name: str


@dataclass
class Fitting:
    """Fits pieces to a scenario: `known` are all names, `names` those that it has, with the new ones.

    Where nothing `stiffens`, no rule on stiffness holds.
    """

    known: Known
    names: Mapping[Named, str]
    stiffens: bool = True
    left_out: list[LeftOut] = field(default_factory=list)

    def fit(self, tree: Tree) -> Tree:
        """The pieces with what the scenario has, under its names."""
        fitted = Tree(None, tree.file, dict(tree.marks))
        rules = tree.data.get("tissue", {}).get("rules", [])
        rest = tree.data | {"tissue": {k: v for k, v in tree.data.get("tissue", {}).items() if k != "rules"}}
        fitted.data = self._part(rest, (), (), fitted)
        types = fitted.data["tissue"].get("cell_types", {})
        kept = [(i, rule) for i, rule in enumerate(rules) if self._has(rule, types)]
        fitted.data["tissue"]["rules"] = [self._rule(rule) for _, rule in kept]
        self._marks_of_rules(kept, tree, fitted)
        return fitted

    def _part(self, data: Any, at: Place, to: Place, fitted: Tree) -> Any:
        """The data that is found `at` a place of the pieces and goes `to` one of the scenario."""
        if isinstance(data, list):
            return [self._part(item, (*at, i), (*to, i), fitted) for i, item in enumerate(data)]
        if not isinstance(data, dict):
            return data
        kinds, part = NAMES.get(_form(at), ()), {}
        for name, value in data.items():
            new = self._name(kinds, name) if kinds else name
            if new is None:
                self._leave((*at, name), (kinds[0], name))
                continue
            lacking = self._lacking(value, (*at, name))
            if lacking is not None:
                self._leave((*at, name), lacking)
                continue
            if new != name or at != to:
                _copy_marks(value, (*at, name), (*to, new), fitted)
            fitted_value = self._part(value, (*at, name), (*to, new), fitted)
            if not _is_empty(fitted_value, (*at, name)):
                part[new] = self._fields(fitted_value, (*at, name))
        return _without_enzyme(part) if _form(at) == _CARGO else part

    def _name(self, kinds: tuple[str, ...], name: str) -> str | None:
        found = [self.names[kind, name] for kind in kinds if (kind, name) in self.names]
        return found[0] if found else None

    def _lacking(self, value: Any, place: Place) -> Named | None:
        """What a part needs that the scenario does not have."""
        for path, kind in NEEDS.get(_form(place), ()):
            name = _field(value, path)
            if isinstance(name, str) and (kind, name) not in self.names:
                return kind, name
        return None

    def _fields(self, value: Any, place: Place) -> Any:
        """The part with new names in the fields that name things."""
        for path, kind in NEEDS.get(_form(place), ()):
            value = _with_field(value, path.split("."), lambda name, kind=kind: self.names[kind, name])
        return value

    def _has(self, rule: Any, types: Mapping[str, Any]) -> bool:
        """Whether the scenario has all that a rule speaks of."""
        place: Place = (*RULES, str(rule.get("name")))
        lacking = self._lacking(rule, (*RULES, 0)) or self._unsaid(rule) or self._without_part(rule, types)
        if lacking is not None:
            self._leave(place, lacking)
        return lacking is None

    def _unsaid(self, rule: Any) -> Named | None:
        words = (str(rule.get("signal")), str(rule.get("behaviour")))
        things = [thing for said in words for thing in mentioned(said, self.known)]
        return next((thing for thing in things if thing[0] in _SPECIES and thing not in self.names), None)

    def _without_part(self, rule: Any, types: Mapping[str, Any]) -> Named | None:
        """The part of its cell type that a rule needs and that was left out."""
        cell_type = types[self.names["cells", rule["cell_type"]]]
        words = [key(str(rule.get("signal"))), key(str(rule.get("behaviour")))]
        for part, pattern in MECHANISMS.items():
            if part not in cell_type and any(re.fullmatch(pattern, said) for said in words):
                return "parts", part
        if re.fullmatch(_DAMAGE, words[0]) and not any("attack" in other for other in types.values()):
            return "parts", "attack"
        if words[0] == "stiffness" and not self.stiffens:
            return "parts", "stiffness"
        for kind, name in mentioned(words[0], self.known):
            if kind == "receptors" and name not in cell_type.get("receptors", {}):
                return kind, name
        return None

    def _rule(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        new = dict(rule) | {"cell_type": self.names["cells", rule["cell_type"]]}
        for words in ("signal", "behaviour"):
            new[words] = renamed(str(rule[words]), self.known, lambda thing: self.names.get(thing, thing[1]))
        return new

    def _marks_of_rules(self, kept: list[tuple[int, Any]], tree: Tree, fitted: Tree) -> None:
        for place in [place for place in fitted.marks if place[:2] == RULES and len(place) > 2]:
            del fitted.marks[place]
        for new, (old, rule) in enumerate(kept):
            for place in places_in(rule, (*RULES, old)):
                if place in tree.marks:
                    fitted.marks[(*RULES, new, *place[3:])] = tree.marks[place]

    def _leave(self, place: Place, lacking: Named) -> None:
        self.left_out.append(LeftOut(dotted(place), *lacking))


_SPECIES = ("substrates", "vesicles", "cargos", "cells")


_CARGO = "species.cargos.*"
_PATHS = {path: path.split(".") for path in (*NAMES, *NEEDS, *EMPTY, _CARGO)}


@cache
def _form(place: Place) -> str:
    """The path with stars in which a place is one; empty if it is in none."""
    for path, steps in _PATHS.items():
        if len(steps) == len(place) and all(a in ("*", b) for a, b in zip(steps, place, strict=True)):
            return path
    return ""


def _without_enzyme(cargo: dict[str, Any]) -> dict[str, Any]:
    """A cargo whose reaction was left out is carried and does nothing."""
    idle = cargo.get("place") == "enzyme" and "enzyme" not in cargo
    return {key: value for key, value in cargo.items() if key != "place"} if idle else cargo


def _is_empty(value: Any, place: Place) -> bool:
    need = EMPTY.get(_form(place))
    return need is not None and isinstance(value, dict) and not value.get(need)


def _field(value: Any, path: str) -> Any:
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _with_field(value: Any, path: list[str], new: Any) -> Any:
    """The part with another name in a field, where it has that field."""
    if not isinstance(value, dict) or path[0] not in value or value[path[0]] is None:
        return value
    inner = value[path[0]]
    changed = new(inner) if len(path) == 1 else _with_field(inner, path[1:], new)
    return value | {path[0]: changed}


def _copy_marks(value: Any, at: Place, to: Place, fitted: Tree) -> None:
    for place in list(places_in(value, at)):
        if place in fitted.marks:
            fitted.marks[to + place[len(at) :]] = fitted.marks[place]


def stiffens(data: Any) -> bool:
    """Whether plain data say how stiff laid fibres make the tissue."""
    return _field(data, "tissue.medium.laid_fibres.stiffness") is not None


def receptors_of(data: Any) -> Iterator[str]:
    """Names of the receptors of all cell types in plain data."""
    for cell_type in data.get("tissue", {}).get("cell_types", {}).values():
        yield from cell_type.get("receptors", {})


def states_of(data: Any) -> Iterator[str]:
    """Names of the states of all cell types in plain data."""
    for cell_type in data.get("tissue", {}).get("cell_types", {}).values():
        yield from cell_type.get("states", {})
