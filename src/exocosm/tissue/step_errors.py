"""What the steps of a run cost in accuracy, estimated from the run itself.

A probe goes on from where a simulation stands, once its fields have forgotten bursts of release, twice on
the same random numbers: with its steps, and with each field stepped twice as often. Cells do the same in
both, and what they release leaves them evenly: the instants of bursts are drawn anew with every step. The
relative L2 difference of a field, times 4/3 (for second order), is what the probe's time added to its
error; a field forgets at the rate at which it is used up, so that the error of a long run is that of a
probe times 1 over what a probe forgets. A quasi-steady field is exact when it is solved and then grows
stale: its error is half of what it changes between two solutions. Positions are moved on with all steps of
mechanics halved, from the same velocities, while nothing else happens. Source of the estimate by halved
steps: Richardson 1911 (10.1098/rsta.1911.0009).

The simulation is left as it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.model import Set
from exocosm.tissue.cells import Cells
from exocosm.tissue.endosome import Endosome
from exocosm.tissue.genesis import Genesis
from exocosm.tissue.mechanics import Mechanics
from exocosm.tissue.simulation import Simulation
from exocosm.tissue.substrates import Substrate
from exocosm.tissue.vesicles import VesiclePopulation

Array = NDArray[np.float64]
LEFT = 4.0 / 3.0
"""Error of a step of second order over its difference to two halves."""
PROBES = 4.0  # simulated time that an estimate takes, in probes: to forget, as it is, and in halves
LONGEST_STEP = 30.0  # min; fields with longer steps would make a probe longer than what it is worth


@dataclass(frozen=True)
class StepErrors:
    """Estimated errors at the steps of a run.

    `fields`: relative L2 error in time of the fields of each substrate or population; `mechanics`: of the
    positions of cells, relative to their radius, root mean square, over a step of the phenotype. `steady`:
    which are quasi-steady; `left_out`: fields with steps too long for a probe.
    """

    fields: dict[str, dict[str, float]]
    mechanics: float
    steady: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def of(self, owner: str) -> list[float]:
        """Errors of all fields of a substrate or population."""
        return list(self.fields.get(owner, {}).values())

    def as_data(self) -> dict[str, Any]:
        """As plain data: the largest error of each substrate and population, and the rest."""
        fields = {owner: max(self.of(owner)) for owner in self.fields}
        return {"fields": fields, "mechanics": self.mechanics, "left_out": list(self.left_out)}


def probe_minutes(simulation: Simulation) -> float:
    """Simulated time of a probe (min): two of the longest steps that it can look at."""
    steps = [float(p.every) * simulation.tick_length for p in _stepped(simulation)]
    of_cells = float(simulation.model.tissue.steps.phenotype)
    return 2.0 * max([step for step in steps if step <= LONGEST_STEP], default=of_cells)


def step_errors(simulation: Simulation) -> StepErrors:
    """Estimate the errors at the present steps; simulates `PROBES` times `probe_minutes`."""
    begun = _on_half_ticks(simulation)
    ticks = round(probe_minutes(simulation) / begun.tick_length)
    begun.advance(ticks)  # until fields have forgotten the bursts
    coarse, fine = (_even(begun.branch()) for _ in range(2))
    for process in _stepped(fine):
        process.every, process.minutes = process.every // 2, process.minutes / 2.0
    stale = _watch_steady(coarse, ticks)
    fine.advance(ticks)
    long = tuple(p.name for p in _stepped(begun) if p.every * begun.tick_length > LONGEST_STEP)
    errors: dict[str, dict[str, float]] = {}
    for name in coarse.state.fields:
        owner = simulation.tissue.owner(name)
        if owner not in long:
            now = stale[name] if name in stale else _in_the_long_run(coarse, fine, name, begun)
            errors.setdefault(owner, {})[name] = now
    return StepErrors(errors, _mechanics_error(simulation), tuple(stale), long)


def _stepped(simulation: Simulation) -> list[Substrate | VesiclePopulation]:
    return [p for p in simulation.processes if isinstance(p, Substrate | VesiclePopulation)]


def _on_half_ticks(simulation: Simulation) -> Simulation:
    """The same simulation on a clock whose ticks are half as long, its steps in minutes as they were."""
    model = simulation.model.change(Set("tissue.steps.tick", f"{0.5 * simulation.tick_length!r} min"))
    arrays = simulation.checkpoint()
    arrays["tick"] = np.array(2 * simulation.tick)
    return _even(Simulation.restore(model, arrays, threads=simulation.threads))


def _even(simulation: Simulation) -> Simulation:
    """The simulation with the mean release of bodies instead of bursts; no vesicle comes back out."""
    populations = {p.name: p for p in simulation.processes if isinstance(p, VesiclePopulation)}
    for process in simulation.processes:
        if isinstance(process, Genesis):
            mine = populations[process.population]
            mine.rates = replace(mine.rates, release=mine.rates.release + process.rates.released)
    simulation.processes = [p for p in simulation.processes if not isinstance(p, Genesis | Endosome)]
    return simulation


def _watch_steady(simulation: Simulation, ticks: int) -> dict[str, float]:
    """Advance to the end of a probe; half of what each quasi-steady field changed in its last step."""
    steady = [p for p in _stepped(simulation) if isinstance(p, Substrate) and p.steady]
    begun: dict[str, Array] = {}
    end = simulation.tick + ticks
    for tick in sorted({end - p.every for p in steady if p.every <= ticks} | {end}):
        simulation.advance(tick - simulation.tick)
        begun |= {p.name: _values(simulation, p.name) for p in steady if tick == end - p.every}
    return {name: 0.5 * _difference(values, _values(simulation, name)) for name, values in begun.items()}


def _values(simulation: Simulation, name: str) -> Array:
    return simulation.state.fields[name].values.copy()


def _difference(found: Array, wanted: Array) -> float:
    """Relative L2 norm; 0 where there is nothing."""
    scale = float(np.linalg.norm(wanted))
    return float(np.linalg.norm(found - wanted)) / scale if scale > 0.0 else 0.0


def _in_the_long_run(coarse: Simulation, fine: Simulation, name: str, begun: Simulation) -> float:
    """Error that a run of the present length gathers in a field, from what a probe adds and forgets."""
    added = LEFT * _difference(_values(coarse, name), _values(fine, name))
    minutes = fine.time - begun.time
    probes = max(begun.time / minutes, 1.0)
    kept = math.exp(-_use_rate(fine, name, begun) * minutes)
    return added * (1.0 - kept**probes) / (1.0 - kept) if kept < 1.0 else added * probes


def _use_rate(simulation: Simulation, name: str, begun: Simulation) -> float:
    """Share of a field that is used up per min: what came in less what it gained, over what it holds."""
    species = simulation.tissue.owner(name)
    before, after = begun.state.ledger, simulation.state.ledger
    came = sum(after.balance(species, a) - before.balance(species, a) for a in INTO_FIELD)
    gained = after.balance(species, "field") - before.balance(species, "field")
    held = 0.5 * (after.balance(species, "field") + before.balance(species, "field"))
    minutes = simulation.time - begun.time
    return max(came - gained, 0.0) / (held * minutes) if held > 0.0 else 0.0


INTO_FIELD = ("released", "injected", "re-released", "supplied")


def _mechanics_error(simulation: Simulation) -> float:
    """Root mean square error of positions over a step of the phenotype, relative to each cell's radius."""
    process = next((p for p in simulation.processes if isinstance(p, Mechanics)), None)
    cells = simulation.state.cells
    if process is None or cells.n == 0:
        return 0.0
    steps = max(1, round(float(simulation.model.tissue.steps.phenotype) / process.dt))
    whole, halves = (_moved(simulation, process, parts, steps) for parts in (1, 2))
    squares = ((whole - halves) ** 2).sum(axis=1) / cells.radius() ** 2
    return LEFT * float(np.sqrt(squares.mean()))


def _moved(simulation: Simulation, process: Mechanics, parts: int, steps: int) -> Array:
    """Positions (n, 3) after so many steps of mechanics, each in so many parts."""
    cells = Cells.from_arrays(simulation.state.cells.to_arrays())
    alone = Mechanics(
        process.table, tuple(process.size), every=1, dt=process.dt / parts, planar=bool(process.planar),
        law=process.law, skin=process.neighbours.skin,
    )  # fmt: skip
    alone.drive = process.drive if process.drive is not None and len(process.drive) == cells.n else None
    for _ in range(steps * parts):
        alone.advance(cells, simulation.draw)
    return cells.view("position").copy()
