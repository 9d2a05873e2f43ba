"""From a model to the state and the processes of its tissue: names become indices here, and only here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.clock import Clock, Process
from exocosm.ground.draws import Draw
from exocosm.ground.errors import ExocosmError
from exocosm.ground.ledger import Ledger
from exocosm.model.grammar import rules_of
from exocosm.physics import hindrance, population_diffusion_coefficient, tortuous_diffusion_coefficient
from exocosm.tissue.carriers import carriers_of, loaded_fractions_of, loads_of, riders_of
from exocosm.tissue.cell_types import CellTypes
from exocosm.tissue.cells import Cells
from exocosm.tissue.clearance import footprint_width
from exocosm.tissue.culture import floors_of, surround
from exocosm.tissue.fields import FACES, Field
from exocosm.tissue.grid import Grid
from exocosm.tissue.mechanics import Mechanics, SortInSpace
from exocosm.tissue.phenotype import Phenotype
from exocosm.tissue.placement import place
from exocosm.tissue.rules import Rules, behaviours_of
from exocosm.tissue.state import State, Tallies
from exocosm.tissue.states import States
from exocosm.tissue.substrates import ExchangeRates, Substrate
from exocosm.tissue.vesicles import ExtracellularSpace, Lifetimes, VesiclePopulation, VesicleRates

Array = NDArray[np.float64]
SORT_EVERY_MINUTES = 60.0
DIVIDING_RADIUS = 2.0 ** (1.0 / 3.0)
"""Radius of a cell about to divide, relative to its radius at rest in a type that doubles after birth."""


def grid_of(model: Any) -> Grid:
    """The grid of a model's geometry."""
    return Grid(model.tissue.geometry.shape, float(model.tissue.geometry.voxel), floors_of(model))


def free_diffusion(model: Any, population: Any) -> float:
    """Diffusion coefficient (µm²/min) in the fluid alone: Stokes-Einstein over the distribution of sizes."""
    medium, diameter = model.tissue.medium, population.diameter
    return population_diffusion_coefficient(
        float(diameter.median),
        float(diameter.geometric_sd),
        float(medium.temperature),
        float(medium.viscosity),
    )


def vesicle_diffusion(model: Any, population: Any) -> float:
    """Diffusion coefficient (µm²/min) of a population in the fluid between cells.

    That in the fluid alone, hindered by the fibre matrix and its tortuosity.
    """
    medium, diameter = model.tissue.medium, population.diameter
    free = free_diffusion(model, population)
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
        self.clock = Clock(float(model.tissue.steps.tick))
        self.substrates = tuple(model.species.substrates)
        self.vesicles = tuple(model.species.vesicles)
        self.cargos = tuple(model.species.cargos)
        self.carriers = carriers_of(model)
        self.loads = loads_of(model)
        self.riders = riders_of(model, self.carriers, self.loads)
        self.fractions = loaded_fractions_of(model)
        self.states = states_of(model)
        self.rules = rules_of(model)
        self.behaviours = behaviours_of(self.rules, tuple(model.tissue.cell_types))
        self.types = CellTypes.from_model(model.tissue.cell_types, self.substrates, self.behaviours)
        volumes = [float(t.volume.total) for t in model.tissue.cell_types.values()]
        self.radius = float(np.cbrt(max(volumes, default=0.0) * 3.0 / (4.0 * np.pi)))
        self.width = footprint_width(self.grid, self.radius)

    def field(self, name: str) -> Field:
        """The field of a substrate or vesicle population at its start."""
        species, tissue = self.model.species, self.model.tissue
        vesicle = species.vesicles.get(name)
        part = vesicle or species.substrates[name]
        diffusion = vesicle_diffusion(self.model, vesicle) if vesicle else float(part.diffusion_coefficient)
        diffusivity = np.full(self.grid.shape, diffusion)
        for change in tissue.diffusivity:
            if change.species == name:
                diffusivity[inside(change.region, self.grid.mesh())] *= float(change.factor)
        initial = np.full(self.grid.shape, 0.0 if vesicle else float(part.initial))
        held = np.zeros(self.grid.shape, bool)
        for hold in tissue.held:
            if hold.species == name:
                where = inside(hold.region, self.grid.mesh())
                held |= where
                initial[where] = float(hold.value)
        field = Field(
            self.grid,
            diffusivity=diffusivity,
            decay_rate=float(part.decay_rate),
            initial=initial,
            faces=self._faces(name),
            held=held,
        )
        free = free_diffusion(self.model, vesicle) if vesicle else float(part.diffusion_coefficient)
        surround(field, self.model, name, free, float(vesicle.diameter.median) if vesicle else 0.0, 1.0)
        return field

    def _faces(self, name: str) -> list[float | None]:
        boundary = self.model.tissue.boundaries.get(name)
        values = [getattr(boundary, face) if boundary else "no-flux" for face in FACES]
        return [None if value == "no-flux" else float(value) for value in values]

    def ledger_species(self) -> tuple[str, ...]:
        """All that is accounted for: vesicles, cargos, and substrates that have a stock."""
        return self.vesicles + self.cargos + tuple(s for s in self.substrates if not self.is_steady(s))

    def is_steady(self, substrate: str) -> bool:
        """Whether a substrate is quasi-steady."""
        return bool(self.model.species.substrates[substrate].regime == "quasi-steady")

    def every(self, minutes: float) -> int:
        """A step in ticks."""
        return self.clock.ticks(float(minutes))


def states_of(model: Any) -> tuple[str, ...]:
    """Names of all states that some cell type has, in the order of the model."""
    return tuple(dict.fromkeys(name for t in model.tissue.cell_types.values() for name in t.states))


def inside(region: Any, points: Array) -> NDArray[np.bool_]:
    """Which of the points (..., 3) lie in a sphere, shell or box."""
    kind = type(region).__name__
    if kind == "Box":
        low, high = np.array(region.low, float), np.array(region.high, float)
        return np.asarray(((points >= low) & (points <= high)).all(axis=-1))
    distance = np.linalg.norm(points - np.array(region.center, float), axis=-1)
    if kind == "Sphere":
        return np.asarray(distance <= float(region.radius))
    if kind == "Shell":
        return np.asarray((distance >= float(region.inner_radius)) & (distance <= float(region.outer_radius)))
    raise ExocosmError(f"a {kind.lower()} marks no voxels: use a sphere, shell or box")


def empty_state(tissue: Tissue) -> State:
    """Fields as they start and no cells, nothing on the books: what a checkpoint is read into."""
    names = tissue.substrates + tissue.vesicles
    cells = Cells(
        len(tissue.vesicles),
        len(tissue.cargos),
        len(tissue.substrates),
        carriers=len(tissue.carriers),
        loads=len(tissue.loads),
        riders=len(tissue.riders),
        fractions=len(tissue.fractions),
        states=len(tissue.states),
        behaviours=len(tissue.behaviours.driven),
    )
    tallies = Tallies(
        len(tissue.types.names), len(tissue.vesicles), len(tissue.cargos), len(tissue.substrates)
    )
    ledger = Ledger(tissue.ledger_species())
    return State(tissue.grid, cells, {name: tissue.field(name) for name in names}, ledger, tallies)


def initial_state(tissue: Tissue, draw: Draw) -> State:
    """Fields and cells at tick 0, with what they hold on the books."""
    state = empty_state(tissue)
    ledger = state.ledger
    for name in ledger.species:
        if name in state.fields:
            ledger.move(name, "initial", "field", state.fields[name].total())
    for placement in tissue.model.tissue.cells:
        add_cells(state, tissue, placement, draw)
    space = extracellular_space(tissue)
    if space:
        space.step(state, 0, draw, ledger)
    sense(state, tissue)
    return state


def add_cells(state: State, tissue: Tissue, placement: Any, draw: Draw) -> slice:
    """Put the cells of a placement into the state and lend them their carries; returns their rows."""
    rows = place(state, tissue.types, placement, draw, state.ledger)
    states_process(tissue).begin(state, rows)
    return rows


def sense(state: State, tissue: Tissue, rows: slice = slice(None)) -> None:
    """Tell cells the concentrations that they see, and what rules make of it."""
    foot = state.footprint(tissue.width)
    for i, name in enumerate(tissue.substrates):
        state.cells.view("signals")[rows, i] = foot.sample(state.fields[name].c, 1)[rows]
    rules_process(tissue).evaluate(state, state.tick, rows)


def rules_process(tissue: Tissue) -> Rules:
    """The process of the rules."""
    return Rules(tissue, every=tissue.every(tissue.model.tissue.steps.phenotype))


def states_process(tissue: Tissue) -> States:
    """The process of the states."""
    return States(tissue, every=tissue.every(tissue.model.tissue.steps.phenotype))


def extracellular_space(tissue: Tissue) -> ExtracellularSpace | None:
    """The process of the extracellular share, where there are vesicles."""
    if not tissue.vesicles:
        return None
    least = float(tissue.model.tissue.medium.minimum_extracellular_fraction)
    every = tissue.every(tissue.model.tissue.steps.phenotype)
    return ExtracellularSpace(tissue.vesicles, least, tissue.radius, every=every)


def processes(tissue: Tissue) -> list[Process]:
    """What happens in a tick, in this order: space, substrates, vesicles, motion, life and death, order."""
    steps = tissue.model.tissue.steps
    space = extracellular_space(tissue)
    found: list[Process] = [space] if space else []
    found += [_substrate(tissue, i, name) for i, name in enumerate(tissue.substrates)]
    found += [_population(tissue, i, name) for i, name in enumerate(tissue.vesicles)]
    found.append(
        Mechanics(
            tissue.types.mechanics,
            tuple(tissue.grid.size),
            every=tissue.every(steps.mechanics),
            dt=float(steps.mechanics),
            planar=tissue.grid.is_planar,
        )
    )
    found += [rules_process(tissue)] if tissue.rules else []
    found += [states_process(tissue)] if tissue.states else []
    found.append(Phenotype(tissue.types, every=tissue.every(steps.phenotype), tick=tissue.clock.length))
    found.append(Lifetimes(every=tissue.every(steps.phenotype), tick=tissue.clock.length))
    found.append(SortInSpace(every=max(1, round(SORT_EVERY_MINUTES / tissue.clock.length))))
    return found


def _substrate(tissue: Tissue, index: int, name: str) -> Substrate:
    part = tissue.model.species.substrates[name]
    exchanges = [t.exchange.get(name) for t in tissue.model.tissue.cell_types.values()]
    rates = ExchangeRates(
        _column(exchanges, "secretion_rate"),
        _column(exchanges, "uptake_rate"),
        _column(exchanges, "max_uptake"),
        _column(exchanges, "half_saturation", 1.0),
    )
    return Substrate(
        name,
        index,
        rates,
        tissue.width,
        every=tissue.every(part.every),
        tick=tissue.clock.length,
        steady=tissue.is_steady(name),
        behaviours=tissue.behaviours,
    )


def _population(tissue: Tissue, index: int, name: str) -> VesiclePopulation:
    part = tissue.model.species.vesicles[name]
    types = list(tissue.model.tissue.cell_types.values())
    uptake = [t.uptake.get(name) for t in types]
    release = np.array([float(t.release.get(name, 0.0)) for t in types])
    rates = VesicleRates(release, _column(uptake, "clearance"), _column(uptake, "efficiency"))
    manifest = tuple((tissue.cargos.index(c), c, float(m)) for c, m in part.manifest.items())
    return VesiclePopulation(
        name,
        index,
        rates,
        tissue.width,
        manifest,
        every=tissue.every(part.every),
        tick=tissue.clock.length,
    )


def _column(parts: list[Any], attribute: str, default: float = 0.0) -> Array:
    values = [getattr(part, attribute, None) for part in parts]
    return np.array([default if value is None else float(value) for value in values])


def stocks(state: State, tissue: Tissue) -> Mapping[str, Mapping[str, float]]:
    """What the state holds of each species on the books, by account: the other side of the ledger's check."""
    cells, ledger = state.cells, state.ledger
    out: dict[str, dict[str, float]] = {}
    for i, name in enumerate(tissue.vesicles):
        carried = float(cells.view("vesicle_carry")[:, i].sum())
        inside_cells = float(cells.view("vesicles")[:, i].sum())
        out[name] = {"field": state.fields[name].total(), "pending": carried, "inside": inside_cells}
    for i, cargo in enumerate(tissue.cargos):
        parts = [(v, float(p.manifest.get(cargo, 0.0))) for v, p in tissue.model.species.vesicles.items()]
        out[cargo] = {
            "field": sum(copies * out[v]["field"] for v, copies in parts),
            "surface": sum(
                copies * (out[v]["pending"] - ledger.balance(v, "rounding")) for v, copies in parts
            ),
            "pending": float(cells.view("cargo_carry")[:, i].sum()),
            "inside": float(cells.view("cargo")[:, i].sum()),
        }
    for i, name in enumerate(tissue.substrates):
        if not tissue.is_steady(name):
            out[name] = {
                "field": state.fields[name].total(),
                "inside": float(cells.view("substrate")[:, i].sum()),
            }
    return out
