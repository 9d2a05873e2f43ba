"""Genesis: vesicles form in multivesicular bodies, which fuse or are degraded, or bud from the membrane.

Bodies form at formation / n (n: mean vesicles per body) and hold Poisson(n) vesicles each. A body ends at
docking + lysosomal degradation; the two share its end as their rates. A body that fuses sets free all that
it holds, so that the counts released have Fano factor 1 + n; what buds is Poisson.

Over a step with constant rates all this is exact, whatever the step: old bodies survive with exp(-k dt),
those formed within it with the mean of that over their ages; contents of bodies are independent and Poisson,
so that among those of all bodies of a cell the ones in bodies that end are binomial.
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
from exocosm.tissue.loading import Ended, Loading, draws_of, loadings_of
from exocosm.tissue.manifest import Manifest, manifests_of, move_vesicles
from exocosm.tissue.random_counts import Counts, Kind
from exocosm.tissue.state import State

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
Rows = NDArray[np.int64]
Keys = NDArray[np.uint64]
OLD, NEW = "old", "new"  # what was there before a step, and what forms in it


@dataclass(frozen=True)
class GenesisRates:
    """By cell type (types,): formation and budding in particles/min, `per_body` (0 in types without bodies).

    docking and lysosomal degradation in 1/min and body.
    """

    formation: Array
    per_body: Array
    docking: Array
    lysosomal: Array
    budding: Array

    @property
    def released(self) -> Array:
        """Mean release of each type in the steady state of its bodies, particles/min."""
        return self.formation * _quotient(self.docking, self.docking + self.lysosomal) + self.budding


class Genesis:
    """Process: one population in the bodies of all live cells.

    `carriers` are the columns of `outgoing` with their shares of what leaves.
    """

    def __init__(
        self,
        population: str,
        index: int,
        rates: GenesisRates,
        *,
        carriers: tuple[tuple[int, float], ...],
        manifest: Manifest = (),
        loadings: tuple[Loading, ...] = (),
        behaviours: Behaviours = NO_RULES,
        every: int,
        tick: float,
    ) -> None:
        self.name, self.population, self.index = f"genesis of {population}", population, index
        self.rates, self.carriers, self.manifest, self.loadings = rates, carriers, manifest, loadings
        self.behaviours, self.every, self.minutes = behaviours, every, every * tick

    def start(self, state: State, rows: slice, initial: Array, draw: Draw, ledger: Ledger) -> None:
        """Give new cells the bodies of a steady state, loaded from pools at `initial` (types, cargos)."""
        cells, rates = state.cells, self.rates
        kind, keys = cells.view("type")[rows], cells.view("key")[rows]
        ending = (rates.docking + rates.lysosomal)[kind] * rates.per_body[kind]
        mean = _quotient(rates.formation[kind], ending)
        bodies = Counts(draw, Purpose.BODY_FORMATION, keys, state.tick).poisson(self._kind("start"), mean)
        contents = Counts(draw, Purpose.BODY_CONTENTS, keys, state.tick)
        vesicles = contents.poisson(self._kind("start"), bodies * rates.per_body[kind])
        cells.view("bodies")[rows, self.index] = bodies
        cells.view("body_vesicles")[rows, self.index] = vesicles
        self._move(ledger, "initial", "bodies", vesicles)
        draws = draws_of(draw, keys, state.tick)
        for loading in self.loadings:
            loading.start(cells, rows, vesicles, initial[kind, loading.cargo], draws, ledger)

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Form bodies, end bodies and bud over one step; what leaves waits in `outgoing`."""
        cells = state.cells
        rows = np.flatnonzero(cells.view("life") == LIVE)
        keys = cells.view("key")[rows]
        old, new = self._bodies(cells, rows, keys, tick, draw)
        budding = self._now(cells, rows, "budding", self.rates.budding) * self.minutes
        budded = Counts(draw, Purpose.BUDDING, keys, tick).poisson(self._kind("budded"), budding)
        released = old.fused + new.fused + budded
        for carrier, share in self.carriers:
            cells.view("outgoing")[rows, carrier] += share * released
        self._move(ledger, "formed", "bodies", new.held)
        self._move(ledger, "bodies", "secreted", old.fused + new.fused)
        self._move(ledger, "formed", "secreted", budded)
        self._move(ledger, "released", "field", released)
        self._move(ledger, "bodies", "unreleased", old.degraded + new.degraded)
        draws = draws_of(draw, keys, tick)
        for loading in self.loadings:
            loading.step(cells, rows, old, new, budded, draws, ledger)

    def _bodies(self, cells: Cells, rows: Rows, keys: Keys, tick: int, draw: Draw) -> tuple[Ended, Ended]:
        """End old bodies, form new ones and end some of these; writes the columns of bodies."""
        docking = self._now(cells, rows, "docking", self.rates.docking)
        rate = docking + self._now(cells, rows, "lysosomal degradation", self.rates.lysosomal)
        fusing, spent = _quotient(docking, rate), rate * self.minutes
        fusion = Counts(draw, Purpose.BODY_FUSION, keys, tick)
        contents = Counts(draw, Purpose.BODY_CONTENTS, keys, tick)
        bodies, vesicles = cells.view("bodies"), cells.view("body_vesicles")
        had, held = bodies[rows, self.index], vesicles[rows, self.index]
        made, filled = self._form(cells, rows, Counts(draw, Purpose.BODY_FORMATION, keys, tick), contents)
        left, old = self._end(fusion, contents, OLD, had, held, -np.expm1(-spent), fusing)
        kept, new = self._end(fusion, contents, NEW, made, filled, ended_within(spent), fusing)
        bodies[rows, self.index] = left + kept
        vesicles[rows, self.index] = held + filled - old.gone - new.gone
        return old, new

    def _form(self, cells: Cells, rows: Rows, bodies: Counts, contents: Counts) -> tuple[Numbers, Numbers]:
        """Bodies that form within a step, and the vesicles in them."""
        per_body = self.rates.per_body[cells.view("type")[rows]]
        forming = _quotient(self._now(cells, rows, "formation", self.rates.formation), per_body)
        made = bodies.poisson(self._kind("made"), forming * self.minutes)
        return made, contents.poisson(self._kind("filled"), made * per_body)

    def _end(
        self,
        fusion: Counts,
        contents: Counts,
        which: str,
        bodies: Numbers,
        vesicles: Numbers,
        chance: Array,
        fusing: Array,
    ) -> tuple[Numbers, Ended]:
        """End bodies with a chance, a share of them by fusion: bodies left and what became of vesicles."""
        ended = fusion.binomial(self._kind(which, "ended"), bodies, chance)
        fused = fusion.binomial(self._kind(which, "fused"), ended, fusing)
        free = contents.share(self._kind(which, "free"), vesicles, fused, bodies)
        lost = contents.share(self._kind(which, "lost"), vesicles - free, ended - fused, bodies - fused)
        return bodies - ended, Ended(vesicles, free, lost)

    def _now(self, cells: Cells, rows: Rows, behaviour: str, by_type: Array) -> Array:
        return self.behaviours.of(cells, f"{self.population} {behaviour}", by_type)[rows]

    def _kind(self, *steps: str) -> Kind:
        return (self.population, *steps)

    def _move(self, ledger: Ledger, source: str, sink: str, vesicles: Numbers) -> None:
        move_vesicles(ledger, self.population, self.manifest, source, sink, float(vesicles.sum()))


def ended_within(spent: Array) -> Array:
    """Chance that a body formed at random within a step ended within it; `spent` is rate x minutes."""
    survived = np.divide(-np.expm1(-spent), spent, out=np.ones(len(spent)), where=spent > 0.0)
    return np.asarray(1.0 - survived)


def _quotient(part: Array, whole: Array) -> Array:
    """Part / whole, 0 where there is no whole."""
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0.0)


def genesis_of(tissue: Any) -> list[Genesis]:
    """The processes of all populations that some cell type makes in bodies or buds."""
    types, manifests = list(tissue.model.tissue.cell_types.values()), manifests_of(tissue)
    found = []
    for p, (name, part) in enumerate(tissue.model.species.vesicles.items()):
        parts = [t.genesis.get(name) for t in types]
        if all(genesis is None for genesis in parts):
            continue
        names = ("formation", "vesicles_per_body", "docking", "lysosomal_degradation", "budding")
        rates = GenesisRates(*(_by_type(parts, field) for field in names))
        carriers = tuple((c.index, c.share) for c in tissue.carriers if c.population_index == p)
        found.append(
            Genesis(
                name, p, rates, carriers=carriers, manifest=manifests[p], loadings=loadings_of(tissue, p),
                behaviours=tissue.behaviours, every=tissue.every(part.every), tick=tissue.clock.length,
            )
        )  # fmt: skip
    return found


def _by_type(parts: list[Any], field: str) -> Array:
    """A number of each type's genesis; 0 where a type or its genesis does not have it."""
    values = [getattr(part, field, None) for part in parts]
    return np.array([0.0 if value is None else float(value) for value in values])
