"""Fate: vesicles in endosomes escape and open, go back out, or end in lysosomes.

Each vesicle leaves at `rate` by itself: those that stay over a step are binomial with exp(-rate dt); of
those that leave, so many escape and so many are recycled. What rides on vesicles goes with them: copies are
spread evenly over the vesicles, and the last takes all. Half of a step passes before transport and half after
it, so that what enters within a step is treated to second order (Strang 1968, 10.1137/0705041).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.draws import Draw, Purpose
from exocosm.ground.ledger import Ledger
from exocosm.tissue.behaviours import NO_RULES, Behaviours
from exocosm.tissue.cells import LIVE, Cells
from exocosm.tissue.delivery import COPIES_PER_AMOUNT, Delivery, deliver, deliver_rider
from exocosm.tissue.manifest import move_manifest, move_vesicles
from exocosm.tissue.random_counts import Counts
from exocosm.tissue.state import State

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
Rows = NDArray[np.int64]
WAYS = ("escaped", "recycled", "degraded")
WHOLE, BEFORE, AFTER = "", "before", "after"


@dataclass(frozen=True)
class FateRates:
    """By cell type (types,): whether it has endosomes, 1/min at which vesicles leave them, and fractions."""

    present: NDArray[np.bool_]
    rate: Array
    escape: Array
    recycled: Array


@dataclass
class Leaving:
    """Vesicles (n,) that were held, and those of them that leave over a step, by where they go."""

    held: Numbers
    escaped: Numbers
    recycled: Numbers
    degraded: Numbers


class Endosome:
    """Process: the vesicles of one population in the endosomes of all live cells."""

    def __init__(
        self,
        population: str,
        carriers: tuple[int, ...],
        rates: FateRates,
        delivery: Delivery,
        behaviours: Behaviours = NO_RULES,
        *,
        every: int,
        tick: float,
        half: str = WHOLE,
    ) -> None:
        self.name, self.population, self.carriers = f"endosomes with {population}", population, carriers
        self.rates, self.delivery, self.behaviours = rates, delivery, behaviours
        self.every, self.half = every, half
        self.minutes = every * tick * (0.5 if half else 1.0)

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Let vesicles leave endosomes over one step."""
        cells = state.cells
        present = self.rates.present[cells.view("type")] & (cells.view("life") == LIVE)
        rows = np.flatnonzero(present)
        draws = Counts(draw, Purpose.ENDOSOME, cells.view("key")[rows], tick)
        for carrier in self.carriers:
            leaving = self._leave(cells, rows, carrier, draws)
            self._vesicles(state, rows, carrier, leaving, ledger)
            for rider, part in enumerate(self.delivery.riders):
                if part.carrier == carrier:
                    self._rider(state, rows, rider, leaving, draws, ledger)

    def _leave(self, cells: Cells, rows: Rows, carrier: int, draws: Counts) -> Leaving:
        name = self.delivery.carriers[carrier].name
        rate = self._now(cells, rows, "endosomal exit", self.rates.rate)
        escape = np.clip(self._now(cells, rows, "escape", self.rates.escape), 0.0, 1.0)
        recycled = self._now(cells, rows, "recycling", self.rates.recycled)
        held = cells.view("vesicles")[rows, carrier]
        leaving = draws.binomial((name, "leaving" + self.half), held, -np.expm1(-rate * self.minutes))
        escaped = draws.binomial((name, "escaped" + self.half), leaving, escape)
        others = np.divide(recycled, 1.0 - escape, out=np.zeros(len(rows)), where=escape < 1.0)
        back = draws.binomial((name, "recycled" + self.half), leaving - escaped, np.minimum(others, 1.0))
        return Leaving(held, escaped, back, leaving - escaped - back)

    def _vesicles(self, state: State, rows: Rows, carrier: int, leaving: Leaving, ledger: Ledger) -> None:
        cells, manifest = state.cells, self.delivery.manifest(carrier)
        escaped, recycled, degraded = (
            float(part.sum()) for part in (leaving.escaped, leaving.recycled, leaving.degraded)
        )
        cells.view("vesicles")[rows, carrier] -= leaving.escaped + leaving.recycled + leaving.degraded
        cells.view("outgoing")[rows, carrier] += leaving.recycled
        deliver(state, self.delivery, ledger, carrier, _everywhere(cells, rows, leaving.escaped), "endosome")
        ledger.move(self.population, "inside", "consumed", escaped)
        for sink, amount in (("recycled", recycled), ("lysosome", degraded)):
            ledger.move(self.population, "inside", sink, amount)
            move_manifest(ledger, manifest, "endosome", sink, amount)
        move_vesicles(ledger, self.population, manifest, "re-released", "field", recycled)

    def _rider(
        self, state: State, rows: Rows, rider: int, leaving: Leaving, draws: Counts, ledger: Ledger
    ) -> None:
        cells, part = state.cells, self.delivery.riders[rider]
        held = cells.view("vesicle_riders")
        copies, vesicles, parts = held[rows, rider], leaving.held, []
        for way in WAYS:
            going = getattr(leaving, way)
            parts.append(draws.share((part.name, way + self.half), copies, going, vesicles))
            copies, vesicles = copies - parts[-1], vesicles - going
        escaped, recycled, degraded = parts
        held[rows, rider] = copies
        cells.view("outgoing_riders")[rows, rider] += recycled
        deliver_rider(state, self.delivery, ledger, rider, _everywhere(cells, rows, escaped), "endosome")
        unit = 1.0 if part.cargo_index >= 0 else 1.0 / COPIES_PER_AMOUNT
        for source, sink, amount in (
            ("endosome", "recycled", recycled),
            ("re-released", "field", recycled),
            ("endosome", "lysosome", degraded),
        ):
            ledger.move(part.species, source, sink, unit * float(amount.sum()))

    def _now(self, cells: Cells, rows: Rows, behaviour: str, by_type: Array) -> Array:
        return self.behaviours.of(cells, f"{self.population} {behaviour}", by_type)[rows]


def _everywhere(cells: Cells, rows: Rows, amount: Numbers) -> Numbers:
    """An amount in the cells of `rows` as one of all cells."""
    out = np.zeros(cells.n, np.int64)
    out[rows] = amount
    return out


def has_fate(tissue: Any) -> NDArray[np.bool_]:
    """Whether vesicles of a population pass endosomes in a cell type, (types, populations)."""
    uptakes = [
        [t.uptake.get(name) for name in tissue.vesicles] for t in tissue.model.tissue.cell_types.values()
    ]
    present = [[part is not None and part.fate is not None for part in row] for row in uptakes]
    return np.array(present, bool).reshape(len(uptakes), len(tissue.vesicles))


def endosomes_of(tissue: Any, half: str = WHOLE) -> list[Endosome]:
    """The processes of populations with a fate in some cell type, over a half or the whole of a step."""
    present, delivery, found = has_fate(tissue), Delivery.of(tissue), []
    for p, (name, part) in enumerate(tissue.model.species.vesicles.items()):
        if not present[:, p].any():
            continue
        uptakes = [t.uptake.get(name) for t in tissue.model.tissue.cell_types.values()]
        fates = [None if uptake is None else uptake.fate for uptake in uptakes]
        rate, escape, recycled = (
            np.array([0.0 if fate is None else float(getattr(fate, field)) for fate in fates])
            for field in ("rate", "escape_fraction", "recycled_fraction")
        )
        found.append(
            Endosome(
                name, tuple(c.index for c in tissue.carriers if c.population_index == p),
                FateRates(present[:, p], rate, escape, recycled), delivery, tissue.behaviours,
                every=tissue.every(part.every), tick=tissue.clock.length, half=half,
            )
        )  # fmt: skip
    return found
