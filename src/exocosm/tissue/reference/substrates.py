"""One step of a substrate and its cells, solved directly again and again until uptake obeys its law."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exocosm.tissue.cells import LIVE
from exocosm.tissue.fields import Field
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


def solve(field: Field, source: Array, sink: Array, dt: float | None) -> Array:
    """Concentrations after dt, or in the steady state."""
    numbers = (field.grid, field.conductivity, field.stock, field.decay_rate, source, sink)
    rest = (field.faces, field.held, field.values)
    return steady(*numbers, *rest) if dt is None else euler_step(*numbers, *rest, dt)


def step(state: State, substrate: Substrate) -> Step:
    """One step of the substrate from `state`, which is left as it is."""
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

    seen = np.array([float((share * field.values).sum()) for share in shares])
    for _ in range(ROUNDS):
        sink = np.zeros(grid.shape)
        for i in alive:
            sink += law(i, max(seen[i], 1e-300)) / max(seen[i], 1e-300) * shares[i]
        values = solve(field, source, sink, None if substrate.steady else substrate.minutes)
        before, seen = seen, np.array([float((share * values).sum()) for share in shares])
        if np.abs(seen - before).max() <= 1e-13 * np.abs(seen).max():
            break
    taken = np.array([law(i, seen[i]) if i in alive else 0.0 for i in range(cells.n)])
    return Step(values, taken, seen, float(source.sum()))
