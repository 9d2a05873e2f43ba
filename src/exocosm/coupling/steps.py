"""Steps that keep the error of a model's fields and mechanics within a tolerance, found by trying them."""

from __future__ import annotations

import math
from typing import Any

from exocosm.ground.errors import RunError
from exocosm.model import Set
from exocosm.tissue.simulation import Simulation
from exocosm.tissue.step_errors import StepErrors, probe_minutes, step_errors

ROUNDS = 6
MOST_HALVINGS = 2  # in a round: far from its order an error falls faster than foreseen
PILOT = 120.0  # min; long enough for sources to move and for near fields to settle
LEAST_TOLERANCE = 1e-5  # below it solvers and rounding would be measured


def steps_within(
    model: Any, tolerance: float, *, seed: int = 1, threads: int | None = None
) -> tuple[list[Set], StepErrors]:
    """The changes of steps that bring all errors of `step_errors` within `tolerance`, and these errors.

    Steps are halved until a pilot of the model, two hours long or its whole duration, meets the tolerance;
    those that do already stay. Raises RunError for a tolerance out of reach.
    """
    if not LEAST_TOLERANCE <= tolerance < 1.0:
        raise RunError(f"tolerance: found {tolerance:g}, wanted a number from {LEAST_TOLERANCE:g} to 1")
    steps, errors = _steps(model), None
    for _ in range(ROUNDS):
        changes = _changes(model, steps)
        errors = _pilot(model.change(*changes), seed, threads)
        halvings = _halvings(errors, steps, tolerance)
        if not halvings:
            return changes, errors
        steps |= {name: steps[name] / 2.0**count for name, count in halvings.items()}
    raise RunError(f"tolerance: {tolerance:g} is not met after {ROUNDS} rounds of shorter steps: {errors}")


def _steps(model: Any) -> dict[str, float]:
    """Steps in min by the path at which they are set."""
    species = {"substrates": model.species.substrates, "vesicles": model.species.vesicles}
    steps = {
        f"species.{kind}.{name}.every": float(part.every)
        for kind, parts in species.items()
        for name, part in parts.items()
    }
    return steps | {"tissue.steps.mechanics": float(model.tissue.steps.mechanics)}


def _changes(model: Any, steps: dict[str, float]) -> list[Set]:
    """Settings of the steps that differ from the model's, and of a tick that divides them all."""
    was, tick = _steps(model), float(model.tissue.steps.tick)
    while any(abs(step / tick - round(step / tick)) > 1e-9 for step in steps.values()):
        tick /= 2.0
    wanted = {"tissue.steps.tick": tick} if tick != float(model.tissue.steps.tick) else {}
    wanted |= {path: step for path, step in steps.items() if step != was[path]}
    return [Set(path, f"{step!r} min") for path, step in wanted.items()]


def _pilot(model: Any, seed: int, threads: int | None) -> StepErrors:
    simulation = Simulation(model, seed=seed, threads=threads)
    minutes = min(max(PILOT, probe_minutes(simulation)), float(model.duration))
    simulation.advance(math.ceil(minutes / simulation.tick_length))
    return step_errors(simulation)


def _halvings(errors: StepErrors, steps: dict[str, float], tolerance: float) -> dict[str, int]:
    """How often to halve each step: errors fall with its square, where a field is quasi-steady with it."""
    found = {}
    for path in steps:
        name = path.split(".")[2]
        mine = errors.mechanics if name == "mechanics" else max(errors.of(name), default=0.0)
        order = 1.0 if name in errors.steady else 2.0
        if mine > tolerance:
            found[path] = min(max(1, math.ceil(math.log2(mine / tolerance) / order)), MOST_HALVINGS)
    return found
