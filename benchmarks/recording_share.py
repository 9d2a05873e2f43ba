"""What recording every simulated hour costs: CPU time inside one run, through the public `run`.

CPU time of all threads of the process is read before and after each record, and over the run from its first
hour, by when all kernels are loaded, to its end. The first record loads the libraries that write: it stands
on its own. Records: summary, cells and fields every hour; checkpoints as the scenario has them, or hourly.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cases import CASES, model_of
from measure import use_threads

KINDS = ("summary", "cells", "fields", "checkpoint")
HOURS = {"hcc-nodule": 13.0, "E100": 4.0}


class RecordingClock:
    """CPU seconds and calls of each part of a recorder after the first hour; an observer of the run."""

    every = 60.0

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.calls: dict[str, int] = {}
        self.began: float | None = None
        self.first_record = 0.0

    def observe(self, simulation: Any) -> None:
        """After the records of tick 0 and of the first hour: start anew."""
        if simulation.time == 0.0:
            self.first_record = self.seconds["record"]
        elif self.began is None:
            self.seconds, self.calls = {}, {}
            self.began = time.process_time()

    def watched(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function`, its CPU time added up under `name`."""

        def timed(*arguments: Any, **named: Any) -> Any:
            begin = time.process_time()
            try:
                return function(*arguments, **named)
            finally:
                self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - begin
                self.calls[name] = self.calls.get(name, 0) + 1

        return timed


def hourly(name: str, checkpoints: bool) -> Any:
    """A model by name, its records every hour."""
    from exocosm import load
    from exocosm.model import Set

    model = model_of(CASES[name]) if name in CASES else load(name)
    kinds = KINDS if checkpoints else KINDS[:3]
    return model.change(*(Set(f"record.{kind}", "1 h") for kind in kinds))


def measure(name: str, hours: float, threads: int, checkpoints: bool) -> dict[str, Any]:
    """CPU seconds of a run and of its records; `share` is the part of the run that recording is."""
    from exocosm import run
    from exocosm.results.recording import Recorder

    clock = RecordingClock()
    for part in ("record", *(f"_{kind}" for kind in KINDS)):
        setattr(Recorder, part, clock.watched(part.removeprefix("_"), getattr(Recorder, part)))
    model = hourly(name, checkpoints)
    with tempfile.TemporaryDirectory() as folder:
        run(model, f"{hours} h", threads=threads, out=Path(folder) / "run", observers=[clock])
        whole = time.process_time() - (clock.began or 0.0)
    return {
        "model": name,
        "hours": hours,
        "checkpoints": checkpoints,
        "cpu_seconds": whole,
        "recording_seconds": clock.seconds["record"],
        "share": clock.seconds["record"] / whole,
        "first_record_seconds": clock.first_record,
        "each": {kind: clock.seconds[kind] / clock.calls[kind] for kind in KINDS if kind in clock.calls},
    }


def main() -> None:
    """Run once and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=HOURS)
    parser.add_argument("--hours", type=float)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--checkpoints", action="store_true", help="every hour too")
    options = parser.parse_args()
    use_threads(options.threads)
    hours = options.hours or HOURS[options.model]
    print(json.dumps(measure(options.model, hours, options.threads, options.checkpoints)))


if __name__ == "__main__":
    main()
