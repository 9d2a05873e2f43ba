"""Whether steps, start and fields can be trusted: cheap warnings of what is possible but doubtful.

What cannot be is refused before (`exocosm.model.sense_checks`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from exocosm.model.step_checks import losses
from exocosm.physics.shapes import ball_radius
from exocosm.tissue import receptors

MUCH_LOST = 0.5
"""Loss rate times step of a field from which a transient lags by a fifth: ln(1 + x) / x is 0.81 there."""
FAR_PUSH = 2.0
"""Radii by which a push may move a cell in a step.

A pair that overlaps by half parts by 2 c·dt (1/2)² in a step: beyond contact once c·dt is two radii.
"""
MANY = 0.01
"""Share of the cells that lie within others from which it is worth a word."""


def warnings(simulation: Any) -> list[str]:
    """What a reader of results should know of steps and start, in plain words; empty if nothing."""
    model = simulation.model
    return [
        *_losses(model),
        *_pushes(model),
        *_never(model),
        *_steep(model),
        *receptors.warnings(simulation),
        *_within_each_other(simulation.state.cells),
    ]


def _losses(model: Any) -> Iterator[str]:
    for (_, _, name, _), rate, every in losses(model):
        lost = float(rate) * float(every)
        if lost > MUCH_LOST:
            yield (
                f"{name}: it decays at {rate.text} with a step of {every.text}, so that what changes lags "
                f"by {1 - math.log1p(lost) / lost:.0%}. Use a step of at most {0.1 / float(rate):.2g} min."
            )


def _pushes(model: Any) -> Iterator[str]:
    step = float(model.tissue.steps.mechanics)
    for name, part in model.tissue.cell_types.items():
        speed, radius = float(part.mechanics.repulsion), ball_radius(float(part.volume.total))
        if speed * step > FAR_PUSH * radius:
            yield (
                f"{name}: cells that overlap by half are thrown apart in one step of mechanics, by up to "
                f"{speed * step / 2:.3g} um where {radius:.3g} um would do. Use a step of mechanics of at "
                f"most {radius / (2 * speed):.2g} min."
            )


def _never(model: Any) -> Iterator[str]:
    """Processes that never happen, as their step is longer than the run."""
    steps = {"mechanics": model.tissue.steps.mechanics, "phenotype": model.tissue.steps.phenotype}
    for kind in ("substrates", "vesicles"):
        steps |= {name: part.every for name, part in getattr(model.species, kind).items()}
    for name, step in steps.items():
        if step > model.duration:
            yield (
                f"{name}: its step of {step.text} is longer than the run of {model.duration.text}, so that "
                "it never happens."
            )


def _steep(model: Any) -> Iterator[str]:
    """Substrates that fall by e within a voxel where cells are packed."""
    voxel = float(model.tissue.geometry.voxel)
    for name, substrate in model.species.substrates.items():
        uptake = max(
            (_uptake(part, name, substrate) for part in model.tissue.cell_types.values()), default=0.0
        )
        loss, diffusion = float(substrate.decay_rate) + uptake, float(substrate.diffusion_coefficient)
        length = math.sqrt(diffusion / loss) if loss > 0 else math.inf
        if 0 < length < voxel:
            yield (
                f"{name}: among packed cells it falls by e within {length:.3g} um, less than a voxel of "
                f"{voxel:g} um, which shows only its mean. Use voxels of at most {length / 2:.2g} um."
            )


def _uptake(part: Any, name: str, substrate: Any) -> float:
    """Rate (1/min) at which cells that fill the tissue take a substrate up, at its initial level."""
    exchange = part.exchange.get(name)
    if exchange is None:
        return 0.0
    saturable = 0.0
    if exchange.half_saturation is not None and exchange.half_saturation > 0:
        level = float(exchange.half_saturation) + float(substrate.initial)
        saturable = float(exchange.max_uptake) / level / float(part.volume.total)
    return float(exchange.uptake_rate) + saturable


def _within_each_other(cells: Any) -> Iterator[str]:
    """Cells whose middle lies within another cell at the start."""
    from scipy.spatial import cKDTree

    if cells.n < 2:
        return
    radius, place = np.asarray(cells.radius()), np.asarray(cells.view("position"))
    distance, other = cKDTree(place).query(place, k=2)
    within = int((distance[:, 1] < radius[other[:, 1]]).sum())
    if within > MANY * cells.n:
        yield (
            f"start: {within:,} of {cells.n:,} cells lie with their middle within another cell. They push "
            "each other apart in the first minutes, and what they exchange until then means little."
        )
