"""`takes:` — a scenario that takes cells, signals, vesicles and cargos from the library by name.

A piece of the library is a piece of a scenario: a file with what it says of species, cell types and rules.
The pieces are laid over each other, fitted to what the scenario has, and the scenario is laid over them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exocosm import library
from exocosm.ground.errors import nearest
from exocosm.model.extending import TAKES, laid_over
from exocosm.model.faults import Fault, Place, show, unknown
from exocosm.model.fitting import Fitting, LeftOut, receptors_of, states_of, stiffens
from exocosm.model.pieces import read_piece
from exocosm.model.plain_data import NAMED
from exocosm.model.reading import Tree

ALL = "all"
WORDS = NAMED | {"cells": "cell type"}
_SECTION = {"substrates": "species", "vesicles": "species", "cargos": "species", "cells": "tissue"}
_FORM = "names of the library, such as [HCC, macrophage], {tumour: HCC}, or all"


@dataclass(frozen=True)
class Taken:
    """A scenario with what it takes: the `tree` of all of it, `names` by kind, and what was left out."""

    tree: Tree
    names: dict[str, dict[str, str]]
    left_out: list[LeftOut]


def with_taken(tree: Tree) -> Tree:
    """The tree of a scenario with what it takes from the library written out. Raises ModelError."""
    return taken(tree).tree


def taken(tree: Tree) -> Taken:
    """A scenario laid over what it takes from the library. Raises ModelError."""
    if not isinstance(tree.data, dict) or TAKES not in tree.data:
        return Taken(tree, {}, [])
    try:
        files = _files(tree.data[TAKES], Path(tree.file).parent)
    except Fault as fault:
        raise fault.error(tree.locate) from None
    said = Tree({name: value for name, value in tree.data.items() if name != TAKES}, tree.file, tree.marks)
    pieces = _laid_together(files, tree.file)
    hard = stiffens(pieces.data) or stiffens(said.data)
    fitting = Fitting(_known(pieces, said), _names(files, said), hard)
    names = {kind: {new: old for k, new, old in files if k == kind} for kind in library.PIECES}
    return Taken(laid_over(fitting.fit(pieces), said), names, fitting.left_out)


Asked = tuple[str, str, str]
"""A kind, the name under which a piece is taken, and its name in the library."""


def _files(takes: Any, folder: Path) -> dict[Asked, Path]:
    """The pieces that are asked for and what they bring, kind by kind, with their files. Raises Fault."""
    _check_form(takes)
    files: dict[Asked, Path] = {}
    for kind in library.PIECES:
        for place, new, old in _asked(takes.get(kind), kind, (TAKES, kind)):
            path = _path(kind, old, folder, place)
            asked = (kind, path.stem if new == old else new, path.stem)
            if any(kind == other[0] and set(asked[1:]) & set(other[1:]) for other in files):
                raise Fault("this is taken twice", at=place, found=show(old), wanted="each piece once")
            files[asked] = path
    for path in list(files.values()):
        _bring(read_piece(path), files)
    return {asked: files[asked] for kind in library.PIECES for asked in files if asked[0] == kind}


def _check_form(takes: Any) -> None:
    if not isinstance(takes, dict):
        wanted = "a mapping with: " + ", ".join(library.PIECES)
        raise Fault("this has the wrong form", at=(TAKES,), found=show(takes), wanted=wanted)
    for kind in takes:
        if kind not in library.PIECES:
            raise unknown("kind of piece", kind, library.PIECES, at=(TAKES, kind))


def _bring(piece: Tree, files: dict[Asked, Path]) -> None:
    """Adds the pieces without which another does nothing, and what those bring. Raises ModelError."""
    takes, new = piece.data.get(TAKES, {}), []
    try:
        _check_form(takes)
        for kind in takes:
            for place, _, name in _asked(takes[kind], kind, (TAKES, kind)):
                path = _path(kind, name, Path(piece.file).parent, place)
                if not any((kind, path.stem) == (other[0], other[2]) for other in files):
                    files[kind, path.stem, path.stem] = path
                    new.append(path)
    except Fault as fault:
        raise fault.error(piece.locate) from None
    for path in new:
        _bring(read_piece(path), files)


def _asked(items: Any, kind: str, at: Place) -> Iterator[tuple[Place, str, str]]:
    """Each item of one kind: its place, the name that it is given and the one that it has. Raises Fault."""
    if items == ALL:
        items = library.piece_names(kind)
    if isinstance(items, dict):
        items, places = [{new: old} for new, old in items.items()], [at] * len(items)
    elif isinstance(items, list):
        places = [(*at, index) for index in range(len(items))]
    elif items is not None:
        raise Fault("this has the wrong form", at=at, found=show(items), wanted=_FORM)
    for item, place in zip(items or (), places if items else (), strict=True):
        pairs = list(item.items()) if isinstance(item, dict) else [(item, item)]
        for new, old in pairs:
            here = (*place, new) if isinstance(item, dict) else place
            if not isinstance(old, str):
                raise Fault("this has the wrong form", at=here, found=show(old), wanted=_FORM)
            yield here, new, old


def _path(kind: str, name: str, folder: Path, at: Place) -> Path:
    """The file of a piece: of the library, or one beside the scenario. Raises Fault with the nearest name."""
    beside = folder / name
    if name.endswith(".yaml") and beside.is_file():
        return beside
    path = library.piece_path(kind, name)
    if path is not None:
        return path
    names = library.piece_names(kind)
    near = nearest(name, names)
    wanted = "one of: " + ", ".join(names) + ", or the name of a file beside the scenario"
    raise Fault(f"the library has no such {WORDS[kind]}", at=at, found=show(name), wanted=wanted, near=near)


def _laid_together(files: dict[Asked, Path], file: str) -> Tree:
    """The pieces of all files, each laid over those before it."""
    together = Tree({"species": {}, "tissue": {}}, file)
    for path in files.values():
        piece = read_piece(path)
        said = {name: piece.data[name] for name in ("species", "tissue") if name in piece.data}
        together = laid_over(together, Tree(said, piece.file, piece.marks))
    return Tree(together.data, file, together.marks)


def _known(pieces: Tree, said: Tree) -> dict[str, list[str]]:
    """All names of which a rule may speak: those of the library, of the pieces and of the scenario."""
    names = {
        kind: [*library.piece_names(kind), *_own(pieces, kind), *_own(said, kind)] for kind in library.PIECES
    }
    return names | {"receptors": list(receptors_of(pieces.data)), "states": list(states_of(pieces.data))}


def _names(files: dict[Asked, Path], said: Tree) -> dict[tuple[str, str], str]:
    """The names of what the scenario has: what it takes, and what it says itself."""
    own = {(kind, name): name for kind in library.PIECES for name in _own(said, kind)}
    return own | {(kind, old): new for kind, new, old in files}


def _own(tree: Tree, kind: str) -> list[str]:
    section = tree.data.get(_SECTION[kind])
    part = section.get("cell_types" if kind == "cells" else kind) if isinstance(section, dict) else None
    return list(part) if isinstance(part, dict) else []
