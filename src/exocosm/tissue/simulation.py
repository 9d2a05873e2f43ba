"""A running tissue: a state, its processes and a clock, no more."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.compiled import set_threads
from exocosm.ground.draws import Draw
from exocosm.ground.errors import RunError
from exocosm.model.starts import starts_report
from exocosm.tissue import motility, observe, step_check, voxel_check
from exocosm.tissue.beginning import initial_state
from exocosm.tissue.build import Tissue, empty_state
from exocosm.tissue.convection import Convection
from exocosm.tissue.events import events_by_tick
from exocosm.tissue.processes import processes
from exocosm.tissue.state import State
from exocosm.tissue.stocks import stocks

CHECKPOINT_FORMAT = 1


class Simulation:
    """One tissue of a model. `advance` moves it on; everything else looks at it.

    Raises ConservationError from `advance` when a ledger does not close.
    """

    def __init__(
        self, model: Any, *, seed: int, threads: int | None = None, state: State | None = None
    ) -> None:
        self.model, self.seed, self.threads = model, int(seed), set_threads(threads)
        self.tissue = Tissue(model)
        self.draw = Draw(self.seed)
        self.state = state or initial_state(self.tissue, self.draw)
        self.processes = processes(self.tissue)
        self.events = events_by_tick(self.tissue)
        if state is None:
            self._happen(0)
        self.seconds = {process.name: 0.0 for process in self.processes}

    @property
    def tick(self) -> int:
        """Ticks since the start."""
        return self.state.tick

    @property
    def tick_length(self) -> float:
        """Length of a tick in min."""
        return self.tissue.clock.length

    @property
    def time(self) -> float:
        """Simulated time in min."""
        return self.tissue.clock.minutes(self.state.tick)

    @property
    def type_names(self) -> tuple[str, ...]:
        """Names of the cell types in the order of their index."""
        return self.tissue.types.names

    def advance(self, ticks: int) -> None:
        """Move on by `ticks` ticks: each process that is due, then what happens at the tick."""
        state, draw, ledger = self.state, self.draw, self.state.ledger
        for _ in range(ticks):
            state.tick += 1
            for process in self.processes:
                if state.tick % process.every == 0:
                    start = time.perf_counter()
                    process.step(state, state.tick, draw, ledger)
                    self.seconds[process.name] += time.perf_counter() - start
            self._happen(state.tick)
        self.check()

    def _happen(self, tick: int) -> None:
        for event in self.events.get(tick, ()):
            event(self.state, self.draw)

    def check(self) -> None:
        """Compare the books with the state; raises ConservationError beyond 1e-9."""
        for species, held in stocks(self.state, self.tissue).items():
            self.state.ledger.check(species, held)

    def digest(self) -> str:
        """Hash of the whole state, the same for any number of threads and after any restart."""
        return self.state.digest()

    def warnings(self) -> list[str]:
        """What a reader of the results should know of start, grid and steps, in plain words."""
        found = [*starts_report(self.model), *voxel_check.warnings(self), *motility.warnings(self.tissue)]
        found += step_check.warnings(self)
        for process in self._convections():
            found += process.warnings(self.state)
        return found

    def _convections(self) -> list[Convection]:
        return [process for process in self.processes if isinstance(process, Convection)]

    def step_errors(self, most: float = 0.1) -> dict[str, Any] | None:
        """Estimated errors of fields and mechanics at the present steps, as plain data (see `step_errors`).

        None where estimating would simulate more than a share `most` of the time simulated so far.
        """
        from exocosm.tissue.step_errors import PROBES, probe_minutes, step_errors

        if PROBES * probe_minutes(self) > most * self.time:
            return None
        return step_errors(self).as_data()

    def costs(self) -> dict[str, float]:
        """Seconds spent in each process so far."""
        return dict(self.seconds)

    def checkpoint(self) -> dict[str, NDArray[Any]]:
        """Everything needed to go on from here, as plain arrays."""
        header = {"format": np.array(CHECKPOINT_FORMAT), "seed": np.array(self.seed, np.uint64)}
        return header | self.state.to_arrays()

    @classmethod
    def restore(
        cls,
        model: Any,
        arrays: Mapping[str, NDArray[Any]],
        *,
        seed: int | None = None,
        threads: int | None = None,
    ) -> Simulation:
        """Go on from a checkpoint: with its own seed the same future, with another an independent one."""
        if int(arrays.get("format", np.array(-1))) != CHECKPOINT_FORMAT:
            raise RunError(
                f"this checkpoint has format {arrays.get('format')}; this version reads {CHECKPOINT_FORMAT}"
            )
        state = empty_state(Tissue(model))
        try:
            state.load_arrays(arrays)
        except (KeyError, ValueError) as error:
            raise RunError(f"this checkpoint does not belong to this model: {error}") from error
        return cls(model, seed=int(arrays["seed"]) if seed is None else seed, threads=threads, state=state)

    def branch(self, seed: int | None = None) -> Simulation:
        """A copy at this tick: without a seed it repeats the same future, with one it takes another."""
        return Simulation.restore(self.model, self.checkpoint(), seed=seed, threads=self.threads)

    def summary(self) -> dict[str, float]:
        """One row of numbers that describe the state and what happened so far."""
        row = observe.summary(self.state, self.tissue)
        for process in self._convections():
            row[f"numerical_diffusion.{process.field}"] = process.numerical_diffusion(self.state)
        return row

    def cell_table(self) -> dict[str, NDArray[Any]]:
        """One column a property, one row a cell."""
        return observe.cell_table(self.state, self.tissue)

    def field_arrays(self) -> dict[str, tuple[NDArray[np.float64], str]]:
        """Concentration of each field, (nx, ny, nz), with its unit."""
        return observe.field_arrays(self.state, self.tissue)

    def ledger_table(self) -> list[dict[str, Any]]:
        """One row a species, one column an account."""
        return observe.ledger_table(self.state, self.tissue)
