"""Zones by distance from what a cell type fills: volumes against spheres, densities against counts."""

from __future__ import annotations

import numpy as np
import pytest

from exocosm.coupling import start
from exocosm.model import Set, load
from exocosm.tissue.zones import distance


@pytest.fixture(scope="module")
def nodule():
    ball = {"sphere": {"center": ["200 um"] * 3, "radius": "110 um"}}
    around = {"shell": {"center": ["200 um"] * 3, "inner_radius": "118 um", "outer_radius": "190 um"}}
    model = load("two-cells")
    kinds = list(model.tissue.cell_types)
    return start(
        model.change(
            Set("tissue.geometry", {"size": ["400 um"] * 3, "voxel": "20 um"}),
            Set(
                "tissue.cells",
                [
                    {"type": kinds[0], "region": ball, "spacing": "15.98 um"},
                    {"type": kinds[1], "region": around, "spacing": "18 um"},
                ],
            ),
            Set(
                "record.zones",
                {
                    "core": {"of": kinds[0], "below": "-40 um"},
                    "margin": {"of": kinds[0], "above": "-40 um", "below": "40 um"},
                },
            ),
        ),
        seed=1,
    ), kinds


def test_the_surface_of_a_ball_is_found_to_half_a_voxel(nodule):
    simulation, _ = nodule
    away = np.linalg.norm(simulation.state.grid.mesh() - 200.0, axis=-1) - 110.0
    near = np.abs(away) < 60.0
    assert np.abs(distance(simulation.state, 0) - away)[near].max() < 20.0
    assert np.abs((distance(simulation.state, 0) - away)[near].mean()) < 5.0


def test_zones_have_the_volume_of_shells_and_densities_count_the_cells_in_them(nodule):
    simulation, kinds = nodule
    row = simulation.summary()
    core, margin = row["zone_volume.core"], row["zone_volume.margin"]
    assert np.cbrt(core / (4e-9 / 3 * np.pi)) == pytest.approx(70.0, abs=10.0)  # half a voxel
    assert np.cbrt((core + margin) / (4e-9 / 3 * np.pi)) == pytest.approx(150.0, abs=10.0)
    # layers of the lattice lie 13 um apart: some sheets of voxels hold two of them, others one
    assert row[f"density.{kinds[0]}.core"] == pytest.approx(np.sqrt(2) / 15.98**3 * 1e9, rel=0.15)
    assert row[f"density.{kinds[1]}.core"] == 0.0


def test_zones_change_nothing_in_the_state(nodule):
    simulation, _ = nodule
    before = simulation.digest()
    simulation.summary()
    assert simulation.digest() == before
