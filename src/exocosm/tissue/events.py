"""What happens at stated ticks: cells are added, boundaries change, doses are given, medium is changed.

A dose is mixed evenly into the fluid of its region: the concentration there rises by one amount, whatever
share of a voxel is fluid. A medium change takes its share of what is dissolved and suspended, and brings
substrates at their initial concentration; what is bound or inside cells stays. Held voxels keep their value.
Events of one tick happen in the order in which they are written, after all processes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from exocosm.ground.draws import Draw
from exocosm.ground.errors import ExocosmError
from exocosm.ground.ledger import Ledger
from exocosm.tissue.beginning import add_cells, sense
from exocosm.tissue.build import Tissue
from exocosm.tissue.cells import LIVE
from exocosm.tissue.culture import in_zone
from exocosm.tissue.fields import FACES
from exocosm.tissue.fluid import Accounts, accounts_of, fields_of, transient_species
from exocosm.tissue.state import State

Happening = Callable[[State, Draw], None]


def events_by_tick(tissue: Tissue) -> dict[int, list[Happening]]:
    """What happens at each tick, in the order of the model."""
    due: dict[int, list[Happening]] = {}
    for event in tissue.model.events:
        due.setdefault(tissue.every(event.at), []).append(_happening(event, tissue))
    return due


def _happening(event: Any, tissue: Tissue) -> Happening:
    if event.add is not None:
        return lambda state, draw: sense(state, tissue, add_cells(state, tissue, event.add, draw))
    if event.boundary is not None:
        return BoundaryChanged(tissue, event.boundary)
    if event.dose is not None:
        return Dosed(tissue, event.dose)
    return MediumChanged(tissue, event.medium_change)


class BoundaryChanged:
    """A face of a species' fields is held at another value, or closed."""

    def __init__(self, tissue: Tissue, change: Any) -> None:
        self.value = None if change.value == "no-flux" else float(change.value)
        self.faces = FACES if change.face == "all" else (change.face,)
        self.fields = fields_of(tissue, change.species)

    def __call__(self, state: State, draw: Draw) -> None:
        """Change the faces; a species' carriers share the value, its riders are not brought."""
        for name, share in self.fields:
            for face in self.faces:
                state.fields[name].set_face(face, None if self.value is None else share * self.value)


class Dosed:
    """A dose of vesicles or of a transient substrate, mixed into the fluid of a region."""

    def __init__(self, tissue: Tissue, dose: Any) -> None:
        if dose.species not in transient_species(tissue):
            raise ExocosmError(
                f"a dose of {dose.species} would leave no trace: it is quasi-steady, without a stock"
            )
        self.tissue, self.dose = tissue, dose
        self.where = in_zone(dose.region, tissue.grid)
        carriers = [(name, share) for name, share in fields_of(tissue, dose.species) if share > 0.0]
        self.parts = [(name, share, accounts_of(tissue, name)) for name, share in carriers]

    def __call__(self, state: State, draw: Draw) -> None:
        """Raise the concentration in the region and book what was injected."""
        fluid = self._fluid(state)
        if fluid <= 0.0:
            raise ExocosmError(
                f"the dose of {self.dose.species} meets no fluid: its region holds no free voxel"
            )
        given = self.dose.concentration
        rise = self._amount(state) / fluid if given is None else float(given)
        for name, share, accounts in self.parts:
            field = state.fields[name]
            free = self.where & ~field.held
            field.values[free] += share * rise
            _book(state.ledger, accounts, "injected", "field", share * rise * float(field.stock[free].sum()))
        sense(state, self.tissue)

    def _fluid(self, state: State) -> float:
        field = state.fields[self.parts[0][0]]
        return float(field.stock[self.where & ~field.held].sum())

    def _amount(self, state: State) -> float:
        dose = self.dose
        if dose.particles is not None:
            return float(dose.particles)
        if dose.particles_per_cell is not None:
            return float(dose.particles_per_cell) * float((state.cells.view("life") == LIVE).sum())
        population = self.tissue.model.species.vesicles.get(dose.species)
        if population is None or population.particles_per_mass is None:
            raise ExocosmError(f"a dose of {dose.species} by mass needs its particles_per_mass")
        return float(dose.mass) * float(population.particles_per_mass)


class MediumChanged:
    """A share of the fluid of a region is replaced by fresh medium."""

    def __init__(self, tissue: Tissue, change: Any) -> None:
        self.tissue, self.share = tissue, float(change.share)
        self.where = in_zone(change.region, tissue.grid)
        self.parts: list[tuple[str, float, Accounts]] = []
        for species in transient_species(tissue):
            substrate = tissue.model.species.substrates.get(species)
            fresh = 0.0 if substrate is None else float(substrate.initial)
            for name, _ in fields_of(tissue, species):
                self.parts.append((name, fresh, accounts_of(tissue, name)))

    def __call__(self, state: State, draw: Draw) -> None:
        """Replace the share and book what left and what came."""
        for name, fresh, accounts in self.parts:
            field = state.fields[name]
            free = self.where & ~field.held
            old, stock = field.values[free], field.stock[free]
            taken = self.share * old
            field.values[free] = np.maximum(old - taken, 0.0) + self.share * fresh
            _book(state.ledger, accounts, "field", "left", float((taken * stock).sum()))
            _book(state.ledger, accounts, "injected", "field", self.share * fresh * float(stock.sum()))
        sense(state, self.tissue)


def _book(ledger: Ledger, accounts: Accounts, source: str, sink: str, amount: float) -> None:
    for species, per_unit in accounts:
        ledger.move(species, source, sink, per_unit * amount)
