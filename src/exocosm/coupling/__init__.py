"""Engines on one clock. There is one engine so far, the tissue; the body joins it here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exocosm.model import Set
    from exocosm.tissue.simulation import Simulation
    from exocosm.tissue.step_errors import StepErrors

__all__ = ["restore", "start", "steps_within"]


def start(model: Any, *, seed: int = 1, threads: int | None = None) -> Simulation:
    """A model at tick 0. Raises ModelError or ValueError where the model cannot be built."""
    from exocosm.tissue.simulation import Simulation

    return Simulation(model, seed=seed, threads=threads)


def restore(
    model: Any, arrays: Mapping[str, Any], *, seed: int | None = None, threads: int | None = None
) -> Simulation:
    """A model at the tick of a checkpoint; raises RunError if they do not belong together."""
    from exocosm.tissue.simulation import Simulation

    return Simulation.restore(model, arrays, seed=seed, threads=threads)


def steps_within(
    model: Any, tolerance: float, *, seed: int = 1, threads: int | None = None
) -> tuple[list[Set], StepErrors]:
    """Changes of a model's steps that keep the estimated errors within `tolerance`, and these errors."""
    from exocosm.coupling.steps import steps_within as find

    return find(model, tolerance, seed=seed, threads=threads)
