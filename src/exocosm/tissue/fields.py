"""One field: diffusion, decay, held faces and voxels, sources and first-order sinks, implicit and unsplit.

Finite volumes on the voxels of the grid, backward Euler in time, all terms in one linear system:

    V p (c' - c) / dt = sum over faces T (c'_neighbour - c') - (V p decay + sink) c' + source,

with p the share of the voxel in which the species dissolves (`porosity`) and T = h times the harmonic
mean of the conductivities on both sides. Vessels that exchange with blood add rate * V (blood - c'),
a porous plane adds its own resistance to the faces that it lies on. The system is solved by multigrid to a
tolerance; a last update from the solved fluxes then makes each voxel's balance exact whatever the tolerance
was. The scheme is of second order in space, first in time, and positive. A quasi-steady field drops the left
side.
Source of the scheme: Patankar 1980, Numerical Heat Transfer and Fluid Flow, ISBN 978-0-89116-522-4, ch. 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from exocosm.tissue.balance import LEAST, conserve, fill_deficits, held_flows
from exocosm.tissue.grid import Grid
from exocosm.tissue.multigrid import Multigrid
from exocosm.tissue.stages import Stages

Array = NDArray[np.float64]
FACES = ("x_low", "x_high", "y_low", "y_high", "z_low", "z_high")
TRANSIENT_TOLERANCE = 1e-6
STEADY_TOLERANCE = 1e-6
BELOW_ZERO = 1e-3  # share of a field that a stage may leave below zero; beyond it the step ends as Euler's


class Lines(Protocol):
    """Vessels as line sources: what they take and give follows from the conductivity of the field."""

    def coefficients(self, conductivity: Array, held: NDArray[np.bool_]) -> tuple[Array, Array]:
        """Per voxel: what is lost per level (µm³/min) and what is given (amount/min)."""


@dataclass
class Flows:
    """What one step moved, in amounts (concentration unit × µm³).

    `below_zero`: what some voxels lacked and others filled, as a share of all that there was.
    """

    decayed: float
    inflow: float
    outflow: float
    residual: float
    below_zero: float = 0.0

    def after(self, first: Flows, ahead: float) -> Flows:
        """What a step moved whose first stage moved `first`, and its second one this."""
        return Flows(
            self.decayed + ahead * first.decayed,
            self.inflow + ahead * first.inflow,
            self.outflow + ahead * first.outflow,
            self.residual + ahead * first.residual,
            self.below_zero,
        )


class Field:
    """A concentration on the grid and the numbers of its equation.

    `c` has one layer of ghosts; `values` is the part without it, (nx, ny, nz). `diffusivity` is per voxel
    in µm²/min, `decay_rate` in 1/min, `faces` the held value of each of FACES or None for no flux, `held`
    the voxels whose value is given. Concentrations are per volume of the dissolving part of the voxel,
    `porosity`. `mixing` (µm²/min) is what stirring adds to diffusivity away from cells.
    """

    def __init__(
        self,
        grid: Grid,
        *,
        diffusivity: Array | float,
        decay_rate: float = 0.0,
        initial: Array | float = 0.0,
        faces: Sequence[float | None] = (None,) * 6,
        held: NDArray[np.bool_] | None = None,
    ) -> None:
        self.grid, self.decay_rate = grid, float(decay_rate)
        self.diffusivity = np.broadcast_to(np.asarray(diffusivity, float), grid.shape).copy()
        self.held = np.zeros(grid.shape, bool) if held is None else held
        self.faces: list[float | None] = list(faces)
        self.porosity = np.ones(grid.shape)
        self._stock_of: Array | None = None  # the porosity that `_stock` is of
        self._known: tuple[Any, tuple[float, float]] | None = None  # conductivities, and what they are of
        self.obstruction = np.ones(grid.shape)
        self.mixing = 0.0
        self.plane: tuple[int, float] | None = None
        self.vessels: tuple[Array, Array] | None = None
        self.lines: list[Lines] = []
        self._lines_now: tuple[Array, Array] | None = None
        self.c = np.zeros([n + 2 for n in grid.shape])
        self.values[...] = initial
        self._solver: Multigrid | None = None
        self._any_held = bool(self.held.any())
        self._slabs = np.zeros((2, grid.shape[0]))

    @property
    def values(self) -> Array:
        """Concentrations without ghosts, a view of shape (nx, ny, nz)."""
        return self.c[1:-1, 1:-1, 1:-1]

    @property
    def conductivity(self) -> Array:
        """Flux per gradient and area of tissue: diffusivity and mixing times what cells leave open."""
        return (self.diffusivity + self.mixing) * self.obstruction

    @property
    def stock(self) -> Array:
        """Volume of each voxel in which the species dissolves, µm³."""
        if self._stock_of is not self.porosity:
            self._stock_of, self._stock = self.porosity, self.porosity * self.grid.volume
        return self._stock

    def total(self) -> float:
        """Amount in the field, without what held voxels hold."""
        amounts = self.values * self.stock
        return float(amounts[~self.held].sum()) if self.held.any() else float(amounts.sum())

    def set_face(self, face: str, value: float | None) -> None:
        """Hold a face at `value`, or close it with None."""
        self.faces[FACES.index(face)] = value
        self._solver = None

    def set_plane(self, below: int, permeability: float) -> None:
        """Lay a porous plane of a permeability (µm/min) across z, on top of `below` voxels."""
        self.plane = (below, float(permeability))
        self._solver = None

    def add_vessels(self, where: NDArray[np.bool_], rate: float, blood: float) -> None:
        """Exchange with blood of concentration `blood` at `rate` (1/min, per volume of tissue) in voxels."""
        taken, given = self.vessels or (np.zeros(self.grid.shape), np.zeros(self.grid.shape))
        amount = np.where(where & ~self.held, rate * self.grid.volume, 0.0)
        self.vessels = (taken + amount, given + blood * amount)
        self._lines_now = None

    def add_lines(self, lines: Lines) -> None:
        """Exchange with blood in vessels that are lines."""
        self.lines.append(lines)
        self._lines_now = None

    def set_diffusivity(self, diffusivity: Array) -> None:
        """Change the diffusivity of each voxel."""
        self.diffusivity = diffusivity
        self._solver = self._lines_now = None

    def forget_lines(self) -> None:
        """The walls of vessels that are lines have changed: what they pass is worked out again."""
        self._lines_now = None

    def set_porosity(self, porosity: Array, obstruction: Array) -> None:
        """Change the dissolving share of each voxel; amounts stay where they are, held values too."""
        self.values[...] *= np.where(self.held, 1.0, self.porosity / porosity)
        self.porosity, self.obstruction = porosity, obstruction
        self._solver = self._lines_now = None

    @property
    def solver(self) -> Multigrid:
        """Multigrid of the present faces, held voxels and conductivities; it shares `c`."""
        if self._solver is None:
            split = self.plane[0] if self.plane else 0
            self._solver = Multigrid(self._transmissibility(), self.held, split)
            self._solver.levels[0].c = self.c
            self._fill_ghosts()
        return self._solver

    def _transmissibility(self) -> tuple[Array, Array, Array]:
        conductivity, h = self.conductivity, self.grid.voxel
        faces = []
        for axis in range(3):
            inner = np.moveaxis(conductivity, axis, 0)
            t = np.zeros((inner.shape[0] + 1, *inner.shape[1:]))
            both = inner[1:] + inner[:-1]
            t[1:-1] = (
                2.0 * h * inner[1:] * np.divide(inner[:-1], both, out=np.zeros_like(both), where=both > 0)
            )
            t[0] = 0.0 if self.faces[2 * axis] is None else 2.0 * h * inner[0]
            t[-1] = 0.0 if self.faces[2 * axis + 1] is None else 2.0 * h * inner[-1]
            if axis == 2 and self.plane:
                below, through = self.plane[0], self.plane[1] * h * h
                t[below] *= through / (t[below] + through) if through else 0.0
            faces.append(np.ascontiguousarray(np.moveaxis(t, 0, axis)))
        return faces[0], faces[1], faces[2]

    def _conductivities(self) -> tuple[float, float]:
        """The greatest and the mean conductivity."""
        present = (self.diffusivity, self.obstruction, self.mixing)
        known = self._known
        if known is None or any(old is not new for old, new in zip(known[0], present, strict=True)):
            conductivity = self.conductivity
            known = self._known = present, (float(conductivity.max()), float(conductivity.mean()))
        return known[1]

    @property
    def spread(self) -> float:
        """Mean diffusion coefficient (µm²/min) of what is dissolved."""
        return self._conductivities()[1] / float(self.porosity.mean())

    def stages(self, dt: float) -> Stages:
        """The two stages of a step of `dt` min, of second order in this field."""
        return Stages.of(dt, self.spread, self.grid.voxel, sum(n > 1 for n in self.grid.shape) or 1)

    def _fill_ghosts(self) -> None:
        for axis in range(3):
            ghosts = np.moveaxis(self.c, axis, 0)
            ghosts[0] = self.faces[2 * axis] or 0.0
            ghosts[-1] = self.faces[2 * axis + 1] or 0.0

    def step(self, dt: float, source: Array, sink: Array, tolerance: float = TRANSIENT_TOLERANCE) -> Flows:
        """Advance by `dt` min with `source` (amount/min) and first-order `sink` (µm³/min) per voxel.

        What the sinks took is sink * (solved c) * dt; the solved c is left in `solved` for the caller.
        """
        self.prepare(dt, sink)
        return self._advance(dt, source, sink, tolerance)

    def prepare(self, dt: float, sink: Array) -> None:
        """Set up the operator of steps of `dt` min with first-order `sink` (µm³/min) per voxel."""
        lost, _ = self._blood()
        self.solver.set_diagonal(self.stock * (1.0 / dt + self.decay_rate) + sink + lost)

    def step_prepared(
        self, leader: Field, dt: float, source: Array, sink: Array, tolerance: float = TRANSIENT_TOLERANCE
    ) -> Flows:
        """`step` with what `leader`, maybe this field, has prepared: its walls, decay, sinks and dt."""
        if leader is self:
            return self._advance(dt, source, sink, tolerance)
        shared, own = leader.solver.levels[0], leader.c
        self._solver, shared.c = leader.solver, self.c
        lost, _ = leader._blood()  # with what its vessels that are lines take, which are then no more its own
        self.lines = []
        self.vessels = None if isinstance(lost, float) else (lost, np.zeros_like(source))
        try:
            return self._advance(dt, source, sink, tolerance)
        finally:
            self._solver, shared.c = None, own

    def _advance(self, dt: float, source: Array, sink: Array, tolerance: float) -> Flows:
        solver, stock = self.solver, self.stock
        _, given = self._blood()
        right = self.values * (stock / dt) + source + given
        scale = float(np.abs(right).sum()) + sum(self._held_rates(source, sink))
        residual = solver.solve(right, max(tolerance * scale, self._rounding()))
        np.maximum(self.values, 0.0, out=self.values)  # `conserve` balances from any c; uptake is at least 0
        self.solved = self.c.copy()
        inflow, outflow = self._rates_across(source, sink)
        sums, lows = self._slabs
        level = solver.levels[0]
        conserve(self.c, right, *level.transmissibility, level.inverse, stock, dt, sums, lows)
        lacking = self._fill(stock) / (scale * dt) if lows.min() < 0.0 else 0.0
        decayed = float(sums.sum()) * self.decay_rate * dt
        return Flows(decayed, inflow * dt, outflow * dt, residual * dt, lacking)

    def _fill(self, stock: Array) -> float:
        """Refill what is below zero; returns the amount, infinite where the neighbours had too little."""
        lacking = -float((self.values * stock)[(self.values < 0.0) & ~self.held].sum())
        return lacking if fill_deficits(self.c, stock, self.held) <= 1e-3 * lacking else np.inf

    def relax(self, source: Array, sink: Array, tolerance: float = STEADY_TOLERANCE) -> Flows:
        """Go to the steady state, starting from the present values; flows are per minute.

        `residual` is the sum over voxels of |supply - use|, at most `tolerance` times the use.
        """
        solver, stock = self.solver, self.stock
        lost, given = self._blood()
        loss = stock * self.decay_rate + sink + lost
        solver.set_diagonal(loss)
        secreted = float(source.sum())
        inflow, outflow = self._rates_across(source, sink)
        rounding = self._rounding()
        use = max(secreted + inflow, outflow, float((loss * self.values).sum()))
        for _ in range(20):
            residual = solver.solve(source + given, max(tolerance * use, rounding))
            inflow, outflow = self._rates_across(source, sink)
            use = max(secreted + inflow, outflow)
            if residual <= max(tolerance * use, rounding):
                break
        self.values[self.values < LEAST] = 0.0
        self.solved = self.c
        free = np.where(self.held, 0.0, stock)
        return Flows(float((self.values * free).sum()) * self.decay_rate, inflow, outflow, residual)

    def _rounding(self) -> float:
        """Residual (amount/min) that rounding leaves where fluxes between voxels cancel."""
        highest = max(float(self.values.max()), max((face or 0.0) for face in self.faces))
        conductance = 6.0 * self.grid.voxel * self._conductivities()[0]
        return max(1e-15 * highest * conductance * self.values.size, 1e-300)

    def _blood(self) -> tuple[Array | float, Array | float]:
        """What is lost per level and what is given by blood, in all vessels."""
        spread = self.vessels or (0.0, 0.0)
        if not self.lines:
            return spread
        lost, given = self._by_lines()
        return lost + spread[0], given + spread[1]

    def _by_lines(self) -> tuple[Array, Array]:
        """The same in the vessels that are lines, at the present conductivity."""
        if self._lines_now is None:
            parts = [line.coefficients(self.conductivity, self.held) for line in self.lines]
            lost, given = np.zeros(self.grid.shape), np.zeros(self.grid.shape)
            for taken, brought in parts:
                lost, given = lost + taken, given + brought
            self._lines_now = lost, given
        return self._lines_now

    def _rates_across(self, source: Array, sink: Array) -> tuple[float, float]:
        """Rates at which matter enters and leaves by held faces, held voxels and vessels.

        By vessels spread through a region both ways count, by lines what a voxel gains or loses.
        """
        inflow, outflow = self._held_rates(source, sink)
        if self.vessels is not None:
            lost, given = self.vessels
            inflow, outflow = inflow + float(given.sum()), outflow + float((lost * self.values).sum())
        if self.lines:
            lost, given = self._by_lines()
            gain = given - lost * self.values
            inflow += float(gain[gain > 0.0].sum())
            outflow -= float(gain[gain < 0.0].sum())
        return inflow, outflow

    def _held_rates(self, source: Array, sink: Array) -> tuple[float, float]:
        """Rates at which matter enters and leaves by held faces and voxels.

        What cells release into held voxels leaves at once; what they take from them is supplied.
        """
        inflow = outflow = 0.0
        if self._any_held:
            inflow = float((sink * self.values)[self.held].sum())
            outflow = float(source[self.held].sum())
        for flow in held_flows(self.c, self.solver.levels[0].transmissibility, self.held):
            inflow += float(flow[flow > 0.0].sum())
            outflow -= float(flow[flow < 0.0].sum())
        return inflow, outflow
