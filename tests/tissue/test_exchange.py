"""How cells and fields meet: weights, point sources, sinks that run dry."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exocosm.physics.profiles import point_source
from exocosm.tissue.fields import Field
from exocosm.tissue.grid import Grid
from exocosm.tissue.reference import weights as reference
from exocosm.tissue.substrates import ExchangeRates, exchange
from exocosm.tissue.weights import Footprint

ONE_VOXEL = 1e-6  # half-width (µm) of a hat that lies in the voxel of its centre


@given(
    st.tuples(*[st.integers(1, 7)] * 3),
    st.floats(0.3, 3.0),
    st.tuples(*[st.floats(0.0, 1.0, exclude_max=True)] * 3),
)
@settings(max_examples=80)
def test_weights_equal_reference_sum_to_one_and_are_adjoint(shape, ratio, where):
    grid = Grid(shape, 20.0)
    position = np.array(where) * grid.size
    foot = Footprint.of(position[None], grid, ratio * grid.voxel)
    spread = np.zeros(shape)
    foot.spread(np.ones(1), spread)
    assert np.abs(spread - reference.footprint(position, grid, ratio * grid.voxel)).max() <= 1e-12
    assert spread.sum() == pytest.approx(1.0, abs=1e-12)
    field = np.random.default_rng(0).random(shape)
    assert foot.sample(field)[0] == pytest.approx(float((field * spread).sum()), rel=1e-12)


def relative_errors(diffusion: float, decay: float, place: np.ndarray) -> tuple[float, float]:
    """Relative L2 error of a point source beyond 40 and beyond 100 µm, within three decay lengths."""
    length = np.sqrt(diffusion / decay)
    n = int(12 * length / 20.0) // 2 * 2
    grid = Grid((n, n, n), 20.0)
    position = (n // 2 + place) * 20.0
    field = Field(grid, diffusivity=diffusion, decay_rate=decay)
    source = np.zeros(grid.shape)
    Footprint.of(position[None], grid, 20.0).spread(np.ones(1), source)
    field.relax(source, np.zeros(grid.shape))
    r = np.linalg.norm(grid.mesh() - position, axis=-1)
    exact = point_source(np.maximum(r, 1.0), 1.0, diffusion, decay)
    errors = []
    for near in (40.0, 100.0):
        where = (r > near) & (r < 3 * length)
        errors.append(float(np.sqrt(((field.values - exact)[where] ** 2).sum() / (exact[where] ** 2).sum())))
    return errors[0], errors[1]


@pytest.mark.parametrize(("diffusion", "decay"), [(1e5, 10.0), (200.0, 0.01)])
def test_point_source_at_twenty_places_in_its_voxel(diffusion, decay):
    places = np.random.default_rng(1).random((20, 3))
    errors = np.array([relative_errors(diffusion, decay, place) for place in places])
    assert errors[:, 0].max() <= 0.03
    assert errors[:, 1].max() <= 0.01


def test_thousand_sinks_that_run_dry():
    """240 µm cube, outer voxels held at 10 µM, zero-order sinks of 20 µM/min inside: mean 5.55467 µM.

    Rule for a dry sink: it takes what arrives. Zero order is the limit of a small half-saturation.
    """
    grid = Grid((12, 12, 12), 20.0)
    held = np.ones(grid.shape, bool)
    held[1:-1, 1:-1, 1:-1] = False
    field = Field(grid, diffusivity=2000.0, initial=np.where(held, 10.0, 0.0), held=held)
    places = grid.mesh()[~held]
    foot = Footprint.of(places, grid, ONE_VOXEL)
    n = len(places)
    rates = ExchangeRates(np.zeros(n), np.zeros(n), np.full(n, 20.0 * grid.volume), np.full(n, 1e-4))
    exchange(field, foot, rates, np.ones(n), None, agreement=1e-6)
    assert field.values.min() >= 0.0
    assert float(field.values.mean()) == pytest.approx(5.55467, rel=2e-4)


def test_saturable_uptake_obeys_michaelis_and_menten():
    grid = Grid((8, 8, 8), 20.0)
    field = Field(grid, diffusivity=1e5, initial=38.0, faces=(38.0,) * 6)
    places = np.random.default_rng(3).uniform(30, 130, (40, 3))
    rates = ExchangeRates(np.zeros(40), np.full(40, 1.0), np.full(40, 4e5), np.full(40, 5.6))
    volume = np.full(40, 2494.0)
    flows, taken, seen = exchange(field, Footprint.of(places, grid, 20.0), rates, volume, None)
    law = volume * seen + 4e5 * seen / (5.6 + seen)
    assert taken == pytest.approx(law, rel=1e-3)
    assert flows.inflow == pytest.approx(float(taken.sum()), rel=1e-5)
