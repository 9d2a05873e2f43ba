"""What happens at stated times: cells are added, a boundary changes."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from exocosm.model.faults import Fault
from exocosm.model.part import Name, Part
from exocosm.model.parts.tissue import Face, Placement
from exocosm.model.quantity import Moment


class BoundaryChange(Part):
    """A face ("all" for each) of a species' boundary gets a new value, or becomes "no-flux"."""

    species: Name
    face: Literal["x_low", "x_high", "y_low", "y_high", "z_low", "z_high", "all"]
    value: Face


class Event(Part):
    """One thing that happens once, `at` a time in min after the start."""

    at: Moment
    add: Placement | None = None
    boundary: BoundaryChange | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Event:
        if (self.add is None) == (self.boundary is None):
            found = "neither" if self.add is None else "both"
            raise Fault("an event does one thing", found=found, wanted="either add or boundary")
        return self
