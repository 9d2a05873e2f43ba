"""Mechanics against its reference, closed forms, published benchmark cases and symmetries."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from tissues import PHYSICELL, cells_at, random_tissue

from exocosm.ground.compiled import set_threads
from exocosm.ground.draws import Draw
from exocosm.tissue.cell_types import MechanicsTable
from exocosm.tissue.cells import Cells
from exocosm.tissue.mechanics import LINEAR, LOGARITHMIC, QUADRATIC, Mechanics
from exocosm.tissue.reference import mechanics as reference

TWO_TYPES = MechanicsTable(np.sqrt([10.0, 4.0]), np.sqrt([0.4, 1.1]), np.array([1.25, 1.6]))
SORTING = TWO_TYPES._replace(affinity=np.array([[1.2, 0.3], [0.3, 1.0]]), movable=np.array([1, 0]))
FAR = (1e6, 1e6, 1e6)


def springs(k):
    """Repulsion k, no adhesion."""
    return MechanicsTable(np.array([k**0.5]), np.zeros(1), np.ones(1))


def mechanics(table, size=FAR, dt=0.1, **options):
    return Mechanics(table, size, every=1, dt=dt, **options)


@settings(max_examples=25)
@given(
    st.integers(1, 40),
    st.integers(0, 10**6),
    st.sampled_from([QUADRATIC, LINEAR, LOGARITHMIC]),
    st.booleans(),
    st.sampled_from([TWO_TYPES, SORTING]),
)
def test_steps_equal_the_reference(n, seed, law, planar, table):
    cells = random_tissue(n, 45.0, seed, types=2)
    cells.view("position")[n // 2] = cells.view("position")[0]
    size = (40.0, 45.0, 50.0)
    cells.view("position")[:] = np.minimum(cells.view("position"), size)
    expected = Cells.from_arrays(cells.to_arrays())
    drive = np.random.default_rng(seed).normal(0, 2, (n, 3))
    fast, draw = mechanics(table, size, law=law, planar=planar), Draw(seed)
    fast.drive = drive
    for _ in range(3):
        fast.advance(cells, draw)
        reference.advance(
            expected, table, np.array(size), 0.1, draw.seed, drive=drive, planar=planar, law=law
        )
        for name in ("position", "previous_velocity", "velocity_known"):
            assert cells.view(name) == pytest.approx(expected.view(name), rel=1e-12, abs=1e-11)
        expected = Cells.from_arrays(cells.to_arrays())


# cases.md, section 2: width of the eleven-cell chain (OpenVT monolayer model, stage a)
TIMES = (0.1, 0.5, 1, 2, 5, 10)
CHAIN = {
    LINEAR: (18.2816648, (6.0790, 7.9023, 9.0001, 9.7727, 9.9973, 10.0000)),
    QUADRATIC: (88.54, (6.577, 8.351, 8.999, 9.4395, 9.7584, 9.876)),
    LOGARITHMIC: (15.6556, (6.1393, 7.9765, 8.9989, 9.7319, 9.9941, 10.0)),
}


def exact_widths(law, strength):
    """Width of the chain by an adaptive integrator of high order."""

    def velocity(t, x):
        gaps = np.minimum(np.diff(x), 1.0)
        force = strength * {LINEAR: 1 - gaps, QUADRATIC: (1 - gaps) ** 2, LOGARITHMIC: -np.log(gaps)}[law]
        return np.append(0, force) - np.append(force, 0)

    run = solve_ivp(velocity, (0, TIMES[-1]), 0.5 * np.arange(11), t_eval=TIMES, rtol=1e-11, atol=1e-12)
    return run.y[-1] - run.y[0]


@pytest.mark.parametrize("law", list(CHAIN))
def test_eleven_cell_chain_opens_as_published(law):
    strength, published = CHAIN[law]
    position = np.zeros((11, 3)) + 50.0
    position[:, 0] += 0.5 * np.arange(11)
    cells, dt = cells_at(position, 0.5), 5e-4
    chain, draw = mechanics(springs(strength), dt=dt, law=law, skin=0.5), Draw(1)
    found, x = [], cells.view("position")
    for step in range(1, round(TIMES[-1] / dt) + 1):
        chain.advance(cells, draw)
        if any(step == round(t / dt) for t in TIMES):
            found.append(x[-1, 0] - x[0, 0])
    assert found == pytest.approx(exact_widths(law, strength), abs=5e-6)
    # the published numbers carry their own time step: they are up to 1.7e-4 off the exact solution
    assert found == pytest.approx(published, abs=2e-4)


def test_two_driven_cells_meet_and_never_pass():
    # cases.md: diameter 10, centres 30 apart, each driven at 10 µm/min towards the other
    cells = cells_at([[35, 50, 50], [65, 50, 50]], 5.0)
    push, draw = mechanics(springs(40.0)), Draw(1)
    push.drive = np.array([[10.0, 0, 0], [-10.0, 0, 0]])
    x = cells.view("position")
    for step in range(1, 401):
        push.advance(cells, draw)
        distance = x[1, 0] - x[0, 0]
        if step <= 10:
            assert distance == pytest.approx(30 - 20 * 0.1 * step, abs=1e-12)
        assert 0 < distance < 30
        assert x[0, 0] + x[1, 0] == pytest.approx(100.0, abs=1e-9)
    # at rest the push equals the drive: 40 (1 - d/10)² = 10
    assert distance == pytest.approx(5.0, abs=1e-9)


@pytest.mark.parametrize("nudge", [-1.0, 1.0])
def test_the_pushing_equilibrium_is_stable(nudge):
    cells = cells_at([[47.5, 50, 50], [52.5 + nudge, 50, 50]], 5.0)
    push = mechanics(springs(40.0))
    push.drive = np.array([[10.0, 0, 0], [-10.0, 0, 0]])
    for _ in range(400):
        push.advance(cells, Draw(1))
    assert np.diff(cells.view("position")[:, 0])[0] == pytest.approx(5.0, abs=1e-9)


def test_a_cell_pushed_once_moves_once_and_stops():
    cells, friction = cells_at([[50, 50, 50]], 5.0), mechanics(springs(10.0))
    friction.drive = np.array([[10.0, 0, 0]])
    friction.advance(cells, Draw(1))
    assert cells.view("position")[0].tolist() == [51.0, 50.0, 50.0]
    friction.drive = None
    for _ in range(5):
        friction.advance(cells, Draw(1))
    assert cells.view("position")[0].tolist() == [51.0, 50.0, 50.0]


def test_order_of_convergence_is_two():
    # five cells in contact throughout, so that the forces stay smooth
    start = np.array([[0, 0, 0], [9, 1, 0], [4, 8, 1], [5, 3, 8], [-3, 4, 5]], float) + 100
    table = MechanicsTable(np.array([10.0**0.5]), np.array([1.0]), np.array([1.5]))

    def velocity(t, x):
        cells = cells_at(x.reshape(-1, 3), 8.0)
        return reference.velocities(cells, table, np.uint64(1)).ravel()

    exact = solve_ivp(velocity, (0, 2.0), start.ravel(), method="DOP853", rtol=1e-12, atol=1e-12).y[:, -1]
    errors = []
    for dt in 0.1 / 2.0 ** np.arange(5):
        cells, run = cells_at(start, 8.0), mechanics(table, dt=dt)
        for _ in range(round(2.0 / dt)):
            run.advance(cells, Draw(1))
        errors.append(np.abs(cells.view("position").ravel() - exact).max())
    assert np.all(np.log2(np.array(errors[:-1]) / errors[1:]) >= 1.9)


@settings(max_examples=20)
@given(st.integers(2, 40), st.integers(0, 10**6))
def test_action_equals_reaction(n, seed):
    cells = random_tissue(n, 40.0, seed)
    cells.view("velocity_known")[:] = 0
    cells.view("position")[:] += 500
    before = cells.view("position").sum(axis=0)
    mechanics(PHYSICELL, dt=1.0).advance(cells, Draw(seed))
    assert np.abs(cells.view("previous_velocity").sum(axis=0)).max() < 1e-11 * n
    assert cells.view("position").sum(axis=0) == pytest.approx(before, abs=1e-9)


@settings(max_examples=20)
@given(st.integers(2, 40), st.integers(0, 10**6))
def test_the_order_of_cells_matters_only_to_rounding(n, seed):
    cells = random_tissue(n, 40.0, seed)
    order = np.random.default_rng(seed).permutation(n)
    shuffled = Cells.from_arrays(cells.to_arrays())
    shuffled.permute(order)
    for one in (cells, shuffled):
        mechanics(PHYSICELL).advance(one, Draw(seed))
    assert shuffled.view("position") == pytest.approx(cells.view("position")[order], abs=1e-11)


@settings(max_examples=10)
@given(st.integers(20, 120), st.integers(0, 10**6), st.floats(0, 6))
def test_neither_skin_nor_threads_nor_rebuilding_change_a_bit(n, seed, skin):
    digests = []
    for threads, width, rebuild in ((1, 0.0, True), (2, skin, False), (2, skin, True)):
        set_threads(threads)
        cells, draw = random_tissue(n, 60.0, seed), Draw(seed)
        run = mechanics(PHYSICELL, (60.0, 60.0, 60.0), skin=width)
        for _ in range(12):
            cells.view("fluid")[:] *= 1.01
            if rebuild:
                run = mechanics(PHYSICELL, (60.0, 60.0, 60.0), skin=width)
            run.advance(cells, draw)
        digests.append(cells.digest())
    set_threads(None)
    assert len(set(digests)) == 1


@settings(max_examples=15)
@given(st.integers(1, 30), st.integers(0, 10**6))
def test_centres_stay_in_the_box(n, seed):
    cells, size = random_tissue(n, 12.0, seed), (12.0, 12.0, 12.0)
    run = mechanics(springs(100.0), size, dt=1.0)
    for _ in range(5):
        run.advance(cells, Draw(seed))
        assert np.all((cells.view("position") >= 0) & (cells.view("position") <= size))
        assert np.all(np.isfinite(cells.view("position")))


def test_coincident_cells_part_in_opposite_directions_and_the_same_way_again():
    def parted(seed):
        cells = cells_at([[50, 50, 50]] * 3, 5.0)
        mechanics(PHYSICELL).advance(cells, Draw(seed))
        return cells.view("position").copy()

    x = parted(1)
    assert np.array_equal(x, parted(1))
    assert not np.array_equal(x, parted(2))
    assert x.sum(axis=0) == pytest.approx([150, 150, 150], abs=1e-12)
    assert min(np.linalg.norm(x[a] - x[b]) for a, b in ((0, 1), (0, 2), (1, 2))) > 0.1
