"""Which cells of a file start: labels into types, one cell at a place; what is lost is counted."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Sequence

from exocosm.model.faults import Fault

LARGEST = 15_000_000
"""Letters of a table that a scenario file can still hold."""
DIGITS = 6  # of a place in µm: a picometre
MOST_NOTED = 20
NAMELESS = "unlabelled"
Cell = tuple[str, tuple[float, float, float]]
Lost = dict[str, Counter[str]]
"""How many cells were left out: for each reason, by label."""


def with_types(cells: list[Cell], types: dict[str, str], name: str, lost: Lost) -> list[Cell]:
    """Cells with the type of their label, which stands in the table `name`."""
    kept = []
    for label, place in cells:
        if types.get(label):
            kept.append((types[label], place))
        elif not label:
            lose(lost, "they have no label", NAMELESS)
        else:
            lose(lost, f"so {name} says" if label in types else f"{name} does not know the label", label)
    return kept


def lose(lost: Lost, why: str, what: str) -> None:
    """Count one cell that is left out."""
    lost.setdefault(why, Counter())[what] += 1


def with_place(cells: list[Cell], lost: Lost) -> list[Cell]:
    """Cells that are somewhere."""
    kept = []
    for label, place in cells:
        if all(map(math.isfinite, place)):
            kept.append((label, place))
        else:
            lose(lost, "they have no place", label or NAMELESS)
    return kept


def each_once(cells: list[Cell], lost: Lost) -> list[Cell]:
    """Cells of which no two are at one place: the first of them."""
    taken: set[tuple[float, float, float]] = set()
    kept = []
    for kind, place in cells:
        if place in taken:
            lose(lost, "another cell is at the same place", kind)
        else:
            taken.add(place)
            kept.append((kind, place))
    return kept


def notes_of(lost: Lost) -> list[str]:
    """How many cells of each label were left out, and why."""
    notes = [
        f"left out {n:,} {what}: {why}" for why, counts in lost.items() for what, n in counts.most_common()
    ]
    more = len(notes) - MOST_NOTED
    if more <= 0:
        return notes
    rest = sum(lost_of.total() for lost_of in lost.values()) - sum(
        _number(note) for note in notes[:MOST_NOTED]
    )
    return [*notes[:MOST_NOTED], f"left out {rest:,} cells of {more} more labels"]


def _number(note: str) -> int:
    return int(note.split()[2].replace(",", ""))


def table_of(cells: Sequence[Cell]) -> str:
    """A table of positions. Raises Fault if it is too large for a scenario file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("x", "y", "z", "type"))
    for kind, place in cells:
        writer.writerow((*(f"{value:.{DIGITS}f}".rstrip("0").rstrip(".") for value in place), kind))
    if text.tell() > LARGEST:
        wanted = "fewer cells: a part of the section"
        raise Fault("these are too many cells", found=f"{len(cells):,} cells", wanted=wanted)
    return text.getvalue()
