"""What surrounds and crosses the tissue: dishes and transwells, flow of fluid, exchange with vessels."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationError, model_validator

from exocosm.model.faults import Fault, first_fault, show
from exocosm.model.part import Name, Part, only, tagged, whole
from exocosm.model.parts.csv_rows import Row, Rows, heading, in_file, number
from exocosm.model.parts.files import read_text
from exocosm.model.parts.regions import Zone
from exocosm.model.quantity import (
    ArealDensity,
    ChosenLength,
    Concentration,
    EddyDiffusion,
    Length,
    Rate,
    Velocity,
    zero,
)

VELOCITY_COLUMNS = ("x", "y", "z", "vx", "vy", "vz")


class Dish(Part):
    """Cells sit on the bottom (z = 0) of the block, which is their medium; its size along z is the height.

    `mixing` is an eddy diffusion coefficient (µm²/min) that convection or shaking adds outside cells.
    """

    mixing: EddyDiffusion = zero("um^2/min")


class Transwell(Part):
    """Two chambers of medium parted by a porous plane at `height` (µm above the bottom).

    Cells sit on the plane or on the bottom and stay there. The plane lets through what fits its pores:
    `pore_diameter` (µm), `pore_density` (1/µm²), `thickness` (µm). `mixing` as in a dish.
    """

    height: ChosenLength
    pore_diameter: Length
    pore_density: ArealDensity
    thickness: Length
    mixing: EddyDiffusion = zero("um^2/min")


Culture = Annotated[Dish | Transwell, tagged(dish=whole(Dish), transwell=whole(Transwell))]


def _three(value: Any) -> Any:
    if not isinstance(value, list | tuple) or len(value) != 3:
        wanted = "three velocities, such as [0.5 um/s, 0 um/s, 0 um/s]"
        raise Fault("this has the wrong form", found=show(value), wanted=wanted)
    return value


three_velocities = BeforeValidator(_three)


class Uniform(Part):
    """The same velocity of the fluid everywhere: three components in µm/min."""

    velocity: Annotated[tuple[Velocity, Velocity, Velocity], three_velocities]


class Places(Part):
    """Velocities at places: a CSV table with columns x, y, z (µm), vx, vy, vz (µm/s), kept as text.

    Each voxel takes the velocity of the nearest place; the field is then made free of divergence.
    """

    table: str

    @model_validator(mode="after")
    def _readable(self) -> Places:
        self.rows()
        return self

    def rows(self) -> list[tuple[float, ...]]:
        """x, y, z in µm and vx, vy, vz in µm/s of each place, in the order of the table. Raises Fault."""
        table = Rows(self.table, "is no velocity")
        if sorted(table.columns) != sorted(VELOCITY_COLUMNS):
            found, wanted = heading(table.columns), ", ".join(VELOCITY_COLUMNS)
            raise Fault("the table has the wrong columns", found=found, wanted=wanted)
        rows = [_velocity(line, row) for line, row in table]
        if not rows:
            raise Fault("the table has no rows", found="a heading", wanted="a velocity at one place at least")
        return rows


def _velocity(line: int, row: Row) -> tuple[float, ...]:
    try:
        values = tuple(number(row[name]) for name in VELOCITY_COLUMNS)
    except ValueError:
        values = (math.nan,)
    if not all(map(math.isfinite, values)):
        found = f"row {line}: " + ",".join(row[name] for name in VELOCITY_COLUMNS)
        wanted = "six finite numbers: a place in um and a velocity in um/s"
        raise Fault("a row of the table is no velocity", found=show(found), wanted=wanted)
    return values


def read_places(name: Any) -> Places:
    """The table of a CSV file. Raises Fault."""
    text = read_text(name)
    try:
        return Places.model_validate({"table": text})
    except ValidationError as error:
        raise in_file(first_fault(error), name) from None


Flow = Annotated[
    Uniform | Places,
    tagged(uniform=only(Uniform, "velocity"), csv=read_places, table=only(Places, "table")),
]


class Vessels(Part):
    """Capillaries spread evenly through a region (default: everywhere) exchange a species with blood.

    `exchange_rate` is permeability times surface per volume of tissue (1/min); `blood` the concentration
    there.
    """

    species: Name
    region: Zone | None = None
    exchange_rate: Rate
    blood: Concentration
