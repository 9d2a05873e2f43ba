"""The benchmark measures what it says: its reference is right, the shipped scenario is the published case."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from converged import FrozenTissue, Medium, averaged, relative_error, steady, uptake_field

ROOT = Path(__file__).parents[2]
NOBODY = FrozenTissue(np.zeros((0, 3)), np.zeros(0), np.zeros(0))


def mean_in_a_cube(size: float, diffusion_coefficient: float, loss: float) -> float:
    """Mean of c in a cube whose faces hold 1: eigenfunctions of the Laplacian, odd orders to 199."""
    odd = np.arange(1, 200, 2, dtype=float) ** 2
    l2, m2, n2 = odd[:, None, None], odd[:, None], odd
    rate = diffusion_coefficient * np.pi**2 * (l2 + m2 + n2) / size**2
    return float(1 - (512 / np.pi**6 / (l2 * m2 * n2) * loss / (rate + loss)).sum())


def test_reference_converges_to_the_closed_form_with_second_order() -> None:
    exact = mean_in_a_cube(200.0, 1000.0, 0.5)
    medium = Medium(1000.0, 0.5, 1.0, 0.0, 200.0)
    errors = [abs(steady(NOBODY, medium, voxel).mean() - exact) for voxel in (20.0, 10.0, 5.0)]
    assert errors[-1] < 2e-3
    assert np.log2(errors[1] / errors[2]) > 1.9


def test_reference_keeps_the_uptake_of_each_cell() -> None:
    """Clearance = rate × volume, wherever the cell sits in its voxel; overlaps add."""
    position = np.array([[41.3, 52.9, 47.1], [49.0, 50.0, 51.0]])
    tissue = FrozenTissue(position, np.array([8.4, 6.0]), np.array([10.0, 3.0]))
    k = uptake_field(tissue, Medium(1e5, 0.1, 38.0, 0.0, 100.0), 10.0)
    clearance = (4 / 3 * np.pi * tissue.radius**3 * tissue.uptake_rate).sum()
    assert k.sum() * 10.0**3 == pytest.approx(clearance, rel=1e-12)


def test_errors_are_relative_and_local() -> None:
    reference = np.full((4, 4, 4), 2.0)
    field = reference.copy()
    field[0, 0, 0] = 3.0
    corner = np.zeros(field.shape, bool)
    corner[0, 0, 0] = True
    assert relative_error(field, reference, corner) == pytest.approx(0.5)
    assert relative_error(field, reference) == pytest.approx(0.5 / 8)
    assert averaged(field).shape == (2, 2, 2)


def test_the_shipped_scenario_is_the_published_case() -> None:
    """Numbers of the case as published with the peers' results: 2,000 cells, 50³ voxels of 20 µm, 38 mmHg."""
    from exocosm_side import describe

    case, start = describe()
    published = {
        "size": 1000.0,
        "voxel": 20.0,
        "diffusion_coefficient": 1e5,
        "decay_rate": 0.1,
        "held": 38.0,
        "cycle_rate": 0.00072,
        "apoptosis_rate": 5.3e-5,
        "uptake_rate": 10.0,
    }
    assert {name: case[name] for name in published} == pytest.approx(published)
    assert len(start) == pytest.approx(2000, rel=0.02)
    gaps = np.linalg.norm(start[:, None] - start[None], axis=2)[np.triu_indices(len(start), 1)]
    assert gaps.min() == pytest.approx(15.98, rel=1e-6)


@pytest.mark.validation
def test_case_a_is_eight_times_as_fast_and_not_less_exact() -> None:
    """One short pair; `make bench` measures it properly."""
    pytest.importorskip("pyphysicell")
    command = [sys.executable, str(ROOT / "benchmarks" / "case_a.py"), "--no-page", "--pairs", "1"]
    subprocess.run([*command, "--minutes", "12"], check=True, cwd=ROOT)
    summary = json.loads((ROOT / "build" / "case_a.json").read_text())
    ours, peer = summary["errors"]["exocosm"], summary["errors"]["pyphysicell"]
    assert summary["ratio"] >= 8
    assert ours["everywhere"] <= peer["everywhere"]
    assert ours["in_ball"] <= peer["in_ball"]
