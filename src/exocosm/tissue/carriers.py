"""What moves in space for vesicles: carriers (a population, or one of its size bins) and their riders.

A carrier is a number density of vesicles of one size. What its manifest says of each vesicle (fixed copies, a
loaded fraction) needs no field of its own. A rider does: cargo that cells loaded in proportion to their
pools, or antibody that a surface cargo has captured; it moves, binds, decays and enters with its carrier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from exocosm.model.parts.species import Loaded


@dataclass(frozen=True)
class Size:
    """Log-normal diameters: median in µm and geometric standard deviation (1: all the same)."""

    median: float
    geometric_sd: float


@dataclass(frozen=True)
class Carrier:
    """Vesicles of one population and size: name of the field, `diameter` (µm), share of the population."""

    name: str
    population: str
    index: int
    population_index: int
    diameter: float
    geometric_sd: float
    share: float

    @property
    def size(self) -> Size:
        """Its distribution of diameters."""
        return Size(self.diameter, self.geometric_sd)


@dataclass(frozen=True)
class Load:
    """A cargo that some cell type loads into a population from its own pool."""

    population: str
    population_index: int
    cargo: str
    cargo_index: int


@dataclass(frozen=True)
class Rider:
    """What rides on a carrier with a field of its own, in copies.

    `species` is the name on the ledger: the cargo, or the antibody (a substrate) that the surface cargo
    `captor` of the manifest holds; `cargo_index` is -1 for an antibody.
    """

    name: str
    carrier: int
    species: str
    cargo_index: int
    captor: str | None = None


@dataclass(frozen=True)
class LoadedFraction:
    """A cargo of which only a fraction of the vesicles of a population carries copies."""

    population_index: int
    cargo_index: int
    fraction: float
    copies: float


def carriers_of(model: Any) -> tuple[Carrier, ...]:
    """A carrier for each population, or one for each of its size bins, of equal share and at its median."""
    found: list[Carrier] = []
    for p, (name, part) in enumerate(model.species.vesicles.items()):
        sizes = _sizes(part)
        for key, (diameter, spread) in zip(_keys(name, sizes), sizes, strict=True):
            found.append(Carrier(key, name, len(found), p, diameter, spread, 1.0 / part.size_bins))
    return tuple(found)


def _keys(name: str, sizes: list[tuple[float, float]]) -> list[str]:
    """Names of fields by diameter, with as many digits as tell the bins apart."""
    if len(sizes) == 1:
        return [name]
    rounded = ([f"{name}@{1000 * diameter:.{digits}f}nm" for diameter, _ in sizes] for digits in range(12))
    return next(keys for keys in rounded if len(set(keys)) == len(keys))


def _sizes(part: Any) -> list[tuple[float, float]]:
    """Median and geometric standard deviation of each bin; a bin moves as its median."""
    from scipy.special import ndtri

    median, spread, bins = float(part.diameter.median), float(part.diameter.geometric_sd), part.size_bins
    if bins == 1:
        return [(median, spread)]
    quantiles = (np.arange(bins) + 0.5) / bins
    return [(median * spread ** float(ndtri(q)), 1.0) for q in quantiles]


def loads_of(model: Any) -> tuple[Load, ...]:
    """All pairs of population and cargo that some cell type loads from its pool."""
    populations, cargos = list(model.species.vesicles), list(model.species.cargos)
    wanted = {
        (population, cargo)
        for cell_type in model.tissue.cell_types.values()
        for population, genesis in cell_type.genesis.items()
        for cargo in genesis.loading
    }
    pairs = sorted((populations.index(p), cargos.index(c)) for p, c in wanted)
    return tuple(Load(populations[p], p, cargos[c], c) for p, c in pairs)


def riders_of(model: Any, carriers: tuple[Carrier, ...], loads: tuple[Load, ...]) -> tuple[Rider, ...]:
    """Riders of all carriers: cargo loaded from pools first, then captured antibodies."""
    found = [
        Rider(f"{load.cargo}@{carrier.name}", carrier.index, load.cargo, load.cargo_index)
        for carrier in carriers
        for load in loads
        if load.population == carrier.population
    ]
    for carrier in carriers:
        manifest = model.species.vesicles[carrier.population].manifest
        for captor in manifest:
            for antibody in model.species.cargos[captor].captured_by:
                name = f"{antibody}@{captor}@{carrier.name}"
                found.append(Rider(name, carrier.index, antibody, -1, captor))
    return tuple(found)


def loaded_fractions_of(model: Any) -> tuple[LoadedFraction, ...]:
    """Entries of manifests that only a fraction of the vesicles carries."""
    cargos = list(model.species.cargos)
    return tuple(
        LoadedFraction(p, cargos.index(c), float(entry.loaded_fraction), float(entry.copies_per_loaded))
        for p, part in enumerate(model.species.vesicles.values())
        for c, entry in part.manifest.items()
        if isinstance(entry, Loaded)
    )
