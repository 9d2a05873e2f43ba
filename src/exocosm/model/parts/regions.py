"""Places in the tissue: sphere, shell, box, layer, hexagon, or a table. Coordinates in µm, from 0 to size."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ValidationError, model_validator

from exocosm.model.faults import Fault, first_fault, show
from exocosm.model.part import Part, only, tagged, whole
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
        for number, row in enumerate(self.rows(), start=2):
            first = places.setdefault(row[:3], number)
            if first != number:
                found = f"row {number}: {row[0]:g}, {row[1]:g}, {row[2]:g}, as in row {first}"
                raise Fault("two cells have the same place", found=found, wanted="a place for each cell")
        return self

    def rows(self) -> list[tuple[float, float, float, str]]:
        """x, y, z in µm and the cell type of each cell, in the order of the table. Raises Fault."""
        reader = csv.DictReader(io.StringIO(self.table))
        columns = [name.strip() for name in reader.fieldnames or []]
        if sorted(columns) != sorted(COLUMNS):
            raise Fault(
                "the table has the wrong columns", found=", ".join(columns), wanted=", ".join(COLUMNS)
            )
        reader.fieldnames = columns
        return [_cell(number, line) for number, line in enumerate(reader, start=2)]


def _cell(number: int, line: dict[str, Any]) -> tuple[float, float, float, str]:
    try:
        x, y, z = (float(line[axis]) for axis in "xyz")
    except (TypeError, ValueError):
        found = f"row {number}: " + ",".join(str(line.get(name)) for name in COLUMNS)
        raise Fault(
            "a row of the table is no cell", found=show(found), wanted="x, y, z in µm and a type"
        ) from None
    if not all(map(math.isfinite, (x, y, z))) or not line["type"]:
        found = f"row {number}: {x},{y},{z},{line['type']}"
        raise Fault("a row of the table is no cell", found=found, wanted="x, y, z in µm and a type")
    return x, y, z, line["type"].strip()


def read_table(name: Any) -> Positions:
    """The table of a CSV file. Raises Fault."""
    return Positions.model_validate({"table": read_text(name)})


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
