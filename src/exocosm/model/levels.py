"""Every level that a model states, with its place: at the start, at faces, in blood, by events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from exocosm.model.faults import Fault, Place
from exocosm.model.names import ramps
from exocosm.model.parts.cells import CellType
from exocosm.model.quantity import Quantity

if TYPE_CHECKING:
    from exocosm.model.model import Model


def concentrations(model: Model) -> Iterator[tuple[Place, Quantity, str]]:
    """Place, value and species of every level. Raises Fault for a ramp without a width."""
    for name, substrate in model.species.substrates.items():
        yield ("species", "substrates", name, "initial"), substrate.initial, name
    for name, boundary in model.tissue.boundaries.items():
        for face, value in boundary.faces.items():
            if value is not None:
                field = face if face in boundary.model_fields_set else "all"
                yield ("tissue", "boundaries", name, field), value, name
    for index, held in enumerate(model.tissue.held):
        yield ("tissue", "held", index, "value"), held.value, held.species
    for index, vessels in enumerate(model.tissue.vessels):
        yield ("tissue", "vessels", index, "blood"), vessels.blood, vessels.species
    yield from _concentrations_of_capillaries(model)
    for name, cell_type in model.tissue.cell_types.items():
        yield from _concentrations_of_cells(("tissue", "cell_types", name), cell_type)
    yield from _concentrations_of_events(model)


def _concentrations_of_capillaries(model: Model) -> Iterator[tuple[Place, Quantity, str]]:
    for name, network in model.tissue.capillaries.items():
        at: Place = ("tissue", "capillaries", name)
        for substrate, exchange in network.exchange.items():
            yield (*at, "exchange", substrate, "blood"), exchange.blood, substrate
            if exchange.outlet is not None:
                yield (*at, "exchange", substrate, "outlet"), exchange.outlet, substrate
        for population, level in network.vesicles.items():
            yield (*at, "vesicles", population), level, population
    for index, entry in enumerate(model.tissue.immigration):
        if entry.signal is not None and entry.half_max is not None:
            yield ("tissue", "immigration", index, "half_max"), entry.half_max, entry.signal


def _concentrations_of_events(model: Model) -> Iterator[tuple[Place, Quantity, str]]:
    for index, event in enumerate(model.events):
        if event.boundary and isinstance(event.boundary.value, Quantity):
            yield ("events", index, "boundary", "value"), event.boundary.value, event.boundary.species
        if event.dose and event.dose.concentration is not None:
            yield ("events", index, "dose", "concentration"), event.dose.concentration, event.dose.species


def _concentrations_of_cells(at: Place, cell_type: CellType) -> Iterator[tuple[Place, Quantity, str]]:
    for substrate, exchange in cell_type.exchange.items():
        if exchange.half_saturation is not None:
            yield (*at, "exchange", substrate, "half_saturation"), exchange.half_saturation, substrate
    for place, ramp in ramps(cell_type):
        for end in ("zero_at", "one_at"):
            yield (*at, *place, end), getattr(ramp, end), ramp.substrate
        if ramp.zero_at == ramp.one_at:
            found, wanted = ramp.one_at.text, "two different values; a ramp needs a width"
            raise Fault("the ramp has no width", at=(*at, *place), found=found, wanted=wanted)
