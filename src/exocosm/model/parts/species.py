"""What diffuses and what is carried: substrates, vesicle populations and cargos, shared by all engines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from exocosm.model.faults import Fault, first_fault
from exocosm.model.part import FrozenDict, Name, Named, Part, frozen
from exocosm.model.quantity import (
    AssociationRate,
    AtLeastOne,
    ChosenTime,
    Concentration,
    Copies,
    CopyRate,
    DiffusionCoefficient,
    Fraction,
    In,
    Length,
    Micromolar,
    ParticlesPerMass,
    Quantity,
    Rate,
    Solubility,
    zero,
)


class Substrate(Part):
    """A dissolved substance, in mmHg or µM as `unit` says.

    diffusion_coefficient in µm²/min, decay_rate in 1/min, initial in `unit`, every in min; solubility in
    µM/mmHg is needed where amounts in mol are given for a substrate in mmHg. A quasi-steady field has no
    stock of its own.
    """

    unit: Literal["mmHg", "uM"]
    diffusion_coefficient: DiffusionCoefficient
    decay_rate: Rate = zero("1/min")
    initial: Concentration
    regime: Literal["quasi-steady", "transient"]
    every: ChosenTime
    solubility: Solubility | None = None


class Enzyme(Part):
    """A reaction outside cells by Michaelis and Menten: `converts` one substrate `into` another (or nothing).

    turnover in 1/min and copy; half_saturation in the unit of the substrate that is converted (µM).
    """

    converts: Name
    into: Name | None = None
    turnover: Rate
    half_saturation: Micromolar


class Capture(Part):
    """Binding of a dissolved antibody to a surface cargo: `on` in 1/(µM·min), `off` in 1/min."""

    on: AssociationRate
    off: Rate


class Cargo(Part):
    """What a vesicle carries, counted in copies.

    `place`: in the lumen (acts once the vesicle has opened inside a cell), on the surface (acts from bound
    vesicles, and soaks up what `captured_by` names), or an enzyme that works outside cells. `assay_doses`
    (copy/min and cell, by cell type) are what cells were given where the cargo's effect on them was measured:
    they act on nothing and stand beside what is delivered.
    """

    kind: Literal["miRNA", "lncRNA", "circRNA", "mRNA", "protein", "lipid", "drug", "other"]
    place: Literal["lumen", "surface", "enzyme"] = "lumen"
    description: str = ""
    enzyme: Enzyme | None = None
    captured_by: Named[Capture] = FrozenDict()
    assay_doses: Named[CopyRate] = FrozenDict()

    @model_validator(mode="after")
    def _in_its_place(self) -> Cargo:
        if (self.place == "enzyme") != (self.enzyme is not None):
            found = f"place: {self.place}, {'with' if self.enzyme else 'without'} an enzyme"
            raise Fault("place and enzyme belong together", found=found, wanted="both or neither")
        if self.captured_by and self.place != "surface":
            problem = "an antibody binds only what is on the surface"
            raise Fault(problem, at=("captured_by",), found=f"place: {self.place}", wanted="place: surface")
        return self


class Loaded(Part):
    """A cargo that only some vesicles carry: the share that is loaded, and copies in each of those."""

    loaded_fraction: Fraction
    copies_per_loaded: Copies


class _CopiesIn(In):
    """Copies per vesicle, or a `Loaded` fraction of vesicles with copies."""

    def read(self, value: Any) -> Any:
        if isinstance(value, Loaded):
            return value
        if isinstance(value, Mapping) and set(value) & set(Loaded.model_fields):
            try:
                return Loaded.model_validate(value)
            except ValidationError as error:
                raise first_fault(error) from None
        return super().read(value)


Manifested = Annotated[
    Quantity | Loaded,
    _CopiesIn("copies per vesicle", ("copy/particle",), "0.00825 copies/particle", minimum=0),
]


class MatrixBinding(Part):
    """Reversible binding of vesicles to the matrix between cells: first-order rates in 1/min."""

    on: Rate
    off: Rate


class LogNormal(Part):
    """Log-normal diameters: median in µm and geometric standard deviation (1: all the same)."""

    median: Length
    geometric_sd: AtLeastOne


class VesiclePopulation(Part):
    """Vesicles of one origin and route: diameters, decay_rate (1/min), copies of each cargo per vesicle.

    `size_bins` equal shares of the distribution of diameters move and are taken up each on their own.
    `particles_per_mass` (particle/µg of protein) is needed where doses are given as mass.
    """

    origin: str
    route: Literal["exosome", "ectosome", "small EV"]
    diameter: LogNormal
    decay_rate: Rate = zero("1/min")
    manifest: Annotated[dict[Name, Manifested], frozen] = FrozenDict()
    size_bins: Annotated[int, Field(ge=1, le=20, strict=True)] = 1
    matrix_binding: MatrixBinding | None = None
    particles_per_mass: ParticlesPerMass | None = None
    every: ChosenTime

    def copies(self, cargo: str) -> float:
        """Mean copies of a cargo per vesicle; 0 if the manifest does not name it."""
        entry = self.manifest.get(cargo)
        if isinstance(entry, Loaded):
            return float(entry.loaded_fraction) * float(entry.copies_per_loaded)
        return 0.0 if entry is None else float(entry)


class Species(Part):
    """All substances and carriers of a model, by name."""

    substrates: Named[Substrate] = FrozenDict()
    vesicles: Named[VesiclePopulation] = FrozenDict()
    cargos: Named[Cargo] = FrozenDict()

    @property
    def fields(self) -> list[str]:
        """Names of all that has a concentration in space: substrates, then vesicle populations."""
        return [*self.substrates, *self.vesicles]
