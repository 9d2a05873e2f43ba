"""From a scenario file, a shipped name or a text to a Model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from exocosm import library
from exocosm.ground.errors import ModelError, nearest
from exocosm.model.extending import extended
from exocosm.model.faults import first_fault, show
from exocosm.model.grammar.checking import Grammar
from exocosm.model.model import Model
from exocosm.model.reading import Tree, read_file, read_text

if TYPE_CHECKING:
    from exocosm.model.changes import Change


def load(scenario: str | Path, changes: Sequence[Change] = ()) -> Model:
    """The model of a file, or of a scenario that ships with Exocosm, with changes made. Raises ModelError."""
    model = from_tree(extended(read_file(find(scenario))))
    return model.change(*changes) if changes else model


def find(scenario: str | Path) -> Path:
    """The file of a path or a shipped name. Raises ModelError with the nearest name."""
    if not isinstance(scenario, str | Path):
        wanted = "the path of a scenario file, or one of: " + ", ".join(library.scenario_names())
        raise ModelError("this is not a scenario", found=show(scenario), wanted=wanted)
    path = Path(scenario)
    if path.is_file():
        return path
    shipped = library.scenario_path(str(scenario))
    if shipped is not None:
        return shipped
    names = library.scenario_names()
    wanted = "a scenario file, or one of: " + ", ".join(names)
    near = nearest(path.stem, names)
    raise ModelError(
        "there is no such scenario", file=str(scenario), found=str(scenario), wanted=wanted, nearest=near
    )


def from_text(text: str, *, file: str = "model") -> Model:
    """The model of a scenario's text. Raises ModelError."""
    return from_tree(extended(read_text(text, file=file)))


def from_tree(tree: Tree) -> Model:
    """The model of plain data. Raises ModelError with the first fault in the file."""
    try:
        return Model.model_validate(with_fitting_rules(tree).data)
    except ValidationError as error:
        raise first_fault(error, tree.locate).error(tree.locate) from None


def left_out(scenario: str | Path) -> list[str]:
    """What a scenario leaves out of what it takes from the library, in words. Raises ModelError."""
    return list(with_fitting_rules(extended(read_file(find(scenario)))).left_out)


def with_fitting_rules(tree: Tree) -> Tree:
    """The tree without those rules of the library that speak of what the scenario has not.

    Which words there are is known once there is a model, so one is made without these rules first.
    """
    if not tree.taken:
        return tree
    rules = tree.data["tissue"]["rules"]
    theirs = [any(rule is other for other in tree.taken) for rule in rules]
    bare = _with_rules(tree, [not taken for taken in theirs])
    grammar = Grammar(Model.model_validate(bare.data))
    fits = [not taken or grammar.can_say(rule) for rule, taken in zip(rules, theirs, strict=True)]
    fitted = _with_rules(tree, fits)
    gone = (rule for rule, fit in zip(rules, fits, strict=True) if not fit)
    fitted.left_out += tuple(f"{rule['cell_type']}: rule {rule['name']}" for rule in gone)
    return fitted


def _with_rules(tree: Tree, kept: list[bool]) -> Tree:
    """The tree with some of its rules, and the marks of these where they now stand."""
    place = ("tissue", "rules")
    stands = {old: new for new, old in enumerate(i for i, keep in enumerate(kept) if keep)}
    rules = [tree.data["tissue"]["rules"][old] for old in stands]
    marks = {}
    for mark, at in tree.marks.items():
        if mark[:2] != place or len(mark) == 2:
            marks[mark] = at
        elif mark[2] in stands:
            marks[(*place, stands[mark[2]], *mark[3:])] = at
    data = {**tree.data, "tissue": {**tree.data["tissue"], "rules": rules}}
    return Tree(data, tree.file, marks, tree.taken, tree.left_out)
