"""`run` and `resume`: advance a simulation to each tick at which something is due, and record.

The simulation is never asked for a shorter step, and never written to: whatever is recorded, and however
often a run is stopped and taken up again, its states are the same bits.
"""

from __future__ import annotations

import platform
import time
import warnings
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from exocosm.ground.errors import ModelError, RunError, nearest
from exocosm.results import engine
from exocosm.results.checkpoints import read_checkpoint
from exocosm.results.durable import fingerprint, remove, sole_writer
from exocosm.results.index import KINDS, Record
from exocosm.results.interrupt import Stopped, StopRequest, stop_requests
from exocosm.results.progress import Pace, Watcher
from exocosm.results.reading import Run
from exocosm.results.recording import Recorder, create, write_about
from exocosm.results.schedule import Schedule, record_schedule, ticks_in

if TYPE_CHECKING:
    from exocosm.model import Model
    from exocosm.tissue import Simulation

BETWEEN_LOOKS = 0.2
"""Seconds of computing between looks at stop requests and progress."""


SEEDS = 2**64
"""Seeds there are: 0 up to one less."""


class Observer(Protocol):
    """Watches a run without touching it: `observe` is called at tick 0 and every `every` minutes."""

    every: float

    def observe(self, simulation: Simulation) -> None:
        """Look at the simulation."""


@engine.enough_memory()
def run(
    model: Model,
    until: float | str | None = None,
    *,
    seed: int = 1,
    threads: int | None = None,
    out: str | Path | None = None,
    observers: Iterable[Observer] = (),
    label: str | None = None,
    progress: Watcher | None = None,
    changes: Iterable[object] = (),
    as_read: str | None = None,
) -> Run:
    """Simulate `model` and leave a run folder.

    `until` is a time as text ("24 h") or in min; None takes the model's duration. `out` is a folder that
    does not exist yet; None makes one under `runs/`. `progress` is called a few times per second; True
    from it asks to stop. `changes` (made already) and `as_read` (the text of the scenario file) are kept
    beside the resolved model.

    Raises ModelError and RunError before anything is written, RunError when writing fails, and `Stopped`
    on Ctrl-C, once the tick is done and the state saved.
    """
    refuse_seed(seed)
    end = end_tick(model, until)
    watching = {f"observer {i}": observer for i, observer in enumerate(observers)}
    schedule = record_schedule(model, end, {name: observer.every for name, observer in watching.items()})
    folder = Path(out) if out is not None else unused_folder(Path("runs") / slug(model.name))
    _refuse_used(folder)
    engine.warm_up()
    simulation = engine.start(model, seed, threads)
    if not tuple(changes):  # an arm may lack the mechanism by which it is judged
        refuse_outcomes(model, simulation)
    resolved = model.to_yaml()
    about = _about(model, seed, threads, label, end, resolved) | {"changes": [str(c) for c in changes]}
    about["warnings"] = simulation.warnings()
    create(folder, as_read or resolved, resolved, about)
    with sole_writer(folder):
        recorder = Recorder(folder)
        drive = _Drive(simulation, recorder, schedule, about, watching, progress)
        try:
            drive.record(schedule.due(0))
        except BaseException:
            remove(folder)
            raise
        return drive.to_the_end()


@engine.enough_memory()
def resume(
    path: str | Path,
    until: float | str | None = None,
    *,
    threads: int | None = None,
    observers: Iterable[Observer] = (),
    progress: Watcher | None = None,
) -> Run:
    """Continue a run from its last checkpoint, bit for bit as if it had never stopped.

    `until` None takes the end that the run was started with; a later one extends it. What was recorded
    after the checkpoint is dropped and recorded anew. A run that is already there is returned as it is.
    """
    folder = Path(path)
    opened = Run.open(folder)
    end = end_tick(opened.model, until) if until is not None else int(opened.info["until_tick"])
    with sole_writer(folder):
        opened = Run.open(folder)
        if opened.status == "complete" and end <= int(opened.info["tick"]):
            return opened
        watching = {f"observer {i}": observer for i, observer in enumerate(observers)}
        schedule = record_schedule(opened.model, end, {name: o.every for name, o in watching.items()})
        checkpoint = opened.last_checkpoint()
        engine.warm_up()
        simulation = _take_up(opened, checkpoint, threads)
        if simulation.tick > end:
            raise RunError(f"{folder}: it is already at {simulation.time / 60:g} h, after the wanted end")
        recorder = Recorder(folder)
        about = {**opened.info, "status": "unfinished", "until_tick": end, "threads": threads, "digest": None}
        about["until_min"] = end * float(opened.model.tissue.steps.tick)
        recorder.rewind(checkpoint)
        write_about(folder, about)
        drive = _Drive(simulation, recorder, schedule, about, watching, progress)
        if checkpoint is None:
            drive.record(schedule.due(0))
        return drive.to_the_end()


def unused_folder(wanted: Path) -> Path:
    """`wanted`, or the first of `wanted-2`, `wanted-3`... that does not exist."""
    candidate, number = wanted, 1
    while candidate.exists():
        number += 1
        candidate = wanted.with_name(f"{wanted.name}-{number}")
    return candidate


def refuse_seed(seed: int) -> None:
    """RunError unless `seed` fits the 64 bits that the random numbers are keyed with."""
    if not 0 <= seed < SEEDS:
        raise RunError(f"seed: found {seed}, wanted a whole number from 0 to {SEEDS - 1:,} (below 2**64)")


def end_tick(model: Model, until: float | str | None) -> int:
    """The tick at which a run ends; RunError if `until` is no whole number of ticks after 0."""
    tick = float(model.tissue.steps.tick)
    if until is None:
        return ticks_in(float(model.duration), tick, "duration")
    minutes = _minutes(until)
    if not minutes > 0:
        raise RunError(f"until: found {until}, wanted a time after 0, like 24 h")
    return ticks_in(minutes, tick, "until")


def _minutes(until: float | str) -> float:
    return engine.minutes(until) if isinstance(until, str) else float(until)


def slug(name: str) -> str:
    """`name` as the name of a folder."""
    return "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name) or "run"


def _refuse_used(folder: Path) -> None:
    """The same refusal as `create` makes, before minutes are spent on starting the engine."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RunError(
            f"{folder}: it exists already; give another folder, or continue the run: exocosm resume {folder}"
        )


def refuse_outcomes(model: Model, simulation: Simulation) -> None:
    """RunError if the primary outcome of a model, or one that is expected, is no column of its summary."""
    named = {"primary_outcome": str(getattr(model, "primary_outcome", ""))}
    for index, expected in enumerate(getattr(model, "expectation", ())):
        named[f"expectation[{index}].outcome"] = expected.outcome
    columns = list(simulation.summary()) if any(named.values()) else []
    for place, name in named.items():
        if name and name not in columns:
            near = nearest(name, columns)
            hint = f"; did you mean {near}?" if near else ""
            raise RunError(f"{place}: found {name}, wanted a column of the summary of this model{hint}")


def versions() -> dict[str, str]:
    """Versions of what the bits of a result can depend on."""
    from exocosm import __version__

    packages = {name: metadata.version(name) for name in ("numpy", "scipy", "numba")}
    return {
        "exocosm": __version__,
        "python": platform.python_version(),
        **packages,
        "machine": platform.machine(),
    }


def _about(
    model: Model, seed: int, threads: int | None, label: str | None, end: int, resolved: str
) -> dict[str, Any]:
    tick = float(model.tissue.steps.tick)
    return {
        "label": label or model.name,
        "model": model.name,
        "title": model.title,
        "changes": [],
        "seed": int(seed),
        "threads": threads,
        "status": "unfinished",
        "tick": 0,
        "tick_length_min": tick,
        "until_tick": end,
        "until_min": end * tick,
        "digest": None,
        "model_hash": fingerprint(resolved.encode()),
        "versions": versions(),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "wall_s": 0.0,
        "costs_s": {},
        "step_errors": None,
        "warnings": [],
    }


def _take_up(opened: Run, checkpoint: Record | None, threads: int | None) -> Simulation:
    """The simulation as it was at `checkpoint`, its digest checked."""
    written, present = opened.info.get("versions"), versions()
    if written != present:
        warnings.warn(
            f"{opened.path}: begun with {written}, continued with {present}: bits may differ", stacklevel=4
        )
    if checkpoint is None:
        return engine.start(opened.model, opened.seed, threads)
    file = opened.path / str(checkpoint.parts["checkpoint"]["file"])
    arrays = read_checkpoint(file)
    try:
        simulation = engine.restore(opened.model, arrays, threads)
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise RunError(f"{file}: the state does not fit the model: {error!r}") from error
    if simulation.digest() != checkpoint.parts["checkpoint"]["digest"]:
        raise RunError(
            f"{file}: the state read back is not the one saved, so going on would not be the same run"
        )
    return simulation


class _Drive:
    """One stretch of a run, from where the simulation stands to the end or a stop."""

    def __init__(
        self,
        simulation: Simulation,
        recorder: Recorder,
        schedule: Schedule,
        about: dict[str, Any],
        watching: dict[str, Observer],
        progress: Watcher | None,
    ) -> None:
        self.simulation, self.recorder, self.schedule = simulation, recorder, schedule
        self.about, self.watching = about, watching
        self.progress: Watcher = progress or (lambda advance: None)
        self.pace = Pace(about["label"], about["until_min"])
        self.began = time.perf_counter()
        self.slice = 1

    def record(self, due: Iterable[str], passing: bool = False) -> None:
        """Write what is due at the present tick and call the observers that are."""
        due = tuple(due)
        self.recorder.record(self.simulation, [kind for kind in due if kind in KINDS], passing)
        for name in due:
            if name in self.watching:
                self.watching[name].observe(self.simulation)

    def to_the_end(self) -> Run:
        """Advance and record until the end; `Stopped` if a stop was asked for."""
        with stop_requests() as stop:
            while self.simulation.tick < self.schedule.until and not stop:
                self._advance(stop)
            ended = self.simulation.tick >= self.schedule.until
            self._close(KINDS if ended else ("checkpoint",), "complete" if ended else "stopped")
        opened = Run.open(self.recorder.path)
        if not ended:
            raise Stopped(opened)
        return opened

    def _advance(self, stop: StopRequest) -> None:
        """Go to the next due tick in slices of about `BETWEEN_LOOKS` seconds, then record."""
        target = self.schedule.next_stop(self.simulation.tick)
        while self.simulation.tick < target and not stop:
            step = min(self.slice, target - self.simulation.tick)
            before = time.perf_counter()
            self.simulation.advance(step)
            spent = max(time.perf_counter() - before, 1e-6)
            self.slice = max(1, min(2 * self.slice, int(step * BETWEEN_LOOKS / spent)))
            stop.asked |= bool(
                self.progress(self.pace.at(self.simulation.time, self.simulation.state.cells.n))
            )
        if self.simulation.tick == target:
            self.record(self.schedule.due(target))

    def _close(self, kinds: Iterable[str], status: str) -> None:
        """Write what the last tick lacks of `kinds`, then how the run ended."""
        tick = int(self.simulation.tick)
        there = {kind for record in self.recorder.records if record.tick == tick for kind in record.parts}
        self.record([kind for kind in kinds if kind not in there and self._recorded(kind)], passing=True)
        earlier = self.about.get("costs_s", {})
        costs = {
            name: round(earlier.get(name, 0.0) + spent, 3) for name, spent in self.simulation.costs().items()
        }
        self.about |= {"status": status, "tick": tick, "digest": self.simulation.digest(), "costs_s": costs}
        if status == "complete":
            self.about["step_errors"] = _step_errors(self.simulation)
        self.about["wall_s"] = round(float(self.about["wall_s"]) + time.perf_counter() - self.began, 3)
        write_about(self.recorder.path, self.about)

    def _recorded(self, kind: str) -> bool:
        """Kinds that the model leaves out stay out; the state at the end is always saved."""
        return kind in self.schedule.every or kind == "checkpoint"


def _step_errors(simulation: Simulation) -> dict[str, Any] | None:
    """Estimated errors of steps, as plain data; None where they cost too much or a tick cannot be divided."""
    try:
        return simulation.step_errors()
    except ModelError:  # a tick near the smallest that a model may have: the run stands without an estimate
        return None


__all__ = ["Observer", "resume", "run", "unused_folder"]
