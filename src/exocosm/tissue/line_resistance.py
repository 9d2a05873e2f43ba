"""The level that a grid shows at a line source is not that at its wall: where it would be found instead.

A straight source of strength q per length in a medium of conductivity D has c(ρ) = c_wall - q/(2πD) ln(ρ/r).
On a grid, what its footprint sees is the level at some `equivalent radius`, a constant times the voxel
h (Peaceman's idea for wells: 1978, 10.2118/6893-PA). The exchange per length of a vessel whose wall passes
2πrP is therefore, with the level of its footprint,

    1 / K = 1 / (2πrP) + ln(r_eff / r) / (2πD).

Far away the potential of the square lattice, G (0 at the source), is that of a source in the plane: G =
-(ln(ρ/h) + γ + 1.5 ln 2)/(2π). A footprint of weights w whose voxels exchange each with its own level has the
resistance 1/R(s) = 1 / (1ᵀ A⁻¹ 1), A = diag(1/(s w)) + G, at a strength s = K/D, from which

    ln(r_eff / h) = -(γ + 1.5 ln 2) - 2π (1/R(s) - 1/s).

It is exact for a line along an axis of the grid at its place in the voxel. An oblique line passes all places:
it has their mean, and a shift by its direction that follows from the symbol of the lattice, λ, and the
transform of a footprint, φ, in the plane of waves k across the line, for a weak source,

    ln r_eff = ln(2 σ) - γ/2 - ∫ dk/k (<|φ|² k²/λ> - exp(-k² σ²)),   any σ.

Sources: potential kernel of the square lattice, Spitzer 1976, 10.1007/978-1-4684-6257-9; own derivation.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from exocosm.tissue.grid_resistance import LAYER_CONSTANT, STRENGTHS, hat_resistance

Array = NDArray[np.float64]
LATTICE = float(np.euler_gamma + 1.5 * np.log(2.0))
PLACES = (0.0, 0.25, 0.5, 0.75)
ALIGNED = 1.0 - 1e-9
WAVES = np.exp(np.linspace(np.log(1e-4), np.log(80.0), 700))  # times voxel; the integrand ends well before
ANGLES = 2.0 * np.pi * (np.arange(48) + 0.5) / 48.0
STRONGEST = 1e4
"""Largest K / D that a line is given."""

SETTLED = 1e-9
"""Change of K / D, relative to the largest, at which iteration ends."""


@lru_cache(maxsize=4096)
def radii_at(a: float, b: float, ratio: float) -> Array:
    """Equivalent radius, as ln(r_eff/h) by strength, of a line along an axis at (a, b) from a voxel's centre.

    `ratio` is the half-width of the hats of its footprint in voxels.
    """
    _, excess = hat_resistance(np.array([a, b, 0.0]), ratio, True)
    return np.asarray(-LATTICE - 2.0 * np.pi * (excess + LAYER_CONSTANT))


@lru_cache
def mean_radii(ratio: float) -> Array:
    """The mean of `radii_at` over all places in the voxel."""
    return np.asarray(np.mean([radii_at(a, b, ratio) for a in PLACES for b in PLACES], axis=0))


@lru_cache(maxsize=4096)
def weak_radius(direction: tuple[float, float, float], ratio: float) -> float:
    """ln(r_eff/h) of a weak line of a direction, in the mean over its places."""
    along = np.array(direction)
    first = np.cross(along, np.eye(3)[np.argmin(np.abs(along))])
    first /= np.linalg.norm(first)
    across = np.cos(ANGLES)[:, None] * first + np.sin(ANGLES)[:, None] * np.cross(along, first)
    half = 0.5 * WAVES[:, None, None] * across
    symbol = 4.0 * (np.sin(half) ** 2).sum(axis=-1)
    hats = (np.sinc(half / np.pi) * np.sinc(ratio * half / np.pi) ** 2).prod(axis=-1)
    # Where the symbol is 0 beyond the first zone, so is the transform, and faster.
    ratio_of = np.divide(hats**2 * WAVES[:, None] ** 2, symbol, out=np.zeros_like(hats), where=symbol > 1e-12)
    integrand = ratio_of.mean(axis=1) - np.exp(-(WAVES**2))
    return float(np.log(2.0) - 0.5 * np.euler_gamma - np.trapezoid(integrand, np.log(WAVES)))


def radii_of(start: Array, direction: Array, voxel: float, ratio: float) -> Array:
    """ln(r_eff/h) by strength for a line through `start` (µm) with a unit `direction`."""
    axis = int(np.argmax(np.abs(direction)))
    if abs(direction[axis]) >= ALIGNED:
        places = start / voxel
        apart = [abs(c - np.floor(c) - 0.5) for i, c in enumerate(places) if i != axis]
        a, b = sorted(round(float(x), 3) for x in apart)
        return radii_at(a, b, ratio)
    x, y, z = sorted(abs(round(float(x), 6)) for x in direction)
    shift = weak_radius((x, y, z), ratio) - weak_radius((0.0, 0.0, 1.0), ratio)
    return np.asarray(mean_radii(ratio) + shift)


def conductance(
    wall: Array, radius: float, conductivity: Array, voxel: float, table: Array, rows: NDArray[np.int64],
    change: Array,
) -> Array:  # fmt: skip
    """K (µm²/min) per length at nodes with the conductance `wall` = 2πrP per length and a conductivity.

    `table` [line, strength] holds ln(r_eff/h), rows[node] is the line, `change` (nodes,) adds to
    it what other lines nearby make of it. K is 0 where nothing passes.
    """
    out = np.zeros(len(conductivity))
    open_to = np.flatnonzero((conductivity > 0.0) & (wall > 0.0))
    through, shift = conductivity[open_to] / wall[open_to], np.log(voxel / radius)
    strength = np.ones(len(open_to))
    logs, mine = np.log(STRENGTHS), table[rows[open_to]] + change[open_to, None]
    for _ in range(30):
        resistance = through + (shift + _between(np.log(strength), logs, mine)) / (2.0 * np.pi)
        before, strength = strength, 1.0 / np.maximum(resistance, 1.0 / STRONGEST)
        if np.abs(strength - before).max(initial=0.0) <= SETTLED * strength.max(initial=0.0):
            break
    out[open_to] = strength * conductivity[open_to]
    return out


def _between(x: Array, grid: Array, values: Array) -> Array:
    """values[i] linearly between the points of an even grid at x[i], constant beyond its ends."""
    place = np.clip((x - grid[0]) / (grid[1] - grid[0]), 0.0, len(grid) - 1.0)
    low = np.minimum(place.astype(np.int64), len(grid) - 2)
    share, here = place - low, np.arange(len(x))
    return np.asarray((1.0 - share) * values[here, low] + share * values[here, low + 1])
