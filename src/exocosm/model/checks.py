"""What must hold between the parts of a model: names, units, steps, places and steady states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from exocosm.model.faults import Fault, Place, unknown
from exocosm.model.limits import check_limits
from exocosm.model.parts.cells import CellType
from exocosm.model.parts.phases import Ramp
from exocosm.model.parts.regions import Box, Positions, Region, Shell, Sphere
from exocosm.model.parts.tissue import Placement
from exocosm.model.quantity import Quantity
from exocosm.physics import hindrance

if TYPE_CHECKING:
    from exocosm.model.model import Model

VESICLE_UNIT = "particle/um^3"


def check_names(model: Model) -> None:
    """Every name that a part uses is defined by another. Raises Fault with the nearest name."""
    _distinct(model)
    for place, what, name, valid in _names(model):
        if name not in valid:
            raise unknown(what, name, valid, at=place)


def check(model: Model) -> None:
    """The rest: units, steps, positions and steady states. Raises Fault."""
    check_limits(model)
    _units(model)
    _steps(model)
    _inside(model)
    _steady(model)
    _vesicles_need_a_medium(model)
    _vesicles_fit_the_matrix(model)


def _distinct(model: Model) -> None:
    seen: dict[str, str] = {}
    for kind in ("substrates", "vesicles", "cargos"):
        for name in getattr(model.species, kind):
            if name in seen:
                found, wanted = f"{name} in {seen[name]} and in {kind}", "one name for one species"
                raise Fault(
                    "two species have one name", at=("species", kind, name), found=found, wanted=wanted
                )
            seen[name] = kind


def _names(model: Model) -> Iterator[tuple[Place, str, str, Iterable[str]]]:
    species, types = model.species, model.tissue.cell_types
    for name, population in species.vesicles.items():
        for cargo in population.manifest:
            yield ("species", "vesicles", name, "manifest", cargo), "cargo", cargo, species.cargos
    for name in model.tissue.boundaries:
        yield ("tissue", "boundaries", name), "species", name, species.fields
    for part in ("held", "diffusivity"):
        for index, item in enumerate(getattr(model.tissue, part)):
            yield ("tissue", part, index, "species"), "species", item.species, species.fields
    for name, cell_type in types.items():
        yield from _names_in_cell_type(("tissue", "cell_types", name), cell_type, model)
    for place, placement in placements(model):
        for placed in [*sorted(placement.types()), *placement.omit]:
            yield _place_of_type(place, placement), "cell type", placed, types
    for index, event in enumerate(model.events):
        if event.boundary:
            place = ("events", index, "boundary", "species")
            yield place, "species", event.boundary.species, species.fields


def _names_in_cell_type(
    at: Place, cell_type: CellType, model: Model
) -> Iterator[tuple[Place, str, str, Iterable[str]]]:
    for substrate in cell_type.exchange:
        yield (*at, "exchange", substrate), "substrate", substrate, model.species.substrates
    for part in ("release", "uptake"):
        for population in getattr(cell_type, part):
            yield (*at, part, population), "vesicle population", population, model.species.vesicles
    for place, ramp in ramps(cell_type):
        yield (*at, *place, "substrate"), "substrate", ramp.substrate, model.species.substrates


def ramps(cell_type: CellType) -> Iterator[tuple[Place, Ramp]]:
    """All ramps of a cell type with their place."""
    for index, phase in enumerate(cell_type.cycle.phases if cell_type.cycle else ()):
        if phase.modulated_by:
            yield ("cycle", "phases", index, "modulated_by"), phase.modulated_by
    for death in ("apoptosis", "necrosis"):
        part = getattr(cell_type, death)
        if part and part.modulated_by:
            yield (death, "modulated_by"), part.modulated_by


def placements(model: Model) -> Iterator[tuple[Place, Placement]]:
    """All placements, at the start and by events, with their place."""
    for index, placement in enumerate(model.tissue.cells):
        yield ("tissue", "cells", index), placement
    for index, event in enumerate(model.events):
        if event.add:
            yield ("events", index, "add"), event.add


def _place_of_type(place: Place, placement: Placement) -> Place:
    if isinstance(placement.region, Positions):
        return (*place, "region")
    return (*place, "type" if placement.type else "mixture")


def unit_of(model: Model, species: str) -> str:
    """The unit of a species' concentration."""
    substrate = model.species.substrates.get(species)
    return VESICLE_UNIT if substrate is None else substrate.unit


def _units(model: Model) -> None:
    for place, quantity, species in _concentrations(model):
        unit = unit_of(model, species)
        if quantity.unit != unit:
            problem = f"{species} is in {unit}"
            raise Fault(problem, at=place, found=quantity.text, wanted=f"a value in {unit}")


def _concentrations(model: Model) -> Iterator[tuple[Place, Quantity, str]]:
    for name, substrate in model.species.substrates.items():
        yield ("species", "substrates", name, "initial"), substrate.initial, name
    for name, boundary in model.tissue.boundaries.items():
        for face, value in boundary.faces.items():
            if value is not None:
                field = face if face in boundary.model_fields_set else "all"
                yield ("tissue", "boundaries", name, field), value, name
    for index, held in enumerate(model.tissue.held):
        yield ("tissue", "held", index, "value"), held.value, held.species
    for name, cell_type in model.tissue.cell_types.items():
        yield from _concentrations_of_cells(("tissue", "cell_types", name), cell_type)
    for index, event in enumerate(model.events):
        if event.boundary and isinstance(event.boundary.value, Quantity):
            yield ("events", index, "boundary", "value"), event.boundary.value, event.boundary.species


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


def _steps(model: Model) -> None:
    tick = model.tissue.steps.tick
    for place, time in _times(model):
        ticks = float(time) / float(tick)
        if abs(ticks - round(ticks)) > 1e-9 * max(1.0, ticks) or (round(ticks) == 0 and time > 0):
            near = max(1, round(ticks)) * float(tick)
            wanted = f"a multiple of the tick of {tick.text}, such as {near:g} min"
            raise Fault("this is not a whole number of ticks", at=place, found=time.text, wanted=wanted)


def _times(model: Model) -> Iterator[tuple[Place, Quantity]]:
    yield ("duration",), model.duration
    for kind in ("substrates", "vesicles"):
        for name, part in getattr(model.species, kind).items():
            yield ("species", kind, name, "every"), part.every
    for step in ("mechanics", "phenotype"):
        yield ("tissue", "steps", step), getattr(model.tissue.steps, step)
    for index, event in enumerate(model.events):
        yield ("events", index, "at"), event.at
        if event.at > model.duration:
            found, wanted = event.at.text, f"a time within the duration of {model.duration.text}"
            raise Fault("the event is after the end", at=("events", index, "at"), found=found, wanted=wanted)
    for kind in type(model.record).model_fields:
        if getattr(model.record, kind) is not None:
            yield ("record", kind), getattr(model.record, kind)


def _inside(model: Model) -> None:
    geometry = model.tissue.geometry
    size = geometry.size
    limits = " x ".join(length.text for length in size)
    for place, placement in placements(model):
        found = _outside(placement.region, size, geometry.shape)
        if found:
            wanted = f"places within 0 to {limits}"
            raise Fault("cells lie outside the tissue", at=(*place, "region"), found=found, wanted=wanted)
    for part in ("held", "diffusivity"):
        for index, item in enumerate(getattr(model.tissue, part)):
            if _misses(item.region, size):
                place, wanted = ("tissue", part, index, "region"), f"a region that meets 0 to {limits}"
                raise Fault("the region marks no voxel", at=place, found="a region outside", wanted=wanted)


def _misses(zone: Sphere | Shell | Box, size: tuple[Quantity, ...]) -> bool:
    return any(low >= length or high <= 0 for low, high, length in zip(*_extent(zone), size, strict=True))


def _outside(region: Region, size: tuple[Quantity, ...], shape: tuple[int, ...]) -> str | None:
    """What lies outside the tissue, in words; along an axis of one voxel all is inside."""
    if isinstance(region, Positions):
        for number, row in enumerate(region.rows(), start=2):
            if any(not 0 <= value <= length for value, length in zip(row[:3], size, strict=True)):
                return f"row {number}: {row[0]:g}, {row[1]:g}, {row[2]:g}"
        return None
    for axis, low, high, length, voxels in zip("xyz", *_extent(region), size, shape, strict=True):
        if voxels > 1 and (low < 0 or high > length):
            return f"{axis} from {low:g} to {high:g} um"
    return None


def _extent(region: Sphere | Shell | Box) -> tuple[list[float], list[float]]:
    if isinstance(region, Box):
        return [float(c) for c in region.low], [float(c) for c in region.high]
    radius = float(region.radius if isinstance(region, Sphere) else region.outer_radius)
    return [c - radius for c in region.center], [c + radius for c in region.center]


def _steady(model: Model) -> None:
    for name, substrate in model.species.substrates.items():
        boundary = model.tissue.boundaries.get(name)
        held = any(item.species == name for item in model.tissue.held)
        open_face = boundary is not None and any(value is not None for value in boundary.faces.values())
        if (
            substrate.regime == "quasi-steady"
            and float(substrate.decay_rate) == 0
            and not held
            and not open_face
        ):
            raise Fault(
                f"{name} has no steady state: nothing decays and no face or region is held",
                at=("species", "substrates", name, "regime"),
                found="quasi-steady",
                wanted="a decay_rate, a held face or region, or regime: transient",
            )


def _vesicles_need_a_medium(model: Model) -> None:
    if model.species.vesicles and model.tissue.medium is None:
        wanted = "medium: temperature, viscosity, tortuosity, minimum_extracellular_fraction"
        raise Fault("vesicles need a medium to diffuse in", at=("tissue",), found="no medium", wanted=wanted)


def _vesicles_fit_the_matrix(model: Model) -> None:
    medium = model.tissue.medium
    if medium is None or medium.fibre_radius is None:
        return
    for name, population in model.species.vesicles.items():
        diameter, fraction = population.diameter.median, medium.fibre_volume_fraction
        try:
            hindrance(float(diameter), float(medium.fibre_radius), float(fraction))
        except ValueError as error:
            found = f"{fraction.text} of fibres, vesicles of {diameter.text} ({name})"
            place = ("tissue", "medium", "fibre_volume_fraction")
            raise Fault(
                "vesicles do not diffuse in this matrix", at=place, found=found, wanted=str(error)
            ) from None
