"""How near the main kernels come to what the machine could do, on the cells and the grid of case E100.

The simulation runs as it always does, and each call of a kernel is timed; the first minutes do not count. A
kernel's bound is the time in which two threads could move its bytes or do its operations, whichever is
longer; its achieved share is bound over measured time. One slow substrate beside oxygen lets the transient
solver take part.
"""

from __future__ import annotations

import argparse
import inspect
import json
import time
from dataclasses import dataclass, field
from importlib import import_module
from statistics import median
from types import SimpleNamespace
from typing import Any

from cases import CASES, STEP, Case, model_of
from measure import use_threads
from work import KERNELS, Kernel, Work

SETTLING = 6.0  # min


@dataclass
class Watched:
    """One kernel while it is timed: seconds and work of each call, and how large its grid was."""

    kernel: Kernel
    compiled: Any
    calls: list[tuple[int, float, Work]] = field(default_factory=list)

    def __call__(self, *arguments: Any) -> Any:
        """Call the kernel and note what it took."""
        begin = time.perf_counter()
        result = self.compiled(*arguments)
        seconds = time.perf_counter() - begin
        a = SimpleNamespace(**dict(zip(names_of(self.compiled), arguments, strict=True)))
        self.calls.append((self.kernel.size(a), seconds, self.kernel.work(a)))
        return result


def names_of(compiled: Any) -> list[str]:
    """Names of the arguments of a compiled kernel."""
    return list(inspect.signature(compiled.py_func).parameters)


def is_parallel(compiled: Any) -> bool:
    """Whether a kernel uses more than one thread."""
    return bool(compiled.targetoptions.get("parallel"))


def watch() -> list[Watched]:
    """Put a stop-watch around every kernel of the list, where its module calls it."""
    watched = []
    for kernel in KERNELS:
        module = import_module(kernel.module)
        one = Watched(kernel, getattr(module, kernel.name))
        setattr(module, kernel.name, one)
        watched.append(one)
    return watched


def bound(work: Work, rates: Any) -> tuple[float, str]:
    """The least seconds of a call on the whole machine, and what sets them."""
    times = {
        "memory" if rates.bandwidth(work.moved) == rates.memory else "cache": work.moved
        / rates.bandwidth(work.moved),
        "arithmetic": work.plain / rates.multiply_add
        + work.divisions / rates.division
        + work.exponentials / rates.exponential,
    }
    what = max(times, key=lambda name: times[name])
    return times[what], what


def row(one: Watched, rates: Any, minutes: float) -> dict[str, Any]:
    """Calls on the finest grid, or on all cells, beside their bound; those on coarser grids summed up."""
    finest = max(size for size, _, _ in one.calls)
    fine = [(seconds, work) for size, seconds, work in one.calls if size == finest]
    coarse = sum(seconds for size, seconds, _ in one.calls if size != finest)
    seconds = median(s for s, _ in fine)
    works = [work for _, work in fine]
    work = Work(*(median(column) for column in zip(*works, strict=True)))
    least, what = bound(work, rates)
    hour = 60.0 / minutes
    reasons = [one.kernel.why] if is_parallel(one.compiled) else ["runs on one thread", one.kernel.why]
    return {
        "kernel": one.kernel.name,
        "calls_per_hour": hour * len(fine),
        "milliseconds": 1e3 * seconds,
        "seconds_per_hour": hour * sum(s for s, _ in fine),
        "coarser_seconds_per_hour": hour * coarse,
        "moved_mb": work.moved / 1e6,
        "operations_m": sum(work[1:]) / 1e6,
        "bound_milliseconds": 1e3 * least,
        "bound_by": what,
        "share": least / seconds,
        "why": "; ".join(reasons),
    }


def measure(minutes: float, threads: int) -> dict[str, Any]:
    """Rates of the machine and one row a kernel."""
    from exocosm.coupling import start
    from exocosm_side import load_kernels
    from machine import measured

    rates = [measured(count) for count in range(1, threads + 1)]
    big = CASES["E100"]
    case = Case("E100 with a slow substrate", big.cells, big.voxels, 1, minutes, big.aim)
    load_kernels(case, threads)
    watched = watch()
    simulation = start(model_of(case), seed=1, threads=threads)
    simulation.advance(round(SETTLING / simulation.tick_length))
    for one in watched:
        one.calls.clear()
    before = sum(simulation.costs().values())
    simulation.advance(round(minutes / simulation.tick_length))
    rows = [row(one, rates[-1], minutes) for one in watched if one.calls]
    return {
        "case": case.title,
        "cells": int(simulation.state.cells.n),
        "minutes": minutes,
        "rates": [rate.as_dict() for rate in rates],
        "seconds_per_hour": (sum(simulation.costs().values()) - before) * 60.0 / minutes,
        "kernels": sorted(rows, key=lambda found: -found["seconds_per_hour"]),
    }


def main() -> None:
    """Measure once and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5 * STEP)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    use_threads(options.threads)
    print(json.dumps(measure(options.minutes, options.threads)))


if __name__ == "__main__":
    main()
