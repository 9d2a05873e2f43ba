"""What surrounds and crosses the tissue: dishes and transwells, flow of fluid, exchange with vessels."""

from __future__ import annotations

from typing import Annotated, Any

from exocosm.model.part import Name, Part, only, tagged, whole
from exocosm.model.parts.regions import Zone, read_text, three
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


class Uniform(Part):
    """The same velocity of the fluid everywhere: three components in µm/min."""

    velocity: Annotated[tuple[Velocity, Velocity, Velocity], three]


class Places(Part):
    """Velocities at places: a CSV table with columns x, y, z (µm), vx, vy, vz (µm/s), kept as text.

    Each voxel takes the velocity of the nearest place; the field is then made free of divergence.
    """

    table: str


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
