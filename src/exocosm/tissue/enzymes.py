"""Enzymes on vesicles convert a dissolved substrate into another (or into nothing that is followed).

E copies in a voxel of volume V turn over k c / (K + c) each (Michaelis & Menten). Over a step, with the
copies as they are, dc/dt = -v c / (K + c) has the exact solution

    c(t) = K W(c0 / K exp((c0 - v t) / K)),     v = k E / (602.2 V) in µM/min,

with Lambert's W (Schnell & Mendoza 1997, 10.1006/jtbi.1997.0425); in it c falls, and never below zero. What
is converted leaves the one substrate (`consumed`) and enters the other (`formed`) in the same voxel. Copies
act in the fluid, on the matrix and on cells; those of a cell are spread over its footprint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.draws import Draw
from exocosm.ground.ledger import Ledger
from exocosm.tissue.capture import Moving, copies_on
from exocosm.tissue.delivery import COPIES_PER_AMOUNT
from exocosm.tissue.state import State

Array = NDArray[np.float64]
NEWTON = 60


@dataclass(frozen=True)
class Kinetics:
    """Rates of one enzyme: `turnover` 1/min and copy, `half_saturation` µM."""

    converts: str
    into: str | None
    turnover: float
    half_saturation: float


class Enzymes:
    """Process: one enzyme on the vesicles of one population."""

    def __init__(
        self,
        name: str,
        kinetics: Kinetics,
        bearers: tuple[tuple[Moving, float], ...],
        width: float,
        *,
        every: int,
        tick: float,
    ) -> None:
        self.name, self.kinetics, self.bearers, self.width = name, kinetics, bearers, width
        self.every, self.minutes = every, every * tick

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Convert over one step in every voxel where the substrate is not held."""
        kinetics = self.kinetics
        field = state.fields[kinetics.converts]
        fastest = kinetics.turnover * self.copies(state) / (COPIES_PER_AMOUNT * field.stock)
        after = converted(field.values, fastest * self.minutes, kinetics.half_saturation)
        amount = (field.values - after) * field.stock
        supplied = float(amount[field.held].sum())
        field.values[...] = np.where(field.held, field.values, after)
        ledger.move(kinetics.converts, "supplied", "field", supplied)
        ledger.move(kinetics.converts, "field", "consumed", float(amount.sum()))
        if kinetics.into is not None:
            self._form(state, kinetics.into, amount, ledger)

    def copies(self, state: State) -> Array:
        """Copies of the enzyme in each voxel."""
        total, on_cells = np.zeros(state.grid.shape), np.zeros(state.cells.n)
        for moving, copies in self.bearers:
            total += copies * moving.amount(state, "field")
            on_cells += copies * moving.amount(state, "surface")
            if moving.name in state.matrix:
                total += copies * moving.amount(state, "matrix")
        state.footprint(self.width).spread(on_cells, total)
        return total

    def _form(self, state: State, name: str, amount: Array, ledger: Ledger) -> None:
        field = state.fields[name]
        field.values[...] += np.where(field.held, 0.0, amount / field.stock)
        if name in ledger.row:
            ledger.move(name, "formed", "field", float(amount.sum()))
            ledger.move(name, "field", "left", float(amount[field.held].sum()))


def converted(start: Array, most: Array, half_saturation: float) -> Array:
    """Concentration that is left of `start` where saturated enzyme would take `most` (µM) over the step.

    The root of c + K ln c = c0 + K ln c0 - v t, by Newton's method in the logarithm of c / c0, which never
    overflows: f(y) = c0 (exp y - 1) + K y + v t rises and bends up, so that steps from 0 fall to the root.
    """
    y = np.zeros_like(start)
    for _ in range(NEWTON):
        grown = start * np.exp(y)
        change = (start * np.expm1(y) + half_saturation * y + most) / (grown + half_saturation)
        y = y - change
        if np.all(np.abs(change) <= 1e-14 * np.maximum(np.abs(y), 1e-2)):
            break
    return np.asarray(np.minimum(start * np.exp(y), start))


def enzymes_of(tissue: Any) -> list[Enzymes]:
    """The processes of all enzymes that vesicles of the model carry, population by population."""
    found = []
    for population, part in tissue.model.species.vesicles.items():
        carriers = [c.index for c in tissue.carriers if c.population == population]
        for cargo, species in tissue.model.species.cargos.items():
            if species.enzyme is None:
                continue
            borne = tuple(m for c in carriers for m in copies_on(tissue, c, cargo))
            bearers = tuple((moving, copies) for moving, copies in borne if copies > 0.0)
            if bearers:
                kinetics, every = _kinetics(species.enzyme), tissue.every(part.every)
                name, tick = f"{cargo} on {population}", tissue.clock.length
                found.append(Enzymes(name, kinetics, bearers, tissue.width, every=every, tick=tick))
    return found


def _kinetics(enzyme: Any) -> Kinetics:
    return Kinetics(enzyme.converts, enzyme.into, float(enzyme.turnover), float(enzyme.half_saturation))
