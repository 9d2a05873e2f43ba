"""What must hold along the life of a vesicle: its sizes, how cells make it, its cargo and what meets that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from exocosm.model.faults import Fault, Place
from exocosm.model.names import loadings
from exocosm.model.parts.cells import CellType
from exocosm.model.parts.species import VesiclePopulation
from exocosm.physics import hindrance

if TYPE_CHECKING:
    from exocosm.model.model import Model


def check_vesicles(model: Model) -> None:
    """Vesicles can move, cells can make them, and what binds their cargo can reach it. Raises Fault."""
    _need_a_medium(model)
    _fit_the_matrix(model)
    for name, population in model.species.vesicles.items():
        _bins(("species", "vesicles", name), population)
    for name in model.species.cargos:
        _enzyme(name, model)
        _captured(name, model)
    for at, cell_type in _cell_types(model):
        _routes(at, cell_type, model)
        _loading(at, cell_type, model)
        _surface(at, cell_type, model)
        _receptors(at, cell_type, model)


def _cell_types(model: Model) -> Iterator[tuple[Place, CellType]]:
    for name, cell_type in model.tissue.cell_types.items():
        yield ("tissue", "cell_types", name), cell_type


def _need_a_medium(model: Model) -> None:
    if model.species.vesicles and model.tissue.medium is None:
        wanted = "medium: temperature, viscosity, tortuosity, minimum_extracellular_fraction"
        raise Fault("vesicles need a medium to diffuse in", at=("tissue",), found="no medium", wanted=wanted)


def _fit_the_matrix(model: Model) -> None:
    """The largest of a population decides: what is caged has no coefficient of diffusion."""
    medium = model.tissue.medium
    if medium is None or medium.fibre_radius is None:
        return
    for name, population in model.species.vesicles.items():
        fraction, largest = medium.fibre_volume_fraction, bin_diameters(population)[-1]
        try:
            hindrance(largest, float(medium.fibre_radius), float(fraction))
        except ValueError as error:
            found = f"{fraction.text} of fibres, vesicles of {1000 * largest:.4g} nm ({name})"
            at, problem = (
                ("tissue", "medium", "fibre_volume_fraction"),
                "vesicles do not diffuse in this matrix",
            )
            raise Fault(problem, at=at, found=found, wanted=str(error)) from None


def bin_diameters(population: VesiclePopulation) -> list[float]:
    """Median diameter (µm) of each size bin of equal share, from small to large."""
    from statistics import NormalDist

    median, spread = float(population.diameter.median), float(population.diameter.geometric_sd)
    bins, normal = population.size_bins, NormalDist()
    return [median * spread ** normal.inv_cdf((i + 0.5) / bins) for i in range(bins)]


def _bins(at: Place, population: VesiclePopulation) -> None:
    """Fields of bins are told apart by their diameter in whole nanometres."""
    sizes = [round(1000 * diameter) for diameter in bin_diameters(population)]
    if len(set(sizes)) < len(sizes):
        spread = population.diameter.geometric_sd.text
        found = f"{population.size_bins} bins of {sizes[0]} to {sizes[-1]} nm, geometric_sd {spread}"
        problem = "the size bins lie closer than 1 nm"
        raise Fault(problem, at=(*at, "size_bins"), found=found, wanted="fewer bins or a wider distribution")


def _enzyme(name: str, model: Model) -> None:
    enzyme, at = model.species.cargos[name].enzyme, ("species", "cargos", name, "enzyme")
    if enzyme is None:
        return
    _dissolved((*at, "converts"), enzyme.converts, model, "an enzyme works on")
    if enzyme.into is not None:
        _dissolved((*at, "into"), enzyme.into, model, "an enzyme makes")
    if enzyme.into == enzyme.converts:
        found, wanted = f"{enzyme.into} in both places", "another substrate, or no 'into'"
        raise Fault("an enzyme turns a substrate into itself", at=(*at, "into"), found=found, wanted=wanted)


def _captured(name: str, model: Model) -> None:
    for antibody in model.species.cargos[name].captured_by:
        at = ("species", "cargos", name, "captured_by", antibody)
        _dissolved(at, antibody, model, "vesicles capture")


def _dissolved(at: Place, substrate: str, model: Model, what: str, *, stock: bool = True) -> None:
    """Amounts of matter need µM, and what is used up or made needs a stock, which a steady field lacks."""
    part = model.species.substrates[substrate]
    if part.unit != "uM":
        problem = f"{what} a substrate in uM"
        raise Fault(problem, at=at, found=f"{substrate} in {part.unit}", wanted="a substrate with unit: uM")
    if stock and part.regime != "transient":
        problem = f"{what} a substrate that has a stock"
        raise Fault(problem, at=at, found=f"{substrate} is {part.regime}", wanted="regime: transient")


def _routes(at: Place, cell_type: CellType, model: Model) -> None:
    for population, genesis in cell_type.genesis.items():
        here = (*at, "genesis", population)
        if population in cell_type.release:
            problem, wanted = "a cell makes one population in one way", "either release or genesis"
            raise Fault(problem, at=here, found=f"release and genesis of {population}", wanted=wanted)
        route = model.species.vesicles[population].route
        barred = {"exosome": "budding", "ectosome": "formation"}.get(route)
        if barred and getattr(genesis, barred) > 0:
            source = {"budding": "the plasma membrane", "formation": "multivesicular bodies"}[barred]
            found, wanted = f"{population} with route: {route}", f"no {barred}, or route: small EV"
            raise Fault(f"no {route} comes from {source}", at=(*here, barred), found=found, wanted=wanted)


def _loading(at: Place, cell_type: CellType, model: Model) -> None:
    for place, cargo, _ in loadings(cell_type):
        here, population = (*at, *place), str(place[1])
        if cargo not in cell_type.pools:
            found, wanted = f"no pool of {cargo} in this cell type", f"pools: {{{cargo}: ...}} beside it"
            raise Fault("cargo is loaded from a pool", at=here, found=found, wanted=wanted)
        if cargo in model.species.vesicles[population].manifest:
            found, wanted = f"{cargo} in the manifest of {population} too", "either loading or the manifest"
            raise Fault("a cargo comes into a vesicle in one way", at=here, found=found, wanted=wanted)
        part = model.species.cargos[cargo]
        if part.captured_by:
            problem = "antibodies capture only copies of a manifest"
            found = f"{cargo} is loaded, and captured by {', '.join(part.captured_by)}"
            raise Fault(problem, at=here, found=found, wanted="the manifest, or no captured_by")
        if part.enzyme is not None:
            problem, found = "enzymes on vesicles are counted by a manifest", f"{cargo} is loaded"
            raise Fault(problem, at=here, found=found, wanted=f"{cargo} in the manifest of {population}")


def _surface(at: Place, cell_type: CellType, model: Model) -> None:
    for cargo in cell_type.surface:
        here, place = (*at, "surface", cargo), model.species.cargos[cargo].place
        if place != "surface":
            problem, found = "a membrane shows only surface cargo", f"{cargo} has place: {place}"
            raise Fault(problem, at=here, found=found, wanted="place: surface")
        if cargo not in cell_type.pools:
            found, wanted = f"no pool of {cargo} in this cell type", f"pools: {{{cargo}: ...}} beside it"
            raise Fault("a membrane shows a share of a pool", at=here, found=found, wanted=wanted)


def _receptors(at: Place, cell_type: CellType, model: Model) -> None:
    for name, receptor in cell_type.receptors.items():
        here, ligand = (*at, "receptors", name), receptor.ligand
        place = model.species.cargos[ligand].place
        if place != "surface":
            problem = "a receptor meets only what is on the surface of vesicles and cells"
            raise Fault(
                problem, at=(*here, "ligand"), found=f"{ligand} has place: {place}", wanted="place: surface"
            )
        if ligand not in carried(model) | shown(model):
            wanted = f"{ligand} in a manifest, loaded by some cell type, or in its surface"
            raise Fault("no vesicle carries this ligand", at=(*here, "ligand"), found=ligand, wanted=wanted)
        for blocker in receptor.blockers:
            _dissolved((*here, "blockers", blocker), blocker, model, "a receptor is blocked by", stock=False)


def carried(model: Model) -> set[str]:
    """Cargos that vesicles carry: named by a manifest, or loaded by some cell type."""
    named = {cargo for population in model.species.vesicles.values() for cargo in population.manifest}
    types = model.tissue.cell_types.values()
    return named | {cargo for cell_type in types for _, cargo, _ in loadings(cell_type)}


def shown(model: Model) -> set[str]:
    """Cargos that the membrane of some cell type shows."""
    return {cargo for cell_type in model.tissue.cell_types.values() for cargo in cell_type.surface}
