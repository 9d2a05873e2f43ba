"""What must hold around the tissue: culture, flow, vessels, doses and changes of medium."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from exocosm.model.events import Dose
from exocosm.model.faults import Fault, Place
from exocosm.model.parts.surroundings import Transwell, Uniform
from exocosm.model.parts.tissue import NO_FLUX

if TYPE_CHECKING:
    from exocosm.model.model import Model

AXES = "xyz"


def check_surroundings(model: Model) -> None:
    """A culture has a height, flow has a way, and doses can be counted. Raises Fault."""
    _culture(model)
    _flow(model)
    _laid_fibres(model)
    _zones(model)
    for index, event in enumerate(model.events):
        if event.dose:
            _dose(("events", index, "dose"), event.dose, model)


def _culture(model: Model) -> None:
    culture, geometry = model.tissue.culture, model.tissue.geometry
    if culture is None:
        return
    kind = "transwell" if isinstance(culture, Transwell) else "dish"
    if geometry.shape[2] == 1:
        at, wanted = (
            ("tissue", "geometry", "size", 2),
            "at least two voxels along z: the height of the medium",
        )
        raise Fault(f"a {kind} needs a height", at=at, found="a layer of one voxel", wanted=wanted)
    if isinstance(culture, Transwell):
        _plane(("tissue", "culture", "transwell"), culture, model)
        _cells_fit_the_chambers(culture, model)


def _plane(at: Place, transwell: Transwell, model: Model) -> None:
    """The porous plane lies between two sheets of voxels, and is not all pores."""
    size, voxel = model.tissue.geometry.size[2], model.tissue.geometry.voxel
    height = transwell.height
    sheets = float(height) / float(voxel)
    if abs(sheets - round(sheets)) > 1e-9 * sheets or not 0 < round(sheets) < model.tissue.geometry.shape[2]:
        wanted = f"a multiple of the voxel of {voxel.text}, between 0 and {size.text}"
        problem = "the plane must lie between voxels"
        raise Fault(problem, at=(*at, "height"), found=height.text, wanted=wanted)
    share = float(transwell.pore_density) * math.pi / 4 * float(transwell.pore_diameter) ** 2
    if share >= 1:
        pores = f"pores of {transwell.pore_diameter.text}, {transwell.pore_density.text}"
        found, wanted = f"{pores}: {share:.3g} of the plane", "fewer or narrower pores"
        raise Fault("the pores cover the whole plane", at=(*at, "pore_density"), found=found, wanted=wanted)


def _cells_fit_the_chambers(transwell: Transwell, model: Model) -> None:
    chamber = min(float(transwell.height), float(model.tissue.geometry.size[2]) - float(transwell.height))
    for name, cell_type in model.tissue.cell_types.items():
        diameter = math.cbrt(6 * float(cell_type.volume.total) / math.pi)
        if diameter > chamber:
            at = ("tissue", "cell_types", name, "volume", "total")
            found = f"{cell_type.volume.total.text}, a diameter of {diameter:.4g} um"
            wanted = f"a diameter of at most the lower chamber's height of {chamber:g} um"
            raise Fault("the cell is too large for the chamber", at=at, found=found, wanted=wanted)


def _flow(model: Model) -> None:
    """What flows into the tissue brings a stated concentration; a flow across a closed face has none.

    Vesicles and transient substrates are carried. Quasi-steady ones are not: what is so small that it is in
    steady state at once diffuses across a voxel much faster than fluid crosses it.
    """
    tissue = model.tissue
    if tissue.flow is not None and isinstance(tissue.culture, Transwell):
        problem, wanted = "no fluid flows through the plane of a transwell", "no flow, or a dish"
        raise Fault(problem, at=("tissue", "flow"), found="a flow in a transwell", wanted=wanted)
    if not isinstance(tissue.flow, Uniform):
        return
    for axis, velocity in enumerate(tissue.flow.velocity):
        if float(velocity) != 0:
            at = ("tissue", "flow", "uniform", axis)
            _way(at, axis, velocity.text, model)
            _open_faces(at, axis, velocity.text, model)


def _zones(model: Model) -> None:
    """A distance from a surface is measured in space: in a dish all would be near the medium."""
    if model.record.zones and model.tissue.culture is not None:
        name = next(iter(model.record.zones))
        problem, wanted = "zones are measured in a block of tissue", "no zones in a dish or transwell"
        raise Fault(problem, at=("record", "zones", name), found="a culture", wanted=wanted)


def _laid_fibres(model: Model) -> None:
    """Fibres that are laid down stay: they are counted in µM, not in a steady state, and have a radius."""
    medium = model.tissue.medium
    if medium is None or medium.laid_fibres is None:
        return
    at: Place = ("tissue", "medium", "laid_fibres")
    name = medium.laid_fibres.substrate
    substrate = model.species.substrates[name]
    if substrate.regime != "transient" or substrate.unit != "uM":
        found = f"{name}: {substrate.regime}, in {substrate.unit}"
        problem, wanted = "fibres are a substance with a stock", "a transient substrate in uM"
        raise Fault(problem, at=(*at, "substrate"), found=found, wanted=wanted)
    if medium.fibre_radius is None:
        raise Fault(
            "fibres need a radius", at=at, found="no fibre_radius", wanted="fibre_radius: ..., such as 20 nm"
        )


def _way(at: Place, axis: int, velocity: str, model: Model) -> None:
    if model.tissue.geometry.shape[axis] == 1:
        problem = f"nothing flows along {AXES[axis]}, where the tissue is one voxel thick"
        raise Fault(problem, at=at, found=velocity, wanted="0 um/s")
    if axis == AXES.index("z") and model.tissue.culture is not None:
        problem = "no fluid flows through the bottom of a dish"
        raise Fault(problem, at=at, found=velocity, wanted="0 um/s along z")


def _open_faces(at: Place, axis: int, velocity: str, model: Model) -> None:
    faces = [f"{AXES[axis]}_{end}" for end in ("low", "high")]
    for name in _carried(model):
        boundary = model.tissue.boundaries.get(name)
        for face in faces:
            if boundary is None or boundary.faces[face] is None:
                found = f"{velocity} through {face}, which is closed to {name}"
                wanted = f"a value of {name} at {faces[0]} and {faces[1]}: what flows in brings it"
                raise Fault("fluid flows through a closed face", at=at, found=found, wanted=wanted)
    for index, event in enumerate(model.events):
        change = event.boundary
        closed = change is not None and change.value == NO_FLUX and change.face in (*faces, "all")
        if change and closed and change.species in _carried(model):
            place, wanted = ("events", index, "boundary", "value"), "a value: what flows in brings it"
            found = f"{NO_FLUX} for {change.species}, with a flow of {velocity} along {AXES[axis]}"
            raise Fault("fluid flows through a closed face", at=place, found=found, wanted=wanted)


def _carried(model: Model) -> list[str]:
    substrates = model.species.substrates.items()
    return [name for name, part in substrates if part.regime == "transient"] + list(model.species.vesicles)


def _dose(at: Place, dose: Dose, model: Model) -> None:
    name = dose.species
    given = next(
        key for key in ("particles", "particles_per_cell", "concentration", "mass") if getattr(dose, key)
    )
    population = model.species.vesicles.get(name)
    if population is None:
        _dose_of_substrate(at, name, given, model)
    elif given == "mass" and population.particles_per_mass is None:
        problem, wanted = "a dose by mass needs to know how many vesicles that is", "particles_per_mass: ..."
        found = f"{name} without particles_per_mass"
        raise Fault(problem, at=(*at, "mass"), found=found, wanted=f"{wanted} of {name}")


def _dose_of_substrate(at: Place, name: str, given: str, model: Model) -> None:
    substrate = model.species.substrates[name]
    if given != "concentration":
        found, wanted = f"{given} of {name}", f"concentration: ... {substrate.unit}"
        raise Fault("a substrate is dosed by its concentration", at=(*at, given), found=found, wanted=wanted)
    if substrate.regime != "transient":
        problem, found = "a steady field takes no dose", f"{name} is {substrate.regime}"
        raise Fault(problem, at=(*at, "species"), found=found, wanted="regime: transient")
