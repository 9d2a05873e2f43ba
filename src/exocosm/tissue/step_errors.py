"""What the steps of a run cost in accuracy, estimated from the run itself.

A probe goes on from where a simulation stands, once its fields have forgotten bursts of release, twice on
the same random numbers: with its steps, and with each field, and all that keeps step with it, stepped four
times as often. Cells do the same in both, and what they release leaves them evenly: the instants of bursts
are drawn anew with every step. Twice the relative L2 difference of a field is what the probe's time added to
its error, were it of order one half, as where cells are born in steps longer than diffusion needs to even
out what is near them. It is 4/3 of the difference where order is one, as where flow carries the field, and
16/15 for the second order of all else, so that errors are told too large rather than too small.

Errors level off: a relative error is forgotten as fast as what a field holds is renewed by what comes in,
and each cosine mode of it also by diffusion. So what a run gathers is, mode by mode, the sum over its probes
of what is left of what each added.

A quasi-steady field is exact when it is solved and then grows stale: its error is half of what it changes
between two solutions. Positions are moved on with all steps of mechanics halved, from the same velocities,
while nothing else happens. Source of the estimate by halved steps: Richardson 1911 (10.1098/rsta.1911.0009).

The simulation is left as it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dctn

from exocosm.ground.ledger import Ledger
from exocosm.model import Set
from exocosm.tissue.cells import Cells
from exocosm.tissue.endosome import Endosome
from exocosm.tissue.genesis import Genesis
from exocosm.tissue.mechanics import Mechanics
from exocosm.tissue.simulation import Simulation
from exocosm.tissue.substrates import Substrate
from exocosm.tissue.vesicles import VesiclePopulation

Array = NDArray[np.float64]
FINER = 4  # times as many steps of fields in the second run of a probe
LEFT = 2.0
"""Error of a step over its difference to four steps, where it falls with the root of a step."""
SECOND_ORDER = 4.0 / 3.0
"""The same over the difference to two halves, where it falls with the square."""
PROBES = 4.0  # most simulated time of an estimate, in probes: two to forget, as it is, and in finer steps
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
    """Simulated time of a probe (min): whole steps of each field looked at, two of the longest at least."""
    return _probe(simulation) * simulation.tick_length


def _probe(simulation: Simulation) -> int:
    """Ticks of a probe."""
    steps = [p.every for p in _stepped(simulation) if not _long(p, simulation)]
    if not steps:
        return 2 * simulation.tissue.phenotype_every
    together = math.lcm(*steps)
    return together * math.ceil(2 * max(steps) / together)


def step_errors(simulation: Simulation) -> StepErrors:
    """Estimate the errors at the present steps; simulates at most `PROBES` times `probe_minutes`."""
    begun = _on_finer_ticks(simulation)
    ticks = _probe(begun)
    # until fields have forgotten the bursts, and to an instant at which all of them are up to date
    begun.advance(2 * ticks - begun.tick % ticks)
    coarse, fine = _even(begun.branch()), _in_finer_steps(begun)
    stale = _watch_steady(coarse, ticks)
    fine.advance(ticks)
    errors: dict[str, dict[str, float]] = {}
    long = tuple(p.name for p in _stepped(begun) if _long(p, begun))
    for name in coarse.state.fields:
        owner = simulation.tissue.owner(name)
        if owner not in long:
            now = stale[name] if name in stale else _gathered(coarse, fine, name, begun, simulation.time)
            errors.setdefault(owner, {})[name] = now
    return StepErrors(errors, _mechanics_error(simulation), tuple(stale), long)


def _stepped(simulation: Simulation) -> list[Substrate | VesiclePopulation]:
    return [p for p in simulation.processes if isinstance(p, Substrate | VesiclePopulation)]


def _long(process: Substrate | VesiclePopulation, simulation: Simulation) -> bool:
    return process.every * simulation.tick_length > LONGEST_STEP


def _on_finer_ticks(simulation: Simulation) -> Simulation:
    """The same simulation on a clock of finer ticks, its steps in minutes as they were."""
    model = simulation.model.change(Set("tissue.steps.tick", f"{simulation.tick_length / FINER!r} min"))
    arrays = simulation.checkpoint()
    arrays["tick"] = np.array(FINER * simulation.tick)
    return _even(Simulation.restore(model, arrays, threads=simulation.threads))


def _in_finer_steps(simulation: Simulation) -> Simulation:
    """The same simulation with finer steps of each field looked at, and of all that keeps step with it."""
    kinds = {
        name: kind for kind in ("substrates", "vesicles") for name in getattr(simulation.model.species, kind)
    }
    finer = [
        Set(f"species.{kinds[p.name]}.{p.name}.every", f"{p.every * simulation.tick_length / FINER!r} min")
        for p in _stepped(simulation)
        if not _long(p, simulation)
    ]
    model = simulation.model.change(*finer)
    return _even(Simulation.restore(model, simulation.checkpoint(), threads=simulation.threads))


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


def _gathered(coarse: Simulation, fine: Simulation, name: str, begun: Simulation, run: float) -> float:
    """Relative error that a field gathers in a run of `run` min, from what a probe adds to it."""
    minutes = fine.time - begun.time
    probes = max(run / minutes, 1.0)
    added = dctn(_values(coarse, name) - _values(fine, name), norm="ortho")
    kept = np.exp(-minutes * (_renewal_rate(fine, name, begun) + _spreading_rates(fine, name)))
    forgets = kept < 1.0
    sums = np.where(forgets, (1.0 - kept**probes) / np.where(forgets, 1.0 - kept, 1.0), probes)
    scale = float(np.linalg.norm(_values(fine, name)))
    return LEFT * float(np.linalg.norm(added * sums)) / scale if scale > 0.0 else 0.0


def _renewal_rate(simulation: Simulation, name: str, begun: Simulation) -> float:
    """What came in per min over what is there, outside cells: so fast do old amounts lose their share."""
    species, minutes = simulation.tissue.owner(name), simulation.time - begun.time
    before, after = begun.state.ledger, simulation.state.ledger
    came = sum(after.balance(species, a) - before.balance(species, a) for a in INTO_FIELD)
    held = 0.5 * (_outside(before, species) + _outside(after, species))
    return max(came, 0.0) / (held * minutes) if held > 0.0 else 0.0


def _spreading_rates(simulation: Simulation, name: str) -> Array:
    """Rate (1/min) at which diffusion evens out each cosine mode of a field, (nx, ny, nz).

    What is bound spreads only by way of the fluid.
    """
    field, ledger, species = (
        simulation.state.fields[name],
        simulation.state.ledger,
        simulation.tissue.owner(name),
    )
    outside = _outside(ledger, species)
    mobile = ledger.balance(species, "field") / outside if outside > 0.0 else 1.0
    modes = np.meshgrid(*(0.5 * np.pi * np.arange(n) / n for n in field.grid.shape), indexing="ij")
    squares = np.sum([np.sin(half) ** 2 for half in modes], axis=0)
    return np.asarray(field.spread * mobile * squares * (2.0 / field.grid.voxel) ** 2)


def _outside(ledger: Ledger, species: str) -> float:
    return sum(ledger.balance(species, account) for account in ("field", "matrix", "surface"))


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
    return SECOND_ORDER * float(np.sqrt(squares.mean()))


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
