"""What must hold between the parts of a model: units, steps, places and steady states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from exocosm.model.capillary_checks import check_capillaries
from exocosm.model.faults import Fault, Place
from exocosm.model.interaction_checks import check_interactions
from exocosm.model.levels import concentrations
from exocosm.model.limits import check_limits
from exocosm.model.names import placements
from exocosm.model.parts.regions import Positions, Region, Solid
from exocosm.model.quantity import Quantity
from exocosm.model.record import KINDS
from exocosm.model.sense_checks import check_sense
from exocosm.model.surroundings_checks import check_surroundings
from exocosm.model.vesicle_checks import check_vesicles
from exocosm.physics.shapes import extent

if TYPE_CHECKING:
    from exocosm.model.model import Model

VESICLE_UNIT = "particle/um^3"


def check(model: Model) -> None:
    """The rest: units, steps, positions and steady states. Raises Fault."""
    check_limits(model)
    _units(model)
    _steps(model)
    _inside(model)
    _steady(model)
    check_vesicles(model)
    check_interactions(model)
    check_surroundings(model)
    check_capillaries(model)
    check_sense(model)


def unit_of(model: Model, species: str) -> str:
    """The unit of a species' concentration."""
    substrate = model.species.substrates.get(species)
    return VESICLE_UNIT if substrate is None else substrate.unit


def _units(model: Model) -> None:
    for place, quantity, species in concentrations(model):
        unit = unit_of(model, species)
        if quantity.unit != unit:
            problem = f"{species} is in {unit}"
            raise Fault(problem, at=place, found=quantity.text, wanted=f"a value in {unit}")


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
    for kind in KINDS:
        if getattr(model.record, kind) is not None:
            yield ("record", kind), getattr(model.record, kind)


def _inside(model: Model) -> None:
    geometry = model.tissue.geometry
    size = geometry.size
    limits = " x ".join(length.text for length in size)
    for place, placement in placements(model):
        found = _outside(placement.region, size, geometry.shape, seated=model.tissue.culture is not None)
        if found:
            wanted = f"places within 0 to {limits}"
            raise Fault("cells lie outside the tissue", at=(*place, "region"), found=found, wanted=wanted)
        if placement.outside is not None and _apart(placement.outside, placement.region, size):
            at, wanted = (*place, "outside"), "a zone that meets the region of these cells"
            raise Fault("no cell would be left out", at=at, found="a zone apart from them", wanted=wanted)
    for place, zone in _zones(model):
        if _misses(zone, size):
            wanted = f"a region that meets 0 to {limits}"
            raise Fault("the region marks no voxel", at=place, found="a region outside", wanted=wanted)


def _zones(model: Model) -> Iterator[tuple[Place, Solid]]:
    for part in ("held", "diffusivity", "vessels"):
        for index, item in enumerate(getattr(model.tissue, part)):
            if item.region is not None:
                yield ("tissue", part, index, "region"), item.region
    for name, network in model.tissue.capillaries.items():
        if network.hexagonal is not None and network.hexagonal.region is not None:
            yield ("tissue", "capillaries", name, "hexagonal", "region"), network.hexagonal.region
    for index, event in enumerate(model.events):
        for kind in ("dose", "medium_change"):
            happening = getattr(event, kind)
            if happening and happening.region is not None:
                yield ("events", index, kind, "region"), happening.region


def _misses(zone: Solid, size: tuple[Quantity, ...]) -> bool:
    low, high = extent(zone, size)
    return bool((low >= np.array(size, float)).any() or (high <= 0).any())


def _apart(zone: Solid, region: Region, size: tuple[Quantity, ...]) -> bool:
    if isinstance(region, Positions):
        return False
    (low, high), (lowest, highest) = extent(zone, size), extent(region, size)
    return bool((low >= highest).any() or (high <= lowest).any())


def _outside(
    region: Region, size: tuple[Quantity, ...], shape: tuple[int, ...], *, seated: bool
) -> str | None:
    """What lies outside the tissue, in words; along an axis of one voxel all is inside.

    Cells that are `seated` in a dish or transwell sit on the floor under the middle of their region.
    """
    if isinstance(region, Positions):
        for number, row in enumerate(region.rows(), start=2):
            if any(not 0 <= value <= length for value, length in zip(row[:3], size, strict=True)):
                return f"row {number}: {row[0]:g}, {row[1]:g}, {row[2]:g}"
        return None
    lows, highs = extent(region, size)
    if seated:
        lows[2] = highs[2] = 0.5 * (lows[2] + highs[2])
    for axis, low, high, length, voxels in zip("xyz", lows, highs, size, shape, strict=True):
        if voxels > 1 and (low < 0 or high > length):
            return f"{axis} from {low:g} to {high:g} um"
    return None


def _steady(model: Model) -> None:
    for name, substrate in model.species.substrates.items():
        if (
            substrate.regime == "quasi-steady"
            and float(substrate.decay_rate) == 0
            and not _is_held(model, name)
        ):
            raise Fault(
                f"{name} has no steady state: nothing decays and no face or region is held",
                at=("species", "substrates", name, "regime"),
                found="quasi-steady",
                wanted="a decay_rate, a held face or region, or regime: transient",
            )


def _is_held(model: Model, name: str) -> bool:
    """Whether something ties the level of a species: a face, a region, or exchange with blood."""
    boundary = model.tissue.boundaries.get(name)
    return (
        (boundary is not None and any(value is not None for value in boundary.faces.values()))
        or any(item.species == name for item in model.tissue.held)
        or any(item.species == name and item.exchange_rate > 0 for item in model.tissue.vessels)
        or any(
            name in network.exchange and network.exchange[name].permeability > 0
            for network in model.tissue.capillaries.values()
        )
    )
