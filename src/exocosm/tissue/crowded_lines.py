"""Vessels nearer to each other than the grid can tell: what of its resistance is left among them.

Of parallel lines, n per area in tissue that uses evenly what they give, the wall lies above the mean by
q (ln(R/r) - 3/4)/(2πD), R = 1/sqrt(π n) (Krogh's cylinder). On a grid they are smeared, and what
a footprint of standard deviation σ across a line sees lies above the mean by q S/D,

    S = n sum over waves k ≠ 0 of a hexagonal lattice of exp(-k² σ²)/k²,

the Ewald sum of smeared charges in a neutralising background (1921, 10.1002/andp.19213690304). For the
mean to be right, the equivalent radius of a lone line, 2σ exp(-γ/2) in the continuum, changes by

    Δ = ln R - 3/4 - 2π S - (ln(2σ) - γ/2) ,

which goes with n σ² alone: from 0 for a lone line to a radius of 0.47 R where footprints overlap so
much that they see the mean. How many others there are follows from what footprints share with them.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
TOLD = 0.15
"""Others in a footprint, relative to itself, above which the density of lines can be told from them."""


@lru_cache
def _table() -> tuple[Array, Array, Array]:
    """By n σ²: what a footprint of a hexagonal array finds of others, relative to itself, and Δ."""
    densities = np.concatenate([np.linspace(0.004, 0.3, 149), np.geomspace(0.31, 100.0, 60)])
    i, j = np.meshgrid(np.arange(-40, 41), np.arange(-40, 41))
    squares = (i * i + i * j + j * j).ravel()
    squares = squares[squares > 0]
    others, change = [], []
    for y in densities:
        waves = 8.0 * np.pi**2 / np.sqrt(3.0) * y * squares  # k² σ²
        seen = np.exp(-np.minimum(waves, 700.0))
        others.append(4.0 * np.pi * y * (1.0 + float(seen.sum())) - 1.0)
        level = -0.5 * np.log(np.pi * y) - 0.75 - 2.0 * np.pi * y * float((seen / waves).sum())
        change.append(level - np.log(2.0) + 0.5 * np.euler_gamma)
    return np.append(0.0, densities), np.append(0.0, np.maximum(others, 0.0)), np.append(0.0, change)


def change_of_radius(others: Array, spread: float, lattice: float) -> Array:
    """Δ at nodes whose footprints (standard deviation `spread`, µm) find `others` relative to themselves.

    `lattice` is the density (1/µm²) of the lattice that they are of, 0 if of none: it holds where others
    are too far to be told.
    """
    densities, found, change = _table()
    known = lattice * spread**2
    if np.interp(known, densities, found) > TOLD:
        known = 0.0
    told = np.interp(others, found, densities)
    return np.asarray(np.interp(np.where(others > TOLD, told, known), densities, change))
