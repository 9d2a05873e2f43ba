"""One step of a substrate and its cells, solved directly again and again until uptake obeys its law."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exocosm.tissue.cells import LIVE
from exocosm.tissue.reference.fields import euler_step, steady
from exocosm.tissue.reference.weights import footprint
from exocosm.tissue.state import State
from exocosm.tissue.substrates import Substrate

Array = NDArray[np.float64]
ROUNDS = 500


@dataclass(frozen=True)
class Step:
    """The field after the step; of each cell the uptake per minute and what it sees; secretion per minute."""

    values: Array
    uptake: Array
    seen: Array
    secreted: float


def uptake(uptake_rate: float, max_uptake: float, half_saturation: float, volume: float, c: float) -> float:
    """Amount a live cell takes up per minute at c: first order, and saturable (Michaelis & Menten 1913)."""
    return uptake_rate * volume * c + max_uptake * c / (half_saturation + c)


@dataclass(frozen=True)
class Stage:
    """The end of a stage, or a steady state: the field; of each cell uptake per minute and what it sees."""

    values: Array
    uptake: Array
    seen: Array


def step(state: State, substrate: Substrate) -> Step:
    """One step of the substrate from `state`, which is left as it is."""
    field, rates, cells = state.fields[substrate.name], substrate.rates, state.cells
    alive = cells.view("life") == LIVE
    secreted = float(rates.secretion[cells.view("type")][alive].sum())
    if substrate.steady:
        end = solve(state, substrate, field.values, None)
        return Step(end.values, end.uptake, end.seen, secreted)
    dt, stages = substrate.minutes, field.stages(substrate.minutes)
    one = solve(state, substrate, field.values, stages.first)
    ahead = field.values + stages.ahead * (one.values - field.values)
    two = solve(state, substrate, ahead, stages.second)
    uptake = (stages.ahead * stages.first * one.uptake + stages.second * two.uptake) / dt
    return Step(two.values, uptake, two.seen, secreted)


def solve(state: State, substrate: Substrate, start: Array, dt: float | None) -> Stage:
    """Solve an implicit stage of dt, or the steady state, again and again until uptake obeys its law."""
    cells, grid, field, rates = state.cells, state.grid, state.fields[substrate.name], substrate.rates
    shares = [footprint(p, grid, substrate.width) for p in cells.view("position")]
    alive = [i for i in range(cells.n) if cells.view("life")[i] == LIVE]
    kind, volume = cells.view("type"), cells.total_volume()
    source = np.zeros(grid.shape)
    for i in alive:
        source += rates.secretion[kind[i]] * shares[i]

    def law(i: int, c: float) -> float:
        k = kind[i]
        return uptake(rates.uptake_rate[k], rates.max_uptake[k], rates.half_saturation[k], volume[i], c)

    numbers = (field.grid, field.conductivity, field.stock, field.decay_rate, source)
    ends = (field.faces, field.held, start)
    seen = np.array([float((share * start).sum()) for share in shares])
    for _ in range(ROUNDS):
        sink = np.zeros(grid.shape)
        for i in alive:
            sink += law(i, max(seen[i], 1e-300)) / max(seen[i], 1e-300) * shares[i]
        values = steady(*numbers, sink, *ends) if dt is None else euler_step(*numbers, sink, *ends, dt)
        before, seen = seen, np.array([float((share * values).sum()) for share in shares])
        if np.abs(seen - before).max() <= 1e-13 * np.abs(seen).max():
            break
    taken = np.array([law(i, seen[i]) if i in alive else 0.0 for i in range(cells.n)])
    return Stage(values, taken, seen)
