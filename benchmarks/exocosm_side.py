"""Case A on Exocosm: the shipped scenario `spheroid-in-oxygen`, through the public API.

`--describe` writes the scenario's numbers and its first cells, from which the peer's model is built, so
that both sides run the same case. Otherwise: one run, in a process of its own, after a short run that
loads the kernels.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from measure import peak_memory_mb

SCENARIO = "spheroid-in-oxygen"
WARM_UP_MINUTES = 12.0


def describe() -> tuple[dict[str, Any], np.ndarray]:
    """The case as plain numbers (µm, min, mmHg) and the positions of its cells at the start, (n, 3) in µm."""
    from exocosm import load
    from exocosm.coupling import start

    # The case fixes which of the optional parts are there, so they are read without asking.
    model: Any = load(SCENARIO)
    tumour = model.tissue.cell_types["tumour"]
    oxygen = model.species.substrates["oxygen"]
    phase = tumour.cycle.phases[0]
    case = {
        "size": float(model.tissue.geometry.size[0]),
        "voxel": float(model.tissue.geometry.voxel),
        "diffusion_coefficient": float(oxygen.diffusion_coefficient),
        "decay_rate": float(oxygen.decay_rate),
        "held": float(model.tissue.boundaries["oxygen"].x_low),
        "cycle_rate": float(phase.duration.rate),
        "ramp_zero_at": float(phase.modulated_by.zero_at),
        "ramp_one_at": float(phase.modulated_by.one_at),
        "apoptosis_rate": float(tumour.apoptosis.rate),
        "apoptosis_duration": float(tumour.apoptosis.duration),
        "uptake_rate": float(tumour.exchange["oxygen"].uptake_rate),
    }
    table = start(model, seed=1).cell_table()
    return case, np.stack([table[axis] for axis in "xyz"], axis=1)


def measure(minutes: float, threads: int, seed: int, state: Path | None) -> dict[str, Any]:
    """Seconds per simulated hour, peak memory, cells at the end; the state goes to `state` for its error."""
    from exocosm import load
    from exocosm.coupling import start

    model = load(SCENARIO)
    tick = float(model.tissue.steps.tick)
    start(model, seed=seed, threads=threads).advance(round(WARM_UP_MINUTES / tick))
    simulation = start(model, seed=seed, threads=threads)
    begin = time.perf_counter()
    simulation.advance(round(minutes / tick))
    seconds = time.perf_counter() - begin
    table = simulation.cell_table()
    if state is not None:
        rate = float(model.tissue.cell_types["tumour"].exchange["oxygen"].uptake_rate)
        live = np.asarray(table["state"]) == "live"
        np.savez(
            state,
            field=simulation.field_arrays()["oxygen"][0],
            position=np.stack([table[axis] for axis in "xyz"], axis=1),
            radius=table["radius"],
            uptake_rate=np.where(live, rate, 0.0),
        )
    return {
        "seconds_per_hour": seconds * 60 / minutes,
        "memory_mb": peak_memory_mb(),
        "cells": len(table["x"]),
        "threads": threads,
        "costs": simulation.costs(),
    }


def main() -> None:
    """Describe the case, or run it once and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--describe", type=Path)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--state", type=Path)
    options = parser.parse_args()
    os.environ["NUMBA_NUM_THREADS"] = str(options.threads)
    if options.describe:
        case, positions = describe()
        options.describe.write_text(json.dumps(case))
        np.save(options.describe.with_suffix(".npy"), positions)
        return
    print(json.dumps(measure(options.minutes, options.threads, options.seed, options.state)))


if __name__ == "__main__":
    main()
