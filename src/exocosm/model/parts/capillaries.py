"""Blood vessels as lines through the tissue, what passes their walls, and the cells that arrive by them."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import model_validator

from exocosm.model.faults import Fault
from exocosm.model.part import FrozenDict, Name, Named, Part
from exocosm.model.parts.regions import Point, Zone
from exocosm.model.quantity import (
    ArealDensity,
    ArrivalRate,
    ChosenLength,
    Concentration,
    HalfMax,
    HillPower,
    Length,
    Moment,
    Permeability,
    Quantity,
    zero,
)


class Line(Part):
    """The straight axis of a vessel, which blood flows along from `start` to `end` (µm)."""

    start: Point
    end: Point

    @model_validator(mode="after")
    def _long(self) -> Line:
        if all(float(a) == float(b) for a, b in zip(self.start, self.end, strict=True)):
            found = ", ".join(c.text for c in self.start) + " twice"
            raise Fault("the vessel has no length", found=found, wanted="another end than its start")
        return self


class Hexagonal(Part):
    """Parallel vessels on a hexagonal lattice of `spacing` (µm) across `axis`, clipped to a region.

    One line goes through the middle of the region (default: of the block); blood flows along the axis. What
    a region cuts in two is two vessels.
    """

    spacing: ChosenLength
    axis: Literal["x", "y", "z"] = "z"
    region: Zone | None = None


class BloodExchange(Part):
    """What passes the wall: `permeability` (µm/min), the level in `blood` and, if it falls, at the `outlet`.

    The level in blood goes evenly from `blood` at the start of each line to `outlet` at its end.
    """

    permeability: Permeability
    blood: Concentration
    outlet: Concentration | None = None


class Capillarised(Part):
    """What openings become as the `state` of the endothelial cells there goes from 0 to 1.

    `diameter` (µm) and `density` (1/µm²) where cells of `cell_type` are at 1; both go there evenly.
    """

    cell_type: Name
    state: Name
    diameter: Length
    density: ArealDensity


class Fenestrae(Part):
    """Openings for vesicles that fit them: `diameter` (µm), `density` (1/µm²), `thickness` (µm).

    With `capillarised` they answer to the endothelial cells at the vessel.
    """

    diameter: Length
    density: ArealDensity
    thickness: Length
    capillarised: Capillarised | None = None

    @model_validator(mode="after")
    def _wall_is_left(self) -> Fenestrae:
        for part, at in ((self, ("density",)), (self.capillarised, ("capillarised", "density"))):
            if part is not None:
                _leaves_wall(part.diameter, part.density, at)
        return self


def _leaves_wall(diameter: Quantity, density: Quantity, at: tuple[str, ...]) -> None:
    share = float(density) * math.pi / 4 * float(diameter) ** 2
    if share >= 1:
        found = f"openings of {diameter.text}, {density.text}: {share:.3g} of the wall"
        problem, wanted = "the fenestrae cover the whole wall", "fewer or narrower openings"
        raise Fault(problem, at=at, found=found, wanted=wanted)


class Capillaries(Part):
    """A network of vessels of one `radius` (µm): given `lines`, or a `hexagonal` array of them.

    `exchange` is by substrate. Vesicles pass through `fenestrae` alone; `vesicles` is the level of a
    population in blood (particle/µm³), 0 where it is not stated.
    """

    radius: Length
    lines: tuple[Line, ...] = ()
    hexagonal: Hexagonal | None = None
    exchange: Named[BloodExchange] = FrozenDict()
    fenestrae: Fenestrae | None = None
    vesicles: Named[Concentration] = FrozenDict()

    @model_validator(mode="after")
    def _somewhere(self) -> Capillaries:
        if bool(self.lines) == (self.hexagonal is not None):
            found = "both" if self.lines else "neither"
            raise Fault("vessels need a course", found=found, wanted="either lines or hexagonal")
        return self

    @model_validator(mode="after")
    def _apart(self) -> Capillaries:
        lattice = self.hexagonal
        if lattice is not None and 2 * float(self.radius) >= float(lattice.spacing):
            found = f"a radius of {self.radius.text}, a spacing of {lattice.spacing.text}"
            wanted = "a spacing of more than two radii"
            at = ("hexagonal", "spacing")
            raise Fault("the vessels touch each other", at=at, found=found, wanted=wanted)
        return self

    @model_validator(mode="after")
    def _open(self) -> Capillaries:
        if self.vesicles and self.fenestrae is None:
            name = next(iter(self.vesicles))
            at, wanted = ("vesicles", name), "fenestrae: diameter, density, thickness"
            raise Fault("vesicles pass through fenestrae alone", at=at, found="no fenestrae", wanted=wanted)
        return self


class Immigration(Part):
    """Cells of a type that arrive `through` a network: `rate` per length of vessel (cells per µm and min).

    With a `signal`, a substrate or vesicle population, the rate goes from `base_rate` without it to `rate`
    by a Hill function of its level at the vessel. Between `start` and `end` (min), if stated.
    """

    name: Name
    cell_type: Name
    through: Name
    rate: ArrivalRate
    signal: Name | None = None
    half_max: HalfMax | None = None
    hill_power: HillPower = Quantity(1.0, text="1")
    base_rate: ArrivalRate = zero("1/um/min")
    start: Moment = Quantity(0.0, "min", text="0 min", choice=True)
    end: Moment | None = None

    @model_validator(mode="after")
    def _signalled(self) -> Immigration:
        if self.signal is None:
            for key in ("half_max", "hill_power", "base_rate"):
                if key in self.model_fields_set:
                    found, wanted = f"{key} without a signal", "a signal, or the rate alone"
                    raise Fault("nothing drives this", at=(key,), found=found, wanted=wanted)
        elif self.half_max is None:
            found, wanted = f"signal {self.signal}", "half_max: the level of half the effect"
            raise Fault("'half_max' is missing", found=found, wanted=wanted)
        return self

    @model_validator(mode="after")
    def _ordered(self) -> Immigration:
        if self.base_rate > self.rate:
            found = f"{self.base_rate.text}, and a rate of {self.rate.text}"
            problem, wanted = "fewer cells arrive with the signal than without", "at most the rate"
            raise Fault(problem, at=("base_rate",), found=found, wanted=wanted)
        if self.end is not None and self.end <= self.start:
            found, wanted = f"{self.start.text} to {self.end.text}", "an end after the start"
            raise Fault("no cell arrives in no time", at=("end",), found=found, wanted=wanted)
        return self
