"""Cells of a section or of a run as the start: labels become cell types, and all that is lost is said.

`{h5ad: cells.h5ad, label: cell_type, types: types.csv}` or `{csv: cells.csv, types: types.csv}`. What is read
is kept in the model as a table of positions, with notes of what was left out and why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator

from exocosm.model.faults import Fault, show
from exocosm.model.part import FrozenDict, Part
from exocosm.model.parts.anndata_file import LONGEST_LABEL, MOST_CELLS, MOST_LABELS, read_anndata
from exocosm.model.parts.csv_rows import Row, Rows, heading, in_file, number
from exocosm.model.parts.files import read_text
from exocosm.model.parts.sorting import (
    DIGITS,
    NAMELESS,
    Cell,
    Lost,
    each_once,
    lose,
    notes_of,
    table_of,
    with_place,
    with_types,
)
from exocosm.model.quantity import ChosenLength, Coordinate

MOST_COLUMNS = 5


def _three(value: Any) -> Any:
    if not isinstance(value, list | tuple) or len(value) != 3:
        wanted = "three lengths, such as [-2 mm, -1 mm, 0 um]"
        raise Fault("this has the wrong form", found=show(value), wanted=wanted)
    return value


def _values(value: Any) -> Any:
    """Columns with the value, or the values, that cells must have there."""
    if isinstance(value, Mapping) and len(value) <= MOST_COLUMNS:
        found = {str(key): item if isinstance(item, list | tuple) else [item] for key, item in value.items()}
        if all(items and all(isinstance(i, str | int) for i in items) for items in found.values()):
            return {key: tuple(_word(item) for item in items) for key, items in found.items()}
    wanted = f"up to {MOST_COLUMNS} columns with values, such as {{state: live}}"
    raise Fault("this has the wrong form", found=show(value), wanted=wanted)


def _word(value: Any) -> str:
    return str(value).strip()


class Measured(Part):
    """Cells of a file: places times `scale` (µm per unit) plus `shift`, labels turned into types.

    `types` is a CSV table with the columns label and type; a label without a type is left out. `label` is the
    column of labels, `spatial` the array of places in `obsm`, `z` the height of cells in a flat section.
    `only` keeps the cells that have these values in these columns.
    """

    h5ad: str | None = None
    csv: str | None = None
    types: str | None = None
    label: str | None = None
    only: Annotated[dict[str, Any], BeforeValidator(_values)] = FrozenDict()
    spatial: str = "spatial"
    z: Coordinate | None = None
    scale: ChosenLength | None = None
    shift: Annotated[tuple[Coordinate, Coordinate, Coordinate], BeforeValidator(_three)] | None = None

    def table(self) -> dict[str, Any]:
        """The `table` and `notes` of positions. Raises Fault."""
        if self.h5ad is not None and self.csv is not None:
            raise Fault("cells come from one file", at=("csv",), found="h5ad and csv", wanted="one of them")
        places, columns = self._from_anndata() if self.h5ad is not None else self._from_csv()
        lost: Lost = {}
        chosen = self._chosen(places, columns, lost)
        kept = each_once(self._typed(with_place(chosen, lost), lost), lost)
        name = Path(str(self.h5ad or self.csv)).name
        notes = [f"{name}: {len(places):,} cells", *notes_of(lost)]
        if not kept:
            wanted = "labels that the table of types knows, and places"
            raise Fault("no cell is left", found="; ".join(notes[:4]), wanted=wanted)
        return {"table": table_of(kept), "notes": notes}

    @property
    def _column(self) -> str:
        return self.label or ("type" if self.h5ad is None else "cell_type")

    def _columns(self) -> dict[str, tuple[str, ...]]:
        """The columns that are read, each with its place in the model."""
        return {name: ("only", name) for name in self.only} | {self._column: ("label",)}

    def _chosen(self, places: list[list[float]], columns: dict[str, list[str]], lost: Lost) -> list[Cell]:
        """Labels and places in the block of the cells that `only` lets through."""
        cells: list[Cell] = []
        for index, (label, place) in enumerate(zip(columns[self._column], places, strict=True)):
            odd = [name for name, values in self.only.items() if columns[name][index] not in values]
            if odd:
                lose(lost, f"{odd[0]} is not {' or '.join(self.only[odd[0]])}", label or NAMELESS)
            else:
                cells.append((label, self._placed(place)))
        return cells

    def _from_anndata(self) -> tuple[list[list[float]], dict[str, list[str]]]:
        places, columns = read_anndata(str(self.h5ad), self.spatial, self._columns())
        self._flat_or_not(places.shape[1])
        return places.tolist(), columns

    def _flat_or_not(self, axes: int) -> None:
        """Cells have a height of their own or are given one. Raises Fault."""
        if axes == 2 and self.z is None:
            raise Fault("these cells have no height", found="x and y", wanted="z: ... um, the height of all")
        if axes == 3 and self.z is not None:
            wanted = "shift: [..., ..., ...] to move them, or no z"
            raise Fault("these cells have a height of their own", at=("z",), found=self.z.text, wanted=wanted)

    def _from_csv(self) -> tuple[list[list[float]], dict[str, list[str]]]:
        table = Rows(_told("csv", str(self.csv)), "is no cell")
        axes = [axis for axis in "xyz" if axis in table.columns]
        if axes[:2] != ["x", "y"] or any(name not in table.columns for name in self._columns()):
            found, wanted = heading(table.columns), "x, y, z (or z: beside it), " + ", ".join(self._columns())
            raise Fault("the table has the wrong columns", at=("csv",), found=found, wanted=wanted)
        self._flat_or_not(len(axes))
        places: list[list[float]] = []
        texts: dict[str, list[str]] = {name: [] for name in self._columns()}
        try:
            for line, row in table:
                self._take(line, row, axes, places, texts)
        except Fault as fault:
            raise in_file(fault.inside("csv"), self.csv) from None
        return places, texts

    def _take(
        self, line: int, row: Row, axes: list[str], places: list[list[float]], texts: dict[str, list[str]]
    ) -> None:
        """One cell more. Raises Fault."""
        if len(places) == MOST_CELLS:
            found, wanted = str(self.csv), f"at most {MOST_CELLS:,}"
            raise Fault("these are too many cells", found=found, wanted=wanted)
        places.append(_place(line, row, axes))
        for name, found_texts in texts.items():
            found_texts.append(row[name].strip())

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

    def _typed(self, cells: list[Cell], lost: Lost) -> list[Cell]:
        """Cells with their type instead of their label."""
        if self.types is None:
            return with_types(cells, {label: label for label, _ in cells if label}, "", lost)
        return with_types(cells, _types(self.types), Path(self.types).name, lost)


def _place(line: int, row: Row, axes: Sequence[str]) -> list[float]:
    try:
        return [number(row[axis]) for axis in axes]
    except ValueError:
        found = f"row {line}: " + ",".join(row[axis] for axis in axes)
        wanted = "numbers in the columns " + ", ".join(axes)
        raise Fault("a row of the table is no cell", found=show(found), wanted=wanted) from None


def _told(key: str, name: str) -> str:
    try:
        return read_text(name)
    except Fault as fault:
        raise fault.inside(key) from None


def _types(name: str) -> dict[str, str]:
    """The type of each label, "" where it is to be left out. Raises Fault."""
    text = _told("types", name)
    try:
        return _types_in(Rows(text, "gives no type"))
    except Fault as fault:
        raise in_file(fault.inside("types"), name) from None


def _types_in(table: Rows) -> dict[str, str]:
    if sorted(table.columns) != ["label", "type"]:
        found = heading(table.columns)
        raise Fault("the table has the wrong columns", found=found, wanted="label, type")
    types: dict[str, str] = {}
    for line, row in table:
        label, kind = row["label"].strip(), row["type"].strip()
        if not label or label in types or len(label) > LONGEST_LABEL or len(types) >= MOST_LABELS:
            found, wanted = show(f"row {line}: {label},{kind}"), "each label once, with its type or none"
            raise Fault("a row of the table gives no type", found=found, wanted=wanted)
        types[label] = kind
    return types
