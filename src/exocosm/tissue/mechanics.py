"""Overdamped mechanics: cells push when they overlap, stick when they are near, and move at once.

Velocity of cell i along the line of centres, summed over neighbours j at distance d:
√(rep_i rep_j) (1 - d/R)² for d < R = R_i + R_j, less √(adh_i adh_j) (1 - d/R_A)² for
d < R_A = rel_i R_i + rel_j R_j. Source: PhysiCell, 10.1371/journal.pcbi.1005991 (its eq. for
interaction potentials, after Macklin et al. 2012, 10.1016/j.jtbi.2012.02.002). Between types adhesion is
multiplied by √(aff_ij aff_ji), the affinity of each for the other (PhysiCell 1.10 and later). Cells of a
type that does not move push and hold others, and stay where they are.

Positions advance by Adams–Bashforth 2, x += dt (3/2 v - 1/2 v_previous), a cell's first step by Euler.
A drive (a velocity of its own, constant over a step) adds dt·drive. Centres stay in the closed box: one
that would leave is put on the face and forgets its velocity towards it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from exocosm.ground.compiled import inlined_kernel, inner_kernel, parallel_kernel
from exocosm.ground.draws import Draw, Purpose, bits
from exocosm.ground.ledger import Ledger
from exocosm.tissue.cell_types import ADHESION, ADHESION_DISTANCE, REPULSION, MechanicsTable
from exocosm.tissue.cells import UNDRIVEN, Cells
from exocosm.tissue.neighbours import (
    ADHESION_REACH,
    PACKED,
    RADIUS,
    REACH,
    ROOT_ADHESION,
    ROOT_REPULSION,
    NeighbourList,
    X,
    Y,
    Z,
    spatial_order,
)

QUADRATIC, LINEAR, LOGARITHMIC = 0, 1, 2
AHEAD = 8.0  # steps of a cell's own migration that a list of neighbours foresees
FURTHEST, FURTHEST_OF_MANY, FEW = 12.0, 3.0, 0.25  # µm for a few migrants and for more, by their share
COINCIDENT = 1e-8  # µm; nearer than this two centres have no line between them
OVERLAP = int(Purpose.OVERLAP)


@inner_kernel
def push(separation: float, law: int) -> float:
    """Repulsion of unit strength by force law, at distance/contact distance = separation up to 1."""
    if law == LINEAR:
        return 1.0 - separation
    if law == LOGARITHMIC:
        return -np.log(separation)
    return (1.0 - separation) * (1.0 - separation)


@inner_kernel
def pair_speed(d: float, packed: Any, i: int, j: int, types: Any, affinity: Any, law: int) -> float:
    """Speed (µm/min) at which cell j, at distance d, drives cell i away from itself; affinity None: 1."""
    # no branches on distance: half of all pairs fall on either side, which no processor can predict
    separation = min(1.0, d / (packed[i, RADIUS] + packed[j, RADIUS]))
    near = max(0.0, 1.0 - d / (packed[i, ADHESION_REACH] + packed[j, ADHESION_REACH]))
    repulsion = packed[i, ROOT_REPULSION] * packed[j, ROOT_REPULSION] * push(separation, law)
    adhesion = packed[i, ROOT_ADHESION] * packed[j, ROOT_ADHESION]
    if affinity is not None:
        adhesion *= affinity[types[i], types[j]]
    return repulsion - adhesion * near * near


@inner_kernel
def apart(seed: Any, mine: Any, other: Any, planar: int) -> tuple[float, float, float]:
    """A drawn unit direction for two cells at one place: opposite for the two, the same at any time."""
    pair = mine ^ other
    scale = 1.0 / 18446744073709551616.0
    angle = 2.0 * np.pi * scale * np.float64(bits(seed, OVERLAP, pair, 0))
    height = 0.0
    if planar == 0:
        height = 2.0 * scale * np.float64(bits(seed, OVERLAP, pair, 1)) - 1.0
    across = np.sqrt(1.0 - height * height)
    sign = 1.0 if mine < other else -1.0
    return sign * across * np.cos(angle), sign * across * np.sin(angle), sign * height


@parallel_kernel
def pack_cells(
    position: Any, types: Any, fluid: Any, nuclear: Any, cytoplasmic: Any, behaviour: Any, table: Any,
    built: Any, slack: float, packed: Any, stale: Any,
) -> None:  # fmt: skip
    """Gather what a pair needs into one row a cell; stale[0] = 1 if one moved or grew by more than slack."""
    for i in prange(position.shape[0]):
        kind = types[i]
        radius = np.cbrt((fluid[i] + nuclear[i] + cytoplasmic[i]) * (3.0 / (4.0 * np.pi)))
        for axis in range(3):
            packed[i, axis] = position[i, axis]
        packed[i, RADIUS] = radius
        packed[i, ADHESION_REACH] = table.relative_adhesion_distance[kind] * radius
        packed[i, ROOT_REPULSION] = table.root_repulsion[kind]
        packed[i, ROOT_ADHESION] = table.root_adhesion[kind]
        if table.columns[REPULSION] != UNDRIVEN:
            packed[i, ROOT_REPULSION] = np.sqrt(behaviour[i, table.columns[REPULSION]])
        if table.columns[ADHESION] != UNDRIVEN:
            packed[i, ROOT_ADHESION] = np.sqrt(behaviour[i, table.columns[ADHESION]])
        if table.columns[ADHESION_DISTANCE] != UNDRIVEN:
            packed[i, ADHESION_REACH] = behaviour[i, table.columns[ADHESION_DISTANCE]] * radius
        packed[i, REACH] = max(packed[i, RADIUS], packed[i, ADHESION_REACH])
        if built.shape[0] > i:
            square = 0.0
            for axis in range(3):
                square += (packed[i, axis] - built[i, axis]) ** 2
            if not np.sqrt(square) + (packed[i, REACH] - built[i, REACH]) <= slack:
                stale[0] = 1


@inlined_kernel
def velocity_of(
    i: int, packed: Any, counts: Any, rows: Any, keys: Any, types: Any, affinity: Any, seed: Any, law: int,
    planar: int,
) -> tuple[float, float, float]:  # fmt: skip
    """Velocity of cell i, summed over its neighbours in ascending order."""
    vx, vy, vz = 0.0, 0.0, 0.0
    for k in range(counts[i]):
        j = rows[i, k]
        dx = packed[i, X] - packed[j, X]
        dy = packed[i, Y] - packed[j, Y]
        dz = packed[i, Z] - packed[j, Z]
        d = np.sqrt(dx * dx + dy * dy + dz * dz)
        if d < COINCIDENT:
            dx, dy, dz = apart(seed, keys[i], keys[j], planar)
            speed = pair_speed(COINCIDENT, packed, i, j, types, affinity, law)
        else:
            speed = pair_speed(d, packed, i, j, types, affinity, law) / d
        vx += speed * dx
        vy += speed * dy
        vz += speed * dz
    return vx, vy, vz


@parallel_kernel
def move_cells(
    packed: Any, counts: Any, rows: Any, keys: Any, types: Any, table: Any, seed: Any, drive: Any, dt: float,
    law: int, planar: int, size: Any, position: Any, previous: Any, known: Any,
) -> None:  # fmt: skip
    """Find the velocity of each cell that moves, and move it one step."""
    affinity, movable = table.affinity, table.movable
    for i in prange(packed.shape[0]):
        if movable.shape[0] > 0 and not movable[types[i]]:
            continue
        if affinity.shape[0] == 0:  # of its own: a look-up in the loop over neighbours costs much
            velocity = velocity_of(i, packed, counts, rows, keys, types, None, seed, law, planar)
        else:
            velocity = velocity_of(i, packed, counts, rows, keys, types, affinity, seed, law, planar)
        advance_one(i, velocity, drive, dt, planar, size, position, previous, known)


@inner_kernel
def advance_one(
    i: int,
    velocity: Any,
    drive: Any,
    dt: float,
    planar: int,
    size: Any,
    position: Any,
    previous: Any,
    known: Any,
) -> None:
    """One Adams–Bashforth step of cell i (Euler if it has no earlier velocity), kept in the box."""
    for axis in range(2 if planar else 3):
        v = velocity[axis]
        before = previous[i, axis] if known[i] else v
        x = position[i, axis] + dt * (1.5 * v - 0.5 * before)
        if drive.shape[0] > i:
            x += dt * drive[i, axis]
        if x < 0.0 or x > size[axis]:
            x = min(max(x, 0.0), size[axis])
            v = 0.0
        position[i, axis] = x
        previous[i, axis] = v
    known[i] = 1


class Mechanics:
    """Moves all cells by one step of dt (min) in a box of `size` (µm); in a `planar` tissue z stays.

    `drive`, if set, holds each cell's own velocity (n, 3) in µm/min.
    """

    name = "mechanics"

    def __init__(
        self, table: MechanicsTable, size: tuple[float, float, float], *, every: int, dt: float,
        planar: bool = False, law: int = QUADRATIC, skin: float = 2.0,
    ) -> None:  # fmt: skip
        self.table, self.size = table, np.asarray(size, float)
        self.every, self.dt, self.planar, self.law = every, dt, int(planar), law
        self.neighbours = NeighbourList(skin)
        self.drive: NDArray[np.float64] | None = None
        self._version = -1
        self._packed: NDArray[np.float64] = np.empty((0, PACKED))

    def step(self, state: Any, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Advance the positions of `state.cells` by one step."""
        if state.cells.n:
            self.advance(state.cells, draw)

    def advance(self, cells: Cells, draw: Draw) -> None:
        """Advance positions by one step, renewing the neighbour list when it may be incomplete."""
        packed = self._pack(cells)
        drive = np.empty((0, 3)) if self.drive is None else np.ascontiguousarray(self.drive, float)
        move_cells(
            packed, self.neighbours.counts, self.neighbours.rows, cells.view("key"), cells.view("type"),
            self.table, draw.seed, drive, float(self.dt), self.law, self.planar, self.size,
            cells.view("position"), cells.view("previous_velocity"), cells.view("velocity_known"),
        )  # fmt: skip

    def _pack(self, cells: Cells) -> NDArray[np.float64]:
        if len(self._packed) < cells.n:
            self._packed = np.empty((cells.capacity, PACKED))
        packed, stale = self._packed[: cells.n], np.zeros(1, np.int64)
        same = cells.version == self._version
        built = self.neighbours.built if same else np.empty((0, PACKED))
        volumes = (cells.view(part) for part in ("fluid", "nuclear_solid", "cytoplasmic_solid"))
        slack = 0.5 * self.neighbours.skin
        pack_cells(
            cells.view("position"), cells.view("type"), *volumes, cells.view("behaviour"), self.table,
            built, slack, packed, stale,
        )  # fmt: skip
        if stale[0] or not same:
            self.neighbours.build(packed, self._foreseen())
            self._version = cells.version
        return packed

    def _foreseen(self) -> NDArray[np.float64] | None:
        """How far each cell migrates (µm) in the steps that a list of neighbours is to serve.

        Where many migrate, long lists cost more than new ones.
        """
        if self.drive is None:
            return None
        step = self.dt * np.sqrt((self.drive * self.drive).sum(axis=1))
        furthest = FURTHEST if (step > 0.0).mean() < FEW else FURTHEST_OF_MANY
        return np.asarray(np.minimum(AHEAD * step, furthest))


class SortInSpace:
    """Reorders cells now and then so that neighbours in space are neighbours in memory."""

    name = "sort in space"

    def __init__(self, *, every: int, edge: float = 25.0) -> None:
        self.every, self.edge = every, edge

    def step(self, state: Any, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Put `state.cells` in the order of bins of `edge` µm."""
        state.cells.permute(spatial_order(state.cells.view("position"), self.edge))
