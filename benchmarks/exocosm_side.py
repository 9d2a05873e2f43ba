"""A case on Exocosm, through the public API: one run in a process of its own.

A few cells in a small cube load all kernels first, so that neither they nor their memory count.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from cases import CASES, LAG, SCENARIO, STEP, Case, ball, model_of, slow_substrate
from measure import memory_of_libraries_mb, peak_memory_mb, timed, use_threads


def load_kernels(case: Case, threads: int) -> None:
    """Run a few cells of the same kind, which divide and die fast, for half an hour."""
    from exocosm import load
    from exocosm.coupling import start
    from exocosm.model import Set

    tumour = "tissue.cell_types.tumour"
    changes = [
        *ball(160.0, 25.0),
        Set(f"{tumour}.cycle.phases[0].duration.exponential", "0.05 1/min"),
        Set(f"{tumour}.apoptosis.rate", "0.05 1/min"),
        Set(f"{tumour}.apoptosis.duration", "6 min"),
    ]
    for name in case.slow_names:
        changes += slow_substrate(name)
    model = load(SCENARIO).change(*changes)
    start(model, seed=1, threads=threads).advance(round(5 * STEP / float(model.tissue.steps.tick)))


def cells_of(simulation: Any) -> dict[str, np.ndarray]:
    """Positions (n, 3) and radii in µm of all cells, and which of them live."""
    table = simulation.cell_table()
    return {
        "position": np.stack([table[axis] for axis in "xyz"], axis=1),
        "radius": np.asarray(table["radius"]),
        "live": np.asarray(table["state"]) == "live",
    }


def measure(case: Case, minutes: float, threads: int, seed: int, state: Path | None) -> dict[str, Any]:
    """Seconds per simulated hour, memory, cells; with `state` also what its errors are computed from."""
    from exocosm.coupling import start

    load_kernels(case, threads)
    libraries = memory_of_libraries_mb()
    simulation = start(model_of(case), seed=seed, threads=threads)
    ticks = round(STEP / simulation.tick_length)
    seconds, moments = 0.0, [_moment(case, simulation)] if state else []
    for _ in range(round(minutes / STEP)):
        seconds += timed(lambda: simulation.advance(ticks))
        moments += [_moment(case, simulation)] if state else []
    result = {
        "seconds_per_hour": seconds * 60 / minutes,
        "memory_mb": peak_memory_mb(),
        "memory_of_libraries_mb": libraries,
        "cells": int(simulation.state.cells.n),
        "threads": threads,
        "costs": simulation.costs(),
    }
    if state is not None:
        slow = {name: simulation.field_arrays()[name][0] for name in case.slow_names}
        simulation.advance(round(LAG / simulation.tick_length))
        _save(state, case, simulation, moments, slow)
    return result


def _moment(case: Case, simulation: Any) -> dict[str, np.ndarray]:
    """Which cells release how much, where there is a slow substrate."""
    if not case.slow:
        return {}
    now = cells_of(simulation)
    exchange = simulation.model.tissue.cell_types["tumour"].exchange
    rate = float(exchange[case.slow_names[0]].secretion_rate)
    return {name: now[name] for name in ("position", "radius")} | {"release": rate * now["live"]}


def _save(path: Path, case: Case, simulation: Any, moments: list[Any], slow: dict[str, Any]) -> None:
    """Oxygen and cells as they stand, the slow fields as they stood at the last moment, all moments."""
    rate = float(simulation.model.tissue.cell_types["tumour"].exchange["oxygen"].uptake_rate)
    now = cells_of(simulation)
    arrays = {f"moment/{i}/{name}": a for i, moment in enumerate(moments) for name, a in moment.items()}
    arrays |= {f"slow/{name}": field for name, field in slow.items()}
    oxygen = simulation.field_arrays()["oxygen"][0]
    np.savez(
        path,
        field=oxygen,
        position=now["position"],
        radius=now["radius"],
        uptake_rate=np.where(now["live"], rate, 0.0),
        **arrays,
    )


def main() -> None:
    """Run a case once and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", choices=CASES)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--state", type=Path)
    options = parser.parse_args()
    use_threads(options.threads)
    case = CASES[options.case]
    minutes = options.minutes or case.minutes
    print(json.dumps(measure(case, minutes, options.threads, options.seed, options.state)))


if __name__ == "__main__":
    main()
