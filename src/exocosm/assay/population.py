"""A vesicle population from a user's own measurements: sizes, particles, protein and copies per particle."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm import library
from exocosm.assay.cargo_tables import NAME, read_cargo
from exocosm.assay.size_fit import ASSUMED_TRACKED, SizeFit, fit_sizes
from exocosm.assay.size_tables import SizeTable, read_sizes
from exocosm.assay.stoichiometry import (
    DRAWS,
    PIPETTING,
    Particles,
    Stoichiometry,
    copies_per_particle,
    relative,
)
from exocosm.ground.errors import ModelError, nearest

Array = NDArray[np.float64]
ROUTES = ("exosome", "ectosome", "small EV")
BETWEEN_DAYS = "clin-CP108"
"""Evidence row: how much nanoparticle tracking of one sample differs from day to day."""
MISFIT = 0.1
"""Gap between the cumulative shares of fit and table from which on the fit is said to be poor: assumed."""
PROTEIN_CV = 0.1
"""Relative error of a protein assay: assumed, as between replicates of a BCA assay."""


@dataclass(frozen=True)
class MeasuredPopulation:
    """What measurements say of a population; `fragment` is the YAML to put into a scenario."""

    name: str
    origin: str
    route: str
    sizes: SizeTable
    fit: SizeFit
    particles: tuple[float, float, float] | None
    """Particles per mL of the sample, those below the detection limit too: value, low, high."""
    per_mass: tuple[float, float, float] | None
    """Particles per ug of protein: value, low, high."""
    cargos: tuple[Stoichiometry, ...]
    notes: tuple[str, ...]

    @property
    def fragment(self) -> str:
        """The population and its cargos as YAML."""
        from exocosm.assay.fragment import fragment

        return fragment(self)


def vesicle_population(
    sizes: str | Path,
    *,
    name: str = "mine",
    origin: str = "my cells",
    route: str = "small EV",
    cargo_table: str | Path | None = None,
    copies: Mapping[str, Sequence[float]] | None = None,
    particles_per_mL: float | None = None,
    dilution: float | None = None,
    protein_ug_per_mL: float | None = None,
    detects_from: float | None = None,
    seed: int = 1,
) -> MeasuredPopulation:
    """A population from an export of sizes (NTA, resistive pulses or two columns) and a table of cargo.

    `copies` gives copies per particle (value, low, high) by hand; `particles_per_mL` and `protein_ug_per_mL`
    are of the undiluted sample; `dilution` is from the sample to what was measured, where the export does not
    say; sizes count from `detects_from` nm. Raises TableError or ModelError.
    """
    _check(name, route, particles_per_mL, dilution, protein_ug_per_mL, detects_from)
    table, cargo = read_sizes(sizes), None if cargo_table is None else read_cargo(cargo_table)
    by_hand = _by_hand(copies or {}, [] if cargo is None else list(cargo.cargos()))
    fit = fit_sizes(table, detects_from, seed)
    generator = np.random.default_rng([seed, 1])
    known = _sample(table, fit, particles_per_mL, dilution, protein_ug_per_mL, generator)
    found = [] if cargo is None else copies_per_particle(cargo, known, seed)
    return MeasuredPopulation(
        name=name,
        origin=origin,
        route=route,
        sizes=table,
        fit=fit,
        particles=_with_interval(known.per_mL),
        per_mass=_with_interval(known.per_ug),
        cargos=(*found, *by_hand),
        notes=tuple(_notes(table, fit, particles_per_mL, dilution)),
    )


def _sample(
    table: SizeTable,
    fit: SizeFit,
    particles_per_mL: float | None,
    dilution: float | None,
    protein: float | None,
    generator: np.random.Generator,
) -> Particles:
    """Particles of the undiluted sample, per mL and per ug of protein, with their draws."""
    between = library.evidence(BETWEEN_DAYS).value or 0.0
    noise = relative(between / 100.0, generator)
    per_mL: tuple[float, Array] | None = None
    if particles_per_mL is not None:
        per_mL = particles_per_mL, particles_per_mL * noise
    elif table.concentration is not None:
        per_mL = _counted(table, fit, dilution, noise, generator)
    if per_mL is None or protein is None:
        return Particles(per_mL, None)
    mass = protein * relative(PROTEIN_CV, generator)
    return Particles(per_mL, (per_mL[0] / protein, per_mL[1] / mass))


def _counted(
    table: SizeTable, fit: SizeFit, dilution: float | None, noise: Array, generator: np.random.Generator
) -> tuple[float, Array]:
    """Particles/mL from the export: those above the limit over the share that is seen, times the dilution."""
    factor = dilution if dilution is not None else (table.dilution or 1.0)
    concentrations = np.asarray(table.concentration)
    above = table.edges[1:] > fit.low + 1e-9  # the bins of the fit, also a first one that begins at 0
    shares = table.weights[:, above].sum(axis=1) / table.weights.sum(axis=1)
    counted = concentrations * shares * factor
    value = float(counted.mean()) / fit.seen_share
    spread = float(counted.std(ddof=1)) / np.sqrt(len(counted)) / counted.mean() if len(counted) > 1 else 0.0
    drawn = counted.mean() * relative(spread, generator) * noise / generator.choice(fit.seen, DRAWS)
    if factor != 1.0:
        drawn = drawn * relative(PIPETTING, generator)
    return value, np.asarray(drawn)


def _with_interval(known: tuple[float, Array] | None) -> tuple[float, float, float] | None:
    if known is None:
        return None
    low, high = np.quantile(known[1], (0.025, 0.975))
    return known[0], float(min(low, known[0])), float(max(high, known[0]))


def _by_hand(copies: Mapping[str, Sequence[float]], taken: list[str]) -> list[Stoichiometry]:
    found = []
    for name, numbers in copies.items():
        if not NAME.fullmatch(name) or name in taken:
            wanted = "a name of letters, digits, + - and _ that the table does not have"
            raise _refused("this is no name for a cargo given by hand", found=name, wanted=wanted)
        if len(numbers) not in (1, 3):
            wanted = "a value, or value, low and high"
            raise _refused(f"copies of {name} are not clear", found=str(tuple(numbers)), wanted=wanted)
        value, low, high = (*numbers, *numbers, *numbers)[:3] if len(numbers) == 1 else numbers
        if not 0 <= low <= value <= high:
            found_text, wanted = f"{value:g} in [{low:g}, {high:g}]", "0 <= low <= value <= high"
            raise _refused(f"copies of {name} lie outside their range", found=found_text, wanted=wanted)
        found.append(Stoichiometry(name, "other", value, low, high, "given by hand"))
    return found


def _notes(table: SizeTable, fit: SizeFit, particles: float | None, dilution: float | None) -> list[str]:
    notes = list(table.notes)
    if table.tracked is None:
        notes.append(
            f"the table does not say how many particles were followed: {ASSUMED_TRACKED:g} are assumed, "
            "which decides how wide the intervals of sizes are"
        )
    if table.dilution is None and dilution is None and particles is None and table.concentration is not None:
        notes.append("no dilution is recorded: particles/mL are taken as those of the sample (--dilution)")
    if table.dilution is not None and dilution is not None and dilution != table.dilution:
        notes.append(f"the file says a dilution of {table.dilution:g}, {dilution:g} is used")
    if fit.seen_share < 0.5:
        notes.append(
            f"only {fit.seen_share:.0%} of the particles are seen above {fit.low:g} nm: the rest is inferred"
        )
    if fit.misfit > MISFIT:
        notes.append(
            f"the sizes are not log-normal: fit and table differ by up to {fit.misfit:.0%} of the particles"
        )
    return notes


def _refused(problem: str, **said: Any) -> ModelError:
    return ModelError(problem, file="vesicles from", **said)


def _check(
    name: str,
    route: str,
    particles: float | None,
    dilution: float | None,
    protein: float | None,
    limit: float | None,
) -> None:
    if not re.fullmatch(NAME, name):
        wanted = "letters, digits, + - and _, beginning with a letter"
        raise _refused("this is no name for a population", found=name, wanted=wanted)
    if route not in ROUTES:
        wanted = "one of: " + ", ".join(ROUTES)
        raise _refused("unknown route", found=route, wanted=wanted, nearest=nearest(route, ROUTES))
    given = {"particles/mL": particles, "dilution": dilution, "protein": protein, "detection limit": limit}
    for what, value in given.items():
        if value is not None and not 0 < value < float("inf"):
            raise _refused(f"the {what} must be above 0", found=f"{value:g}", wanted="a positive number")
