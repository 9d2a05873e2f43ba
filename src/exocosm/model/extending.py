"""`extends: other` — a scenario that says only what differs from another one."""

from __future__ import annotations

from pathlib import Path

from exocosm import library
from exocosm.ground.errors import ModelError, nearest
from exocosm.model.laying import laid
from exocosm.model.reading import Tree, read_file
from exocosm.model.taking import KEY as TAKES
from exocosm.model.taking import taken

KEY = "extends"


def extended(tree: Tree, seen: tuple[str, ...] = ()) -> Tree:
    """The tree laid over the one that it extends and over what it takes. Raises ModelError.

    Mappings merge, rules and phases by name; all else is replaced.
    """
    if not isinstance(tree.data, dict) or not {KEY, TAKES} & set(tree.data):
        return tree
    base = _base(tree, seen) if KEY in tree.data else Tree({}, tree.file)
    over = {name: value for name, value in tree.data.items() if name not in (KEY, TAKES)}
    if TAKES in tree.data:
        base = _with_taken(base, tree)
    return laid(base, over, tree)


def _with_taken(base: Tree, tree: Tree) -> Tree:
    """The base with what a tree takes from the library laid over it."""
    found = taken(tree, base.data)
    both = laid(base, found.tree.data, found.tree)
    both.taken, both.left_out = (*base.taken, *found.rules), (*base.left_out, *found.left_out)
    return both


def _base(tree: Tree, seen: tuple[str, ...]) -> Tree:
    """The tree that a tree extends. Raises ModelError if it comes back to one that was seen."""
    path = _base_path(tree)
    key = str(path.resolve())
    if key not in seen:
        return extended(read_file(path), (*seen, key))
    file, line = tree.locate((KEY,))
    problem, wanted = "these scenarios extend each other", "a scenario that does not come back to this one"
    raise ModelError(problem, file=file, line=line, place=KEY, found=path.name, wanted=wanted)


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
