"""How a population moves over a step: transport, matrix and surfaces of a carrier and its riders, as one.

Each goes through the two stages of `stages`, all with one operator. One that would end below zero somewhere
takes the stage that never does, on its own, so that no other is changed by it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exocosm.tissue.fields import BELOW_ZERO
from exocosm.tissue.matrix import Matrix
from exocosm.tissue.state import State
from exocosm.tissue.uptake import CellRates, Surface
from exocosm.tissue.vesicle_books import Moves

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Moving:
    """The field of a carrier or rider, the column of what cells hold of it, and their release per min."""

    name: str
    suffix: str
    column: int
    released: Array


@dataclass(frozen=True)
class Uptakes:
    """Rates of cells over a step: clearance of footprints, intrinsic ones (µm³/min), share of own release."""

    rates: CellRates
    clearance: Array
    intrinsic: Array
    own: Array


@dataclass(frozen=True)
class Exchange:
    """What acts on a carrier and its riders alike over a stage: surfaces, matrix, their sinks per voxel."""

    surface: Surface
    open_volume: Array
    sink: Array
    minutes: float


@dataclass(frozen=True)
class Transport:
    """Transport of one population with footprints of half-width `width` µm, and its binding to the matrix."""

    width: float
    matrix: Matrix | None

    def advance(self, state: State, moving: list[Moving], uptakes: Uptakes, minutes: float) -> list[Moves]:
        """Advance a carrier, the first of `moving`, and its riders by a step; what moved of each."""
        leader = moving[0].name
        stages = state.fields[leader].stages(minutes)
        start = [self._held(state, thing) for thing in moving]
        first = self._stage(state, leader, moving, uptakes, stages.first)
        middle = [self._held(state, thing) for thing in moving]
        for thing, old, new in zip(moving, start, middle, strict=True):
            both = zip(old, new, strict=True)
            self._hold(state, thing, [stages.further(before, after) for before, after in both])
        second = self._stage(state, leader, moving, uptakes, stages.second)
        done = [two.after(one, stages.ahead) for one, two in zip(first, second, strict=True)]
        below = [i for i, moved in enumerate(second) if not moved.sound]
        if below:
            for i in below:
                self._hold(state, moving[i], middle[i])
            rest = stages.never_negative
            again = self._stage(state, leader, [moving[i] for i in below], uptakes, rest.second)
            for i, moved in zip(below, again, strict=True):
                done[i] = moved.after(first[i], rest.ahead)
        return done

    def _held(self, state: State, thing: Moving) -> list[Array]:
        """Copies of what field, surfaces and matrix hold."""
        bound = state.cells.view(f"bound{thing.suffix}")[:, thing.column]
        matrix = [state.matrix[thing.name].copy()] if self.matrix else []
        return [state.fields[thing.name].values.copy(), bound.copy(), *matrix]

    def _hold(self, state: State, thing: Moving, held: list[Array]) -> None:
        state.fields[thing.name].values[...] = held[0]
        state.cells.view(f"bound{thing.suffix}")[:, thing.column] = held[1]
        if self.matrix:
            state.matrix[thing.name] = held[2]

    def _stage(
        self, state: State, leader: str, moving: list[Moving], uptakes: Uptakes, minutes: float
    ) -> list[Moves]:
        """One implicit stage of `minutes`, with the operator of the `leader`."""
        exchange = self.exchange(state, leader, uptakes, minutes)
        state.fields[leader].prepare(minutes, exchange.sink)
        return [self._move(state, leader, thing, exchange) for thing in moving]

    def exchange(self, state: State, leader: str, uptakes: Uptakes, minutes: float) -> Exchange:
        """Surfaces and matrix as a carrier meets them, with the sinks that they are in each voxel."""
        surface = uptakes.rates.surface(uptakes.clearance, uptakes.intrinsic, uptakes.own, minutes)
        open_volume, sink = state.fields[leader].stock, np.zeros(state.grid.shape)
        state.footprint(self.width).spread(surface.sink, sink)
        if self.matrix:
            sink += self.matrix.sink(open_volume, minutes)
        return Exchange(surface, open_volume, sink, minutes)

    def _move(self, state: State, leader: str, thing: Moving, exchange: Exchange) -> Moves:
        """Advance the field, surfaces and matrix of one thing by a stage; returns what moved."""
        bound = state.cells.view(f"bound{thing.suffix}")[:, thing.column]
        field, foot, surface = state.fields[thing.name], state.footprint(self.width), exchange.surface
        source = np.zeros(state.grid.shape)
        foot.spread(surface.source(bound, thing.released), source)
        if self.matrix:
            source += self.matrix.source(state.matrix[thing.name], exchange.minutes)
        flows = field.step_prepared(state.fields[leader], exchange.minutes, source, exchange.sink)
        after, entered = surface.advance(bound, foot.sample(field.solved, 1), thing.released)
        caught, matrix = float((after - bound).sum()), self._matrix_step(state, thing.name, exchange)
        bound[...] = after
        held = [bound, state.matrix[thing.name]] if self.matrix else [bound]
        sound = all(float(amounts.min(initial=0.0)) >= 0.0 for amounts in held)
        return Moves(flows, caught, *matrix, entered, sound and flows.below_zero <= BELOW_ZERO)

    def _matrix_step(self, state: State, name: str, exchange: Exchange) -> tuple[float, float]:
        """Advance what the matrix holds; returns what it gained and what decayed there."""
        if self.matrix is None:
            return 0.0, 0.0
        before, solved = state.matrix[name], state.fields[name].solved[1:-1, 1:-1, 1:-1]
        after, decayed = self.matrix.advance(before, exchange.open_volume, solved, exchange.minutes)
        state.matrix[name] = after
        return float((after - before).sum()), decayed
