"""The family of errors that Exocosm raises on purpose; everything else is a bug."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ExocosmError(Exception):
    """Base of all errors that carry a message for the user."""


class ModelError(ExocosmError):
    """A fault in a scenario: names file, line, place, what was found and what would be right.

    `place` is the dotted path inside the file, `nearest` the closest valid name where one exists.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: str | None = None,
        line: int | None = None,
        place: str | None = None,
        found: object = None,
        wanted: str | None = None,
        nearest: str | None = None,
    ) -> None:
        self.problem, self.file, self.line, self.place = problem, file, line, place
        self.found, self.wanted, self.nearest = found, wanted, nearest
        super().__init__(self.text())

    def text(self) -> str:
        """The message, line by line."""
        where = self.file or "model"
        if self.line is not None:
            where += f", line {self.line}"
        lines = [f"{where}: {self.problem}"]
        if self.place:
            lines.append(f"  at:     {self.place}")
        if self.found is not None:
            lines.append(f"  found:  {self.found}")
        if self.wanted:
            lines.append(f"  wanted: {self.wanted}")
        if self.nearest:
            lines.append(f"  did you mean: {self.nearest}")
        return "\n".join(lines)


class RunError(ExocosmError):
    """A run folder that cannot be read, written or resumed."""


class ConservationError(ExocosmError):
    """A ledger that does not close: matter appeared or vanished."""


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """The valid name closest to `name`, the same in another case first; None if nothing is close."""
    names = {each.casefold(): each for each in reversed(list(valid))}
    if str(name).casefold() in names:
        return names[str(name).casefold()]
    matches = difflib.get_close_matches(str(name), list(names.values()), n=1, cutoff=0.5)
    return matches[0] if matches else None
