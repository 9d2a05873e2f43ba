"""A million cells with oxygen and two vesicle populations, and a tenth of them in a tenth of the volume.

One run in a process of its own; prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from cases import ball, close_packed_radius
from measure import memory_of_libraries_mb, peak_memory_mb, timed, use_threads

SCENARIO = Path(__file__).with_suffix(".yaml")
SIZE = 2000.0  # µm, for a million cells


def measure(cells: int, minutes: float, threads: int, seed: int = 1) -> dict[str, Any]:
    """Seconds per simulated hour, memory and cost per cell of a ball of so many cells."""
    from exocosm import load
    from exocosm.coupling import start

    scenario = load(SCENARIO)
    small = scenario.change(*ball(160.0, 30.0))
    start(small, seed=seed, threads=threads).advance(round(30.0 / float(small.tissue.steps.tick)))
    libraries = memory_of_libraries_mb()
    size = 20.0 * round(SIZE * (cells / 1e6) ** (1 / 3) / 20.0)
    model = scenario.change(*ball(size, close_packed_radius(cells)))
    set_up: list[Any] = []
    seconds_before = timed(lambda: set_up.append(start(model, seed=seed, threads=threads)))
    simulation = set_up[0]
    seconds = timed(lambda: simulation.advance(round(minutes / simulation.tick_length)))
    hour = seconds * 60.0 / minutes
    return {
        "cells": int(simulation.state.cells.n),
        "size": size,
        "minutes": minutes,
        "set_up": seconds_before,
        "seconds_per_hour": hour,
        "microseconds_per_cell_minute": hour / 60.0 / simulation.state.cells.n * 1e6,
        "memory_mb": peak_memory_mb(),
        "memory_of_libraries_mb": libraries,
        "costs": {name: spent * 60.0 / minutes for name, spent in simulation.costs().items()},
    }


def main() -> None:
    """Run once and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=1_000_000)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    use_threads(options.threads)
    print(json.dumps(measure(options.cells, options.minutes, options.threads)))


if __name__ == "__main__":
    main()
