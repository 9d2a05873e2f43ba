"""Migration: live cells move in a direction that they keep for a while, at random or along gradients.

At rate 1/persistence_time a cell takes a new direction, that of bias * e + (1 - bias) * u with a random unit
vector u; e is the direction of the sum over fields of sensitivity times the unit vector up the gradient.
The velocity, speed times direction, is the `drive` of mechanics and adds to pushes and pulls. Within a step
the chance of a turn is exactly 1 - exp(-dt/persistence_time), at its start. Law: PhysiCell,
10.1371/journal.pcbi.1005991; there the chance is dt/persistence_time, and a cell of bias 1 that feels no
gradient rests. Here a cell that feels none turns at random, whatever its bias.

A direction of zero has not been drawn yet: cells that are new take one at their first step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numba import prange
from numpy.typing import NDArray

from exocosm.ground.compiled import kernel, parallel_kernel
from exocosm.ground.draws import Draw, Purpose, uniform
from exocosm.ground.ledger import Ledger
from exocosm.tissue.behaviours import Behaviours
from exocosm.tissue.cells import LIVE, UNDRIVEN, Cells
from exocosm.tissue.directions import gradient, length, random_direction, voxels_of
from exocosm.tissue.mechanics import Mechanics
from exocosm.tissue.state import State

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]
MOTILITY, DIRECTION = np.int64(Purpose.MOTILITY), np.int64(Purpose.DIRECTION)
FLAT = 1e-6
"""Change over a voxel, relative to the value there, that is no gradient: what solvers of fields leave."""
NOWHERE = 1e-12  # length of a sum of unit vectors that cancel but for rounding
LARGEST_STEP = 0.5  # radii of a cell in a step of mechanics, beyond which cells jump across each other
SPEED, PERSISTENCE = range(2)
WORDS = ("migration speed", "migration persistence time")
BIAS, RESPONSE = "migration bias", "chemotactic response to {}"


class MotilityTable(NamedTuple):
    """Motility by type: who moves, speed (µm/min), persistence time (min), bias.

    `columns` says where a cell's own speed and persistence time stand in the column `behaviour`.
    """

    motile: Integers
    speed: Reals
    persistence_time: Reals
    bias: Reals
    columns: Integers


@dataclass(frozen=True)
class Cue:
    """What cells follow: a species, the fields that add up to it, and the sensitivity of each cell type."""

    species: str
    fields: tuple[str, ...]
    sensitivity: Reals


@parallel_kernel
def choose(
    seed: Any, tick: int, dt: float, keys: Any, kinds: Any, life: Any, behaviour: Any, table: Any,
    direction: Any, speed: Any, turns: Any,
) -> None:  # fmt: skip
    """Speed of each cell, 0 if it does not move on its own; turns[i] = 1 if it takes a new direction."""
    for i in prange(keys.size):
        kind = kinds[i]
        speed[i], turns[i] = 0.0, 0
        if life[i] == LIVE and table.motile[kind]:
            speed[i], time = table.speed[kind], table.persistence_time[kind]
            if table.columns[SPEED] != UNDRIVEN:
                speed[i] = behaviour[i, table.columns[SPEED]]
            if table.columns[PERSISTENCE] != UNDRIVEN:
                time = behaviour[i, table.columns[PERSISTENCE]]
            new = direction[i, 0] == 0.0 and direction[i, 1] == 0.0 and direction[i, 2] == 0.0
            if new or uniform(seed, MOTILITY, keys[i], tick) < -np.expm1(-dt / time):
                turns[i] = 1


@kernel
def turn(
    seed: Any, tick: int, planar: int, rows: Any, keys: Any, towards: Any, bias: Any, direction: Any
) -> None:
    """New directions of the cells of `rows`, between the way of chemotaxis (or none) and a random one."""
    for k in range(rows.size):
        i = rows[k]
        x, y, z = random_direction(seed, DIRECTION, keys[i], 2 * tick, planar)
        own = bias[k] if towards[k, 0] != 0.0 or towards[k, 1] != 0.0 or towards[k, 2] != 0.0 else 0.0
        new = (
            own * towards[k, 0] + (1.0 - own) * x,
            own * towards[k, 1] + (1.0 - own) * y,
            own * towards[k, 2] + (1.0 - own) * z,
        )
        size = np.sqrt(new[0] * new[0] + new[1] * new[1] + new[2] * new[2])
        if size < NOWHERE:
            new, size = (x, y, z), 1.0
        for axis in range(3):
            direction[i, axis] = new[axis] / size


class Motility:
    """Process: turns motile cells and hands their velocities to the mechanics that moves them, in its steps.

    `planar`: directions lie in the plane; gradients across it are not felt.
    """

    name = "motility"

    def __init__(
        self, table: MotilityTable, cues: Sequence[Cue], behaviours: Behaviours, mechanics: Mechanics
    ) -> None:
        self.table, self.cues, self.behaviours, self.mechanics = table, tuple(cues), behaviours, mechanics
        self.every, self.dt, self.planar = mechanics.every, float(mechanics.dt), mechanics.planar

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Turn cells, and set the drive of mechanics for the step that follows at this tick."""
        self.mechanics.drive = self.velocities(state, tick, draw)

    def velocities(self, state: State, tick: int, draw: Draw) -> Reals:
        """Turn the cells that are due; the velocity (n, 3) in µm/min of each on its own."""
        cells = state.cells
        speed, turns = np.empty(cells.n), np.empty(cells.n, np.int8)
        direction, keys = cells.view("direction"), cells.view("key")
        choose(
            draw.seed, int(tick), self.dt, keys, cells.view("type"), cells.view("life"),
            cells.view("behaviour"), self.table, direction, speed, turns,
        )  # fmt: skip
        rows = np.flatnonzero(turns)
        if len(rows):
            bias = self._of(cells, rows, BIAS, self.table.bias)
            turn(draw.seed, int(tick), self.planar, rows, keys, self.towards(state, rows), bias, direction)
        return np.asarray(speed[:, None] * direction)

    def towards(self, state: State, rows: Integers) -> Reals:
        """The way of chemotaxis of the cells of `rows`: unit vectors (k, 3), zero where there is none."""
        cells, grid, total = state.cells, state.grid, np.zeros((len(rows), 3))
        index = voxels_of(cells.view("position")[rows], grid)
        for cue in self.cues:
            fields = [state.fields[name].values for name in cue.fields]
            slope = sum((gradient(values, index, grid) for values in fields), np.zeros(total.shape))
            level = sum((values[tuple(index.T)] for values in fields), np.zeros(len(rows)))
            if self.planar:
                slope[:, 2] = 0.0
            weight = self._of(cells, rows, RESPONSE.format(cue.species), cue.sensitivity)
            total += weight[:, None] * _unit(slope, FLAT * level / grid.voxel)
        return _unit(total, np.full(len(rows), NOWHERE))

    def _of(self, cells: Cells, rows: Integers, name: str, by_type: Reals) -> Reals:
        """Present value of a behaviour in the cells of `rows`."""
        column = self.behaviours.column(name)
        if column == UNDRIVEN:
            return np.asarray(by_type[cells.view("type")[rows]])
        return np.asarray(cells.view("behaviour")[rows, column])


def _unit(vectors: Reals, least: Reals) -> Reals:
    """Vectors (n, 3) of length 1; zero for one that is not longer than `least`."""
    size = length(vectors)
    felt = size > least
    return np.where(felt[:, None], vectors / np.where(felt, size, 1.0)[:, None], 0.0)


def motility_of(tissue: Any, mechanics: Mechanics) -> list[Motility]:
    """The process of migration, where some cell type has a motility."""
    types = tissue.model.tissue.cell_types
    if all(part.motility is None for part in types.values()):
        return []
    table = motility_table(types, tissue.behaviours)
    return [Motility(table, cues_of(tissue), tissue.behaviours, mechanics)]


def motility_table(types: Mapping[str, Any], behaviours: Behaviours) -> MotilityTable:
    """Motility of the cell types of a model as arrays."""
    parts = [part.motility for part in types.values()]
    return MotilityTable(
        np.array([part is not None for part in parts], np.int64),
        np.array([0.0 if part is None else float(part.speed) for part in parts]),
        np.array([np.inf if part is None else float(part.persistence_time) for part in parts]),
        np.array([0.0 if part is None else float(part.bias) for part in parts]),
        np.array([behaviours.column(name) for name in WORDS], np.int64),
    )


def cues_of(tissue: Any) -> list[Cue]:
    """What some type is sensitive to, or may be by a rule: substrates, then vesicle populations."""
    senses = [
        {} if part.motility is None else part.motility.chemotaxis
        for part in tissue.model.tissue.cell_types.values()
    ]
    found = []
    for species in tissue.substrates + tissue.vesicles:
        driven = tissue.behaviours.column(RESPONSE.format(species)) != UNDRIVEN
        if driven or any(species in sense for sense in senses):
            fields = tuple(c.name for c in tissue.carriers if c.population == species) or (species,)
            found.append(Cue(species, fields, np.array([float(s.get(species, 0.0)) for s in senses])))
    return found


def warnings(tissue: Any) -> list[str]:
    """Types that could jump across cells within a step of mechanics, in plain words."""
    step, found = float(tissue.model.tissue.steps.mechanics), []
    for name, part in tissue.model.tissue.cell_types.items():
        speed, radius = _fastest(tissue, name, part), np.cbrt(0.75 * float(part.volume.total) / np.pi)
        if speed * step > LARGEST_STEP * radius:
            found.append(
                f"{name}: these cells move on their own by up to {speed * step:.3g} um in one step of "
                f"mechanics ({speed:.3g} um/min in {step:g} min), more than half of their radius of "
                f"{radius:.3g} um: they can jump across other cells instead of pushing them. "
                f"Use a step of mechanics of at most {LARGEST_STEP * radius / speed:.2g} min."
            )
    return found


def _fastest(tissue: Any, name: str, part: Any) -> float:
    """The largest speed of cells of a type, by itself or where rules lead."""
    if part.motility is None:
        return 0.0
    driven = [r.rule for r in tissue.rules if r.behaviour.name == WORDS[SPEED] and r.rule.cell_type == name]
    return max([float(part.motility.speed), *(float(rule.saturation) for rule in driven)])
