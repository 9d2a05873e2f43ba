"""A case on pyphysicell 0.1.4: the peer's own public API, with the numbers of the shipped scenario.

Run in a process of its own, so that its memory is its own. Two known faults of the peer are kept out of
the way: a cell whose cycle-entry rate falls to 0 would go back to the base rate (a tiny positive rate
is written instead), and no necrosis is modelled on either side.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from cases import LAG, STEP
from measure import memory_of_libraries_mb, peak_memory_mb, timed, use_threads

FACES = ("xmin", "xmax", "ymin", "ymax", "zmin", "zmax")


def peer_model(case: dict[str, Any], start: np.ndarray) -> Any:
    """The peer's model of `case` (see `cases.numbers_of`); `start` in µm from the centre."""
    from pyphysicell import model as peer

    half = case["size"] / 2
    low, high = (-half,) * 3, (half,) * 3
    box = [edge for pair in zip(low, high, strict=True) for edge in pair]
    voxel = case["voxel"]
    duration = {0: case["apoptosis_duration"]}
    apoptosis = peer.DeathModel(100, "apoptosis", case["apoptosis_rate"], duration)
    exchange = {"oxygen": peer.SecretionEntry(uptake_rate=case["uptake_rate"])}
    for name, slow in case["slow"].items():
        exchange[name] = peer.SecretionEntry(net_export_rate=slow["release"])  # amount/min, whatever c is
    tumour = peer.CellType(
        "tumour",
        cycle=peer.Cycle(5, "live", {(0, 0): case["cycle_rate"]}, {(0, 0): False}),
        deaths={"apoptosis": apoptosis},
        secretion=exchange,
    )
    return peer.Model(
        domain=peer.Domain(*box, voxel, voxel, voxel, use_2D=False),
        time=peer.Time(0.01, 0.1, 6.0),
        substrates=substrates(case),
        cell_types=[tumour],
        initial_cells=[(*map(float, position), "tumour") for position in start],
        calculate_gradients=False,
    )


def substrates(case: dict[str, Any]) -> list[Any]:
    """Oxygen held at all faces, and the slow substrates, whose faces are closed on both sides."""
    from pyphysicell import model as peer

    oxygen = peer.Substrate(
        "oxygen",
        case["diffusion_coefficient"],
        case["decay_rate"],
        case["held"],
        dirichlet_enabled=True,
        dirichlet_value=case["held"],
        dirichlet_faces=dict.fromkeys(FACES, (True, case["held"])),
    )
    slow = [
        peer.Substrate(name, part["diffusion_coefficient"], part["decay_rate"], 0.0)
        for name, part in case["slow"].items()
    ]
    return [oxygen, *slow]


def scale_cycle_by_oxygen(simulation: Any, case: dict[str, Any]) -> None:
    """Cycle entry = base rate × linear ramp of oxygen, at each phenotype step (PhysiCell's own ramp)."""
    from pyphysicell.standard import linear_response

    def scale(context: Any) -> None:
        ramp = linear_response(context.signals["oxygen"], case["ramp_zero_at"], case["ramp_one_at"])
        rate = np.maximum(ramp * case["cycle_rate"], 1e-300)
        context.behaviors["cycle entry"] = np.where(context.dead, 0.0, rate)

    simulation.hook("phenotype", cell_type="tumour")(scale)


def simulation_of(case: dict[str, Any], start: np.ndarray, seed: int) -> Any:
    """The peer's simulation of a case, ready to run."""
    import pyphysicell

    simulation = pyphysicell.Simulation(peer_model(case, start), seed=seed)
    scale_cycle_by_oxygen(simulation, case)
    return simulation


def measure(
    case: dict[str, Any], start: np.ndarray, minutes: float, seed: int, state: Path | None
) -> dict[str, Any]:
    """Seconds per simulated hour, memory, cells; with `state` also what its errors are computed from."""
    from pyphysicell import _kernels

    simulation_of(case | {"size": 160.0}, np.zeros((1, 3)), 1).run(0.1)  # loads all that is loaded late
    libraries = memory_of_libraries_mb()
    simulation = simulation_of(case, start, seed)
    seconds, moments = 0.0, [_moment(case, simulation)] if state else []
    for i in range(round(minutes / STEP)):
        until = (i + 1) * STEP
        seconds += timed(lambda until=until: simulation.run(until))  # type: ignore[misc]
        moments += [_moment(case, simulation)] if state else []
    result = {
        "seconds_per_hour": seconds * 60 / minutes,
        "memory_mb": peak_memory_mb(),
        "memory_of_libraries_mb": libraries,
        "cells": int(simulation.cells.n),
        "threads": int(_kernels.MAX_THREADS),
    }
    if state is not None:
        slow = {name: simulation.microenvironment[name].transpose(2, 1, 0) for name in case["slow"]}
        simulation.run(minutes + LAG)
        _save(state, case, simulation, moments, slow)
    return result


def _moment(case: dict[str, Any], simulation: Any) -> dict[str, np.ndarray]:
    """Which cells release how much, where there is a slow substrate."""
    if not case["slow"]:
        return {}
    cells = simulation.cells
    return {
        "position": cells.view("position") + case["size"] / 2,
        "radius": np.array(cells.view("radius")),
        "release": np.array(cells.view("net_export_rate")[:, 1]),
    }


def _save(
    path: Path, case: dict[str, Any], simulation: Any, moments: list[Any], slow: dict[str, Any]
) -> None:
    """Oxygen and cells as they stand, the slow fields as they stood at the last moment, all moments."""
    cells, medium = simulation.cells, simulation.microenvironment
    arrays = {f"moment/{i}/{name}": a for i, moment in enumerate(moments) for name, a in moment.items()}
    arrays |= {f"slow/{name}": field for name, field in slow.items()}
    after_uptake = medium["oxygen"].transpose(2, 1, 0)
    # A step first diffuses, then takes up; in between is what the cells sense.
    medium.step(simulation.model.time.dt_diffusion)
    np.savez(
        path,
        field=medium["oxygen"].transpose(2, 1, 0),
        field_after_uptake=after_uptake,
        position=cells.view("position") + case["size"] / 2,
        radius=cells.view("radius"),
        uptake_rate=cells.view("uptake_rate")[:, 0],
        **arrays,
    )


def main() -> None:
    """Read the case, run it once, print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", type=Path, help="its numbers (JSON); its cells lie beside it (.npy)")
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--state", type=Path)
    options = parser.parse_args()
    use_threads(options.threads)
    case = json.loads(options.case.read_text())
    start = np.load(options.case.with_suffix(".npy")) - case["size"] / 2
    print(json.dumps(measure(case, start, options.minutes, options.seed, options.state)))


if __name__ == "__main__":
    main()
