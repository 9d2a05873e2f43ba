"""What a cell type is: its size, cycle and death, forces, and what it exchanges, releases and takes up."""

from __future__ import annotations

from typing import Annotated

from pydantic import model_validator

from exocosm.model.faults import Fault
from exocosm.model.part import FrozenDict, Name, Named, Part, frozen
from exocosm.model.parts.phases import Cycle, Death, Necrosis
from exocosm.model.quantity import (
    AmountRate,
    Clearance,
    Concentration,
    Fraction,
    PartVolume,
    Quantity,
    Rate,
    Ratio,
    ReleaseRate,
    Speed,
    Volume3,
    zero,
)
from exocosm.model.source import Evidence


class Volume(Part):
    """Volumes (µm³) and first-order rates (1/min) of PhysiCell's volume model.

    Equations: 10.1371/journal.pcbi.1005991.
    """

    total: Volume3
    nuclear: PartVolume = zero("um^3")
    fluid_fraction: Fraction = zero("")
    fluid_change_rate: Rate = zero("1/min")
    cytoplasmic_biomass_change_rate: Rate = zero("1/min")
    nuclear_biomass_change_rate: Rate = zero("1/min")
    calcification_rate: Rate = zero("1/min")
    relative_rupture_volume: Ratio = Quantity(2.0, source=Evidence("physicell-rupture-volume"), taken=True)

    @model_validator(mode="after")
    def _nucleus_fits(self) -> Volume:
        if self.nuclear > self.total:
            found = f"nuclear {self.nuclear.text} in total {self.total.text}"
            raise Fault("the nucleus is larger than the cell", found=found, wanted="nuclear <= total")
        return self


class Mechanics(Part):
    """Repulsion and adhesion in µm/min, and how far adhesion reaches relative to the sum of radii."""

    repulsion: Speed = zero("um/min")
    adhesion: Speed = zero("um/min")
    relative_adhesion_distance: Ratio = Quantity(1.0)


class Exchange(Part):
    """Exchange with a substrate: secretion_rate and max_uptake in (its unit)·µm³/min, uptake_rate in 1/min.

    Uptake is `uptake_rate` x cell volume x c, plus `max_uptake` x c / (half_saturation + c).
    """

    secretion_rate: AmountRate = zero("uM*um^3/min")
    uptake_rate: Rate = zero("1/min")
    max_uptake: AmountRate = zero("uM*um^3/min")
    half_saturation: Concentration | None = None

    @model_validator(mode="after")
    def _saturates(self) -> Exchange:
        if self.max_uptake > 0 and self.half_saturation is None:
            found, wanted = (
                f"max_uptake {self.max_uptake.text} alone",
                "half_saturation: ..., such as 5.6 mmHg",
            )
            raise Fault("a saturable uptake needs its half saturation", found=found, wanted=wanted)
        return self


class VesicleUptake(Part):
    """Uptake of vesicles: an intrinsic `clearance` (µm³/min), or `efficiency`, a share of encounters."""

    clearance: Clearance | None = None
    efficiency: Fraction | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> VesicleUptake:
        if (self.clearance is None) == (self.efficiency is None):
            found = "neither" if self.clearance is None else "both"
            raise Fault("uptake is one number", found=found, wanted="either clearance or efficiency")
        return self


class CellType(Part):
    """A kind of cell. What it does not name (a cycle, a death, an uptake), it does not do."""

    volume: Volume
    cycle: Cycle | None = None
    apoptosis: Death | None = None
    necrosis: Necrosis | None = None
    mechanics: Mechanics = Mechanics()
    exchange: Named[Exchange] = FrozenDict()
    release: Annotated[dict[Name, ReleaseRate], frozen] = FrozenDict()
    uptake: Named[VesicleUptake] = FrozenDict()
