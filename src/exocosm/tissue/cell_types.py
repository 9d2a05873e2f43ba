"""Cell types of a model as arrays by type index, so that no name reaches a kernel.

Each group of numbers that a process needs is a named tuple of arrays; kernels and the references read
the same tuples. Rates are per minute, volumes µm³.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exocosm.model.parts.phases import shares_of
from exocosm.tissue.asynchronous import Culture, culture_at_start
from exocosm.tissue.behaviours import NO_RULES, Behaviours
from exocosm.tissue.cells import APOPTOTIC, LIVE, LYSED, SWELLING, UNDRIVEN

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

FIXED, NORMAL, EXPONENTIAL = 1, 2, 3
LAW, DOUBLES, DIVIDES, RAMP = range(4)
ZERO_AT, ONE_AT, MEAN, SD = range(4)
RATE, DURATION, RELATIVE_RUPTURE = 2, 3, 4
APOPTOSIS, NECROSIS = 0, 1
NO_RAMP = -1
MECHANICAL = ("cell-cell repulsion", "cell-cell adhesion", "relative maximum adhesion distance")
REPULSION, ADHESION, ADHESION_DISTANCE = range(3)
RATES = (
    "fluid_change_rate",
    "cytoplasmic_biomass_change_rate",
    "nuclear_biomass_change_rate",
    "calcification_rate",
)


class PhenotypeTable(NamedTuple):
    """Volume model, cycle and deaths by type, all that the life of a cell depends on.

    `rates` [type, life, FLUID..CALCIFICATION] (1/min), `fluid_fraction` [type, life], `nuclear_share` [type]
    of the target of solids; `phases` [type] how many (0: no cycle), `phase_marks` [type, phase, LAW..RAMP],
    `phase_numbers` [type, phase, ZERO_AT..SD], MEAN being the rate of an exponential phase, `phase_ways`
    [type, phase] how many phases may follow, `next_phase` and `next_share` [type, phase, way] which, and the
    share of cells that take this way or one before it; `death_ramp`
    [type, death], `death_numbers` [type, death, ZERO_AT..RELATIVE_RUPTURE], DURATION that of necrosis
    running from lysis. A ramp is the index of a substrate, or NO_RAMP. `exit_column` [phase] and
    `death_column` [death] say where a cell's own rate stands in the column `behaviour` (UNDRIVEN: nowhere).
    """

    rates: Reals
    fluid_fraction: Reals
    nuclear_share: Reals
    phases: Integers
    phase_marks: Integers
    phase_numbers: Reals
    phase_ways: Integers
    next_phase: Integers
    next_share: Reals
    death_ramp: Integers
    death_numbers: Reals
    exit_column: Integers
    death_column: Integers


class MechanicsTable(NamedTuple):
    """Mechanics by type; the roots of the strengths, whose product is that of a pair.

    `columns` says where a cell's own repulsion, adhesion and distance stand in the column `behaviour`.
    `affinity` [type, type] multiplies the adhesion of a pair; empty where it is 1 for all. `movable` [type];
    empty where all cells move.
    """

    root_repulsion: Reals
    root_adhesion: Reals
    relative_adhesion_distance: Reals
    columns: Integers = np.full(3, UNDRIVEN, np.int64)
    affinity: Reals = np.empty((0, 0))
    movable: Integers = np.empty(0, np.int64)


@dataclass(frozen=True)
class CellTypes:
    """All cell types of a tissue: names by index, a table for the phenotype, one for mechanics.

    `substrates` are the names behind the columns `signals` and `substrate` of cells; `fluid`,
    `nuclear_solid` and `cytoplasmic_solid` (µm³, by type) are the volumes of a cell at start. `cultures` are
    those that cells start from, by type, where they do not start in their first phase.
    """

    names: tuple[str, ...]
    substrates: tuple[str, ...]
    phenotype: PhenotypeTable
    mechanics: MechanicsTable
    fluid: Reals
    nuclear_solid: Reals
    cytoplasmic_solid: Reals
    cultures: tuple[Culture | None, ...] = ()

    @classmethod
    def from_model(
        cls, cell_types: Mapping[str, Any], substrates: Sequence[str], behaviours: Behaviours = NO_RULES
    ) -> CellTypes:
        """Tables of the cell types of a model; a ramp names one of `substrates`."""
        types = list(cell_types.values())
        index = {name: i for i, name in enumerate(substrates)}
        fluid = [t.volume.total * t.volume.fluid_fraction for t in types]
        nuclear = [t.volume.nuclear * (1 - t.volume.fluid_fraction) for t in types]
        solid = [t.volume.total * (1 - t.volume.fluid_fraction) for t in types]
        volumes, cycle, deaths = volume_tables(types), cycle_tables(types, index), death_tables(types, index)
        columns = phenotype_columns(behaviours, cycle[1].shape[1])
        return cls(
            tuple(cell_types),
            tuple(substrates),
            PhenotypeTable(*volumes, *cycle, *ways_tables(types), *deaths, *columns),
            mechanics_table(cell_types, behaviours),
            np.array(fluid, float),
            np.array(nuclear, float),
            np.array(solid, float) - np.array(nuclear, float),
            tuple(culture_at_start(t.cycle) for t in types),
        )


def volume_tables(types: Sequence[Any]) -> tuple[Reals, Reals, Reals]:
    """Rates, target fluid fractions and nuclear shares; the dead shrink, the swelling fill with fluid."""
    rates, fluid_fraction = np.zeros((len(types), 4, 4)), np.zeros((len(types), 4))
    for i, kind in enumerate(types):
        rates[i, LIVE] = _rates(kind.volume)
        if kind.apoptosis is not None:
            rates[i, APOPTOTIC] = _rates(kind.apoptosis)
        if kind.necrosis is not None:
            rates[i, SWELLING] = _rates(kind.necrosis.swelling)
            rates[i, LYSED] = _rates(kind.necrosis.lysed)
        fluid_fraction[i] = [kind.volume.fluid_fraction, 0.0, 1.0, 0.0]
    share = [t.volume.nuclear / t.volume.total for t in types]
    return rates, fluid_fraction, np.array(share, float)


def _rates(source: Any) -> list[float]:
    return [float(getattr(source, name)) for name in RATES]


def cycle_tables(types: Sequence[Any], substrates: Mapping[str, int]) -> tuple[Integers, Integers, Reals]:
    """Phases of each type's cycle; ValueError for a phase that would take no time."""
    phases = [[] if t.cycle is None else list(t.cycle.phases) for t in types]
    most = max([1, *map(len, phases)])
    marks, numbers = np.zeros((len(types), most, 4), np.int64), np.zeros((len(types), most, 4))
    marks[:, :, RAMP] = NO_RAMP
    for i, cycle in enumerate(phases):
        for k, phase in enumerate(cycle):
            law, mean, sd = duration_law(phase.law)
            substrate, zero_at, one_at = ramp_of(phase.modulated_by, substrates)
            marks[i, k] = [law, bool(phase.doubles_volume), bool(phase.divides), substrate]
            numbers[i, k] = [zero_at, one_at, mean, sd]
    return np.array([len(p) for p in phases], np.int64), marks, numbers


def ways_tables(types: Sequence[Any]) -> tuple[Integers, Integers, Reals]:
    """How many phases may follow each, which, and their shares added up, in the order of their names."""
    cycles = [[] if t.cycle is None else list(t.cycle.phases) for t in types]
    most = max([1, *map(len, cycles)])
    count, phase = np.zeros((len(types), most), np.int64), np.zeros((len(types), most, most), np.int64)
    share = np.ones((len(types), most, most))
    for i, cycle in enumerate(cycles):
        for k in range(len(cycle)):
            ways = shares_of(cycle, k)
            count[i, k] = len(ways)
            phase[i, k, : len(ways)] = list(ways)
            share[i, k, : len(ways) - 1] = np.cumsum(list(ways.values()))[:-1]
    return count, phase, share


def duration_law(duration: Any) -> tuple[int, float, float]:
    """Law, mean (or rate) and standard deviation of a phase's duration."""
    kind = type(duration).__name__.lower()
    if kind == "exponential":
        law, mean, sd = EXPONENTIAL, float(duration.rate), 0.0
    elif kind == "normal":
        law, mean, sd = NORMAL, float(duration.mean), float(duration.sd)
    elif kind == "fixed":
        law, mean, sd = FIXED, float(duration.mean), 0.0
    else:
        raise ValueError(f"a phase lasts a fixed, normal or exponential time, not {kind}")
    if law != EXPONENTIAL and not mean > 0:
        raise ValueError(f"a phase takes longer than 0 min, not {mean}")
    return law, mean, sd


def ramp_of(ramp: Any, substrates: Mapping[str, int]) -> tuple[int, float, float]:
    """Substrate index, and the concentrations at which a ramp is 0 and 1."""
    if ramp is None:
        return NO_RAMP, 0.0, 1.0
    if ramp.zero_at == ramp.one_at:
        raise ValueError(f"a ramp needs two different concentrations, not {ramp.zero_at} twice")
    return substrates[ramp.substrate], float(ramp.zero_at), float(ramp.one_at)


def death_tables(types: Sequence[Any], substrates: Mapping[str, int]) -> tuple[Integers, Reals]:
    """Ramps, and rates, durations and rupture of both deaths; rate 0 for one that a type does not have."""
    ramp, numbers = np.full((len(types), 2), NO_RAMP, np.int64), np.zeros((len(types), 2, 5))
    numbers[:, :, ONE_AT] = 1.0
    for i, kind in enumerate(types):
        for k, death in enumerate((kind.apoptosis, kind.necrosis)):
            if death is not None:
                ramp[i, k], zero_at, one_at = ramp_of(death.modulated_by, substrates)
                rest = [death.rate, death.duration, death.relative_rupture_volume]
                numbers[i, k] = [zero_at, one_at, *map(float, rest)]
    return ramp, numbers


def phenotype_columns(behaviours: Behaviours, phases: int) -> tuple[Integers, Integers]:
    """Columns of the rates at which phases are left, and of both deaths."""
    exits = [behaviours.column(f"exit from cycle phase {k}") for k in range(phases)]
    deaths = [behaviours.column(name) for name in ("apoptosis", "necrosis")]
    return np.array(exits, np.int64), np.array(deaths, np.int64)


def mechanics_table(types: Mapping[str, Any], behaviours: Behaviours = NO_RULES) -> MechanicsTable:
    """Roots of repulsion and adhesion (µm/min), reach of adhesion in radii, affinities, and who moves."""
    parts = [t.mechanics for t in types.values()]
    movable = np.array([part.movable for part in parts], np.int64)
    return MechanicsTable(
        np.sqrt([float(part.repulsion) for part in parts]),
        np.sqrt([float(part.adhesion) for part in parts]),
        np.array([float(part.relative_adhesion_distance) for part in parts]),
        np.array([behaviours.column(name) for name in MECHANICAL], np.int64),
        affinities(tuple(types), [part.adhesion_affinity for part in parts]),
        np.empty(0, np.int64) if movable.all() else movable,
    )


def affinities(names: Sequence[str], given: Sequence[Mapping[str, Any]]) -> Reals:
    """What multiplies the adhesion of a pair [type, type]: the geometric mean of both sides."""
    if not any(given):
        return np.empty((0, 0))
    own = np.array([[float(to.get(name, 1.0)) for name in names] for to in given])
    return np.sqrt(own * own.T)
