"""The tissue: its block of voxels, medium, boundaries, cell types and where cells start."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import Field, model_validator

from exocosm.model.faults import Fault
from exocosm.model.part import FrozenDict, Name, Named, Part, frozen
from exocosm.model.parts.capillaries import Capillaries, Immigration
from exocosm.model.parts.cells import CellType
from exocosm.model.parts.regions import Positions, Region, Zone, three
from exocosm.model.parts.rules import RuleItem
from exocosm.model.parts.surroundings import Culture, Flow, Vessels
from exocosm.model.quantity import (
    AtLeastOne,
    ChosenLength,
    ChosenTime,
    Concentration,
    Fraction,
    HillPower,
    In,
    Length,
    PerConcentration,
    Quantity,
    Ratio,
    Share,
    Stiffness,
    Temperature,
    Viscosity,
    zero,
)

# Each field takes about 25 arrays of 8 B a voxel: 40 GB at this bound.
MOST_VOXELS = 2e8
FACES = ("x_low", "x_high", "y_low", "y_high", "z_low", "z_high")


class Geometry(Part):
    """A block of cubic voxels: `size` (three lengths, µm) and `voxel` (µm). One voxel in z is a 2-D layer."""

    size: Annotated[tuple[ChosenLength, ChosenLength, ChosenLength], three]
    voxel: ChosenLength

    @model_validator(mode="after")
    def _few_voxels(self) -> Geometry:
        number = math.prod(float(length) / float(self.voxel) for length in self.size)
        if not number <= MOST_VOXELS:  # so that what overflows is refused too
            wanted = f"a larger voxel or a smaller size, for at most {MOST_VOXELS:g} voxels"
            problem = "these are too many voxels"
            raise Fault(problem, at=("voxel",), found=f"{number:.3g} voxels", wanted=wanted)
        return self

    @model_validator(mode="after")
    def _whole_voxels(self) -> Geometry:
        for axis, length in enumerate(self.size):
            voxels = float(length) / float(self.voxel)
            if voxels < 1 - 1e-9:
                problem, at = "the voxel is larger than the tissue", ("voxel",)
                wanted = f"at most the smallest size of {min(self.size).text}"
                raise Fault(problem, at=at, found=self.voxel.text, wanted=wanted)
            if abs(voxels - round(voxels)) > 1e-9 * voxels:
                near = max(1, round(voxels)) * float(self.voxel)
                wanted = f"a multiple of the voxel of {self.voxel.text}, such as {near:g} um"
                problem = "the size is not a whole number of voxels"
                raise Fault(problem, at=("size", axis), found=length.text, wanted=wanted)
        return self

    @property
    def shape(self) -> tuple[int, int, int]:
        """Voxels along x, y, z."""
        x, y, z = (round(float(length) / float(self.voxel)) for length in self.size)
        return x, y, z


class Stiffening(Part):
    """How stiff tissue is with fibres laid down: `base` without any, `fibrotic` at `fibrotic_fraction` (kPa).

    With a share φ of the volume filled, E = base + (fibrotic - base) (φ / fibrotic_fraction)^power.
    """

    base: Stiffness
    fibrotic: Stiffness
    fibrotic_fraction: Share
    power: HillPower

    @model_validator(mode="after")
    def _stiffens(self) -> Stiffening:
        if self.fibrotic < self.base:
            found, wanted = self.fibrotic.text, f"at least the base, {self.base.text}"
            raise Fault("fibres do not soften tissue", at=("fibrotic",), found=found, wanted=wanted)
        return self


class LaidFibres(Part):
    """Fibres that cells lay down: a transient `substrate`, each µM of which fills a share `volume` (1/µM).

    With `stiffness`, cells can sense how stiff they make the tissue.
    """

    substrate: Name
    volume: PerConcentration
    stiffness: Stiffening | None = None


class Medium(Part):
    """What vesicles diffuse in: temperature (K), viscosity (mPa·s), tortuosity (D/tortuosity²), fibres.

    fibre_radius in µm; minimum_extracellular_fraction is the share of a voxel that cells never fill. What
    `laid_fibres` names adds to the fibre_volume_fraction where cells lay it down.
    """

    temperature: Temperature
    viscosity: Viscosity
    tortuosity: AtLeastOne
    fibre_radius: Length | None = None
    fibre_volume_fraction: Fraction = zero("")
    laid_fibres: LaidFibres | None = None
    minimum_extracellular_fraction: Fraction


class _FaceIn(In):
    """A concentration held at a face, or the word "no-flux"."""

    def read(self, value: Any) -> Any:
        return value if value == NO_FLUX else super().read(value)


NO_FLUX = "no-flux"
Face = Annotated[
    Quantity | str,
    _FaceIn('"no-flux" or a held value', ("mmHg", "uM", "particle/um^3"), "38 mmHg", minimum=0),
]


class Boundary(Part):
    """Each face "no-flux" or the value held there; `all` sets the faces that are not named."""

    x_low: Face = NO_FLUX
    x_high: Face = NO_FLUX
    y_low: Face = NO_FLUX
    y_high: Face = NO_FLUX
    z_low: Face = NO_FLUX
    z_high: Face = NO_FLUX
    all: Face | None = None

    @model_validator(mode="after")
    def _spread(self) -> Boundary:
        if self.all is not None:
            unnamed = [face for face in FACES if face not in self.model_fields_set]
            # A frozen part may be completed while it is made; `all` stays, to be written as it was read.
            for face in unnamed:
                object.__setattr__(self, face, self.all)
        return self

    @property
    def faces(self) -> dict[str, Quantity | None]:
        """The held value of each face, or None for no flux."""
        values = {face: getattr(self, face) for face in FACES}
        return {face: value if isinstance(value, Quantity) else None for face, value in values.items()}


class Held(Part):
    """A region of voxels where a species is held at `value`."""

    species: Name
    region: Zone
    value: Concentration


class Diffusivity(Part):
    """A region of voxels where diffusion of a species is `factor` times that elsewhere."""

    species: Name
    region: Zone
    factor: Ratio


class Placement(Part):
    """Cells of one `type`, or a `mixture` of types, on a close-packed lattice or at random in a region.

    `spacing` (µm) gives the lattice, `count` the number of random places; a table of positions needs
    neither. Types in `omit` leave their places empty, so that the others keep theirs; no cell is placed in
    the zone `outside` of which they are.
    """

    type: Name | None = None
    mixture: Annotated[dict[Name, Fraction], frozen] | None = None
    region: Region
    outside: Zone | None = None
    spacing: ChosenLength | None = None
    count: Annotated[int, Field(ge=0, strict=True)] | None = None
    omit: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Placement:
        if isinstance(self.region, Positions):
            self._refuse("a table says type and place of each cell", "type", "mixture", "spacing", "count")
            return self
        self._exactly_one("cells need a type", "type", "mixture")
        self._exactly_one("cells need a spacing or a count", "spacing", "count")
        return self

    @model_validator(mode="after")
    def _whole_mixture(self) -> Placement:
        total = sum(self.mixture.values()) if self.mixture else 1.0
        if abs(total - 1) > 1e-9:
            wanted = "fractions with the sum 1"
            raise Fault("the mixture is not whole", at=("mixture",), found=f"sum {total:g}", wanted=wanted)
        return self

    def _given(self, names: tuple[str, ...]) -> list[str]:
        return [name for name in names if getattr(self, name) is not None]

    def _refuse(self, problem: str, *names: str) -> None:
        if self._given(names):
            given = self._given(names)[0]
            raise Fault(problem, at=(given,), found=given, wanted="only the table")

    def _exactly_one(self, problem: str, *names: str) -> None:
        given = self._given(names)
        if len(given) != 1:
            raise Fault(
                problem, found=" and ".join(given) or "neither", wanted="either " + " or ".join(names)
            )

    def types(self) -> set[str]:
        """Names of the cell types that are placed or, if omitted, would be."""
        if isinstance(self.region, Positions):
            return {row[3] for row in self.region.rows()}
        return {self.type} if self.type else set(self.mixture or ())


class Steps(Part):
    """Steps in min: the tick of the clock, cell mechanics, and phenotype (volume, cycle, death)."""

    tick: ChosenTime
    mechanics: ChosenTime
    phenotype: ChosenTime


class Tissue(Part):
    """The 3-D tissue: space, medium, what is held where, cell types and the cells at the start."""

    geometry: Geometry
    medium: Medium | None = None
    boundaries: Named[Boundary] = FrozenDict()
    held: tuple[Held, ...] = ()
    diffusivity: tuple[Diffusivity, ...] = ()
    culture: Culture | None = None
    flow: Flow | None = None
    vessels: tuple[Vessels, ...] = ()
    capillaries: Named[Capillaries] = FrozenDict()
    immigration: tuple[Immigration, ...] = ()
    cell_types: Named[CellType] = FrozenDict()
    rules: tuple[RuleItem, ...] = ()
    cells: tuple[Placement, ...] = ()
    steps: Steps
