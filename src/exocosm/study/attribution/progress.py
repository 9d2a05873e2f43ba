"""Many runs as one line, and how long they will take."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from exocosm.results import engine
from exocosm.results.progress import Advance, Watcher

if TYPE_CHECKING:
    from exocosm.model import Model

PILOT = 1.5
"""Seconds for which a run is tried out, to tell how long all will take."""

FIRST = 2
"""Ticks in which kernels are loaded."""


def all_in_one(progress: Watcher, runs: int, until: float) -> Watcher:
    """A watcher of many runs that passes on one advance: simulated time (min) of all of them together."""
    began, reached = time.perf_counter(), dict[str, Advance]()

    def tell(advance: Advance) -> bool | None:
        reached[advance.label] = advance
        done, spent = sum(one.time for one in reached.values()), time.perf_counter() - began
        speed = done / 60.0 / spent if spent > 0 and done else None
        left = (runs * until - done) / 60.0 / speed if speed else None
        return progress(Advance(f"{runs} runs together", done, runs * until, advance.cells, speed, left))

    return tell


def seconds_a_run(model: Model, ticks: int, seed: int, threads: int) -> tuple[float, dict[str, float]]:
    """About how long one run of `ticks` takes (s), and the summary at its start.

    The first steps of a first start load the kernels; a short stretch of a second one is timed. Tissue that
    grows takes longer.
    """
    engine.warm_up()
    engine.start(model, seed, threads).advance(min(FIRST, ticks))
    began = time.perf_counter()
    simulation = engine.start(model, seed, threads)
    summary, begun = simulation.summary(), time.perf_counter()
    while (spent := time.perf_counter() - begun) < PILOT and simulation.tick < ticks:
        simulation.advance(min(max(1, simulation.tick), ticks - simulation.tick))
    return begun - began + spent / simulation.tick * ticks, summary
