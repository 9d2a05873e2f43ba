"""Copies per particle: what a sample holds of a cargo over its particles, with the errors of both.

Errors are drawn and carried through: of counts (molecules in a reaction, reads) by the Gamma distribution of
a Poisson mean given its count; of a row's `cv`, of replicates (standard error of their logarithms, or of the
amounts where one is 0, Student's t), of dilutions and of the concentration of particles log-normally. The
spread of nanoparticle tracking from day to day is that of the evidence row clin-CP108.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exocosm.assay.cargo_tables import CargoTable, Measurement
from exocosm.assay.tables import TableError

Array = NDArray[np.float64]
COPIES_PER_FMOL = 6.02214076e8
DRAWS = 20_000
PIPETTING = 0.05
"""Relative standard error of a dilution: assumed, a few pipetting steps of 2 to 3 % each."""


@dataclass(frozen=True)
class Particles:
    """The sample: `per_mL` and `per_ug` with draws (DRAWS,), None where they are not known."""

    per_mL: tuple[float, Array] | None
    per_ug: tuple[float, Array] | None


@dataclass(frozen=True)
class Stoichiometry:
    """Copies of a cargo per particle: value, 95 % interval, and in words how they came about."""

    cargo: str
    kind: str
    copies: float
    low: float
    high: float
    how: str


def relative(cv: float, generator: np.random.Generator, n: int = DRAWS) -> Array:
    """Factors around 1 with a relative standard deviation, log-normal with the median 1."""
    return np.exp(math.sqrt(math.log1p(cv * cv)) * generator.standard_normal(n))


def copies_per_particle(table: CargoTable, particles: Particles, seed: int) -> list[Stoichiometry]:
    """All cargos of a table. Raises TableError where a unit needs what is not known."""
    return [
        _one(table, name, rows, particles, np.random.default_rng([seed, i]))
        for i, (name, rows) in enumerate(table.cargos().items())
    ]


def _one(
    table: CargoTable,
    name: str,
    rows: list[Measurement],
    particles: Particles,
    generator: np.random.Generator,
) -> Stoichiometry:
    per, base, draws = _divisor(table, rows[0], particles)
    amounts = [_amount(table, row) for row in rows]
    value = _mean(amounts) / base
    drawn = _drawn(table, rows, amounts, generator) / draws
    low, high = np.quantile(drawn, (0.025, 0.975))
    repeats = f", {len(rows)} replicates" if len(rows) > 1 else ""
    how = (
        f"{_words(rows[0])} in {table.file}{repeats}, over {per}"
        if per
        else f"{_words(rows[0])} in {table.file}{repeats}"
    )
    return Stoichiometry(name, rows[0].kind, value, float(min(low, value)), float(max(high, value)), how)


def _words(row: Measurement) -> str:
    return {
        "Ct": "copies/mL by qPCR with a standard curve",
        "reads": "copies/mL by reads over those of the spike-in",
        "copies/mL": "copies/mL",
        "fmol/ug": "fmol per ug of protein",
        "ng/ug": "ng per ug of protein",
        "fmol/particle": "fmol per particle",
        "copies/particle": "copies per particle",
    }[row.unit]


def _divisor(table: CargoTable, row: Measurement, particles: Particles) -> tuple[str, float, Array | float]:
    """What amounts are divided by: in words, its value and its draws."""
    if row.unit in ("fmol/particle", "copies/particle"):
        return "", 1.0, 1.0
    by_mass = row.unit in ("fmol/ug", "ng/ug")
    known = particles.per_ug if by_mass else particles.per_mL
    if known is None:
        wanted = (
            "the protein of the sample (--protein '120 ug/mL') and its particles/mL"
            if by_mass
            else "particles/mL: an export that states them, or --particles '2e10 particle/mL'"
        )
        found, problem = row.unit, "this unit needs the particles of the sample"
        raise TableError(problem, file=table.file, row=row.row, column="unit", found=found, wanted=wanted)
    unit = "ug" if by_mass else "mL"
    return f"{known[0]:.3g} particles/{unit}", known[0], known[1]


def _amount(table: CargoTable, row: Measurement) -> float:
    """Copies per mL of sample, per ug of protein or per particle."""
    value, dilution = row.of("value", 0.0), row.of("dilution", 1.0)
    if row.unit == "Ct":
        return _in_reaction(row) / (row.of("template_uL", 1.0) * 1e-3) * dilution
    if row.unit == "reads" and table.spike is not None:
        spike = table.spike
        return value / spike.of("value", 1.0) * spike.of("spike_copies_per_mL", 1.0) * dilution
    if row.unit == "ng/ug":  # ng / (kg/mol) = pmol: 1e3 fmol per ng and kDa
        return value / row.of("kDa", 1.0) * 1e3 * COPIES_PER_FMOL * dilution
    return value * dilution * (COPIES_PER_FMOL if row.unit.startswith("fmol") else 1.0)


def _in_reaction(row: Measurement) -> float:
    """Copies in a reaction of qPCR by its standard curve."""
    return float(10.0 ** ((row.of("value", 0.0) - row.of("intercept", 0.0)) / row.of("slope", -1.0)))


def _count(row: Measurement) -> float | None:
    """Molecules or reads that were counted, None where the unit does not say."""
    if row.unit == "Ct":
        return _in_reaction(row)
    if row.unit == "reads":
        return row.of("value", 0.0)
    if row.unit == "copies/mL" and "template_uL" in row.numbers:
        return row.of("value", 0.0) * row.of("template_uL", 0.0) * 1e-3 / row.of("dilution", 1.0)
    return None


def _mean(amounts: list[float]) -> float:
    """Geometric mean, or the mean where one is 0."""
    if min(amounts) > 0:
        return math.exp(sum(map(math.log, amounts)) / len(amounts))
    return sum(amounts) / len(amounts)


def _drawn(
    table: CargoTable, rows: list[Measurement], amounts: list[float], generator: np.random.Generator
) -> Array:
    """Draws of the mean amount: each row's own errors, and what is left between replicates."""
    parts = np.array([_row_draws(table, row, a, generator) for row, a in zip(rows, amounts, strict=True)])
    drawn = (
        parts.mean(axis=0) if min(amounts) <= 0 else np.exp(np.log(np.maximum(parts, 1e-300)).mean(axis=0))
    )
    if len(rows) > 1 and min(amounts) > 0:
        spread = float(np.std(np.log(amounts), ddof=1)) / math.sqrt(len(rows))
        drawn = drawn * np.exp(spread * generator.standard_t(len(rows) - 1, DRAWS))
    elif len(rows) > 1:
        spread = float(np.std(amounts, ddof=1)) / math.sqrt(len(rows))
        drawn = np.maximum(drawn + spread * generator.standard_t(len(rows) - 1, DRAWS), 0.0)
    if table.spike is not None and rows[0].unit == "reads":
        reads = table.spike.of("value", 1.0)
        drawn = drawn * reads / generator.gamma(reads + 0.5, 1.0, DRAWS)
    return np.asarray(drawn)


def _row_draws(table: CargoTable, row: Measurement, amount: float, generator: np.random.Generator) -> Array:
    count = _count(row)
    drawn = np.full(DRAWS, amount)
    if count is not None:
        per_count = amount / count if count > 0 else _amount_of_one(table, row)
        drawn = generator.gamma(count + 0.5, 1.0, DRAWS) * per_count
    if row.numbers.get("cv"):
        drawn = drawn * relative(row.numbers["cv"], generator)
    if row.of("dilution", 1.0) != 1.0:
        drawn = drawn * relative(PIPETTING, generator)
    return drawn


def _amount_of_one(table: CargoTable, row: Measurement) -> float:
    """The amount that one count would stand for, where none was seen."""
    if row.unit == "reads" and table.spike is not None:
        spike = table.spike
        return spike.of("spike_copies_per_mL", 1.0) / spike.of("value", 1.0) * row.of("dilution", 1.0)
    return row.of("dilution", 1.0) / (row.of("template_uL", 1.0) * 1e-3)
