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
from exocosm.model.model import Model
from exocosm.model.reading import Tree, read_file, read_text
from exocosm.model.taking import Taken, taken, with_taken

if TYPE_CHECKING:
    from exocosm.model.changes import Change


def load(scenario: str | Path, changes: Sequence[Change] = ()) -> Model:
    """The model of a file, or of a scenario that ships with Exocosm, with changes made. Raises ModelError."""
    model = from_tree(with_taken(extended(read_file(find(scenario)))))
    return model.change(*changes) if changes else model


def takes(scenario: str | Path) -> Taken:
    """What a scenario takes from the library, and what of that was left out. Raises ModelError."""
    return taken(extended(read_file(find(scenario))))


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
    return from_tree(with_taken(extended(read_text(text, file=file))))


def from_tree(tree: Tree) -> Model:
    """The model of plain data. Raises ModelError with the first fault in the file."""
    try:
        return Model.model_validate(tree.data)
    except ValidationError as error:
        raise first_fault(error, tree.locate).error(tree.locate) from None
