"""Errors of the final fields of a run against references that belong to neither side."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cases import CASES, LAG, STEP, Case
from converged import FrozenTissue, Medium, averaged, relative_error, steady
from secreted import Moment, Slow, released

Array = NDArray[np.float64]


def field_errors(side: str, case: Case, numbers: dict[str, Any], state: Path) -> dict[str, Any]:
    """Errors of oxygen, and of the slow substrates where there are any."""
    arrays = np.load(state)
    found = {"oxygen": oxygen_errors(side, case, numbers, arrays)}
    if numbers["slow"]:
        found["slow"] = slow_errors(numbers, arrays, LAG if side == "exocosm" else 0.0)
    return found


def oxygen_errors(side: str, case: Case, numbers: dict[str, Any], state: Any) -> dict[str, Any]:
    """Errors against the converged reference for that side's own cells, everywhere and in the ball.

    pyphysicell holds the outermost layer of voxels, so its value is given half a voxel inside the cube;
    Exocosm holds the faces. Errors are taken over the voxels that neither holds.
    """
    size, voxel = numbers["size"], numbers["voxel"]
    inset = voxel / 2 if side == "pyphysicell" else 0.0
    tissue = FrozenTissue(state["position"], state["radius"], state["uptake_rate"])
    medium = Medium(
        numbers["diffusion_coefficient"], numbers["decay_rate"], numbers["held"], inset, size - inset
    )
    fine = steady(tissue, medium, voxel / 2)
    trim = round((voxel - inset) / (voxel / 2))
    reference = averaged(fine[trim:-trim, trim:-trim, trim:-trim])
    field = state["field"][1:-1, 1:-1, 1:-1]
    end = state.get("field_after_uptake", state["field"])[1:-1, 1:-1, 1:-1]
    inside = _distance(field.shape[0], voxel) < case.radius
    return {
        "everywhere": relative_error(field, reference),
        "in_ball": relative_error(field, reference, inside),
        "in_ball_at_end": relative_error(end, reference, inside),
        "lowest": float(field.min()),
        "lowest_reference": float(reference.min()),
    }


def _distance(n: int, voxel: float) -> Array:
    """Distance (µm) of each of n³ voxels from the middle."""
    x = (np.arange(n) - (n - 1) / 2) * voxel
    return np.asarray(np.sqrt(x[:, None, None] ** 2 + x[:, None] ** 2 + x**2))


def slow_errors(numbers: dict[str, Any], state: Any, lag: float) -> dict[str, float]:
    """Errors against the exact solution for that side's own moving cells; the worst of all slow substrates.

    `field`: at the moment for which the field was solved. `late`: what a reader finds who looks at it
    `lag` min later, before the side solves again. `amount`: of the amount in the cube.
    """
    moments = _moments(state)
    found = []
    for name, part in numbers["slow"].items():
        medium = Slow(part["diffusion_coefficient"], part["decay_rate"], numbers["size"])
        reference, late = (
            averaged(released(moments, STEP, medium, numbers["voxel"] / 2, still)) for still in (0.0, lag)
        )
        field = state[f"slow/{name}"]
        found.append(
            {
                "field": relative_error(field, reference),
                "late": relative_error(field, late),
                "amount": float(field.sum() / reference.sum() - 1.0),
            }
        )
    return {kind: max((one[kind] for one in found), key=abs) for kind in found[0]}


def _moments(state: Any) -> list[Moment]:
    count = len({name.split("/")[1] for name in state.files if name.startswith("moment/")})
    parts = ("position", "radius", "release")
    return [Moment(*(state[f"moment/{i}/{part}"] for part in parts)) for i in range(count)]


def main() -> None:
    """Errors of one side's final state; prints one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("side", choices=("exocosm", "pyphysicell"))
    parser.add_argument("case", choices=CASES)
    parser.add_argument("numbers", type=Path)
    parser.add_argument("state", type=Path)
    options = parser.parse_args()
    numbers = json.loads(options.numbers.read_text())
    print(json.dumps(field_errors(options.side, CASES[options.case], numbers, options.state)))


if __name__ == "__main__":
    main()
