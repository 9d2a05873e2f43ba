"""What the fluid holds of each species: its fields, what they stand for on the books, what faces hold."""

from __future__ import annotations

from typing import Any

from exocosm.tissue.delivery import COPIES_PER_AMOUNT
from exocosm.tissue.fields import FACES
from exocosm.tissue.manifest import manifests_of

Accounts = tuple[tuple[str, float], ...]


def transient_species(tissue: Any) -> tuple[str, ...]:
    """Names of all that has a stock in the fluid: vesicle populations and transient substrates."""
    return tuple(tissue.vesicles) + tuple(s for s in tissue.substrates if not tissue.is_steady(s))


def fields_of(tissue: Any, species: str) -> tuple[tuple[str, float], ...]:
    """Fields of a species with the share of it that each has: a rider, which is not the species itself, 0."""
    if species in tissue.substrates:
        return ((species, 1.0),)
    mine = [carrier for carrier in tissue.carriers if carrier.population == species]
    indices = {carrier.index for carrier in mine}
    riders = [(rider.name, 0.0) for rider in tissue.riders if rider.carrier in indices]
    return (*((carrier.name, carrier.share) for carrier in mine), *riders)


def face_values(model: Any, species: str) -> list[float | None]:
    """What the model holds at each of FACES for a species; None where a face is closed to it."""
    boundary = model.tissue.boundaries.get(species)
    values = [boundary.faces[face] if boundary else None for face in FACES]
    return [None if value is None else float(value) for value in values]


def accounts_of(tissue: Any, field: str) -> Accounts:
    """Species of the ledger that a field stands for, with the amount per unit of the field.

    A carrier: its population and the cargo of its manifest. A rider: its cargo in copies, or the substrate
    that it is, of which the ledger has µM·µm³.
    """
    for carrier in tissue.carriers:
        if carrier.name == field:
            manifest = manifests_of(tissue)[carrier.population_index]
            return ((carrier.population, 1.0), *((entry.name, entry.mean) for entry in manifest))
    for rider in tissue.riders:
        if rider.name == field:
            return ((rider.species, 1.0 if rider.cargo_index >= 0 else 1.0 / COPIES_PER_AMOUNT),)
    return ((field, 1.0),)
