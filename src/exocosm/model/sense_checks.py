"""What no tissue can be, though it is well formed: refused with the reason, before a run spends hours on it.

Steps that do not resolve what happens in them, vesicles larger than cells or smaller than a membrane, cells
that lie in each other, a medium that is no liquid, more matter than there is room for. What is only doubtful
is a warning of the run instead (`exocosm.tissue.step_check`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from exocosm.model.faults import Fault, Place
from exocosm.model.levels import concentrations
from exocosm.model.names import placements
from exocosm.model.parts.regions import Positions
from exocosm.model.parts.species import Loaded, VesiclePopulation
from exocosm.model.parts.tissue import NO_FLUX
from exocosm.model.quantity import Quantity
from exocosm.model.step_checks import check_steps
from exocosm.model.vesicle_checks import bin_diameters
from exocosm.physics.shapes import ball_radius

if TYPE_CHECKING:
    from exocosm.model.model import Model

FREEZES, BOILS = 273.15, 373.15
"""Water at one atmosphere (K)."""
THINNEST = 0.28
"""mPa·s. Water as it boils has 0.282 (CRC Handbook of Chemistry and Physics); no medium is thinner."""
SMALLEST_VESICLE = 0.010
"""µm. Assumed: two membranes of 4 to 5 nm lie across a vesicle, which leaves nothing inside at 8 to 10 nm."""
WATER = 3.0e-11
"""µm³ of a water molecule: 18.015 g/mol at 0.997 g/mL. No cargo is smaller."""
PURE_WATER = 5.6e7
"""µM: water in water, 0.997 g/mL of 18.015 g/mol."""
# Assumed, as guards far beyond use: ten atmospheres; a gas in air diffuses at about 1.2e9 um^2/min.
HIGHEST_PRESSURE = 7600.0
FASTEST_DIFFUSION = 2e9
LONGEST_RUN = 60 * 24 * 365.25 * 120
"""min. Assumed, as a guard: 120 years, longer than anybody lives."""


def check_sense(model: Model) -> None:
    """What is stated can be. Raises Fault with the reason."""
    if model.duration > LONGEST_RUN:
        wanted = f"at most {LONGEST_RUN / 60:g} h, 120 years"
        problem = "the run is longer than a life"
        raise Fault(problem, at=("duration",), found=model.duration.text, wanted=wanted)
    _medium(model)
    for name, population in model.species.vesicles.items():
        _sizes(("species", "vesicles", name), population, model)
        _room_inside(("species", "vesicles", name, "manifest"), population)
    _substrates(model)
    for place, quantity, most, why in _levels(model):
        if quantity > most:
            wanted = f"at most {most:.4g} {quantity.unit}"
            raise Fault(why, at=place, found=quantity.text, wanted=wanted)
    _lattices(model)
    _changes_agree(model)
    check_steps(model)


def _medium(model: Model) -> None:
    medium = model.tissue.medium
    if medium is None:
        return
    at: Place = ("tissue", "medium")
    if not FREEZES < medium.temperature < BOILS:
        found, celsius = medium.temperature.text, float(medium.temperature) - FREEZES
        found += f" ({celsius:.4g} degC)" if found.endswith("K") else ""
        wanted = "a temperature between 0 and 100 degC"
        raise Fault("the medium is not liquid", at=(*at, "temperature"), found=found, wanted=wanted)
    if medium.viscosity < THINNEST:
        found, wanted = medium.viscosity.text, f"at least {THINNEST} mPa*s, that of boiling water"
        raise Fault("no medium is so thin", at=(*at, "viscosity"), found=found, wanted=wanted)


def _sizes(at: Place, population: VesiclePopulation, model: Model) -> None:
    """Vesicles are smaller than voxels and than cells, and larger than their membrane."""
    smallest, *_, largest = [*bin_diameters(population), bin_diameters(population)[-1]]
    found = f"{_length(largest)}, median {population.diameter.median.text}"
    at = (*at, "diameter", "median")
    if smallest < SMALLEST_VESICLE:
        found = f"{_length(smallest)}, median {population.diameter.median.text}"
        wanted = f"at least {1000 * SMALLEST_VESICLE:g} nm: two membranes lie across a vesicle"
        raise Fault("no vesicle is so small", at=at, found=found, wanted=wanted)
    voxel = model.tissue.geometry.voxel
    if largest >= voxel:
        wanted = f"less than the voxel of {voxel.text}"
        raise Fault("the vesicles are larger than a voxel", at=at, found=found, wanted=wanted)
    for name, cell_type in model.tissue.cell_types.items():
        diameter = 2 * ball_radius(float(cell_type.volume.total))
        if largest >= diameter:
            wanted = f"less than {diameter:.4g} um, the diameter of {name} cells"
            raise Fault("the vesicles are larger than a cell", at=at, found=found, wanted=wanted)


def _length(micrometres: float) -> str:
    return f"{micrometres:.4g} um" if micrometres >= 1 else f"{1000 * micrometres:.3g} nm"


def _room_inside(at: Place, population: VesiclePopulation) -> None:
    """A vesicle of median size has room for at least one molecule of water for each copy."""
    most = math.pi / 6 * float(population.diameter.median) ** 3 / WATER
    for cargo, entry in population.manifest.items():
        copies = entry.copies_per_loaded if isinstance(entry, Loaded) else entry
        if copies > most:
            found = f"{copies.text} in {population.diameter.median.text}"
            wanted = f"at most {most:.3g} copies/particle: more would not fit if they were water"
            place = (*at, cargo, "copies_per_loaded") if isinstance(entry, Loaded) else (*at, cargo)
            raise Fault("no vesicle holds so many copies", at=place, found=found, wanted=wanted)


def _substrates(model: Model) -> None:
    for name, substrate in model.species.substrates.items():
        if substrate.diffusion_coefficient > FASTEST_DIFFUSION:
            at = ("species", "substrates", name, "diffusion_coefficient")
            found, wanted = substrate.diffusion_coefficient.text, f"at most {FASTEST_DIFFUSION:g} um^2/min"
            raise Fault("nothing diffuses faster than a gas in air", at=at, found=found, wanted=wanted)


def _levels(model: Model) -> Iterator[tuple[Place, Quantity, float, str]]:
    """All stated levels, each with the most that there can be of it and what more would be."""
    for place, quantity, species in concentrations(model):
        population = model.species.vesicles.get(species)
        if population is not None:
            most = 6 / math.pi / float(population.diameter.median) ** 3
            yield place, quantity, most, "more vesicles than fit into the fluid"
        elif quantity.unit == "mmHg":
            yield place, quantity, HIGHEST_PRESSURE, "no gas in a tissue has this pressure"
        else:
            yield place, quantity, PURE_WATER, "nothing dissolved is more concentrated than water itself"


def _lattices(model: Model) -> None:
    """On a lattice each cell lies outside the middle of the next."""
    for place, placement in placements(model):
        if placement.spacing is None or isinstance(placement.region, Positions):
            continue
        shares = dict(placement.mixture or {}) or {str(placement.type): Quantity(1.0)}
        placed = [name for name, share in shares.items() if share > 0 and name not in placement.omit]
        radii = {name: ball_radius(float(model.tissue.cell_types[name].volume.total)) for name in placed}
        least = min(radii.values(), default=0.0)
        if placement.spacing < least:
            found = f"{placement.spacing.text}, cells with a radius of {least:.4g} um and more"
            wanted = f"at least {least:.4g} um; cells that touch have {2 * least:.4g} um"
            problem = "the cells lie in each other: the middle of each is within the next ones"
            raise Fault(problem, at=(*place, "spacing"), found=found, wanted=wanted)


def _changes_agree(model: Model) -> None:
    """No two events give one face two values at one time."""
    seen: dict[tuple[str, str, float], tuple[int, Any]] = {}
    for index, event in enumerate(model.events):
        change = event.boundary
        if change is None:
            continue
        value = str(change.value) if isinstance(change.value, str) else float(change.value)
        key = (change.species, change.face, float(event.at))
        first, before = seen.setdefault(key, (index, value))
        if before != value:
            text = getattr(change.value, "text", NO_FLUX)
            found = f"{text} at {event.at.text}, and another value in events[{first}]"
            wanted = "one value for a face at a time"
            at = ("events", index, "boundary", "value")
            raise Fault("two events give one face two values", at=at, found=found, wanted=wanted)
