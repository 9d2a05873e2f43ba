"""Cells of a section or of a run as the start: labels become cell types, and all that is lost is said.

`{h5ad: cells.h5ad, label: cell_type, types: types.csv}` or `{csv: cells.csv, types: types.csv}`. What is read
is kept in the model as a table of positions, with notes of what was left out and why.
"""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator

from exocosm.model.faults import Fault, show
from exocosm.model.part import Part
from exocosm.model.parts.anndata_file import LONGEST_LABEL, MOST_CELLS, MOST_LABELS, read_anndata
from exocosm.model.parts.files import read_text
from exocosm.model.quantity import ChosenLength, Coordinate

LARGEST = 15_000_000
"""Letters of a table that a scenario file can still hold."""
DIGITS = 6  # of a place in µm: a picometre
MOST_NOTED = 20
Cell = tuple[str, tuple[float, float, float]]


def _three(value: Any) -> Any:
    if not isinstance(value, list | tuple) or len(value) != 3:
        wanted = "three lengths, such as [-2 mm, -1 mm, 0 um]"
        raise Fault("this has the wrong form", found=show(value), wanted=wanted)
    return value


class Measured(Part):
    """Cells of a file: places times `scale` (µm per unit) plus `shift`, labels turned into types.

    `types` is a CSV table with the columns label and type; a label without a type is left out. `label` is the
    column of labels, `spatial` the array of places in `obsm`, `z` the height of cells in a flat section.
    """

    h5ad: str | None = None
    csv: str | None = None
    types: str | None = None
    label: str | None = None
    spatial: str = "spatial"
    z: Coordinate | None = None
    scale: ChosenLength | None = None
    shift: Annotated[tuple[Coordinate, Coordinate, Coordinate], BeforeValidator(_three)] | None = None

    def table(self) -> dict[str, Any]:
        """The `table` and `notes` of positions. Raises Fault."""
        if self.h5ad is not None and self.csv is not None:
            raise Fault("cells come from one file", at=("csv",), found="h5ad and csv", wanted="one of them")
        cells = self._from_anndata(self.h5ad) if self.h5ad is not None else self._from_csv(str(self.csv))
        lost: dict[str, Counter[str]] = {}
        kept = _each_once(self._typed(_with_place(cells, lost), lost), lost)
        name = Path(str(self.h5ad or self.csv)).name
        notes = [f"{name}: {len(cells):,} cells", *_notes(lost)]
        if not kept:
            wanted = "labels that the table of types knows, and places"
            raise Fault("no cell is left", found="; ".join(notes[:4]), wanted=wanted)
        return {"table": table_of(kept), "notes": notes}

    def _from_anndata(self, name: str) -> list[Cell]:
        labels, places = read_anndata(name, self.label or "cell_type", self.spatial)
        return [(label, self._placed(place)) for label, place in zip(labels, places.tolist(), strict=True)]

    def _from_csv(self, name: str) -> list[Cell]:
        reader = csv.DictReader(io.StringIO(_told("csv", name)))
        columns = [column.strip() for column in reader.fieldnames or []]
        label, axes = self.label or "type", [axis for axis in "xyz" if axis in columns]
        if axes[:2] != ["x", "y"] or label not in columns:
            found, wanted = ", ".join(columns), f"x, y, z (or z: beside it) and {label}"
            raise Fault("the table has the wrong columns", at=("csv",), found=show(found), wanted=wanted)
        reader.fieldnames = columns
        cells: list[Cell] = []
        for number, line in enumerate(_lines(reader, "csv"), start=2):
            try:
                place = [float(line[axis]) for axis in axes]
            except (TypeError, ValueError):
                found = f"row {number}: " + ",".join(str(line.get(axis)) for axis in axes)
                wanted = "numbers in the columns " + ", ".join(axes)
                raise Fault(
                    "a row of the table is no cell", at=("csv",), found=show(found), wanted=wanted
                ) from None
            cells.append(((line[label] or "").strip(), self._placed(place)))
            if len(cells) > MOST_CELLS:
                raise Fault(
                    "these are too many cells", at=("csv",), found=name, wanted=f"at most {MOST_CELLS:,}"
                )
        return cells

    def _placed(self, place: list[float]) -> tuple[float, float, float]:
        """A place in µm in the block."""
        scale = 1.0 if self.scale is None else float(self.scale)
        shift = (0.0, 0.0, 0.0) if self.shift is None else tuple(map(float, self.shift))
        found = [round(scale * value + by, DIGITS) + 0.0 for value, by in zip(place, shift, strict=False)]
        if len(found) == 2:
            if self.z is None:
                raise Fault(
                    "these cells have no height", found="x and y", wanted="z: ... um, the height of all"
                )
            found.append(float(self.z))
        return found[0], found[1], found[2]

    def _typed(self, cells: list[Cell], lost: dict[str, Counter[str]]) -> list[Cell]:
        """Cells with their type instead of their label."""
        if self.types is None:
            return _known(cells, {label: label for label, _ in cells if label}, "", lost)
        return _known(cells, _types(self.types), Path(self.types).name, lost)


def _told(key: str, name: str) -> str:
    try:
        return read_text(name)
    except Fault as fault:
        raise fault.inside(key) from None


def _lines(reader: csv.DictReader[str], key: str) -> Any:
    try:
        yield from reader
    except csv.Error as error:
        raise Fault(
            f"the table cannot be read ({error})", at=(key,), found="a row", wanted="a CSV file"
        ) from None


def _types(name: str) -> dict[str, str]:
    """The type of each label, "" where it is to be left out. Raises Fault."""
    reader = csv.DictReader(io.StringIO(_told("types", name)))
    columns = [column.strip() for column in reader.fieldnames or []]
    if sorted(columns) != ["label", "type"]:
        found = show(", ".join(columns))
        raise Fault("the table has the wrong columns", at=("types",), found=found, wanted="label, type")
    reader.fieldnames = columns
    types: dict[str, str] = {}
    for number, line in enumerate(_lines(reader, "types"), start=2):
        label, kind = (line["label"] or "").strip(), (line["type"] or "").strip()
        if (
            not label
            or label in types
            or len(label) > LONGEST_LABEL
            or len(types) >= MOST_LABELS
            or None in line
        ):
            found, wanted = show(f"row {number}: {label},{kind}"), "each label once, with its type or none"
            raise Fault("a row of the table gives no type", at=("types",), found=found, wanted=wanted)
        types[label] = kind
    return types


def _known(cells: list[Cell], types: dict[str, str], name: str, lost: dict[str, Counter[str]]) -> list[Cell]:
    kept = []
    for label, place in cells:
        if types.get(label):
            kept.append((types[label], place))
        elif not label:
            _lose(lost, "they have no label", "cells")
        else:
            _lose(lost, f"so {name} says" if label in types else f"{name} does not know the label", label)
    return kept


def _lose(lost: dict[str, Counter[str]], why: str, what: str) -> None:
    lost.setdefault(why, Counter())[what] += 1


def _with_place(cells: list[Cell], lost: dict[str, Counter[str]]) -> list[Cell]:
    kept = []
    for label, place in cells:
        if all(map(math.isfinite, place)):
            kept.append((label, place))
        else:
            _lose(lost, "they have no place", label or "cells")
    return kept


def _each_once(cells: list[Cell], lost: dict[str, Counter[str]]) -> list[Cell]:
    """Cells of which no two are at one place: the first of them."""
    taken: set[tuple[float, float, float]] = set()
    kept = []
    for kind, place in cells:
        if place in taken:
            _lose(lost, "another cell is at the same place", kind)
        else:
            taken.add(place)
            kept.append((kind, place))
    return kept


def _notes(lost: dict[str, Counter[str]]) -> list[str]:
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
