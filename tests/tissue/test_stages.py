"""A step of a field out of two stages: its order, the grid's error that it makes up for, nothing negative."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exocosm.coupling import start
from exocosm.model import Set, load
from exocosm.tissue.fields import Field
from exocosm.tissue.grid import Grid
from exocosm.tissue.stages import MOST_CORRECTION, Stages
from exocosm.tissue.substrates import ExchangeRates, advance
from exocosm.tissue.weights import Footprint

NO_RATES = ExchangeRates(*[np.empty(0)] * 4)


def step(field: Field, dt: float) -> None:
    """One step of a field without cells."""
    advance(field, Footprint.of(np.empty((0, 3)), field.grid, field.grid.voxel), NO_RATES, np.empty(0), dt)


def cosine_error(voxel: float, dt: float, until: float = 64.0) -> float:
    """Relative error of a decaying cosine between closed ends, 400 µm apart."""
    grid = Grid((round(400 / voxel), 1, 1), voxel)
    k, diffusion, decay = np.pi / 400.0, 200.0, 0.01
    shape = np.cos(k * grid.centres()[0]) * np.sinc(k * voxel / 2 / np.pi)  # means over voxels
    field = Field(grid, diffusivity=diffusion, decay_rate=decay, initial=1.0 + shape[:, None, None])
    for _ in range(round(until / dt)):
        step(field, dt)
    exact = np.exp(-decay * until) * (1.0 + shape * np.exp(-diffusion * k * k * until))
    return float(np.abs(field.values[:, 0, 0] / exact - 1.0).max())


def test_second_order_in_time():
    errors = np.array([cosine_error(1.0, dt) for dt in (32.0, 16.0, 8.0, 4.0)])
    assert np.log2(errors[:-1] / errors[1:]).min() >= 1.9


def test_second_order_in_space_and_time_together():
    errors = np.array([cosine_error(voxel, 0.4 * voxel) for voxel in (40.0, 20.0, 10.0, 5.0)])
    assert np.log2(errors[:-1] / errors[1:]).min() >= 1.9


def centre_error(minutes: float, voxel: float) -> float:
    """Relative error, after 36 min, in the middle of a Gaussian that spreads; `voxel`: as the stages know it.

    In the middle only the mean over directions of the grid's error counts.
    """
    grid, diffusion, variance = Grid((31, 31, 31), 20.0), 200.0, 6000.0
    square = 400.0 * (np.indices(grid.shape) - 15.0) ** 2
    field = Field(grid, diffusivity=diffusion, initial=np.exp(-square.sum(axis=0) / (2.0 * variance)))
    stages, nothing = Stages.of(minutes, diffusion, voxel), np.zeros(grid.shape)
    for _ in range(round(36 / minutes)):
        before = field.values.copy()
        field.step(stages.first, nothing, nothing)
        field.values[...] = stages.further(before, field.values)
        field.step(stages.second, nothing, nothing)
    exact = (variance / (variance + 2.0 * diffusion * 36.0)) ** 1.5
    return abs(field.values[15, 15, 15] / exact - 1.0)


@pytest.mark.parametrize("minutes", [2.0, 3.0])
def test_stages_make_up_for_the_error_of_the_grid_on_average_over_directions(minutes):
    assert centre_error(minutes, 20.0) < 0.25 * centre_error(minutes, 0.0)


def test_stages_make_up_the_step_and_the_correction_is_bounded():
    for diffusion in (0.0, 1e-6, 1.0, 200.0, 1e5):
        stages = Stages.of(6.0, diffusion, 20.0)
        for part in (stages, stages.never_negative):
            assert part.ahead * part.first + part.second == pytest.approx(6.0)
            assert part.first > 0.0
            assert part.second > 0.0
        assert (1.0 - stages.first / 6.0) ** 2 <= 0.5 + MOST_CORRECTION + 1e-12


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.1, 6.0, 600.0]))
@settings(max_examples=40, deadline=None)
def test_nothing_is_negative_or_lost_whatever_the_start(seed, dt):
    rng = np.random.default_rng(seed)
    grid = Grid((7, 5, 4), 20.0)
    spikes = np.where(rng.random(grid.shape) < 0.1, 10.0 ** rng.uniform(-3, 6, grid.shape), 0.0)
    field = Field(grid, diffusivity=10.0 ** rng.uniform(0, 3, grid.shape), decay_rate=0.0, initial=spikes)
    field.set_porosity(rng.uniform(0.1, 1.0, grid.shape), rng.uniform(0.3, 1.0, grid.shape))
    before = field.total()
    for _ in range(3):
        step(field, dt)
        assert field.values.min() >= 0.0
    assert field.total() == pytest.approx(before, rel=1e-9)


def sources(side: float, radius: float, voxel: float, every: float):
    """Cells that migrate, push and divide in the middle of a box, and release vesicles and take oxygen."""
    middle = [f"{side / 2} um"] * 3
    tumour = "tissue.cell_types.tumour"
    live = {"name": "live", "duration": {"exponential": "0.12 1/h"}, "doubles_volume": True, "divides": True}
    changes = {
        "tissue.geometry.size": [f"{side} um"] * 3,
        "tissue.geometry.voxel": f"{voxel} um",
        "tissue.cells[0].region": {"sphere": {"center": middle, "radius": f"{radius} um"}},
        f"{tumour}.cycle.phases": [live],
        f"{tumour}.motility": {"speed": "0.3 um/min", "persistence_time": "30 min"},
        "tissue.steps": {"tick": "0.25 min", "mechanics": "0.5 min", "phenotype": "6 min"},
        "species.substrates.oxygen.every": f"{every} min",
        "tissue.medium": {
            "temperature": "310.15 K", "viscosity": "0.69 mPa*s", "tortuosity": "1",
            "minimum_extracellular_fraction": "0.1",
        },
        "species.vesicles.vesicle": {  # of 198 nm: 200 µm²/min in this fluid
            "origin": "cells", "route": "exosome", "decay_rate": "0.01 1/min", "every": f"{every} min",
            "diameter": {"median": "198 nm", "geometric_sd": "1"},
        },
        f"{tumour}.release.vesicle": "600 particle/h",
    }  # fmt: skip
    return load("spheroid-in-oxygen").change(*(Set(path, value) for path, value in changes.items()))


def pooled(values: np.ndarray, factor: int) -> np.ndarray:
    """Means over blocks of voxels."""
    n = values.shape[0] // factor
    return values.reshape(n, factor, n, factor, n, factor).mean(axis=(1, 3, 5))


def fields_at(times, side, radius, voxel, every):
    """Amounts per volume of tissue on voxels of 20 µm, and positions of cells, at some times (min)."""
    simulation = start(sources(side, radius, voxel, every), seed=3)
    for time in times:
        simulation.advance(round((time - simulation.time) / simulation.tick_length))
        fields = simulation.state.fields
        amounts = {name: pooled(f.values * f.porosity, round(20 / voxel)) for name, f in fields.items()}
        yield simulation.state.cells.view("position").copy(), amounts


def transient_errors(times, side, radius):
    """Relative L2 errors beyond 40 µm of any cell at the shipped steps, by time and field."""
    shipped, finer = (fields_at(times, side, radius, v, every) for v, every in ((20.0, 6.0), (5.0, 0.75)))
    axis = Grid((round(side / 20),) * 3, 20.0).centres()[0]
    centres = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), -1)
    for (place, found), (same, exact) in zip(shipped, finer, strict=True):
        assert np.array_equal(place, same)
        far = np.linalg.norm(centres[..., None, :] - place, axis=-1).min(axis=-1) > 40.0
        yield {
            name: float(np.linalg.norm((found[name] - exact[name])[far]) / np.linalg.norm(exact[name][far]))
            for name in exact
        }


def test_fields_of_moving_dividing_sources_are_within_half_a_percent():
    for errors in transient_errors((120.0, 180.0), 240.0, 26.0):
        assert errors["oxygen"] < 0.005
        assert errors["vesicle"] < 0.005


@pytest.mark.validation
def test_fields_of_a_larger_tissue_are_within_half_a_percent_from_two_hours_on():
    early, *late = transient_errors((30.0, 120.0, 240.0, 480.0), 400.0, 36.0)
    assert early["oxygen"] < 0.005
    assert early["vesicle"] < 0.01  # from an empty box: the front is still steep against a voxel
    for errors in late:
        assert errors["oxygen"] < 0.005
        assert errors["vesicle"] < 0.005
