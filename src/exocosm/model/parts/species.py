"""What diffuses and what is carried: substrates, vesicle populations and cargos, shared by all engines."""

from __future__ import annotations

from typing import Annotated, Literal

from exocosm.model.part import FrozenDict, Name, Named, Part, frozen
from exocosm.model.quantity import (
    AtLeastOne,
    ChosenTime,
    Concentration,
    Copies,
    DiffusionCoefficient,
    Length,
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


class Cargo(Part):
    """What a vesicle carries, counted in copies."""

    kind: Literal["miRNA", "lncRNA", "circRNA", "mRNA", "protein", "lipid", "drug", "other"]
    description: str = ""


class LogNormal(Part):
    """Log-normal diameters: median in µm and geometric standard deviation (1: all the same)."""

    median: Length
    geometric_sd: AtLeastOne


class VesiclePopulation(Part):
    """Vesicles of one origin and route: diameters, decay_rate (1/min), copies of each cargo per vesicle."""

    origin: str
    route: Literal["exosome", "ectosome", "small EV"]
    diameter: LogNormal
    decay_rate: Rate = zero("1/min")
    manifest: Annotated[dict[Name, Copies], frozen] = FrozenDict()
    every: ChosenTime


class Species(Part):
    """All substances and carriers of a model, by name."""

    substrates: Named[Substrate] = FrozenDict()
    vesicles: Named[VesiclePopulation] = FrozenDict()
    cargos: Named[Cargo] = FrozenDict()

    @property
    def fields(self) -> list[str]:
        """Names of all that has a concentration in space: substrates, then vesicle populations."""
        return [*self.substrates, *self.vesicles]
