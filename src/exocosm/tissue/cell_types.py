"""Cell types of a model as arrays by type index, so that no name reaches a kernel.

Each group of numbers that a process needs is a named tuple of arrays; kernels and the references read
the same tuples. Rates are per minute, volumes µm³.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exocosm.tissue.cells import APOPTOTIC, LIVE, LYSED, SWELLING

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

FIXED, NORMAL, EXPONENTIAL = 1, 2, 3
FLUID, CYTOPLASMIC, NUCLEAR, CALCIFICATION = 0, 1, 2, 3
APOPTOSIS, NECROSIS = 0, 1
NO_RAMP = -1
RATES = (
    "fluid_change_rate",
    "cytoplasmic_biomass_change_rate",
    "nuclear_biomass_change_rate",
    "calcification_rate",
)


class VolumeTable(NamedTuple):
    """Volume model by type and life: rates [type, life, FLUID..CALCIFICATION], targets."""

    rates: Reals  # [types, 4, 4] in 1/min
    fluid_fraction: Reals  # [types, 4] target
    nuclear_share: Reals  # [types] share of the nucleus in the target of all solids


class CycleTable(NamedTuple):
    """Phases by type, [types, most phases]; `mean` is a duration, or the rate of an exponential phase."""

    phases: Integers  # [types] how many; 0: no cycle
    law: Integers
    mean: Reals
    sd: Reals
    doubles: Integers
    divides: Integers
    ramp: Integers  # index of the substrate, or NO_RAMP
    zero_at: Reals
    one_at: Reals


class DeathTable(NamedTuple):
    """Apoptosis and necrosis by type, [types, 2]; `duration` runs from death, or from lysis for necrosis."""

    rate: Reals
    ramp: Integers
    zero_at: Reals
    one_at: Reals
    duration: Reals
    relative_rupture_volume: Reals


class MechanicsTable(NamedTuple):
    """Mechanics by type; the roots of the strengths, whose product is that of a pair."""

    root_repulsion: Reals
    root_adhesion: Reals
    relative_adhesion_distance: Reals


class Tables(NamedTuple):
    """What the phenotype of a cell depends on, by type."""

    volume: VolumeTable
    cycle: CycleTable
    death: DeathTable


@dataclass(frozen=True)
class CellTypes:
    """All cell types of a tissue: names in the order of their index, and one table for each process.

    `substrates` are the names behind the columns `signals` and `substrate` of cells; `fluid`,
    `nuclear_solid` and `cytoplasmic_solid` (µm³, by type) are the volumes of a cell at start.
    """

    names: tuple[str, ...]
    substrates: tuple[str, ...]
    volume: VolumeTable
    cycle: CycleTable
    death: DeathTable
    mechanics: MechanicsTable
    fluid: Reals
    nuclear_solid: Reals
    cytoplasmic_solid: Reals

    @property
    def tables(self) -> Tables:
        """The tables of the phenotype."""
        return Tables(self.volume, self.cycle, self.death)

    @classmethod
    def from_model(cls, cell_types: Mapping[str, Any], substrates: Sequence[str]) -> CellTypes:
        """Tables of the cell types of a model; a ramp names one of `substrates`."""
        types = list(cell_types.values())
        index = {name: i for i, name in enumerate(substrates)}
        fluid = [t.volume.total * t.volume.fluid_fraction for t in types]
        nuclear = [t.volume.nuclear * (1 - t.volume.fluid_fraction) for t in types]
        solid = [t.volume.total * (1 - t.volume.fluid_fraction) for t in types]
        return cls(
            tuple(cell_types),
            tuple(substrates),
            volume_table(types),
            cycle_table(types, index),
            death_table(types, index),
            mechanics_table(types),
            np.array(fluid, float),
            np.array(nuclear, float),
            np.array(solid, float) - np.array(nuclear, float),
        )


def volume_table(types: Sequence[Any]) -> VolumeTable:
    """Rates and targets of the volume model; the dead shrink to nothing, the swelling fill with fluid."""
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
    return VolumeTable(rates, fluid_fraction, np.array(share, float))


def _rates(source: Any) -> list[float]:
    return [float(getattr(source, name)) for name in RATES]


def cycle_table(types: Sequence[Any], substrates: Mapping[str, int]) -> CycleTable:
    """Phases of each type's cycle; ValueError for a phase that would take no time."""
    phases = [[] if t.cycle is None else list(t.cycle.phases) for t in types]
    shape = (len(types), max([1, *map(len, phases)]))
    count = np.array([len(p) for p in phases], np.int64)
    law, doubles, divides = (np.zeros(shape, np.int64) for _ in range(3))
    ramp, zero_at, one_at = np.full(shape, NO_RAMP, np.int64), np.zeros(shape), np.ones(shape)
    mean, sd = np.zeros(shape), np.zeros(shape)
    for i, cycle in enumerate(phases):
        for k, phase in enumerate(cycle):
            law[i, k], mean[i, k], sd[i, k] = duration_law(phase.duration)
            doubles[i, k], divides[i, k] = phase.doubles_volume, phase.divides
            ramp[i, k], zero_at[i, k], one_at[i, k] = ramp_of(phase.modulated_by, substrates)
    return CycleTable(count, law, mean, sd, doubles, divides, ramp, zero_at, one_at)


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


def death_table(types: Sequence[Any], substrates: Mapping[str, int]) -> DeathTable:
    """Rates, ramps and durations of both deaths; a rate of 0 for a death that a type does not have."""
    shape = (len(types), 2)
    rate, duration, rupture = np.zeros(shape), np.full(shape, math.inf), np.full(shape, math.inf)
    ramp, zero_at, one_at = np.full(shape, NO_RAMP, np.int64), np.zeros(shape), np.ones(shape)
    for i, kind in enumerate(types):
        for k, death in enumerate((kind.apoptosis, kind.necrosis)):
            if death is not None:
                rate[i, k], duration[i, k] = death.rate, death.duration
                rupture[i, k] = death.relative_rupture_volume
                ramp[i, k], zero_at[i, k], one_at[i, k] = ramp_of(death.modulated_by, substrates)
    return DeathTable(rate, ramp, zero_at, one_at, duration, rupture)


def mechanics_table(types: Sequence[Any]) -> MechanicsTable:
    """Roots of repulsion and adhesion (µm/min), and reach of adhesion in radii."""
    return MechanicsTable(
        np.sqrt([float(t.mechanics.repulsion) for t in types]),
        np.sqrt([float(t.mechanics.adhesion) for t in types]),
        np.array([float(t.mechanics.relative_adhesion_distance) for t in types]),
    )
