"""How often a run writes what down."""

from __future__ import annotations

from exocosm.model.part import Part
from exocosm.model.quantity import ChosenTime


class Record(Part):
    """Times in min between records of each kind; what is not named is not recorded."""

    summary: ChosenTime | None = None
    cells: ChosenTime | None = None
    fields: ChosenTime | None = None
    checkpoint: ChosenTime | None = None
