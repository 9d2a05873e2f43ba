"""From a model to the state and the processes of its tissue: names become indices here, and only here."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.clock import Clock
from exocosm.ground.ledger import Ledger
from exocosm.model.grammar import rules_of
from exocosm.physics import hindrance, population_diffusion_coefficient, tortuous_diffusion_coefficient
from exocosm.tissue.capillaries import Bloodstream
from exocosm.tissue.carriers import carriers_of, loaded_fractions_of, loads_of, riders_of
from exocosm.tissue.cell_types import CellTypes
from exocosm.tissue.cells import Cells
from exocosm.tissue.clearance import footprint_width
from exocosm.tissue.culture import floors_of, in_zone, surround
from exocosm.tissue.fields import FACES, Field
from exocosm.tissue.grid import Grid
from exocosm.tissue.holdings import Holdings
from exocosm.tissue.membranes import membranes_of
from exocosm.tissue.rules import behaviours_of
from exocosm.tissue.state import State, Tallies
from exocosm.tissue.vesicle_tables import matrix_of

Array = NDArray[np.float64]
SORT_EVERY_MINUTES = 60.0
DIVIDING_RADIUS = 2.0 ** (1.0 / 3.0)
"""Radius of a cell about to divide, relative to its radius at rest in a type that doubles after birth."""


def grid_of(model: Any) -> Grid:
    """The grid of a model's geometry."""
    return Grid(model.tissue.geometry.shape, float(model.tissue.geometry.voxel), floors_of(model))


def free_diffusion(model: Any, diameter: Any) -> float:
    """Diffusion coefficient (µm²/min) in the fluid alone: Stokes-Einstein over the distribution of sizes."""
    medium = model.tissue.medium
    return population_diffusion_coefficient(
        float(diameter.median),
        float(diameter.geometric_sd),
        float(medium.temperature),
        float(medium.viscosity),
    )


def vesicle_diffusion(model: Any, diameter: Any) -> float:
    """Diffusion coefficient (µm²/min) in the fluid between cells, of vesicles of these diameters.

    That in the fluid alone, hindered by the fibre matrix and its tortuosity.
    """
    medium = model.tissue.medium
    free = free_diffusion(model, diameter)
    slowed = 1.0
    if medium.fibre_radius is not None and medium.fibre_volume_fraction:
        slowed = hindrance(
            float(diameter.median), float(medium.fibre_radius), float(medium.fibre_volume_fraction)
        )
    return tortuous_diffusion_coefficient(free * slowed, float(medium.tortuosity))


class Tissue:
    """What the processes of a tissue need to know of its model: the grid, indices, tables, steps."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.grid = grid_of(model)
        self.blood = Bloodstream.of(model, self.grid)
        self.clock = Clock(float(model.tissue.steps.tick))
        self.substrates = tuple(model.species.substrates)
        self.vesicles = tuple(model.species.vesicles)
        self.cargos = tuple(model.species.cargos)
        self.carriers = carriers_of(model)
        self.loads = loads_of(model)
        self.riders = riders_of(model, self.carriers, self.loads)
        self._carrier_of = {carrier.name: carrier for carrier in self.carriers}
        self._carrier_of |= {rider.name: self.carriers[rider.carrier] for rider in self.riders}
        self.membranes = membranes_of(model)
        self.fractions = loaded_fractions_of(model)
        self.states = states_of(model)
        self.rules = rules_of(model)
        self.behaviours = behaviours_of(self.rules, tuple(model.tissue.cell_types))
        self.types = CellTypes.from_model(model.tissue.cell_types, self.substrates, self.behaviours)
        self.holdings = Holdings.of(self)
        volumes = [float(t.volume.total) for t in model.tissue.cell_types.values()]
        self.radius = float(np.cbrt(max(volumes, default=0.0) * 3.0 / (4.0 * np.pi)))
        self.width = footprint_width(self.grid, self.radius)

    @property
    def moving(self) -> tuple[str, ...]:
        """Names of the fields of all carriers and riders."""
        return tuple(c.name for c in self.carriers) + tuple(r.name for r in self.riders)

    def median_diameter(self, name: str) -> float:
        """Median diameter (µm) of the carrier of this name, or of the carrier of this rider."""
        return float(self._carrier_of[name].size.median)

    def free_diffusion_and_diameter(self, name: str) -> tuple[float, float]:
        """Diffusion coefficient in free fluid (µm²/min) and diameter (µm) of a carrier, or a rider's."""
        carrier = self._carrier_of[name]
        return free_diffusion(self.model, carrier.size), carrier.diameter

    def owner(self, name: str) -> str:
        """The substrate, or the population of vesicles, whose field this is."""
        carrier = self._carrier_of.get(name)
        return carrier.population if carrier else name

    def field(self, name: str) -> Field:
        """The field of a substrate, carrier or rider at its start."""
        carrier = self._carrier_of.get(name)
        if carrier is None:
            return self._substrate_field(name)
        rides = name != carrier.name
        share, part = 0.0 if rides else carrier.share, self.model.species.vesicles[carrier.population]
        free = free_diffusion(self.model, carrier.size)
        slowed = vesicle_diffusion(self.model, carrier.size)
        return self._field(carrier.population, part, slowed, free, carrier.diameter, share)

    def _substrate_field(self, name: str) -> Field:
        part = self.model.species.substrates[name]
        diffusion = float(part.diffusion_coefficient)
        return self._field(name, part, diffusion, diffusion, 0.0, 1.0, float(part.initial))

    def _field(
        self,
        species: str,
        part: Any,
        diffusion: float,
        free: float,
        diameter: float,
        share: float,
        start: float = 0.0,
    ) -> Field:
        """A field of a `share` of a species: what is held at faces and places is shared too."""
        tissue = self.model.tissue
        diffusivity = np.full(self.grid.shape, diffusion)
        for change in tissue.diffusivity:
            if change.species == species:
                diffusivity[in_zone(change.region, self.grid)] *= float(change.factor)
        initial = np.full(self.grid.shape, start)
        held = np.zeros(self.grid.shape, bool)
        for hold in tissue.held:
            if hold.species == species:
                where = in_zone(hold.region, self.grid)
                held |= where
                initial[where] = share * float(hold.value)
        field = Field(
            self.grid,
            diffusivity=diffusivity,
            decay_rate=float(part.decay_rate),
            initial=initial,
            faces=self._faces(species, share),
            held=held,
        )
        surround(field, self.model, species, free, diameter, share)
        for lines in self.blood.exchanges(species, free, diameter, share):
            field.add_lines(lines)
        return field

    def _faces(self, name: str, share: float) -> list[float | None]:
        boundary = self.model.tissue.boundaries.get(name)
        values = [getattr(boundary, face) if boundary else "no-flux" for face in FACES]
        return [None if value == "no-flux" else share * float(value) for value in values]

    def ledger_species(self) -> tuple[str, ...]:
        """All that is accounted for: vesicles, cargos, and substrates that have a stock."""
        return self.vesicles + self.cargos + tuple(s for s in self.substrates if not self.is_steady(s))

    def is_steady(self, substrate: str) -> bool:
        """Whether a substrate is quasi-steady."""
        return bool(self.model.species.substrates[substrate].regime == "quasi-steady")

    @property
    def phenotype_every(self) -> int:
        """The step of the phenotype in ticks."""
        return self.every(self.model.tissue.steps.phenotype)

    def every(self, minutes: float) -> int:
        """A step in ticks."""
        return self.clock.ticks(float(minutes))


def states_of(model: Any) -> tuple[str, ...]:
    """Names of all states that some cell type has, in the order of the model."""
    return tuple(dict.fromkeys(name for t in model.tissue.cell_types.values() for name in t.states))


def empty_state(tissue: Tissue) -> State:
    """Fields as they start and no cells, nothing on the books: what a checkpoint is read into."""
    moving = tissue.moving
    names = tissue.substrates + moving
    cells = Cells(
        len(tissue.vesicles),
        len(tissue.cargos),
        len(tissue.substrates),
        carriers=len(tissue.carriers),
        loads=len(tissue.loads),
        riders=len(tissue.riders),
        fractions=len(tissue.fractions),
        membranes=sum(len(membrane.held) for membrane in tissue.membranes.values()),
        states=len(tissue.states),
        behaviours=len(tissue.behaviours.driven),
    )
    tallies = Tallies(
        len(tissue.types.names),
        len(tissue.vesicles),
        len(tissue.cargos),
        len(tissue.substrates),
    )
    ledger = Ledger(tissue.ledger_species())
    fields = {name: tissue.field(name) for name in names}
    return State(tissue.grid, cells, fields, ledger, tallies, matrix_of(tissue))
