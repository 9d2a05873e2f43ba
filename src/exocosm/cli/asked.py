"""What a command was asked: the model of a scenario with its changes, runs of folders, the command itself."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from exocosm.cli.telling import stop

if TYPE_CHECKING:
    from exocosm.model import Change, Model
    from exocosm.results import Run

FIGURES = (".svg", ".pdf", ".png")


def changes_of(settings: Sequence[str], without: Sequence[str] = ()) -> list[Change]:
    """What --set and --without ask for. Raises ModelError."""
    from exocosm.model import Set, Without

    return [*map(Set.parse, settings), *map(Without, without)]


def model_of(scenario: str, changes: Sequence[Change] = ()) -> Model:
    """The model of a scenario file, or of one that ships. Raises ModelError."""
    from exocosm.model import load

    return load(scenario, list(changes))


def as_read(scenario: str) -> str:
    """The text of a scenario's file."""
    from exocosm.model.loading import find

    return find(scenario).read_text(encoding="utf-8")


def runs_in(folders: Sequence[Path]) -> list[Run]:
    """The run in each folder, or all runs of the comparison there. Raises RunError."""
    from exocosm.results import Run
    from exocosm.study import Comparison

    found: list[Run] = []
    for folder in folders:
        if (folder / "comparison.json").exists():
            found += [run for runs in Comparison.open(folder).runs.values() for run in runs]
        else:
            found.append(Run.open(folder))
    return found


def check_figure(file: Path | None) -> None:
    """End the command where the ending of a figure's file names no format that is drawn."""
    if file is not None and file.suffix not in FIGURES:
        ending = file.suffix or "none"
        stop(f"--figure {file}: found the ending {ending}\n  wanted: {', '.join(FIGURES)}", 2)


def again(command: str, scenario: str, options: Mapping[str, object], folder: Path) -> str:
    """The whole command that asks the same in `folder`: an option for each value, several for a list."""
    words = ["exocosm", command, scenario]
    for name, value in options.items():
        values = value if isinstance(value, list) else [] if value is None else [value]
        words += [word for each in values for word in (f"--{name}", str(each))]
    return shlex.join([*words, "--out", str(folder)])
