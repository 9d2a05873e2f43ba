"""Cells that start anywhere in their cycle, as in a culture that has grown for long.

The phase is drawn from the shares of a growing population (`physics.cell_cycles`). Within it ages have the
density ∝ e^(-λa) S(a), with S the share that stays longer than a and λ the growth rate; what is left of the
phase follows by its law. A cell has grown since it entered its phase, from the volume that it aimed at
before. Ramps and rules are not in force at the start: all is for base rates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.compiled import kernel
from exocosm.ground.draws import Draw, Purpose
from exocosm.model.parts.phases import culture_of, shares_of
from exocosm.physics.cell_cycles import PhaseLaw, growth_rate, phase_shares
from exocosm.tissue.rows import CYTOPLASMIC, FLUID, NUCLEAR, PHASE, PROGRESS, TARGET, THRESHOLD, Rows
from exocosm.tissue.volume import grow

Reals = NDArray[np.float64]
GRID = 4001  # points of the table from which normal lengths are drawn
SPREAD = 9.0  # standard deviations that it reaches to both sides


@dataclass(frozen=True)
class Culture:
    """A cycle in its steady growth: laws and shares of phases, growth rate (1/min).

    `target` is what a cell in each phase aims at, relative to one in the first; `before` the same before it
    entered the phase.
    """

    laws: tuple[PhaseLaw, ...]
    shares: Reals
    rate: float
    target: Reals
    before: Reals


def culture_at_start(cycle: Any) -> Culture | None:
    """The culture that cells of a type start from; None where all start in their first phase."""
    if cycle is None or cycle.start != "asynchronous":
        return None
    given = culture_of(cycle.phases)
    target = _targets(cycle.phases)
    before = target * np.array([0.5 if phase.doubles_volume else 1.0 for phase in cycle.phases])
    return Culture(tuple(given[0]), phase_shares(*given), growth_rate(*given), target, before)


def _targets(phases: Any) -> Reals:
    """Target volumes relative to that in the first phase, along the ways that lead from it."""
    target, reached = np.ones(len(phases)), [0]
    for phase in reached:  # grows while phases are found
        for follower in shares_of(phases, phase):
            if follower not in reached:
                reached.append(follower)
                halved = 0.5 if phases[phase].divides else 1.0
                target[follower] = target[phase] * halved * (2.0 if phases[follower].doubles_volume else 1.0)
    return target


def scatter(culture: Culture, draw: Draw, rows: Rows, mine: NDArray[np.int64], types: Any) -> None:
    """Put the cells `mine` of the rows where they are in a culture: phase, age, threshold, volume."""
    draw = draw.of("asynchronous")
    which, age, length, later = (draw.uniform(Purpose.PHASE, rows.key[mine], k) for k in range(4))
    phase = np.searchsorted(np.cumsum(culture.shares)[:-1], which, side="right")
    ages = np.zeros(len(mine))
    for k, law in enumerate(culture.laws):
        cells = phase == k
        numbers = (age[cells], length[cells], later[cells])
        ages[cells], progress, threshold = place_in(law, culture.rate, *numbers)
        rows.numbers[mine[cells], PROGRESS], rows.numbers[mine[cells], THRESHOLD] = progress, threshold
    rows.marks[mine, PHASE] = phase
    for column in (FLUID, CYTOPLASMIC, NUCLEAR):
        rows.numbers[mine, column] *= culture.before[phase]
    rows.numbers[mine, TARGET] *= culture.target[phase]
    grow_by(mine, ages, rows, types)


def place_in(
    law: PhaseLaw, rate: float, age: Reals, length: Reals, later: Reals
) -> tuple[Reals, Reals, Reals]:
    """Ages (min) in a phase, progress and thresholds, from three numbers in [0, 1) a cell."""
    if law.law == "exponential":
        return -np.log1p(-age) / (rate + law.rate), np.zeros(len(age)), -np.log1p(-later)
    lengths = np.full(len(age), law.mean) if law.law == "fixed" else _lengths(law, rate, length)
    ages = age_within(lengths, rate, age)
    return ages, ages, lengths


def age_within(length: Reals, rate: float, share: Reals) -> Reals:
    """The age below which a share of the cells is, of those whose phase lasts so long."""
    if rate <= 0.0:
        return np.asarray(share * length)
    return np.asarray(np.minimum(-np.log1p(share * np.expm1(-rate * length)) / rate, length))


def _lengths(law: PhaseLaw, rate: float, share: Reals) -> Reals:
    """Lengths of the phase that cells are in: long ones hold more cells than they are entered by."""
    spread = SPREAD * law.sd
    lengths = np.linspace(max(0.0, law.mean - spread), law.mean + spread, GRID)
    if law.sd == 0:
        return np.full(len(share), law.mean)
    stay = -np.expm1(-rate * lengths) / rate if rate > 0 else lengths
    density = stay * np.exp(-0.5 * ((lengths - law.mean) / law.sd) ** 2)
    total = np.concatenate([[0.0], np.cumsum(0.5 * (density[1:] + density[:-1]))])
    return np.asarray(np.interp(share * total[-1], total, lengths))


@kernel
def grow_by(cells: Any, ages: Any, rows: Any, types: Any) -> None:
    """Let each of these cells grow for its age (min)."""
    for k in range(cells.size):
        grow(cells[k], ages[k], rows, types)
