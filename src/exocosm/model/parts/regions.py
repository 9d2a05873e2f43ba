"""Places in the tissue: sphere, shell, box, or a table of positions. Coordinates in µm, from 0 to size."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator

from exocosm.model.faults import Fault, show
from exocosm.model.part import Part, only, tagged, whole
from exocosm.model.quantity import ChosenLength, Coordinate, PartLength


def _three(value: Any) -> Any:
    if not isinstance(value, list | tuple) or len(value) != 3:
        wanted = "three lengths, such as [200 um, 200 um, 100 um]"
        raise Fault("this has the wrong form", found=show(value), wanted=wanted)
    return value


three = BeforeValidator(_three)
Point = Annotated[tuple[Coordinate, Coordinate, Coordinate], three]
COLUMNS = ("x", "y", "z", "type")
LARGEST_TABLE = 50_000_000


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


class Positions(Part):
    """Cells at given places: a CSV table with columns x, y, z (µm) and type, kept in the model as text."""

    table: str

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


def read_text(name: Any) -> str:
    """The text of a CSV file. Raises Fault."""
    path = Path(str(name))
    try:
        if path.stat().st_size > LARGEST_TABLE:
            raise Fault("the table is too large", found=str(path), wanted=f"at most {LARGEST_TABLE:,} bytes")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not text in UTF-8"
        raise Fault(f"the table cannot be read ({reason})", found=str(path), wanted="a CSV file") from None


Zone = Annotated[
    Sphere | Shell | Box,
    tagged(sphere=whole(Sphere), shell=whole(Shell), box=whole(Box)),
]
Region = Annotated[
    Sphere | Shell | Box | Positions,
    tagged(
        sphere=whole(Sphere),
        shell=whole(Shell),
        box=whole(Box),
        csv=read_table,
        table=only(Positions, "table"),
    ),
]
