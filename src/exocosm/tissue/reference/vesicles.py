"""One step of a vesicle population, cell by cell: slow, and what the process must equal.

Shares of a cell are whole arrays over the voxels, each clearance is found on its own by a loop over one
number, and the field is solved directly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exocosm.physics import clearance_from_efficiency, crowded_resistance
from exocosm.tissue.cells import LIVE
from exocosm.tissue.clearance import PACKED_FRACTION, STRONGEST, crowding_factor
from exocosm.tissue.fields import Field
from exocosm.tissue.grid import Grid
from exocosm.tissue.grid_resistance import grid_resistance
from exocosm.tissue.reference.fields import two_stage_step
from exocosm.tissue.reference.weights import footprint
from exocosm.tissue.space import AVERAGING_PER_RADIUS
from exocosm.tissue.state import State
from exocosm.tissue.vesicles import VesiclePopulation

Array = NDArray[np.float64]


def extracellular_share(
    positions: Array, volumes: Array, grid: Grid, radius: float, least_fraction: float
) -> Array:
    """What cells leave open of each voxel, their volumes spread by wide hats; at least `least_fraction`."""
    width = max(grid.voxel, AVERAGING_PER_RADIUS * radius)
    cells = np.zeros(grid.shape)
    for position, volume in zip(positions, volumes, strict=True):
        cells += volume / grid.volume * footprint(position, grid, width)
    return np.maximum(1.0 - cells, least_fraction)


def obstruction(share: Array) -> Array:
    """Flux among impermeable spheres relative to free, (1 - φ) / (1 + φ/2), φ = 1 - share (Maxwell 1873)."""
    filled = 1.0 - share
    return np.asarray((1.0 - filled) / (1.0 + filled / 2.0))


def clearance(
    intrinsic: float,
    radius: float,
    diffusion: float,
    conductivity: float,
    density: float,
    overlap: float,
    passive: float,
    grid: Grid,
    width: float,
) -> float:
    """Clearance (µm³/min) of one footprint: the strength that agrees with its own grid resistance."""
    if intrinsic == 0.0:
        return 0.0
    scale = conductivity * grid.voxel
    fraction = min(density * 4.0 / 3.0 * np.pi * radius**3, 0.95)
    outside = float(crowded_resistance(radius, fraction)) / diffusion
    sigma = np.sqrt(width**2 / 6.0 + grid.voxel**2 / 12.0)
    left = float(crowding_factor(np.array(sigma * density ** (1.0 / 3.0))))
    table = grid_resistance(round(width / grid.voxel, 6), grid.is_layer)
    ratio = min(conductivity / diffusion, 1.0)
    filled = (1.0 - ratio) / (1.0 + 0.5 * ratio)
    detour = passive * filled ** (1.0 / 3.0) / (4.0 * np.pi * radius) * (1.0 / conductivity - 1.0 / diffusion)
    strength = 10.0
    for _ in range(200):
        already = float(table.of(np.array(strength), np.array(overlap))) / scale
        resistance = 1.0 / intrinsic + outside + left * (detour - already)
        new = min(1.0 / (resistance * scale), STRONGEST) if resistance > 0.0 else STRONGEST
        if abs(new - strength) <= 1e-15 * new:
            break
        strength = new
    return strength * scale


def intrinsic_clearance(
    state: State, population: VesiclePopulation, i: int, share: Array
) -> tuple[float, float]:
    """Intrinsic clearance (µm³/min) of cell i, 0 for a dead one, and the D (µm²/min) beside it."""
    diffusion = float((share * state.fields[population.name].diffusivity).sum())
    if state.cells.view("life")[i] != LIVE:
        return 0.0, diffusion
    kind, rates = state.cells.view("type")[i], population.rates
    if not rates.by_efficiency[kind]:
        return float(rates.uptake[kind]), diffusion
    return float(clearance_from_efficiency(rates.uptake[kind], state.cells.radius()[i], diffusion)), diffusion


def fellow_density(state: State, population: VesiclePopulation, i: int) -> float:
    """Fellow sinks (1/µm³) around cell i, counted by their strength relative to its own."""
    grid, cells = state.grid, state.cells
    shares = [footprint(p, grid, population.width) for p in cells.view("position")]
    alone = lone_clearances(state, population, shares)
    crowd = np.sum(shares, axis=0)
    sinks = np.sum([k * share for k, share in zip(alone, shares, strict=True)], axis=0)
    share = shares[i]
    overlap = float((share * share).sum())
    others = max(float((share * crowd).sum()) - overlap, 0.0) / grid.volume
    fellows = max(float((share * sinks).sum()) - overlap * alone[i], 0.0) / grid.volume / alone[i]
    own = min(overlap * cells.total_volume()[i] / grid.volume / PACKED_FRACTION, 0.9)
    return float(min(fellows, others) / (1.0 - own))


def lone_clearances(state: State, population: VesiclePopulation, shares: list[Array]) -> list[float]:
    """Clearance (µm³/min) that each cell would have alone in fluid, 0 for one that takes nothing."""
    taking = [intrinsic_clearance(state, population, i, share) for i, share in enumerate(shares)]
    return [
        1.0 / (1.0 / k + 1.0 / (4.0 * np.pi * d * r)) if k > 0.0 else 0.0
        for (k, d), r in zip(taking, state.cells.radius(), strict=True)
    ]


def clearances(state: State, population: VesiclePopulation) -> Array:
    """Clearance of each cell (µm³/min): live cells, intrinsic uptake in series with diffusion."""
    cells, grid, field = state.cells, state.grid, state.fields[population.name]
    shares = [footprint(p, grid, population.width) for p in cells.view("position")]
    taking = [intrinsic_clearance(state, population, i, share) for i, share in enumerate(shares)]
    radii, volumes, out = cells.radius(), cells.total_volume(), np.zeros(cells.n)
    alone = lone_clearances(state, population, shares)
    crowd = np.sum(shares, axis=0)
    sinks = np.sum([k * share for k, share in zip(alone, shares, strict=True)], axis=0)
    for i, share in enumerate(shares):
        if alone[i] == 0.0:
            continue
        overlap = float((share * share).sum())
        others = max(float((share * crowd).sum()) - overlap, 0.0) / grid.volume
        fellows = max(float((share * sinks).sum()) - overlap * alone[i], 0.0) / grid.volume / alone[i]
        own = min(overlap * volumes[i] / grid.volume / PACKED_FRACTION, 0.9)
        out[i] = clearance(
            taking[i][0],
            float(radii[i]),
            taking[i][1],
            float((share * field.conductivity).sum()),
            min(fellows, others) / (1.0 - own),
            overlap,
            1.0 - min(fellows, others) / others if others > 0.0 else 1.0,
            grid,
            population.width,
        )
    return out


def release_of(state: State, population: VesiclePopulation, i: int) -> float:
    """Release of cell i in particles/min."""
    alive = state.cells.view("life")[i] == LIVE
    return float(population.rates.release[state.cells.view("type")[i]]) if alive else 0.0


def retaken(state: State, population: VesiclePopulation, i: int, taken: float) -> float:
    """What cell i of clearance `taken` (µm³/min) takes of its own release before it leaves, particles/min."""
    grid, field = state.grid, state.fields[population.name]
    share = footprint(state.cells.view("position")[i], grid, population.width)
    intrinsic, diffusion = intrinsic_clearance(state, population, i, share)
    if intrinsic == 0.0:
        return 0.0
    conductivity, radius = float((share * field.conductivity).sum()), float(state.cells.radius()[i])
    scale = conductivity * grid.voxel
    ratio = min(conductivity / diffusion, 1.0)
    filled = max((1.0 - ratio) / (1.0 + 0.5 * ratio), 1e-12)
    shell = radius / filled ** (1.0 / 3.0)
    screening = np.sqrt(fellow_density(state, population, i) * taken / conductivity)
    table = grid_resistance(round(population.width / grid.voxel, 6), grid.is_layer)
    already = float(table.of(np.array(taken / scale), np.array(float((share * share).sum())))) / scale
    already = already**2 / (already + screening / (4.0 * np.pi * conductivity))
    near = (1.0 / radius - 1.0 / shell) / (4.0 * np.pi * diffusion)
    beyond = 1.0 / (4.0 * np.pi * conductivity * shell * (1.0 + shell * screening))
    alone = max(0.0, near + beyond - already)
    return release_of(state, population, i) * alone / (alone + 1.0 / intrinsic) if alone > 0.0 else 0.0


def exchanges(state: State, population: VesiclePopulation) -> tuple[Array, Array]:
    """What leaves (particles/min) and uptake (µm³/min) of all cells per voxel."""
    grid, cells = state.grid, state.cells
    source, sink = np.zeros(grid.shape), np.zeros(grid.shape)
    taken = clearances(state, population)
    for i, position in enumerate(cells.view("position")):
        share = footprint(position, grid, population.width)
        source += (release_of(state, population, i) - retaken(state, population, i, taken[i])) * share
        sink += taken[i] * share
    return source, sink


@dataclass(frozen=True)
class Step:
    """The field after the step (particles/µm³) and what moved in it: per cell, and in all."""

    values: Array
    taken: Array
    released: float
    decayed: float


def step(state: State, population: VesiclePopulation) -> Step:
    """One step of the population from `state`, which is left as it is."""
    field: Field = state.fields[population.name]
    grid, dt = state.grid, population.minutes
    source, sink = exchanges(state, population)
    stock = field.stock
    values, *weighted = two_stage_step(field, source, sink, dt)
    over_time = sum(weighted)
    seen = [
        float((footprint(p, grid, population.width) * over_time).sum()) for p in state.cells.view("position")
    ]
    decayed = field.decay_rate * float((over_time * stock)[~field.held].sum())
    clearance = clearances(state, population)
    released = sum(release_of(state, population, i) for i in range(state.cells.n))
    own = [retaken(state, population, i, rate) for i, rate in enumerate(clearance)]
    taken = clearance * np.array(seen) + np.array(own) * dt
    return Step(values, taken, released * dt, decayed)


def whole(carry: float, amount: float) -> tuple[int, float]:
    """Whole things in a carry and a new amount, and the carry that stays."""
    total, count = carry + amount, 0
    while total >= 1.0:
        total -= 1.0
        count += 1
    return count, total
