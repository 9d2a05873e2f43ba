"""From the intrinsic clearance of a cell to the clearance that its footprint must have on the grid.

Uptake per far concentration is the intrinsic clearance in series with diffusion to the cell. Diffusion
over distances larger than the footprint is done by the grid itself; what is missing is the difference
between the resistance outside a true sphere and the resistance that the grid already has,

    1 / clearance = 1 / intrinsic + outside(R, φ) / D + f(s) (detour - g / (D_grid h)).

outside(R, φ) is the cell model: 1 / (4 π R) for a lone sink, small in a pack of sinks; `detour` is what a
pack of cells that take up nothing adds for a lone sink among them. f falls from 1 for
a lone cell to 0 where footprints overlap so much that their sum is even: then a cell sees the mean
concentration and the grid adds nothing. For cells in a regular array of density n and footprints of
standard deviation σ, s = σ n^(1/3) and

    f(s) = 4 π^(3/2) s * sum over k of exp(-k² s²) / k²,   k = 2 π (i, j, l) ≠ 0,

the Ewald sum of smeared charges in a neutralising background (Ewald 1921, 10.1002/andp.19213690304).
A layer has its own g; there the same f joins the two ends, of which each is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from exocosm.physics import crowded_resistance
from exocosm.tissue.grid import Grid
from exocosm.tissue.grid_resistance import grid_resistance
from exocosm.tissue.weights import Footprint

Array = NDArray[np.float64]

WIDTH_PER_RADIUS = 1.6
"""Least half-width of a footprint per cell radius: the grid then resists less than the cell does."""

PACKED_FRACTION = 0.64
"""Volume fraction of randomly close-packed spheres (Scott & Kilgour 1969, 10.1088/0022-3727/2/6/311)."""

STRONGEST = 1e5
"""Largest clearance / (D h) that a footprint is given; beyond it a voxel cannot carry more."""


def footprint_width(grid: Grid, largest_radius: float) -> float:
    """Half-width (µm) of the hats through which cells of up to `largest_radius` exchange with a field."""
    return max(grid.voxel, WIDTH_PER_RADIUS * largest_radius)


@lru_cache
def _crowding_table() -> tuple[Array, Array]:
    spreads = np.linspace(0.1, 1.2, 45)
    axis = (2.0 * np.pi * np.arange(-12, 13)) ** 2
    squares = (axis[:, None, None] + axis[None, :, None] + axis[None, None, :]).ravel()
    squares = squares[squares > 0.0]
    factors = [4.0 * np.pi**1.5 * s * float((np.exp(-squares * s * s) / squares).sum()) for s in spreads]
    return np.concatenate([[0.0], spreads]), np.concatenate([[1.0], factors])


def crowding_factor(spread: Array) -> Array:
    """Share f(s) of the lone cell's grid resistance that is left at s = σ n^(1/3)."""
    return np.asarray(np.interp(spread, *_crowding_table(), right=0.0))


def lone_clearance(intrinsic: Array, radius: Array, diffusion: Array) -> Array:
    """Clearance (µm³/min) of cells alone in fluid: intrinsic in series with diffusion; 0 where that is 0."""
    by_diffusion = 4.0 * np.pi * diffusion * radius
    with np.errstate(divide="ignore"):
        return np.asarray(1.0 / (1.0 / intrinsic + 1.0 / by_diffusion))


@dataclass(frozen=True)
class Surroundings:
    """What a cell finds around it: conductivity of the grid (µm²/min), fellow sinks per µm³, own overlap.

    `passive` is the share of the cells around it that are no sinks beside it.
    """

    conductivity: Array
    density: Array
    overlap: Array
    passive: Array

    @classmethod
    def of(cls, foot: Footprint, grid: Grid, conductivity: Array, volume: Array, sink: Array) -> Surroundings:
        """Sampled through the footprints; a cell's own trace in the density is taken out.

        `sink` is each cell's clearance alone; another cell counts as a fellow sink by its share of one's
        own, and all together at most as often as there are cells. In packed tissue a cell belongs to the
        crowd itself: the density of the others is scaled to be 0 for a lone cell and true at close packing.
        """
        overlap = foot.overlap
        cells = _others(foot, grid, np.ones(len(volume)))
        strength = _others(foot, grid, sink)
        fellows = np.divide(strength, sink, out=np.zeros_like(sink), where=sink > 0.0)
        own = np.minimum(overlap / grid.volume * volume / PACKED_FRACTION, 0.9)
        fellows = np.minimum(fellows, cells)
        passive = 1.0 - np.divide(fellows, cells, out=np.zeros_like(cells), where=cells > 0.0)
        return cls(foot.sample(conductivity), fellows / (1.0 - own), overlap, passive)

    def at(self, cells: NDArray[np.int64]) -> Surroundings:
        """The surroundings of some of the cells."""
        return Surroundings(
            self.conductivity[cells], self.density[cells], self.overlap[cells], self.passive[cells]
        )


def _others(foot: Footprint, grid: Grid, amount: Array) -> Array:
    """Amount per µm³ that a cell finds around it beside its own."""
    field = np.zeros(grid.shape)
    foot.spread(amount, field)
    return np.maximum(foot.sample(field) - foot.overlap * amount, 0.0) / grid.volume


def detour_resistance(radius: Array, diffusion: Array, conductivity: Array) -> Array:
    """What a pack of passive cells adds to the resistance 1/(4πDR) of a lone sink in its midst.

    Beyond its own share of the pack, of radius R φ^(-1/3), particles diffuse with the conductivity of the
    pack instead of the fluid's; φ follows from the two by Maxwell's formula.
    """
    open_ratio = np.minimum(conductivity / diffusion, 1.0)
    filled = (1.0 - open_ratio) / (1.0 + 0.5 * open_ratio)
    return np.asarray(np.cbrt(filled) / (4.0 * np.pi * radius) * (1.0 / conductivity - 1.0 / diffusion))


def own_share(
    clearance: Array, intrinsic: Array, radius: Array, diffusion: Array, around: Surroundings, grid: Grid,
    width: float,
) -> Array:  # fmt: skip
    """Share of its own release that each cell takes before the grid sees it.

    A vesicle starts at the surface of its cell. A resistance r parts that surface from what the footprint
    sees: fluid out to b = R φ^(-1/3), then the pack with its conductivity κ, in which fellow sinks screen
    over l = sqrt(κ / (n Q)), less what the grid itself has of it, screened alike,

        r = (1/R - 1/b) / (4πD) + 1 / (4πκ b (1 + b/l)) - γ² / (γ + 1/(4πκl)),   γ = g / (κ h).

    The cell takes r / (r + 1 / intrinsic); own derivation, compared with random walks among packed spheres.
    """
    kappa, scale = around.conductivity, around.conductivity * grid.voxel
    open_ratio = np.minimum(kappa / diffusion, 1.0)
    filled = np.maximum((1.0 - open_ratio) / (1.0 + 0.5 * open_ratio), 1e-12)
    shell = radius / np.cbrt(filled)
    screening = np.sqrt(around.density * clearance / kappa)  # 1 / l
    table = grid_resistance(round(width / grid.voxel, 6), grid.is_layer)
    grids = table.of(clearance / scale, around.overlap) / scale
    grids = grids**2 / (grids + screening / (4.0 * np.pi * kappa))
    beyond = 1.0 / (4.0 * np.pi * kappa * shell * (1.0 + shell * screening))
    own = (1.0 / radius - 1.0 / shell) / (4.0 * np.pi * diffusion) + beyond - grids
    own = np.maximum(own, 0.0)
    return np.divide(own, own + 1.0 / intrinsic, out=np.zeros_like(own), where=own > 0.0)


def exchange_clearance(
    intrinsic: Array, radius: Array, diffusion: Array, around: Surroundings, grid: Grid, width: float
) -> tuple[Array, NDArray[np.bool_]]:
    """Clearance (µm³/min) of each footprint, and where the grid could not carry what was asked.

    `intrinsic` µm³/min (infinite: a perfect sink), `radius` µm, `diffusion` µm²/min beside the cells.
    """
    scale = around.conductivity * grid.voxel
    fraction = np.minimum(around.density * (4.0 / 3.0) * np.pi * radius**3, 0.95)
    crowd = crowded_resistance(radius, fraction) / diffusion
    table = grid_resistance(round(width / grid.voxel, 6), grid.is_layer)
    sigma = np.sqrt(width**2 / 6.0 + grid.voxel**2 / 12.0)
    factor = crowding_factor(sigma * np.cbrt(around.density))
    detour = around.passive * detour_resistance(radius, diffusion, around.conductivity)
    strength = np.full_like(scale, 10.0)
    for _ in range(30):
        g = table.of(strength, around.overlap)
        resistance = 1.0 / intrinsic + crowd + factor * (detour - g / scale)
        strength = 1.0 / np.maximum(resistance * scale, 1.0 / STRONGEST)
    return strength * scale, strength >= 0.999 * STRONGEST
