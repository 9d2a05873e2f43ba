"""What surrounds and crosses the tissue: dishes and transwells, flow of fluid, exchange with vessels."""

from __future__ import annotations

import csv
import io
import math
from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator

from exocosm.model.faults import Fault, show
from exocosm.model.part import Name, Part, only, tagged, whole
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
        reader = csv.DictReader(io.StringIO(self.table))
        columns = [name.strip() for name in reader.fieldnames or []]
        if sorted(columns) != sorted(VELOCITY_COLUMNS):
            wanted = ", ".join(VELOCITY_COLUMNS)
            raise Fault("the table has the wrong columns", found=show(", ".join(columns)), wanted=wanted)
        reader.fieldnames = columns
        rows = [_velocity(number, line) for number, line in enumerate(reader, start=2)]
        if not rows:
            raise Fault("the table has no rows", found="a heading", wanted="a velocity at one place at least")
        return rows


def _velocity(number: int, line: dict[str, Any]) -> tuple[float, ...]:
    try:
        values = tuple(float(line[name]) for name in VELOCITY_COLUMNS)
    except (TypeError, ValueError):
        values = (math.nan,)
    if not all(map(math.isfinite, values)):
        found = f"row {number}: " + ",".join(str(line.get(name)) for name in VELOCITY_COLUMNS)
        wanted = "six finite numbers: a place in um and a velocity in um/s"
        raise Fault("a row of the table is no velocity", found=show(found), wanted=wanted)
    return values


def read_places(name: Any) -> Places:
    """The table of a CSV file. Raises Fault."""
    return Places.model_validate({"table": read_text(name)})


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
