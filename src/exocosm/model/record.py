"""How often a run writes what down, and which parts of the tissue and of the cells its summary counts."""

from __future__ import annotations

from pydantic import model_validator

from exocosm.model.faults import Fault
from exocosm.model.part import FrozenDict, Name, Named, Part
from exocosm.model.quantity import ChosenShare, ChosenTime, Coordinate


class Zone(Part):
    """Tissue by its distance from the surface of what the cells of type `of` fill, in µm; inside is negative.

    From `above` up to `below`; either may be left open. The core of a nodule lies below -50 um, its margin
    above -50 um and below 50 um.
    """

    of: Name
    above: Coordinate | None = None
    below: Coordinate | None = None

    @model_validator(mode="after")
    def _wide(self) -> Zone:
        if self.above is not None and self.below is not None and self.above >= self.below:
            found, wanted = f"above {self.above.text}, below {self.below.text}", "above < below"
            raise Fault("the zone has no width", found=found, wanted=wanted)
        return self


class Share(Part):
    """The share of the live cells of a type in which a state is above a threshold."""

    cell_type: Name
    state: Name
    above: ChosenShare


class Record(Part):
    """Times in min between records of each kind; what is not named is not recorded.

    In each of the `zones` the summary counts cells per volume; `shares` names those to be counted by a state.
    """

    summary: ChosenTime | None = None
    cells: ChosenTime | None = None
    fields: ChosenTime | None = None
    checkpoint: ChosenTime | None = None
    zones: Named[Zone] = FrozenDict()
    shares: Named[Share] = FrozenDict()


KINDS = ("summary", "cells", "fields", "checkpoint")
