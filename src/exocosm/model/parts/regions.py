"""Places in the tissue: sphere, shell, box, layer, hexagon, or a table. Coordinates in µm, from 0 to size."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ValidationError, model_validator

from exocosm.model.faults import Fault, first_fault, show
from exocosm.model.part import Part, only, tagged, whole
from exocosm.model.parts.csv_rows import Row, Rows, heading, in_file, number
from exocosm.model.parts.files import read_text
from exocosm.model.parts.measured import Measured
from exocosm.model.quantity import ChosenLength, Coordinate, PartLength


def _three(value: Any) -> Any:
    if not isinstance(value, list | tuple) or len(value) != 3:
        wanted = "three lengths, such as [200 um, 200 um, 100 um]"
        raise Fault("this has the wrong form", found=show(value), wanted=wanted)
    return value


three = BeforeValidator(_three)
Point = Annotated[tuple[Coordinate, Coordinate, Coordinate], three]
COLUMNS = ("x", "y", "z", "type")


class Sphere(Part):
    """All within `radius` of `center`, in µm."""

    center: Point
    radius: ChosenLength


class Shell(Part):
    """All between two radii from `center`, in µm."""

    center: Point
    inner_radius: PartLength
    outer_radius: ChosenLength

    @model_validator(mode="after")
    def _thick(self) -> Shell:
        if self.inner_radius >= self.outer_radius:
            found = f"{self.inner_radius.text} and {self.outer_radius.text}"
            raise Fault("the shell has no thickness", found=found, wanted="inner_radius < outer_radius")
        return self


class Box(Part):
    """All between the corners `low` and `high`, in µm."""

    low: Point
    high: Point

    @model_validator(mode="after")
    def _wide(self) -> Box:
        if any(low >= high for low, high in zip(self.low, self.high, strict=True)):
            found = " to ".join(", ".join(c.text for c in corner) for corner in (self.low, self.high))
            raise Fault("the box has no volume", found=found, wanted="low below high along each axis")
        return self


Axis = Literal["x", "y", "z"]


class Layer(Part):
    """All of the block between two planes across `axis`, at `low` and `high` in µm."""

    axis: Axis
    low: Coordinate
    high: Coordinate

    @model_validator(mode="after")
    def _thick(self) -> Layer:
        if self.low >= self.high:
            found = f"{self.low.text} and {self.high.text}"
            raise Fault("the layer has no thickness", found=found, wanted="low < high")
        return self


class Hexagon(Part):
    """A hexagonal prism along `axis`, in µm: `radius` from `center` to its corners, `height` (the block's).

    Two corners lie along the axis after its own: x for z, y for x, z for y. Without `height` it reaches
    through the whole block.
    """

    center: Point
    radius: ChosenLength
    height: ChosenLength | None = None
    axis: Axis = "z"


class Positions(Part):
    """Cells at given places: a CSV table with columns x, y, z (µm) and type, kept in the model as text.

    `notes` say what was read from which file and left out, where labels were turned into types.
    """

    table: str
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _readable(self) -> Positions:
        places: dict[tuple[float, float, float], int] = {}
        for line, row in enumerate(self.rows(), start=2):
            first = places.setdefault(row[:3], line)
            if first != line:
                found = f"row {line}: {row[0]:g}, {row[1]:g}, {row[2]:g}, as in row {first}"
                raise Fault("two cells have the same place", found=found, wanted="a place for each cell")
        return self

    def rows(self) -> list[tuple[float, float, float, str]]:
        """x, y, z in µm and the cell type of each cell, in the order of the table. Raises Fault."""
        table = Rows(self.table, "is no cell")
        if sorted(table.columns) != sorted(COLUMNS):
            found, wanted = heading(table.columns), ", ".join(COLUMNS)
            raise Fault("the table has the wrong columns", found=found, wanted=wanted)
        rows = [_cell(line, row) for line, row in table]
        if not rows:
            raise Fault("the table has no rows", found="a heading", wanted="one cell at least")
        return rows


def _cell(line: int, row: Row) -> tuple[float, float, float, str]:
    try:
        x, y, z = (number(row[axis]) for axis in "xyz")
    except ValueError:
        x = y = z = math.nan
    kind = row["type"].strip()
    if not all(map(math.isfinite, (x, y, z))) or not kind:
        found = show(f"row {line}: " + ",".join(row[name] for name in COLUMNS))
        raise Fault("a row of the table is no cell", found=found, wanted="x, y, z in µm and a type")
    return x, y, z, kind


def read_table(name: Any) -> Positions:
    """The table of a CSV file. Raises Fault."""
    text = read_text(name)
    try:
        return Positions.model_validate({"table": text})
    except ValidationError as error:
        raise in_file(first_fault(error), name) from None


Solid = Sphere | Shell | Box | Layer | Hexagon
_SOLIDS = {
    "sphere": whole(Sphere),
    "shell": whole(Shell),
    "box": whole(Box),
    "layer": whole(Layer),
    "hexagon": whole(Hexagon),
}
Zone = Annotated[Solid, tagged(**_SOLIDS)]


def read_measured(data: Mapping[str, Any]) -> Positions:
    """The positions of a file of cells whose labels become types. Raises Fault."""
    try:
        return Positions.model_validate(Measured.model_validate(data).table())
    except ValidationError as error:
        raise first_fault(error) from None


def _read_file(value: Any) -> Any:
    if isinstance(value, Mapping):
        if "h5ad" in value or ("csv" in value and len(value) > 1):
            return read_measured(value)
        if set(value) == {"table", "notes"}:
            return Positions.model_validate(value)
    return value


Region = Annotated[
    Solid | Positions,
    # The last of these reads first: a file of cells whose labels become types.
    tagged(
        **_SOLIDS,
        csv=read_table,
        h5ad=lambda name: read_measured({"h5ad": name}),
        table=only(Positions, "table"),
    ),
    BeforeValidator(_read_file),
]
