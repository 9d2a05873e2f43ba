"""Convection against exact solutions and the slow twin; it never loses, overshoots or goes below zero."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exocosm.ground.errors import ExocosmError
from exocosm.ground.ledger import Ledger
from exocosm.tissue.convection import COURANT, Convection, carry, numerical_diffusion
from exocosm.tissue.fields import Field
from exocosm.tissue.flow import divergence, flow_of, from_places, read_velocities, uniform
from exocosm.tissue.grid import Grid
from exocosm.tissue.reference import convection as reference

CLOSED = (None,) * 6


@st.composite
def swirls(draw):
    """A random flow without divergence on a small box with open and closed faces, and a field in it."""
    shape = tuple(draw(st.integers(1, 7)) for _ in range(3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    grid = Grid(shape, 20.0)
    is_open = tuple(draw(st.booleans()) for _ in range(6))
    places, velocities = rng.uniform(0, 20.0 * np.array(shape), (20, 3)), rng.normal(0, 60, (20, 3))
    flow = from_places(grid, places, velocities, is_open)
    faces = [float(rng.uniform(0, 2)) if o else None for o in is_open]
    held = rng.random(shape) < draw(st.sampled_from([0.0, 0.1]))
    field = Field(grid, diffusivity=1.0, faces=faces, held=held)
    field.set_porosity(rng.uniform(0.1, 1.0, shape), np.ones(shape))
    field.values[...] = rng.random(shape) * (rng.random(shape) < 0.5)
    return field, flow


def safe(field, flow, share=COURANT):
    return share / max(float((flow.outflow() / field.stock).max()), 1e-300)


@given(swirls())
@settings(max_examples=25, deadline=None)
def test_flow_is_free_of_divergence_and_an_even_field_stays_even(problem):
    field, flow = problem
    size = max(1e-300, *(float(np.abs(q).max()) for q in flow.faces))
    assert np.abs(divergence(flow.faces)).max() <= 1e-13 * size
    field.faces = [None if face is None else 0.7 for face in field.faces]
    field.values[...] = 0.7
    carry(field, flow, min(10.0 * safe(field, flow), 1e6))
    assert np.abs(field.values - 0.7).max() <= 1e-12


@given(swirls())
@settings(max_examples=25, deadline=None)
def test_one_step_equals_the_slow_twin(problem):
    field, flow = problem
    dt = min(safe(field, flow, 0.999 * COURANT), 1e6)
    expected = reference.step(field, flow, field.values.copy(), dt)
    carry(field, flow, dt)
    assert np.allclose(field.values, expected, rtol=1e-12, atol=1e-14)


@given(swirls(), st.floats(0.1, 20.0))
@settings(max_examples=25, deadline=None)
def test_nothing_is_lost_negative_or_beyond_what_was_there(problem, steps):
    field, flow = problem
    before, low, high = field.total(), field.values.min(), field.values.max()
    brought = [f for f, value in zip(range(6), field.faces, strict=True) if value is not None]
    low = min([low, *(field.faces[f] for f in brought)])
    high = max([high, *(field.faces[f] for f in brought)])
    moved = carry(field, flow, min(steps * safe(field, flow), 1e6))
    gap = field.total() - before - moved.inflow + moved.outflow
    assert abs(gap) <= 1e-12 * max(before + moved.inflow, 1e-300)
    assert min(moved.inflow, moved.outflow) >= 0.0
    assert field.values.min() >= low - 1e-13
    assert field.values.max() <= high + 1e-13


def front(n: int, dimensions: int, width: float) -> tuple[float, float]:
    """Mean and largest error of a smooth front that moves 100 µm, along x or the diagonal of a plane."""
    length, centre = 800.0, 350.0
    grid = Grid((n, n, 1) if dimensions == 2 else (n, 1, 1), length / n)
    velocity = (60.0, 60.0, 0.0) if dimensions == 2 else (60.0, 0.0, 0.0)
    faces = (1.0, 0.0, *((1.0, 0.0) if dimensions == 2 else (None, None)), None, None)
    x, y, _ = np.moveaxis(grid.mesh(), -1, 0)
    along = 0.5 * (x + y) if dimensions == 2 else x

    def profile(shift):
        return 0.5 * (1.0 - np.tanh((along - centre - shift) / width))

    field = Field(grid, diffusivity=1.0, faces=faces)
    field.values[...] = profile(0.0)
    carry(field, uniform(grid, velocity), 100.0 / 60.0)
    near = (x > 200.0) & (y > 200.0) if dimensions == 2 else x > 200.0  # away from where it is cut off
    gap = np.abs(field.values - profile(100.0))[near]
    return float(gap.mean()), float(gap.max())


@pytest.mark.parametrize(
    ("dimensions", "voxels", "width"), [(1, (80, 160, 320, 640), 40.0), (2, (40, 80, 160, 320), 60.0)]
)
def test_a_smooth_front_converges_with_second_order(dimensions, voxels, width):
    errors = np.array([front(n, dimensions, width) for n in voxels])
    orders = np.log2(errors[:-1] / errors[1:])
    assert orders[:, 0].min() >= 1.9
    assert orders[1:, 1].min() >= 1.9


def steady_error(voxels: int, dt: float, peclet: float) -> float:
    """Largest error of a flow between two held faces at rest, c = (e^P - e^(P x/L)) / (e^P - 1)."""
    length, diffusion = 400.0, 500.0
    grid, speed = Grid((voxels, 1, 1), length / voxels), peclet * diffusion / length
    field = Field(grid, diffusivity=diffusion, faces=(1.0, 0.0, *CLOSED[2:]))
    flow, nothing = uniform(grid, (speed, 0.0, 0.0)), np.zeros(grid.shape)
    for _ in range(int(length**2 / diffusion / dt)):
        carry(field, flow, dt)
        field.step(dt, nothing, nothing, 1e-9)
    exact = np.expm1(peclet * (grid.centres()[0] / length - 1.0)) / np.expm1(-peclet)
    return float(np.abs(field.values[:, 0, 0] - exact).max())


def test_steady_flow_and_diffusion_give_the_exponential_profile_to_first_order_of_the_step():
    errors = np.array([steady_error(40, dt, 2.0) for dt in (8.0, 4.0)])
    assert errors[0] <= 0.011
    assert np.log2(errors[:-1] / errors[1:]).min() >= 0.9
    assert steady_error(20, 1.0, 2.0) <= 0.0015


def test_a_cloud_moves_and_spreads_as_the_gaussian_does():
    diffusion, speed, minutes, spread = 100.0, 20.0, 10.0, 60.0
    grid = Grid((100, 40, 1), 10.0)
    field = Field(grid, diffusivity=diffusion, faces=(0.0, 0.0, *CLOSED[2:]))
    x, y, _ = np.moveaxis(grid.mesh(), -1, 0)

    def cloud(t):
        square = spread**2 + 2.0 * diffusion * t
        distance = (x - 350.0 - speed * t) ** 2 + (y - 200.0) ** 2
        return spread**2 / square * np.exp(-0.5 * distance / square)

    field.values[...] = cloud(0.0)
    flow, nothing, start = uniform(grid, (speed, 0.0, 0.0)), np.zeros(grid.shape), field.total()
    for _ in range(10):
        carry(field, flow, minutes / 10)
        field.step(minutes / 10, nothing, nothing)
    mean = float((field.values * x).sum() / field.values.sum())
    square = float((field.values * (x - mean) ** 2).sum() / field.values.sum())
    assert mean == pytest.approx(350.0 + speed * minutes, rel=1e-4)
    assert square == pytest.approx(spread**2 + 2.0 * diffusion * minutes, rel=0.01)
    assert np.abs(field.values - cloud(minutes)).max() <= 0.02  # of which the clipped crest is most
    assert field.total() == pytest.approx(start, rel=1e-6)


def test_a_sharp_front_at_a_cell_peclet_number_of_100_stays_between_its_ends():
    grid = Grid((60, 4, 1), 20.0)
    field = Field(grid, diffusivity=10.0, faces=(1.0, 0.0, *CLOSED[2:]))
    flow, nothing = uniform(grid, (50.0, 0.0, 0.0)), np.zeros(grid.shape)
    for _ in range(10):
        carry(field, flow, 1.0)
        field.step(1.0, nothing, nothing)
        assert 0.0 <= field.values.min() <= field.values.max() <= 1.0 + 1e-12
    assert (np.diff(field.values[:, 0, 0]) <= 1e-12).all()
    width = float((field.values[:, 0, 0] * (1.0 - field.values[:, 0, 0])).sum())
    assert width <= 3.0  # voxels


def test_numerical_diffusion_is_reported_and_small_where_the_field_is_smooth():
    grid = Grid((80, 1, 1), 10.0)
    field = Field(grid, diffusivity=100.0, faces=(1.0, 0.0, *CLOSED[2:]))
    flow, x = uniform(grid, (60.0, 0.0, 0.0)), grid.centres()[0]
    first_order = 60.0 * 10.0 / 2.0 / 100.0
    field.values[:, 0, 0] = 0.5 * (1.0 - np.tanh((x - 400.0) / 60.0))
    assert abs(numerical_diffusion(field, flow)) <= 0.02 * first_order
    field.values[:, 0, 0] = x < 400.0
    assert numerical_diffusion(field, flow) == pytest.approx(first_order, rel=1e-9)
    field.values[...] = 1.0
    assert numerical_diffusion(field, flow) == 0.0


def test_books_of_the_process_close():
    rng = np.random.default_rng(3)
    grid = Grid((6, 5, 4), 20.0)
    field = Field(grid, diffusivity=10.0, faces=(0.5, 0.1, *CLOSED[2:]))
    field.values[...] = rng.random(grid.shape)
    ledger, state = Ledger(("vesicle", "cargo")), SimpleNamespace(fields={"vesicle": field})
    ledger.move("vesicle", "initial", "field", field.total())
    ledger.move("cargo", "initial", "field", 2.0 * field.total())
    flow = uniform(grid, (30.0, 0.0, 0.0))
    process = Convection("vesicle", flow, (("vesicle", 1.0), ("cargo", 2.0)), every=1, tick=3.0)
    process.step(state, 1, None, ledger)
    ledger.check("vesicle", {"field": field.total()}, 1e-12)
    ledger.check("cargo", {"field": 2.0 * field.total()}, 1e-12)
    assert ledger.balance("vesicle", "supplied") == pytest.approx(0.5 * 30.0 * 3.0 * 100.0 * 80.0)
    assert process.name == "convection of vesicle"


def model_with(flow):
    return SimpleNamespace(tissue=SimpleNamespace(flow=flow))


def test_a_uniform_flow_through_a_closed_face_is_refused_and_a_table_is_bent_round_it():
    grid = Grid((5, 5, 5), 20.0)
    through = {"vesicle": [0.0, 0.0, None, None, None, None], "drug": [1.0, None, None, None, None, None]}
    with pytest.raises(ExocosmError, match=r"x_high, which is closed to drug"):
        flow_of(model_with(SimpleNamespace(velocity=(6.0, 0.0, 0.0))), grid, through)
    table = "x, y, z, vx, vy, vz\n50, 50, 50, 0.1, 0, 0\n"
    assert read_velocities(table)[1].tolist() == [[6.0, 0.0, 0.0]]
    flow = flow_of(model_with(SimpleNamespace(table=table)), grid, {"vesicle": through["vesicle"]})
    assert [flow.crosses(face) for face in ("x_low", "x_high", "y_low", "y_high")] == [
        True,
        True,
        False,
        False,
    ]
    assert np.allclose(flow.faces[0], 6.0 * 400.0)
    assert flow_of(model_with(None), grid, through) is None
