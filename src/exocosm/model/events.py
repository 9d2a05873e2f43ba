"""What happens at stated times: cells are added, a boundary changes, a dose is given, medium is changed."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from exocosm.model.faults import Fault
from exocosm.model.part import Name, Part
from exocosm.model.parts.regions import Zone
from exocosm.model.parts.tissue import Face, Placement
from exocosm.model.quantity import (
    ChosenConcentration,
    ChosenMass,
    ChosenParticles,
    ChosenShare,
    Moment,
    Quantity,
)


class BoundaryChange(Part):
    """A face ("all" for each) of a species' boundary gets a new value, or becomes "no-flux"."""

    species: Name
    face: Literal["x_low", "x_high", "y_low", "y_high", "z_low", "z_high", "all"]
    value: Face


class Dose(Part):
    """Vesicles or a dissolved substance added at once, evenly to the fluid of `region` (default: all of it).

    One of: `particles` in all, `particles_per_cell` (live cells at that time), `concentration` (particle/µm³,
    or that of a substrate), `mass` (µg of protein, with the population's `particles_per_mass`).
    """

    species: Name
    particles: ChosenParticles | None = None
    particles_per_cell: ChosenParticles | None = None
    concentration: ChosenConcentration | None = None
    mass: ChosenMass | None = None
    region: Zone | None = None

    @model_validator(mode="after")
    def _one_amount(self) -> Dose:
        amounts = ("particles", "particles_per_cell", "concentration", "mass")
        given = [name for name in amounts if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise Fault("a dose is one amount", found=found, wanted="one of: " + ", ".join(amounts))
        return self


class MediumChange(Part):
    """A `share` of the fluid (of `region`) becomes fresh medium: no vesicles, substrates as initially."""

    share: ChosenShare = Quantity(1.0, choice=True)
    region: Zone | None = None


class Event(Part):
    """One thing that happens once, `at` a time in min after the start."""

    at: Moment
    add: Placement | None = None
    boundary: BoundaryChange | None = None
    dose: Dose | None = None
    medium_change: MediumChange | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Event:
        things = ("add", "boundary", "dose", "medium_change")
        given = [name for name in things if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "nothing"
            raise Fault("an event does one thing", found=found, wanted="one of: " + ", ".join(things))
        return self
