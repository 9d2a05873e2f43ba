"""The cases of the benchmark are the published ones, and both sides run the same."""

from __future__ import annotations

import inspect
from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pytest

from cases import CASES, LAG, SPACING, STEP, described, model_of, numbers_of
from work import KERNELS

PUBLISHED = {
    "voxel": 20.0,
    "diffusion_coefficient": 1e5,
    "decay_rate": 0.1,
    "held": 38.0,
    "cycle_rate": 0.00072,
    "apoptosis_rate": 5.3e-5,
    "uptake_rate": 10.0,
}


@pytest.mark.parametrize(("name", "size"), [("A", 1000.0), ("B", 1000.0), ("E20", 1600.0), ("E100", 1600.0)])
def test_numbers_are_those_published_with_the_peers_results(name: str, size: float) -> None:
    case = numbers_of(model_of(CASES[name]))
    assert case["size"] == pytest.approx(size)
    assert {key: case[key] for key in PUBLISHED} == pytest.approx(PUBLISHED)
    assert len(case["slow"]) == (3 if name == "B" else 0)


@pytest.mark.parametrize("name", ["A", "E20"])
def test_cells_are_a_close_packed_ball_of_the_published_number(name: str) -> None:
    from scipy.spatial import cKDTree

    _, start = described(CASES[name])
    assert len(start) == pytest.approx(CASES[name].cells, rel=0.02)
    gaps = cKDTree(start).query(start, k=2)[0][:, 1]
    assert gaps == pytest.approx(np.full(len(start), SPACING), rel=1e-6)


def test_minutes_are_whole_steps_and_the_error_is_taken_within_one() -> None:
    for case in CASES.values():
        assert case.minutes % STEP == 0.0
        steps = model_of(case).tissue.steps
        assert float(steps.phenotype) == STEP
    assert 0.0 < LAG < STEP


def test_both_sides_have_the_same_substrates_and_cells() -> None:
    peer = pytest.importorskip("pyphysicell").model
    from pyphysicell_side import peer_model

    case, start = described(CASES["B"])
    model = peer_model(case, start - case["size"] / 2)
    assert isinstance(model, peer.Model)
    ours = model_of(CASES["B"])
    assert len(model.initial_cells) == len(start)
    assert model.domain.shape == (50, 50, 50)
    exchange = ours.tissue.cell_types["tumour"].exchange
    for substrate in model.substrates:
        part = ours.species.substrates[substrate.name]
        assert substrate.diffusion_coefficient == pytest.approx(float(part.diffusion_coefficient))
        assert substrate.decay_rate == pytest.approx(float(part.decay_rate))
        theirs = model.cell_types[0].secretion[substrate.name]
        assert theirs.uptake_rate == pytest.approx(float(exchange[substrate.name].uptake_rate))
        assert theirs.net_export_rate == pytest.approx(float(exchange[substrate.name].secretion_rate))
    assert [s.name for s in model.substrates] == list(ours.species.substrates)


def test_million_is_two_populations_and_oxygen() -> None:
    from exocosm import load
    from million import SCENARIO

    model = load(SCENARIO)
    assert set(model.species.vesicles) == {"tumour", "macrophage"}
    assert set(model.species.substrates) == {"oxygen"}
    assert all(model.tissue.cell_types[name].uptake["tumour"] for name in ("tumour", "macrophage"))


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.name)
def test_work_is_that_of_a_kernel_there_is(kernel) -> None:  # type: ignore[no-untyped-def]
    """Each kernel is where the benchmark looks for it, and its work is told from arguments that it has."""
    compiled = getattr(import_module(kernel.module), kernel.name)
    names = set(inspect.signature(compiled.py_func).parameters)
    grid, cells = np.ones((4, 4, 4)), np.ones((10, 3, 3))
    rows = SimpleNamespace(
        key=np.ones(10), numbers=np.ones((10, 10)), marks=np.ones((10, 6)), signals=np.ones((10, 1))
    )
    made = {
        "inverse": grid,
        "position": np.ones((10, 3)),
        "packed": np.ones((10, 8)),
        "counts": np.full(10, 5),
        "starts": np.ones(9),
        "rows": rows,
        "index": cells,
        "weight": cells,
        "overlap": np.ones(10),
    }
    known = SimpleNamespace(**{name: array for name, array in made.items() if name in names})
    work = kernel.work(known)
    assert work.moved > 0.0
    assert kernel.size(known) >= 0
    assert kernel.why
