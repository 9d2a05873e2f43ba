"""Every name that a part of a model uses is defined by another part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from exocosm.model.expectations import BASELINE
from exocosm.model.faults import Fault, Place, unknown
from exocosm.model.parts.cells import CellType, Genesis
from exocosm.model.parts.phases import Ramp
from exocosm.model.parts.regions import Positions
from exocosm.model.parts.rules import Rule
from exocosm.model.parts.species import Cargo, Species
from exocosm.model.parts.tissue import Placement

if TYPE_CHECKING:
    from exocosm.model.model import Model

Use = tuple[Place, str, str, Iterable[str]]
"""Where a name is used, what it should name, the name, and the names that there are."""


def check_names(model: Model) -> None:
    """Every name that a part uses is defined by another. Raises Fault with the nearest name."""
    _distinct(model)
    _of_tables(model)
    for place, what, name, valid in _names(model):
        if name not in valid:
            raise unknown(what, name, valid, at=place)


def _of_tables(model: Model) -> None:
    """Types that stand in a table of cells, so that a fault names the row."""
    for place, placement in placements(model):
        if isinstance(placement.region, Positions) and not placement.region.notes:
            for number, row in enumerate(placement.region.rows(), start=2):
                if row[3] not in model.tissue.cell_types:
                    fault = unknown("cell type", row[3], model.tissue.cell_types, at=(*place, "region"))
                    fault.found = f"row {number}: {fault.found}"
                    raise fault


def _distinct(model: Model) -> None:
    """Species have one name each, and no state has that of a species: rules call both by name."""
    seen: dict[str, str] = {}
    for kind in ("substrates", "vesicles", "cargos"):
        for name in getattr(model.species, kind):
            if name in seen:
                found, wanted = f"{name} in {seen[name]} and in {kind}", "one name for one species"
                raise Fault(
                    "two species have one name", at=("species", kind, name), found=found, wanted=wanted
                )
            seen[name] = kind
    for type_name, cell_type in model.tissue.cell_types.items():
        for name in cell_type.states:
            if name in seen:
                at = ("tissue", "cell_types", type_name, "states", name)
                found, wanted = f"{name} in {seen[name]} and in states", "a name that no species has"
                raise Fault("a state has the name of a species", at=at, found=found, wanted=wanted)


def _names(model: Model) -> Iterator[Use]:
    species, types = model.species, model.tissue.cell_types
    yield from _names_in_species(species)
    medium = model.tissue.medium
    if medium is not None and medium.laid_fibres is not None:
        laid: Place = ("tissue", "medium", "laid_fibres", "substrate")
        yield laid, "substrate", medium.laid_fibres.substrate, species.substrates
    for name in model.tissue.boundaries:
        yield ("tissue", "boundaries", name), "species", name, species.fields
    for part in ("held", "diffusivity", "vessels"):
        for index, item in enumerate(getattr(model.tissue, part)):
            yield ("tissue", part, index, "species"), "species", item.species, species.fields
    yield from _names_of_capillaries(model)
    for name, cell_type in types.items():
        yield from _names_in_cell_type(("tissue", "cell_types", name), cell_type, species)
        for other in cell_type.mechanics.adhesion_affinity:
            at = ("tissue", "cell_types", name, "mechanics", "adhesion_affinity", other)
            yield at, "cell type", other, types
        for place, other in _neighbours(cell_type):
            yield ("tissue", "cell_types", name, *place), "cell type", other, types
    for index, rule in enumerate(model.tissue.rules):
        if isinstance(rule, Rule):
            yield ("tissue", "rules", index, "cell_type"), "cell type", rule.cell_type, types
    for place, placement in placements(model):
        for placed in [*sorted(placement.types()), *placement.omit]:
            yield _place_of_type(place, placement), "cell type", placed, types
    yield from _names_in_record(model)
    for index, event in enumerate(model.events):
        for kind in ("boundary", "dose"):
            happening = getattr(event, kind)
            if happening:
                yield ("events", index, kind, "species"), "species", happening.species, species.fields
    yield from _names_in_expectation(model)


def _names_in_expectation(model: Model) -> Iterator[Use]:
    arms = [*model.arms, BASELINE]
    for index, expected in enumerate(model.expectation):
        yield ("expectation", index, "arm"), "arm", expected.arm, arms
        yield ("expectation", index, "against"), "arm", expected.against, arms


def _names_in_record(model: Model) -> Iterator[Use]:
    types = model.tissue.cell_types
    for name, zone in model.record.zones.items():
        yield ("record", "zones", name, "of"), "cell type", zone.of, types
    for name, share in model.record.shares.items():
        at: Place = ("record", "shares", name)
        yield (*at, "cell_type"), "cell type", share.cell_type, types
        if share.cell_type in types:
            states = types[share.cell_type].states
            yield (*at, "state"), f"state of {share.cell_type}", share.state, states
    for cargo, part in model.species.cargos.items():
        for name in part.assay_doses:
            yield ("species", "cargos", cargo, "assay_doses", name), "cell type", name, types


def _names_of_capillaries(model: Model) -> Iterator[Use]:
    species, tissue = model.species, model.tissue
    for name, network in tissue.capillaries.items():
        at: Place = ("tissue", "capillaries", name)
        for substrate in network.exchange:
            yield (*at, "exchange", substrate), "substrate", substrate, species.substrates
        closed = None if network.fenestrae is None else network.fenestrae.capillarised
        if closed is not None:
            place: Place = (*at, "fenestrae", "capillarised")
            yield (*place, "cell_type"), "cell type", closed.cell_type, tissue.cell_types
            cells = tissue.cell_types.get(closed.cell_type)
            yield (*place, "state"), "state", closed.state, cells.states if cells else ()
        for population in network.vesicles:
            yield (*at, "vesicles", population), "vesicle population", population, species.vesicles
    for index, entry in enumerate(tissue.immigration):
        at = ("tissue", "immigration", index)
        yield (*at, "cell_type"), "cell type", entry.cell_type, tissue.cell_types
        yield (*at, "through"), "network of capillaries", entry.through, tissue.capillaries
        if entry.signal is not None:
            yield (*at, "signal"), "species", entry.signal, species.fields


def _names_in_species(species: Species) -> Iterator[Use]:
    for name, population in species.vesicles.items():
        for cargo in population.manifest:
            yield ("species", "vesicles", name, "manifest", cargo), "cargo", cargo, species.cargos
    for name, part in species.cargos.items():
        for place, substrate in _substrates_of_cargo(part):
            yield ("species", "cargos", name, *place), "substrate", substrate, species.substrates


def _substrates_of_cargo(cargo: Cargo) -> Iterator[tuple[Place, str]]:
    if cargo.enzyme:
        yield ("enzyme", "converts"), cargo.enzyme.converts
        if cargo.enzyme.into is not None:
            yield ("enzyme", "into"), cargo.enzyme.into
    for antibody in cargo.captured_by:
        yield ("captured_by", antibody), antibody


def _names_in_cell_type(at: Place, cell_type: CellType, species: Species) -> Iterator[Use]:
    for substrate in cell_type.exchange:
        yield (*at, "exchange", substrate), "substrate", substrate, species.substrates
    for part in ("release", "genesis", "uptake"):
        for population in getattr(cell_type, part):
            yield (*at, part, population), "vesicle population", population, species.vesicles
    for name in cell_type.motility.chemotaxis if cell_type.motility else ():
        yield (*at, "motility", "chemotaxis", name), "species", name, species.fields
    for place, cargo in _cargos_of_cell_type(cell_type):
        yield (*at, *place), "cargo", cargo, species.cargos
    for name, receptor in cell_type.receptors.items():
        for blocker in receptor.blockers:
            yield (*at, "receptors", name, "blockers", blocker), "substrate", blocker, species.substrates
    for place, ramp in ramps(cell_type):
        yield (*at, *place, "substrate"), "substrate", ramp.substrate, species.substrates


def _cargos_of_cell_type(cell_type: CellType) -> Iterator[tuple[Place, str]]:
    for place, cargo, _ in loadings(cell_type):
        yield place, cargo
    for part in ("pools", "surface"):
        for cargo in getattr(cell_type, part):
            yield (part, cargo), cargo
    for name, receptor in cell_type.receptors.items():
        yield ("receptors", name, "ligand"), receptor.ligand


def _neighbours(cell_type: CellType) -> Iterator[tuple[Place, str]]:
    """Cell types that a cell type attacks, engulfs, provokes or turns into."""
    for part in ("immunogenicity", "transformations"):
        for other in getattr(cell_type, part):
            yield (part, other), other
    for part, field in (("attack", "targets"), ("phagocytosis", "live")):
        for other in getattr(getattr(cell_type, part), field, ()):
            yield (part, field, other), other


def loadings(cell_type: CellType) -> Iterator[tuple[Place, str, Genesis]]:
    """All cargos that a cell type loads from its pool, with their place and the genesis of the vesicles."""
    for population, genesis in cell_type.genesis.items():
        for cargo in genesis.loading:
            yield ("genesis", population, "loading", cargo), cargo, genesis


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
