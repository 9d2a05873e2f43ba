"""What is too much for any machine, or cannot be: refused before memory is taken or a run begins."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from exocosm.model.faults import Fault, Place
from exocosm.model.names import placements
from exocosm.model.parts.cells import CellType
from exocosm.model.parts.regions import Positions, Solid
from exocosm.model.parts.tissue import Placement
from exocosm.model.quantity import Quantity
from exocosm.physics.shapes import ball_radius, content

if TYPE_CHECKING:
    from exocosm.model.model import Model

# Assumed, as guards far beyond use: a cell holds about 200 B in the engine, and the fastest known release
# is of the order of 10^2 vesicles a minute and cell.
MOST_CELLS = 5e7
SMALLEST_TICK = 1e-4
MOST_RELEASED = 1e9
MOST_IN_A_BODY = 1e6
MOST_WAITING = 1e12
MOST_COPIES = 1e12


def check_limits(model: Model) -> None:
    """Steps, rates, cells and their places are within what can be run. Raises Fault."""
    _tick(model)
    _numbers_of_cells(model)
    _bodies(model)
    _cells_fit_the_tissue(model)
    for place, placement in placements(model):
        region = placement.region
        if not isinstance(region, Positions):
            _number(place, placement, region, model)
            _room(place, placement, region, model)
    _lattices_apart(model)


def _tick(model: Model) -> None:
    tick = model.tissue.steps.tick
    if tick < SMALLEST_TICK:
        at, wanted = ("tissue", "steps", "tick"), f"at least {SMALLEST_TICK:g} min"
        raise Fault("the tick is too small", at=at, found=tick.text, wanted=wanted)


def _numbers_of_cells(model: Model) -> None:
    """What a cell makes and holds stays far below what whole numbers can count."""
    for name, cell_type in model.tissue.cell_types.items():
        for place, number, most, problem in _counted(cell_type):
            if number > most:
                at = ("tissue", "cell_types", name, *place)
                wanted = f"at most {most:g} {number.unit}" + (" from a cell" if "min" in number.unit else "")
                raise Fault(problem, at=at, found=number.text, wanted=wanted)


def _bodies(model: Model) -> None:
    """Bodies wait for their end: at the start of a run there are as many as in the steady state."""
    for name, cell_type in model.tissue.cell_types.items():
        for population, genesis in cell_type.genesis.items():
            ends = float(genesis.docking) + float(genesis.lysosomal_degradation)
            if genesis.formation > MOST_WAITING * ends:
                at = ("tissue", "cell_types", name, "genesis", population, "formation")
                found = f"{genesis.formation.text}, bodies end at {ends:.3g} 1/min"
                wanted = f"at most {MOST_WAITING:g} vesicles that wait in the bodies of a cell"
                raise Fault("no cell holds so many vesicles", at=at, found=found, wanted=wanted)


def _counted(cell_type: CellType) -> Iterator[tuple[Place, Quantity, float, str]]:
    for name, rate in cell_type.release.items():
        yield ("release", name), rate, MOST_RELEASED, "no cell releases so many vesicles"
    for name, genesis in cell_type.genesis.items():
        for part in ("formation", "budding"):
            yield (
                ("genesis", name, part),
                getattr(genesis, part),
                MOST_RELEASED,
                "no cell makes so many vesicles",
            )
        if genesis.vesicles_per_body is not None:
            problem, number = "no body holds so many vesicles", genesis.vesicles_per_body
            yield ("genesis", name, "vesicles_per_body"), number, MOST_IN_A_BODY, problem
    for name, pool in cell_type.pools.items():
        yield ("pools", name, "initial"), pool.initial, MOST_COPIES, "no cell holds so many copies"
        yield ("pools", name, "synthesis"), pool.synthesis, MOST_COPIES, "no cell makes so many copies"
    for name, receptor in cell_type.receptors.items():
        yield ("receptors", name, "copies"), receptor.copies, MOST_COPIES, "no cell holds so many copies"


def _cells_fit_the_tissue(model: Model) -> None:
    geometry = model.tissue.geometry
    long = [size for size, voxels in zip(geometry.size, geometry.shape, strict=True) if voxels > 1]
    edge = min(long or geometry.size)
    for name, cell_type in model.tissue.cell_types.items():
        total = cell_type.volume.total
        radius = ball_radius(float(total))
        if radius > 0.5 * edge:
            at = ("tissue", "cell_types", name, "volume", "total")
            found = f"{total.text}, a radius of {radius:.4g} um"
            wanted = f"a radius of at most half the smallest edge of {edge.text}"
            raise Fault("the cell is too large for the tissue", at=at, found=found, wanted=wanted)


def _number(place: Place, placement: Placement, region: Solid, model: Model) -> None:
    """A lattice is laid over the whole ball before a shell is cut from it, so the ball counts."""
    if placement.count is not None:
        number, given, wanted = float(placement.count), "count", "a lower count"
    elif placement.spacing is not None:
        number = _content(region, model, whole=True) * _density(float(placement.spacing), model)
        given, wanted = "spacing", "a wider spacing or a smaller region"
    if number > MOST_CELLS:
        wanted += f", for at most {MOST_CELLS:g} cells"
        found = f"{number:.3g} cells"
        raise Fault("these are too many cells", at=(*place, given), found=found, wanted=wanted)


def _density(spacing: float, model: Model) -> float:
    """Close-packed places per µm³, or per µm² of a layer."""
    length = max(spacing, 1e-9)
    return 2 / (math.sqrt(3) * length**2) if _layer(model) else math.sqrt(2) / length**3


def _layer(model: Model) -> bool:
    """Whether cells lie in a plane: a layer of one voxel, or the floor of a dish or transwell."""
    return model.tissue.geometry.shape[2] == 1 or model.tissue.culture is not None


def _content(region: Solid, model: Model, *, whole: bool = False, margin: float = 0.0) -> float:
    """Volume (µm³; of a layer the area, µm²) of a region grown by `margin`; `whole`: a shell as a ball."""
    size = model.tissue.geometry.size
    return content(region, size, planar=_layer(model), whole=whole, margin=margin)


def _room(place: Place, placement: Placement, region: Solid, model: Model) -> None:
    """Centres lie in the region, so cells have room as far as one radius outside it."""
    if not placement.count or placement.count == 1:
        return
    shares = {name: float(share) for name, share in (placement.mixture or {}).items() if share > 0}
    shares = shares or {str(placement.type): 1.0}
    sizes = {name: float(model.tissue.cell_types[name].volume.total) for name in shares}
    volume = sum(share * sizes[name] for name, share in shares.items())
    room = _content(region, model, margin=ball_radius(max(sizes.values())))
    each = math.pi * ball_radius(volume) ** 2 if _layer(model) else volume
    if placement.count * each > room:
        unit = "um^2" if _layer(model) else "um^3"
        found = f"{placement.count} cells of {each:.4g} {unit} in {room:.4g} {unit}"
        wanted = "a lower count or a larger region"
        raise Fault("the cells do not fit the region", at=(*place, "count"), found=found, wanted=wanted)


def _lattices_apart(model: Model) -> None:
    lattices = [(i, cells) for i, cells in enumerate(model.tissue.cells) if cells.spacing is not None]
    for number, (index, cells) in enumerate(lattices):
        for first, other in lattices[:number]:
            if (cells.region, cells.spacing) == (other.region, other.spacing):
                at, found = ("tissue", "cells", index), f"the region and spacing of tissue.cells[{first}]"
                wanted = "another region, or one placement with a mixture of types"
                raise Fault("two lattices put cells in the same places", at=at, found=found, wanted=wanted)
