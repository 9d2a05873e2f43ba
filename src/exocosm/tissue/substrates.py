"""Substrates between cells and field: constant secretion, first-order and saturable uptake.

Uptake of a cell is (uptake_rate * volume + max_uptake / (half_saturation + c)) * c at the concentration c of
its footprint, the second term after Michaelis and Menten. The saturable clearance is iterated until the
amount taken agrees with the law; it falls to nothing with c, so that a sink that runs dry takes what there
is. Dead cells neither secrete nor take up, but for what a rule that applies to the dead says. A quasi-steady
field has no stock: its supply and use are tallied.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.draws import Draw
from exocosm.ground.ledger import Ledger
from exocosm.tissue.behaviours import NO_RULES, Behaviours
from exocosm.tissue.cells import Cells
from exocosm.tissue.fields import BELOW_ZERO, Field, Flows
from exocosm.tissue.state import State
from exocosm.tissue.weights import Footprint

Array = NDArray[np.float64]
ITERATIONS = 500
WORDS = ("secretion", "uptake", "maximum uptake")  # behaviours of the grammar, after the substrate's name
AGREEMENT = 1e-4
"""Relative difference between the uptake solved and the uptake of the law at which iteration ends."""


@dataclass(frozen=True)
class ExchangeRates:
    """Rates per cell, or per cell type: secretion amount/min, clearance µm³/min, saturable amount/min, c."""

    secretion: Array
    uptake_rate: Array
    max_uptake: Array
    half_saturation: Array

    def of_cells(self, cells: Cells, substrate: str, behaviours: Behaviours = NO_RULES) -> ExchangeRates:
        """Rates of each cell from rates of each type; the dead have only those that a rule gives them."""
        secretion, uptake_rate, max_uptake = (
            behaviours.of_active(cells, f"{substrate} {word}", rate)
            for word, rate in zip(WORDS, (self.secretion, self.uptake_rate, self.max_uptake), strict=True)
        )
        return ExchangeRates(secretion, uptake_rate, max_uptake, self.half_saturation[cells.view("type")])

    def clearance(self, volume: Array, c: Array) -> Array:
        """Clearance of each cell, µm³/min, when it sees concentration c."""
        scale = np.maximum(self.half_saturation + c, 1e-12)
        saturable = self.max_uptake / scale
        return np.asarray(self.uptake_rate * volume + saturable)


def exchange(
    field: Field,
    foot: Footprint,
    rates: ExchangeRates,
    volume: Array,
    dt: float | None,
    agreement: float = AGREEMENT,
) -> tuple[Flows, Array, Array]:
    """Advance a field by dt (None: to its steady state) with its cells; returns flows, uptake and c per cell.

    Uptake is an amount for a step of dt and amount/min for a steady state.
    """
    source = np.zeros(field.grid.shape)
    foot.spread(rates.secretion, source)
    repeats = dt is not None and bool(rates.max_uptake.any())  # else one solution agrees with the law
    before = field.values.copy() if repeats else None
    c = foot.sample(field.c, 1)
    for _ in range(ITERATIONS):
        clearance = rates.clearance(volume, c)
        sink = np.zeros(field.grid.shape)
        foot.spread(clearance, sink)
        flows = field.relax(source, sink) if dt is None else field.step(dt, source, sink)
        c = foot.sample(field.solved, 1)
        taken = clearance * c
        gap = float(np.abs(taken - rates.clearance(volume, c) * c).sum())
        if gap <= agreement * float(taken.sum()):
            break
        if before is not None:
            field.values[...] = before
    else:
        if (
            before is not None
        ):  # not settled: take what the last iterate took, the balance is exact all the same
            flows = field.step(dt or 0.0, source, sink)
            taken = clearance * foot.sample(field.solved, 1)
    return flows, taken * (dt if dt is not None else 1.0), foot.sample(field.c, 1)


def advance(
    field: Field, foot: Footprint, rates: ExchangeRates, volume: Array, dt: float
) -> tuple[Flows, Array, Array]:
    """Advance a field and its cells by dt in two stages; returns what `exchange` does."""
    stages, start = field.stages(dt), field.values.copy()
    first, taken, _ = exchange(field, foot, rates, volume, stages.first)
    middle = field.values.copy()
    field.values[...] = stages.further(start, middle)
    flows, more, seen = exchange(field, foot, rates, volume, stages.second)
    if flows.below_zero > BELOW_ZERO:
        stages, field.values[...] = stages.never_negative, middle
        flows, more, seen = exchange(field, foot, rates, volume, stages.second)
    return flows.after(first, stages.ahead), stages.ahead * taken + more, seen


class Substrate:
    """Process: one substrate of the tissue and its exchange with all cells."""

    def __init__(
        self,
        name: str,
        index: int,
        rates: ExchangeRates,
        width: float,
        *,
        every: int,
        tick: float,
        steady: bool,
        behaviours: Behaviours = NO_RULES,
    ) -> None:
        self.behaviours = behaviours
        self.name, self.every = name, every
        self.index, self.rates, self.width, self.steady = index, rates, width, steady
        self.minutes = every * tick

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Advance the field, book what moved, tell each cell the concentration it sees."""
        cells = state.cells
        field, foot = state.fields[self.name], state.footprint(self.width)
        rates = self.rates.of_cells(cells, self.name, self.behaviours)
        volume = cells.total_volume()
        if self.steady:
            flows, taken, seen = exchange(field, foot, rates, volume, None)
        else:
            flows, taken, seen = advance(field, foot, rates, volume, self.minutes)
        cells.view("signals")[:, self.index] = seen
        secreted = float(rates.secretion.sum()) * self.minutes
        if self.steady:
            used = float(taken.sum())
            moved = [flows.inflow, secreted / self.minutes, flows.outflow, flows.decayed, used]
            row = np.array([*moved, flows.residual])
            state.tallies.turnover[self.index] += row * self.minutes
            return
        cells.view("substrate")[:, self.index] += taken
        ledger.move(self.name, "released", "field", secreted)
        ledger.move(self.name, "field", "inside", float(taken.sum()))
        ledger.move(self.name, "field", "decayed", flows.decayed)
        ledger.move(self.name, "supplied", "field", flows.inflow)
        ledger.move(self.name, "field", "left", flows.outflow)
