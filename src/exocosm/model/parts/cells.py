"""What a cell type is: its size, cycle and death, forces, and what it exchanges, releases and takes up."""

from __future__ import annotations

from typing import Annotated

from pydantic import model_validator

from exocosm.model.faults import Fault
from exocosm.model.part import FrozenDict, Name, Named, Part, frozen
from exocosm.model.parts.interactions import Attack, Phagocytosis, RatesByType, RatiosByType
from exocosm.model.parts.motility import Motility
from exocosm.model.parts.phases import Cycle, Death, Necrosis
from exocosm.model.quantity import (
    AmountRate,
    Area,
    Clearance,
    Concentration,
    CopyNumber,
    CopyRate,
    Exponent,
    Fraction,
    ManyParticles,
    Micromolar,
    PartVolume,
    PoolShare,
    Quantity,
    Rate,
    Ratio,
    ReleaseRate,
    Speed,
    SurfaceDensity,
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
    """Repulsion and adhesion in µm/min, and how far adhesion reaches relative to the sum of radii.

    `adhesion_affinity` is the share of `adhesion` that goes to cells of a type (1 where none is named);
    the adhesion of a pair is the geometric mean of both sides. A cell that is not `movable` pushes and
    holds others and keeps its place.
    """

    repulsion: Speed = zero("um/min")
    adhesion: Speed = zero("um/min")
    relative_adhesion_distance: Ratio = Quantity(1.0)
    adhesion_affinity: Named[Ratio] = FrozenDict()
    movable: bool = True


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


class Genesis(Part):
    """How a cell makes vesicles of a population.

    Intraluminal vesicles form at `formation` (particle/min) in multivesicular bodies, `vesicles_per_body`
    each on average; a body docks and fuses, setting free all that it holds, at `docking`, or is degraded in
    a lysosome at `lysosomal_degradation` (both 1/min and body). `budding` (particle/min) is the second route,
    from the plasma membrane. `loading` puts a share of the cell's own pool of a cargo into each vesicle.
    """

    formation: ReleaseRate = zero("particle/min")
    vesicles_per_body: ManyParticles | None = None
    docking: Rate = zero("1/min")
    lysosomal_degradation: Rate = zero("1/min")
    budding: ReleaseRate = zero("particle/min")
    loading: Annotated[dict[Name, PoolShare], frozen] = FrozenDict()

    @model_validator(mode="after")
    def _bodies_end(self) -> Genesis:
        if self.formation > 0 and self.vesicles_per_body is None:
            wanted = "vesicles_per_body: ..., such as 30 particle"
            raise Fault(
                "vesicles that form in bodies need their number", found="formation alone", wanted=wanted
            )
        if self.formation > 0 and self.docking + self.lysosomal_degradation == 0:
            wanted = "docking or lysosomal_degradation above 0"
            raise Fault("multivesicular bodies that form must end", found="neither", wanted=wanted)
        return self


class Pool(Part):
    """A cell's own copies of a cargo: `initial` (copies), `synthesis` (copy/min), `degradation` (1/min)."""

    initial: CopyNumber = zero("copy")
    synthesis: CopyRate = zero("copy/min")
    degradation: Rate = zero("1/min")


class Binding(Part):
    """Vesicles on the surface of a cell leave again at `off` or enter at `internalisation` (1/min)."""

    off: Rate
    internalisation: Rate


class Fate(Part):
    """What becomes of vesicles inside a cell: all leave the endosome at `rate` (1/min).

    `escape_fraction` of them open and deliver their cargo, `recycled_fraction` go back out; lysosomes
    degrade the rest.
    """

    rate: Rate
    escape_fraction: Fraction
    recycled_fraction: Fraction = zero("")

    @model_validator(mode="after")
    def _whole(self) -> Fate:
        total = self.escape_fraction + self.recycled_fraction
        if total > 1:
            found = f"{self.escape_fraction.text} escape and {self.recycled_fraction.text} recycled"
            raise Fault(
                "more vesicles leave than came", found=found, wanted="fractions with a sum of at most 1"
            )
        return self


class VesicleUptake(Part):
    """Uptake of vesicles: an intrinsic `clearance` (µm³/min), or `efficiency`, a share of encounters.

    A clearance goes with diameter to the power `size_exponent`, relative to the median (an efficiency follows
    each size's own diffusion). With `binding` vesicles first stay on the surface; without, uptake is entry at
    once. With `fate` they pass an endosome; without, all open at once.
    """

    clearance: Clearance | None = None
    efficiency: Fraction | None = None
    size_exponent: Exponent = zero("")
    binding: Binding | None = None
    fate: Fate | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> VesicleUptake:
        if (self.clearance is None) == (self.efficiency is None):
            found = "neither" if self.clearance is None else "both"
            raise Fault("uptake is one number", found=found, wanted="either clearance or efficiency")
        return self


class Receptor(Part):
    """A receptor that a surface cargo occupies, on bound vesicles and on the membranes of cells in contact.

    `copies` per cell; `dissociation` is the two-dimensional dissociation constant (copies/µm²); each of
    `blockers` is a dissolved antibody with its dissociation constant for the receptor (µM). `contact_area` is
    the membrane (µm²) shared with each cell in contact; where not stated it follows from their overlap.
    """

    ligand: Name
    copies: CopyNumber
    dissociation: SurfaceDensity
    blockers: Annotated[dict[Name, Micromolar], frozen] = FrozenDict()
    contact_area: Area | None = None


class CellState(Part):
    """A slow phenotype s between 0 and 1: ds/dt = rise (1 - s) - fall s, rates in 1/min."""

    initial: Fraction = zero("")
    rise: Rate = zero("1/min")
    fall: Rate = zero("1/min")


class CellType(Part):
    """A kind of cell. What it does not name (a cycle, a death, an uptake), it does not do.

    `immunogenicity` to cells of a type multiplies the rate at which they begin to attack it, 1 if not stated;
    damage is repaired at `damage_repair_rate` and `transformations` are the rates (1/min) of turning into
    other types. `surface` is the share of a cell's pool of a surface cargo that its membrane shows.
    """

    volume: Volume
    cycle: Cycle | None = None
    apoptosis: Death | None = None
    necrosis: Necrosis | None = None
    mechanics: Mechanics = Mechanics()
    motility: Motility | None = None
    exchange: Named[Exchange] = FrozenDict()
    release: Annotated[dict[Name, ReleaseRate], frozen] = FrozenDict()
    genesis: Named[Genesis] = FrozenDict()
    pools: Named[Pool] = FrozenDict()
    surface: Named[Fraction] = FrozenDict()
    uptake: Named[VesicleUptake] = FrozenDict()
    receptors: Named[Receptor] = FrozenDict()
    states: Named[CellState] = FrozenDict()
    attack: Attack | None = None
    immunogenicity: RatiosByType = FrozenDict()
    damage_repair_rate: Rate = zero("1/min")
    phagocytosis: Phagocytosis | None = None
    transformations: RatesByType = FrozenDict()

    @model_validator(mode="after")
    def _moves_or_rests(self) -> CellType:
        if self.motility is not None and not self.mechanics.movable:
            found, wanted = "movable: false and a motility", "movable: true, or no motility"
            at, problem = ("mechanics", "movable"), "a cell that does not move has no motility"
            raise Fault(problem, at=at, found=found, wanted=wanted)
        return self
