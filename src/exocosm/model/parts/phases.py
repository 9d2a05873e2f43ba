"""How cells live and die: cycle phases with their durations, and the two ways of death."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from exocosm.model.part import Name, Part, only, tagged, whole
from exocosm.model.quantity import Concentration, Rate, Ratio, Time


class Fixed(Part):
    """A phase that always lasts `mean` min."""

    mean: Time


class Normal(Part):
    """A phase of normally distributed length: mean and sd in min."""

    mean: Time
    sd: Time


class Exponential(Part):
    """A phase left at a constant `rate` in 1/min."""

    rate: Rate


Duration = Annotated[
    Fixed | Normal | Exponential,
    tagged(fixed=only(Fixed, "mean"), normal=whole(Normal), exponential=only(Exponential, "rate")),
]


class Ramp(Part):
    """A factor from 0 at `zero_at` to 1 at `one_at`, linear between and clamped; either may be larger."""

    substrate: Name
    zero_at: Concentration
    one_at: Concentration


class Phase(Part):
    """A phase of the cycle; on entry it may double target solid volumes, at its exit it may divide."""

    name: Name
    duration: Duration
    doubles_volume: bool = False
    divides: bool = False
    modulated_by: Ramp | None = None


class Cycle(Part):
    """Phases in order; after the last comes the first."""

    phases: Annotated[tuple[Phase, ...], Field(min_length=1)]


class DeathVolume(Part):
    """First-order rates (1/min) at which a dying cell's volumes approach their targets."""

    fluid_change_rate: Rate
    cytoplasmic_biomass_change_rate: Rate
    nuclear_biomass_change_rate: Rate
    calcification_rate: Rate


class Death(DeathVolume):
    """Apoptosis: rate (1/min), duration (min), shrinking rates, and the volume ratio of bursting."""

    rate: Rate
    modulated_by: Ramp | None = None
    duration: Time
    relative_rupture_volume: Ratio


class Necrosis(Part):
    """Necrosis: rate in 1/min, duration of the lysed phase in min, rates while swelling and after lysis."""

    rate: Rate
    modulated_by: Ramp | None = None
    duration: Time
    swelling: DeathVolume
    lysed: DeathVolume
    relative_rupture_volume: Ratio
