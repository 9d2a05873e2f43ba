"""Uptake of a lone cell, of a cell in packed tissue and in a layer, against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from exocosm.physics import clearance_from_efficiency, crowded_clearance, diffusion_to_sphere
from exocosm.tissue.clearance import (
    Surroundings,
    crowding_factor,
    exchange_clearance,
    footprint_width,
    lone_clearance,
)
from exocosm.tissue.fields import Field
from exocosm.tissue.grid import Grid
from exocosm.tissue.grid_resistance import STRENGTHS, grid_resistance, lattice_green, lattice_potential
from exocosm.tissue.grid_resistance import hat_resistance as uptakes
from exocosm.tissue.space import AVERAGING_PER_RADIUS
from exocosm.tissue.weights import Footprint

D = 200.0  # µm²/min


def open_space(grid: Grid, positions: np.ndarray, radius: float) -> np.ndarray:
    cells = np.zeros(grid.shape)
    width = max(grid.voxel, AVERAGING_PER_RADIUS * radius)
    volume = np.full(len(positions), 4 / 3 * np.pi * radius**3)
    Footprint.of(positions, grid, width).spread(volume / grid.volume, cells)
    return np.maximum(1.0 - cells, 0.1)


def uptake(
    grid: Grid,
    faces,
    positions: np.ndarray,
    radius: float,
    efficiency: float,
    crowding: bool = True,
    takers: int = 10**9,
):
    """Steady uptake of each cell (particles/min) and the field, which starts at 1 particle/µm³."""
    n = len(positions)
    field = Field(grid, diffusivity=D, initial=1.0, faces=faces)
    share = open_space(grid, positions, radius) if crowding else np.ones(grid.shape)
    field.set_porosity(share, share / (1.5 - 0.5 * share))
    width = footprint_width(grid, radius)
    foot = Footprint.of(positions, grid, width)
    radii = np.full(n, radius)
    intrinsic = np.full(n, clearance_from_efficiency(efficiency, radius, D))
    diffusion = np.full(n, D)
    sink = np.where(np.arange(n) < takers, lone_clearance(intrinsic, radii, diffusion), 0.0)
    around = Surroundings.of(foot, grid, field.conductivity, 4 / 3 * np.pi * radii**3, sink)
    clearance, overtaxed = exchange_clearance(intrinsic, radii, diffusion, around, grid, width)
    clearance[takers:] = 0.0
    assert not overtaxed[:takers].any()
    return field, foot, clearance


@pytest.mark.parametrize("voxel", [20.0, 10.0])
@pytest.mark.parametrize("efficiency", [0.01, 0.1, 0.5, 1.0])
def test_a_lone_cell_takes_its_share_wherever_it_sits(voxel, efficiency):
    """Within 5 % of ε·4πDR·c∞; the held faces stand in for infinity through the capacity of a cube."""
    radius, side = 8.41, 600.0
    n = int(side / voxel)
    far = 1.0 / (4 * np.pi * D * 0.6607 * side)  # resistance left between the box and infinity
    expected = 1.0 / (1.0 / (efficiency * diffusion_to_sphere(radius, D)) - far)
    for place in np.random.default_rng(4).random((4, 3)):
        grid = Grid((n, n, n), voxel)
        position = ((n // 2 + place) * voxel)[None]
        field, foot, clearance = uptake(grid, (1.0,) * 6, position, radius, efficiency)
        sink = np.zeros(grid.shape)
        foot.spread(clearance, sink)
        field.relax(np.zeros(grid.shape), sink)
        taken = float((clearance * foot.sample(field.c, 1))[0])
        assert taken == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize("radius", [6.0, 11.5])
def test_small_and_large_cells_too(radius):
    n, voxel = 40, 15.0
    grid = Grid((n, n, n), voxel)
    field, foot, clearance = uptake(grid, (1.0,) * 6, np.array([[303.0, 296.0, 300.5]]), radius, 1.0)
    sink = np.zeros(grid.shape)
    foot.spread(clearance, sink)
    field.relax(np.zeros(grid.shape), sink)
    far = 1.0 / (4 * np.pi * D * 0.6607 * 600.0)
    expected = 1.0 / (1.0 / diffusion_to_sphere(radius, D) - far)
    assert float((clearance * foot.sample(field.c, 1))[0]) == pytest.approx(expected, rel=0.05)


def packed(spacing: float, size: np.ndarray) -> np.ndarray:
    """Centres of a cubic close packing (face-centred) that fills the box, a little disordered."""
    edge = spacing * np.sqrt(2.0)
    counts = np.maximum(np.round(size / edge).astype(int), 1)
    edges = size / counts
    base = np.array([[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])
    cells = np.stack(np.meshgrid(*map(np.arange, counts), indexing="ij"), -1).reshape(-1, 1, 3)
    places = ((cells + base + 0.25) * edges).reshape(-1, 3)
    return places + np.random.default_rng(0).uniform(-0.5, 0.5, places.shape)


@pytest.mark.parametrize("voxel", [20.0, 10.0])
@pytest.mark.parametrize("efficiency", [0.01, 0.1, 0.5, 1.0])
def test_packed_cells_take_what_the_cell_model_says(voxel, efficiency):
    """Mean uptake per cell over the mean concentration, away from the faces of the box."""
    radius, size = 8.41, np.full(3, 160.0)
    positions = packed(18.0, size)
    grid = Grid(tuple((size / voxel).astype(int)), voxel)
    _, _foot, clearance = uptake(grid, (None,) * 6, positions, radius, efficiency)
    fraction = len(positions) * 4 / 3 * np.pi * radius**3 / size.prod()
    inner = (np.abs(positions - 80.0) < 45.0).all(axis=1)
    assert clearance[inner].mean() == pytest.approx(
        crowded_clearance(efficiency, radius, fraction, D), rel=0.05
    )


def test_packed_cells_in_a_layer():
    radius, size = 8.41, np.array([320.0, 320.0, 20.0])
    positions = packed(20.0, np.array([320.0, 320.0, 28.0])) * [1.0, 1.0, 20.0 / 28.0]
    grid = Grid((16, 16, 1), 20.0)
    _, _, clearance = uptake(grid, (None,) * 6, positions, radius, 1.0)
    fraction = min(len(positions) * 4 / 3 * np.pi * radius**3 / size.prod(), 0.95)
    inner = (np.abs(positions[:, :2] - 160.0) < 100.0).all(axis=1)
    assert clearance[inner].mean() == pytest.approx(crowded_clearance(1.0, radius, fraction, D), rel=0.1)


def test_a_lone_cell_in_a_layer_does_not_depend_on_the_voxel():
    """A sphere between reflecting planes: mirror images give the far field that the layer must reproduce."""
    radius, gap, reach = 6.0, 20.0, 300.0
    images = np.arange(1, 200_000) * gap
    # potential at the sphere from its images, less that of the whole row at distance `reach`
    row = 2 * (1 / images - 1 / np.hypot(images, reach)).sum() - 1.0 / reach
    expected = 1.0 / (1.0 / (4 * np.pi * D * radius) + row / (4 * np.pi * D))
    n = 61
    grid = Grid((n, n, 1), gap)
    centre = n // 2 * gap + 7.0
    field, foot, clearance = uptake(
        grid, (1.0,) * 4 + (None,) * 2, np.array([[centre, centre - 3.0, 10.0]]), radius, 1.0, crowding=False
    )
    sink = np.zeros(grid.shape)
    foot.spread(clearance, sink)
    field.relax(np.zeros(grid.shape), sink)
    r = np.linalg.norm(grid.mesh()[..., :2] - np.array([centre, centre - 3.0]), axis=-1)
    at_reach = float(field.values[np.abs(r - reach) < 15.0].mean())
    taken = float((clearance * foot.sample(field.c, 1))[0])
    assert taken / at_reach == pytest.approx(expected, rel=0.05)


def test_lattice_constants():
    assert lattice_green(0, 0, 0) == pytest.approx(0.2527310, abs=1e-6)  # Watson's integral
    assert lattice_green(0, 0, 1) == pytest.approx(lattice_green(0, 0, 0) - 1 / 6, abs=1e-6)
    assert lattice_potential(0, 1) == pytest.approx(-0.25, abs=1e-6)
    assert lattice_potential(1, 1) == pytest.approx(-1 / np.pi, abs=1e-6)


@pytest.mark.parametrize(("ratio", "layer"), [(1.0, False), (1.4, False), (1.0, True)])
def test_the_table_stays_close_to_its_dense_solves_where_cells_live(ratio, layer):
    """At places the fit did not see, up to the diffusion limit of a cell of 8 µm in a voxel of 20 µm."""
    table = grid_resistance(ratio, layer)
    cells = STRENGTHS <= 10.0
    for offset in np.random.default_rng(8).uniform(-0.5, 0.5, (6, 3)):
        overlap, dense = uptakes(offset, ratio, layer)
        fitted = table.of(STRENGTHS, np.full(len(STRENGTHS), overlap))
        assert np.abs(fitted - dense)[cells].max() <= 0.002  # of 1/(4πDR) in these units, 0.19: 1 %


def test_crowding_falls_from_one_to_nothing():
    s = np.linspace(0.0, 2.0, 50)
    f = crowding_factor(s)
    assert f[0] == 1.0
    assert f[-1] == 0.0
    assert np.all(np.diff(f) <= 1e-12)
    small = crowding_factor(np.array([0.05]))[0]
    assert small == pytest.approx(1.0 - 2.837297 / (4 * np.pi) * 4 * np.pi**1.5 * 0.05, abs=0.02)  # Madelung


@pytest.mark.parametrize("efficiency", [0.1, 1.0])
def test_a_lone_sink_in_a_pack_of_passive_cells(efficiency):
    """In its own gap it meets the fluid, further out the pack, whose conductivity Maxwell's formula gives."""
    radius, size, voxel = 8.41, np.full(3, 320.0), 20.0
    positions = packed(18.0, size)
    middle = int(np.argmin(np.linalg.norm(positions - 160.0, axis=1)))
    positions[[0, middle]] = positions[[middle, 0]]
    grid = Grid((16, 16, 16), voxel)
    field, foot, clearance = uptake(grid, (1.0,) * 6, positions, radius, efficiency, takers=1)
    sink = np.zeros(grid.shape)
    foot.spread(clearance, sink)
    field.relax(np.zeros(grid.shape), sink)
    filled = len(positions) * 4 / 3 * np.pi * radius**3 / size.prod()
    pack = D * (1 - filled) / (1 + filled / 2)
    gap = radius * filled ** (-1 / 3)
    outside = (1 / radius - 1 / gap) / (4 * np.pi * D) + 1 / (4 * np.pi * pack * gap)
    membrane = (1 / efficiency - 1) / (4 * np.pi * D * radius)
    far = 1 / (4 * np.pi * pack * 0.6607 * size[0])
    taken = float(clearance[0] * foot.sample(field.c, 1)[0])
    assert taken == pytest.approx(1 / (membrane + outside - far), rel=0.05)
