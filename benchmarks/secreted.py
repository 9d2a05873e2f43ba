"""Exact reference for a substrate that moving cells release, that diffuses and decays in a closed cube.

dc/dt = D ∇²c - λ c + s(x, t), no flux at the faces, c = 0 at the start. On cosines the operator is diagonal,
so each mode is integrated exactly; what is left to the reference is the source: the cells of a run at moments
some minutes apart, each releasing evenly over its ball (4³ samples a voxel), linear in time in between. It
belongs to neither side of the benchmark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dctn, idctn

from converged import THREADS, spread_over_cells

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Moment:
    """Cells at one moment: position (n, 3) and radius in µm, release in amount/min."""

    position: Array
    radius: Array
    release: Array


@dataclass(frozen=True)
class Slow:
    """D in µm²/min, λ in 1/min, edge of the cube in µm."""

    diffusion_coefficient: float
    decay_rate: float
    size: float


def released(
    moments: Sequence[Moment], apart: float, medium: Slow, voxel: float, still: float = 0.0
) -> Array:
    """Mean concentration in each voxel at the last of `moments`, which lie `apart` min apart.

    `still`: min for which the cells of the last moment go on as they are.
    """
    n = round(medium.size / voxel)
    wave = (np.pi * np.arange(n) / medium.size) ** 2
    rate = medium.decay_rate + medium.diffusion_coefficient * (wave[:, None, None] + wave[:, None] + wave)
    sources = [_modes(moment, n, voxel) for moment in moments]
    modes = np.zeros_like(rate)
    for before, after in pairwise(sources):
        modes = _onward(modes, before, after, rate, apart)
    if still:
        modes = _onward(modes, sources[-1], sources[-1], rate, still)
    return np.asarray(idctn(modes, type=2, norm="ortho", workers=THREADS))


def _modes(moment: Moment, n: int, voxel: float) -> Array:
    amount = spread_over_cells(moment.position, moment.radius, moment.release, 0.0, voxel, n)
    return np.asarray(dctn(amount / voxel**3, type=2, norm="ortho", workers=THREADS))


def _onward(modes: Array, before: Array, after: Array, rate: Array, minutes: float) -> Array:
    """Exact solution of a' = -rate a + source over some minutes of a source linear in time."""
    kept = np.exp(-rate * minutes)
    filled = -np.expm1(-rate * minutes) / rate
    return modes * kept + before * filled + (after - before) * (1.0 - filled / minutes) / rate
