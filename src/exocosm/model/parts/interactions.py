"""What a cell does to the cells that it touches: attack and phagocytosis. Rates are per contact, in 1/min."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import model_validator

from exocosm.model.faults import Fault
from exocosm.model.part import FrozenDict, Name, Part, frozen
from exocosm.model.quantity import Rate, Ratio, Time, zero

RatesByType = Annotated[dict[Name, Rate], frozen]
RatiosByType = Annotated[dict[Name, Ratio], frozen]


class Attack(Part):
    """Attack of live neighbours: a cell that attacks nobody begins at the rate of `targets`, by their type.

    It does `damage_rate` (1/min; damage is a plain number) to one cell at a time, for `duration` (min):
    always as long, or on average where `duration_law` is exponential.
    Source: PhysiCell 1.14, 10.1371/journal.pcbi.1005991.
    """

    targets: RatesByType
    damage_rate: Rate
    duration: Time
    duration_law: Literal["fixed", "exponential"] = "fixed"

    @model_validator(mode="after")
    def _has_targets(self) -> Attack:
        if not self.targets:
            wanted = "targets: {TYPE: rate}, such as 0.1 1/min"
            raise Fault("an attack needs targets", at=("targets",), found="none", wanted=wanted)
        return self


class Phagocytosis(Part):
    """Rates (1/min and contact) at which a live cell engulfs a dead neighbour, or a live one by its type."""

    apoptotic: Rate = zero("1/min")
    necrotic: Rate = zero("1/min")
    live: RatesByType = FrozenDict()
