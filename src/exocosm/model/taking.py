"""`takes: {cells: ..., substrates: ..., vesicles: ..., cargos: ...}`: what a scenario has from the library.

A library file tells all that is known of a cell: each substrate that it exchanges, each vesicle that it takes
up, each cargo that acts on it. A scenario has some of these only. What a taken file says of a species or a
cell type that the scenario has not is left out here, and counted; what it says under `with: {NAME: ...}` is
laid over the cell where the scenario has a species of that name, for what is so only under a substrate that
varies. What the scenario says itself is laid over all of it, as over a scenario that it extends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from exocosm import library
from exocosm.ground.errors import ModelError, nearest
from exocosm.model.faults import Place, dotted, show
from exocosm.model.fitting import Fitting, Names
from exocosm.model.laying import laid
from exocosm.model.reading import Tree, read_file

KEY, BASE, WITH = "takes", "extends", "with"
KINDS = {"cells": "cell_types", "substrates": "substrates", "vesicles": "vesicles", "cargos": "cargos"}
"""What can be taken, and where it then stands: cell types in the tissue, all else among the species."""


@dataclass
class Taken:
    """Library data for a scenario: the tree to lay it over, its rules, and what was left out, in words."""

    tree: Tree
    left_out: list[str]

    @property
    def rules(self) -> list[dict[str, Any]]:
        """The rules of the cells that were taken."""
        rules: list[dict[str, Any]] = self.tree.data["tissue"]["rules"]
        return rules


def taken(tree: Tree, base: Any) -> Taken:
    """What the `takes` of a tree has from the library, fitted to the names in the tree and its base.

    Raises ModelError with the nearest name for what the library has not.
    """
    _known_kinds(tree)
    found = Tree({"species": {}, "tissue": {"cell_types": {}, "rules": []}}, tree.file)
    asked = {kind: _asked(tree, kind) for kind in KINDS}
    species, types = found.data["species"], found.data["tissue"]["cell_types"]
    pieces = {
        (kind, name): _piece(tree, kind, source)
        for kind, names in asked.items()
        for name, source in names.items()
    }
    fitting = Fitting(Names.of(base, tree.data, _named(asked)))
    for (kind, name), piece in pieces.items():
        _put(found, kind, name, _with_what_is_there(piece, fitting.names))
    for kind, fit in (("vesicles", fitting.population), ("cargos", fitting.cargo)):
        for name, piece in species.get(kind, {}).items():
            species[kind][name] = fit(piece, name)
    for name, piece in types.items():
        types[name] = fitting.cell(piece, name)
    return Taken(found, fitting.left_out)


def _named(asked: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What is asked for, as a scenario that says no more than names."""
    species = {KINDS[kind]: names for kind, names in asked.items() if kind != "cells"}
    return {"species": species, "tissue": {"cell_types": asked["cells"]}}


def _with_what_is_there(piece: Tree, names: Names) -> Tree:
    """A piece with what it says of itself where a species is in the scenario."""
    given = piece.data.get(WITH, {})
    for name in given:
        if name in names.substrates | names.vesicles | names.cargos:
            piece = laid(piece, {"cell_type": given[name]}, piece)
    return piece


def _known_kinds(tree: Tree) -> None:
    takes = tree.data[KEY]
    for kind in takes if isinstance(takes, Mapping) else ():
        if kind not in KINDS:
            raise _error(tree, (KEY, str(kind)), "unknown kind of library piece", kind, KINDS)


def _asked(tree: Tree, kind: str) -> dict[str, str]:
    """Names in the scenario with the names in the library, which differ where a mapping says so."""
    takes = tree.data[KEY]
    if not isinstance(takes, Mapping):
        raise _error(tree, (KEY,), "this has the wrong form", takes, None, "cells: [HCC], cargos: [...]")
    names = takes.get(kind) or []
    if isinstance(names, Mapping) and all(isinstance(name, str) for name in names.values()):
        return {str(name): source for name, source in names.items()}
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        return {name: name for name in names}
    wanted = "a list of names, or {name in the scenario: name in the library}"
    raise _error(tree, (KEY, kind), "this has the wrong form", names, None, wanted)


def _piece(tree: Tree, kind: str, name: str) -> Tree:
    known = library.piece_names(kind)
    path = library.piece_path(kind, name)
    if path is None:
        raise _error(tree, (KEY, kind), f"the library has no such {kind[:-1]}", name, known)
    piece = read_file(path)
    if BASE not in piece.data:
        return piece
    over = {key: value for key, value in piece.data.items() if key != BASE}
    return laid(_piece(tree, kind, piece.data[BASE]), over, piece)


def _error(
    tree: Tree, place: Place, problem: str, found: Any, known: Iterable[str] | None, wanted: str = ""
) -> ModelError:
    file, line = tree.locate(place)
    names = list(known) if known is not None else []
    return ModelError(
        problem,
        file=file,
        line=line,
        place=dotted(place),
        found=found if isinstance(found, str) else show(found),
        wanted=wanted or "one of: " + ", ".join(names),
        nearest=nearest(str(found), names) if names else None,
    )


def _put(tree: Tree, kind: str, name: str, piece: Tree) -> None:
    """Put a library piece where it stands in a scenario, with the marks of its file."""
    if kind != "cells":
        tree.data["species"].setdefault(KINDS[kind], {})[name] = piece.data
        _marks(tree, ("species", KINDS[kind], name), piece, ())
        return
    tree.data["tissue"]["cell_types"][name] = piece.data["cell_type"]
    _marks(tree, ("tissue", "cell_types", name), piece, ("cell_type",))
    rules = tree.data["tissue"]["rules"]
    for index, rule in enumerate(piece.data.get("rules", [])):
        _marks(tree, ("tissue", "rules", len(rules)), piece, ("rules", index))
        own = f"{name}-{rule['name']}"
        rules.append({**rule, "name": own, "cell_type": name})


def _marks(tree: Tree, place: Place, piece: Tree, origin: Place) -> None:
    size = len(origin)
    tree.marks.update({place + mark[size:]: at for mark, at in piece.marks.items() if mark[:size] == origin})
