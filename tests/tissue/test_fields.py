"""Fields against exact solutions, against the directly solved reference, and their invariants."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exocosm.ground.compiled import set_threads
from exocosm.tissue.fields import Field
from exocosm.tissue.grid import Grid
from exocosm.tissue.reference import fields as reference

CLOSED = (None,) * 6


def relative_l2(found, exact):
    return float(np.sqrt(((found - exact) ** 2).sum() / (exact**2).sum()))


def held_face_error(voxel: float, diffusion: float, decay: float, uptake: float) -> float:
    length = np.sqrt(diffusion / (decay + uptake))
    n = int(np.ceil(10 * length / voxel))
    grid = Grid((n, 2, 3), voxel)
    field = Field(grid, diffusivity=diffusion, decay_rate=decay, faces=(1.0, *CLOSED[1:]))
    field.relax(np.zeros(grid.shape), np.full(grid.shape, uptake * grid.volume), 1e-10)
    x = grid.centres()[0]
    exact = np.cosh((n * voxel - x) / length) / np.cosh(n * voxel / length)
    return relative_l2(field.values, np.broadcast_to(exact[:, None, None], grid.shape))


@pytest.mark.parametrize(("decay", "uptake"), [(0.1, 0.0), (0.1, 3.1), (10.0, 0.0)])
def test_held_face_is_within_half_a_percent_at_20_um(decay, uptake):
    assert held_face_error(20.0, 1e5, decay, uptake) <= 0.005


def test_held_face_converges_with_second_order():
    errors = [held_face_error(voxel, 1e5, 10.0, 0.0) for voxel in (40.0, 20.0, 10.0, 5.0)]
    orders = np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
    assert orders.min() >= 1.9


def point_sink(order_of_uptake: int, dt: float, times: tuple[float, ...]) -> list[float]:
    """Centre of the 60 µm cube of the point-sink case, whose outer voxels are held at 10 µM."""
    grid = Grid((3, 3, 3), 20.0)
    held = np.ones(grid.shape, bool)
    held[1, 1, 1] = False
    field = Field(grid, diffusivity=2000.0, initial=np.where(held, 10.0, 0.0), held=held)
    source, sink = np.zeros(grid.shape), np.zeros(grid.shape)
    if order_of_uptake == 0:
        source[1, 1, 1] = -20.0 * grid.volume
    else:
        sink[1, 1, 1] = 12044.0
    out, done = [], 0
    for time in times:
        for _ in range(round(time / dt) - done):
            field.step(dt, source, sink)
        done = round(time / dt)
        out.append(float(field.values[1, 1, 1]))
    return out


@pytest.mark.parametrize(("order", "limit", "rate"), [(0, 9.333333, 30.0), (1, 9.52215, 31.5055)])
def test_point_sink_transient_and_end(order, limit, rate):
    early = point_sink(order, 1e-4, (0.02, 0.05))
    exact = [limit * (1.0 - np.exp(-rate * t)) for t in (0.02, 0.05)]
    assert early == pytest.approx(exact, rel=2e-3)
    assert point_sink(order, 0.1, (10.0,)) == pytest.approx([limit], rel=1e-5)


def test_backward_euler_is_of_first_order():
    exact = 9.52215 * (1.0 - np.exp(-31.5055 * 0.05))
    errors = [abs(point_sink(1, dt, (0.05,))[0] - exact) for dt in (4e-3, 2e-3, 1e-3, 5e-4)]
    assert np.log2(np.array(errors[:-1]) / np.array(errors[1:])).min() >= 0.9


@st.composite
def problems(draw):
    """A random box with held faces and voxels, uneven conductivity, sources and sinks."""
    shape = tuple(draw(st.integers(1, 6)) for _ in range(3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    grid = Grid(shape, 20.0)
    faces = [draw(st.sampled_from([None, 0.0, 38.0])) for _ in range(6)]
    held = rng.random(shape) < draw(st.sampled_from([0.0, 0.1]))
    field = Field(
        grid,
        diffusivity=10.0 ** rng.uniform(1, 3, shape),
        decay_rate=draw(st.sampled_from([0.01, 1.0])),
        initial=rng.uniform(0, 10, shape),
        faces=faces,
        held=held,
    )
    field.set_porosity(rng.uniform(0.1, 1.0, shape), rng.uniform(0.3, 1.0, shape))
    source = np.where(rng.random(shape) < 0.3, 10.0 ** rng.uniform(0, 5, shape), 0.0)
    sink = np.where(rng.random(shape) < 0.5, 10.0 ** rng.uniform(0, 5, shape), 0.0)
    return field, source, sink


def numbers(field: Field):
    return field.grid, field.conductivity, field.stock, field.decay_rate


@given(problems(), st.sampled_from([0.01, 1.0, 60.0]))
@settings(max_examples=60)
def test_step_equals_reference_conserves_and_stays_positive(problem, dt):
    field, source, sink = problem
    before, values = field.total(), field.values.copy()
    expected = reference.euler_step(*numbers(field), source, sink, field.faces, field.held, values, dt)
    flows = field.step(dt, source, sink, tolerance=1e-11)
    scale = max(expected.max(), 1e-300)
    assert np.abs(field.values - expected).max() <= 1e-6 * scale
    assert field.values.min() >= 0.0
    solved = field.solved[1:-1, 1:-1, 1:-1]
    taken = float((sink * solved).sum()) * dt
    gained = float(source.sum()) * dt + flows.inflow - flows.outflow - flows.decayed - taken
    throughput = before + float(source.sum()) * dt + flows.inflow
    assert abs(field.total() - before - gained) <= 1e-9 * max(throughput, 1e-300)


@given(problems())
@settings(max_examples=40)
def test_steady_state_equals_reference_and_supply_equals_use(problem):
    field, source, sink = problem
    expected = reference.steady(*numbers(field), source, sink, field.faces, field.held, field.values.copy())
    flows = field.relax(source, sink, 1e-10)
    assert np.abs(field.values - expected).max() <= 1e-6 * max(expected.max(), 1e-300)
    supply = flows.inflow + float(source.sum())
    use = flows.outflow + flows.decayed + float((sink * field.values).sum())
    assert abs(supply - use) <= flows.residual + 1e-9 * max(supply, 1e-300)


def test_one_thread_and_two_give_the_same_bits():
    def run(threads):
        set_threads(threads)
        rng = np.random.default_rng(5)
        grid = Grid((33, 21, 18), 20.0)
        field = Field(grid, diffusivity=200.0, decay_rate=0.01, faces=(0.0, *CLOSED[1:]))
        source, sink = rng.random(grid.shape), 100 * rng.random(grid.shape)
        flows = [field.step(1.0, source, sink) for _ in range(5)]
        return field.values.copy(), flows

    one, two = run(1), run(2)
    assert np.array_equal(one[0], two[0])
    assert one[1] == two[1]


@pytest.mark.parametrize(
    "shape", [(50, 50, 50), (48, 48, 48), (33, 47, 21), (50, 50, 1), (97, 10, 7), (64, 1, 1)]
)
@pytest.mark.parametrize("held", [True, False])
def test_a_cycle_leaves_less_than_a_quarter_of_the_residual_at_any_size(shape, held):
    grid = Grid(shape, 20.0)
    faces = (0.0,) * 4 + ((None, None) if shape[2] == 1 else (0.0, 0.0)) if held else CLOSED
    field = Field(grid, diffusivity=1e3, decay_rate=0.01, faces=faces)
    field.solver.set_diagonal(field.stock * 0.01)
    field.solver.levels[0].right = np.random.default_rng(1).random(grid.shape)
    norms = [field.solver.cycle() for _ in range(5)]
    assert (norms[4] / norms[2]) ** 0.5 <= 0.25


def test_far_tails_do_not_become_subnormal():
    grid = Grid((200, 1, 1), 20.0)
    field = Field(grid, diffusivity=0.1, decay_rate=1.0)
    source = np.zeros(grid.shape)
    source[0] = 1.0
    field.step(1.0, source, np.zeros(grid.shape))
    tail = field.values[field.values > 0.0]
    assert tail.min() > 1e-151


def test_changing_the_open_share_moves_no_matter():
    rng = np.random.default_rng(2)
    grid = Grid((5, 6, 7), 20.0)
    field = Field(grid, diffusivity=100.0, initial=rng.random(grid.shape))
    before = field.values * field.stock
    field.set_porosity(rng.uniform(0.1, 1, grid.shape), np.ones(grid.shape))
    assert np.allclose(field.values * field.stock, before, rtol=1e-15)


def test_a_field_without_any_flux_is_solved():
    """Uniform between held faces without cells, and empty with decay: no supply, no use, no error."""
    grid = Grid((10, 10, 10), 20.0)
    nothing = np.zeros(grid.shape)
    uniform = Field(grid, diffusivity=1e5, initial=35.0, faces=(35.0,) * 6)
    uniform.relax(nothing, nothing)
    assert np.allclose(uniform.values, 35.0, rtol=1e-9)
    fading = Field(grid, diffusivity=1e5, decay_rate=0.1, initial=35.0)
    fading.relax(nothing, nothing)
    assert fading.values.max() <= 1e-6
    empty = Field(grid, diffusivity=1e5, decay_rate=0.1)
    empty.step(1.0, nothing, nothing)
    assert not empty.values.any()


@pytest.mark.parametrize("shape", ["slab", "ball", "line", "voxel"])
@pytest.mark.parametrize("n", [12, 25])
def test_cycles_converge_when_only_voxels_are_held(shape, n):
    """Held voxels (a vessel, say) as the only way in or out, within closed walls."""
    grid = Grid((n, n, n), 20.0)
    x, y, z = np.meshgrid(*(np.arange(n) - n // 2,) * 3, indexing="ij")
    held = {
        "slab": x == 0, "ball": x * x + y * y + z * z <= (n // 5) ** 2,
        "line": (x == 0) & (y == 0), "voxel": (x == 0) & (y == 0) & (z == 0),
    }[shape]  # fmt: skip
    field = Field(grid, diffusivity=1e5, initial=np.where(held, 60.0, 0.0), held=held)
    use = np.full(grid.shape, 0.5 * grid.volume)
    flows = field.relax(np.zeros(grid.shape), use, 1e-9)
    assert flows.inflow == pytest.approx(float((use * field.values).sum()), rel=1e-7)
    assert field.solver.cycles <= 60


def test_a_field_that_starts_empty_fills_from_its_faces():
    grid = Grid((8, 8, 8), 20.0)
    field = Field(grid, diffusivity=200.0, faces=(1.0, *CLOSED[1:]))
    nothing = np.zeros(grid.shape)
    flows = [field.step(1.0, nothing, nothing) for _ in range(50)]
    assert field.total() == pytest.approx(sum(f.inflow - f.outflow for f in flows), rel=1e-9)
    assert 0.0 < field.values.min() <= field.values.max() <= 1.0
