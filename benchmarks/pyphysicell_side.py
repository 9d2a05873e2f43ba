"""Case A on pyphysicell 0.1.4: the peer's own public API, with the numbers of the shipped scenario.

Run in a process of its own, so that its memory is its own. Two known faults of the peer are kept out of
the way: a cell whose cycle-entry rate falls to 0 would go back to the base rate (a tiny positive rate
is written instead), and no necrosis is modelled on either side.
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

FACES = ("xmin", "xmax", "ymin", "ymax", "zmin", "zmax")


def peer_model(case: dict[str, Any], start: np.ndarray) -> Any:
    """The peer's model of `case` (see `exocosm_side.describe`); `start` in µm from the centre."""
    from pyphysicell import model as peer

    half = case["size"] / 2
    low, high = (-half,) * 3, (half,) * 3
    box = [edge for pair in zip(low, high, strict=True) for edge in pair]
    voxel = case["voxel"]
    oxygen = peer.Substrate(
        "oxygen",
        case["diffusion_coefficient"],
        case["decay_rate"],
        case["held"],
        dirichlet_enabled=True,
        dirichlet_value=case["held"],
        dirichlet_faces=dict.fromkeys(FACES, (True, case["held"])),
    )
    duration = {0: case["apoptosis_duration"]}
    apoptosis = peer.DeathModel(100, "apoptosis", case["apoptosis_rate"], duration)
    tumour = peer.CellType(
        "tumour",
        cycle=peer.Cycle(5, "live", {(0, 0): case["cycle_rate"]}, {(0, 0): False}),
        deaths={"apoptosis": apoptosis},
        secretion={"oxygen": peer.SecretionEntry(uptake_rate=case["uptake_rate"])},
    )
    return peer.Model(
        domain=peer.Domain(*box, voxel, voxel, voxel, use_2D=False),
        time=peer.Time(0.01, 0.1, 6.0),
        substrates=[oxygen],
        cell_types=[tumour],
        initial_cells=[(*map(float, position), "tumour") for position in start],
        calculate_gradients=False,
    )


def scale_cycle_by_oxygen(simulation: Any, case: dict[str, Any]) -> None:
    """Cycle entry = base rate × linear ramp of oxygen, at each phenotype step (PhysiCell's own ramp)."""
    from pyphysicell.standard import linear_response

    def scale(context: Any) -> None:
        ramp = linear_response(context.signals["oxygen"], case["ramp_zero_at"], case["ramp_one_at"])
        rate = np.maximum(ramp * case["cycle_rate"], 1e-300)
        context.behaviors["cycle entry"] = np.where(context.dead, 0.0, rate)

    simulation.hook("phenotype", cell_type="tumour")(scale)


def measure(
    case: dict[str, Any], start: np.ndarray, minutes: float, seed: int, state: Path | None
) -> dict[str, Any]:
    """Seconds per simulated hour, peak memory, cells at the end; the state goes to `state` for its error."""
    import pyphysicell
    from pyphysicell import _kernels

    simulation = pyphysicell.Simulation(peer_model(case, start), seed=seed)
    scale_cycle_by_oxygen(simulation, case)
    begin = time.perf_counter()
    simulation.run(minutes)
    seconds = time.perf_counter() - begin
    cells, medium = simulation.cells, simulation.microenvironment
    if state is not None:
        after_uptake = medium["oxygen"].transpose(2, 1, 0)
        # A step first diffuses, then takes up; in between is what the cells sense.
        medium.step(simulation.model.time.dt_diffusion)
        np.savez(
            state,
            field=medium["oxygen"].transpose(2, 1, 0),
            field_after_uptake=after_uptake,
            position=cells.view("position") + case["size"] / 2,
            radius=cells.view("radius"),
            uptake_rate=cells.view("uptake_rate")[:, 0],
        )
    return {
        "seconds_per_hour": seconds * 60 / minutes,
        "memory_mb": peak_memory_mb(),
        "cells": int(cells.n),
        "threads": int(_kernels.MAX_THREADS),
    }


def main() -> None:
    """Read the case, run it once, print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", type=Path)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--state", type=Path)
    options = parser.parse_args()
    os.environ["PHYSICELL_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(options.threads)
    case = json.loads(options.case.read_text())
    start = np.load(options.case.with_suffix(".npy")) - case["size"] / 2
    print(json.dumps(measure(case, start, options.minutes, options.seed, options.state)))


if __name__ == "__main__":
    main()
