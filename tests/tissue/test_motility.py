"""Migration against closed forms, its reference, and what must not change it.

Means are compared within 5.5 standard errors, a chance of 4e-8 each; at most 20 such in one test.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from migrants import FAR, migrants, migration, table, walkers
from scipy.integrate import quad
from senders import near

from exocosm.coupling import restore, start
from exocosm.ground.draws import Draw
from exocosm.model import Set, Without
from exocosm.tissue.cells import APOPTOTIC, LYSED, Cells
from exocosm.tissue.reference import motility as reference

SPEED, PERSISTENCE = 4.0, 10.0


def walk(state, process, steps, draw):
    """Displacements (steps, n, 3) from the start after each step."""
    x, found = state.cells.view("position"), []
    begin = x.copy()
    for tick in range(1, steps + 1):
        process.step(state, tick, draw, None)
        process.mechanics.advance(state.cells, draw)
        found.append(x - begin)
    return np.array(found)


def mean_square(steps, dt):
    """Mean squared displacement where a direction outlasts a step with chance exp(-dt/τ).

    s² dt² Σ_kl a^|k-l| over the steps: own sum of the geometric correlation of directions.
    """
    a = np.exp(-dt / PERSISTENCE)
    total = steps * (1 + a) / (1 - a) - 2 * a * (1 - a**steps) / (1 - a) ** 2
    return (SPEED * dt) ** 2 * total


def mean_square_in_time(t):
    """2 s² τ² (t/τ - 1 + exp(-t/τ)): velocity-jump process, Othmer et al. 1988, 10.1007/BF00277392."""
    return 2 * (SPEED * PERSISTENCE) ** 2 * (t / PERSISTENCE - 1 + np.exp(-t / PERSISTENCE))


@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize("dt", [0.5, 2.0, 8.0])
def test_displacement_is_that_of_a_velocity_jump_process_at_any_step(planar, dt):
    state = migrants(6000, planar=planar, seed=3)
    process, steps = migration(state, table(SPEED, PERSISTENCE), dt), round(64 / dt)
    moved = walk(state, process, steps, Draw(11))
    for at in (1, steps // 8, steps // 2, steps):
        near((moved[at - 1] ** 2).sum(axis=1), mean_square(at, dt))
    axes = 2 if planar else 3
    for axis in range(axes):
        near(moved[-1, :, axis], 0.0)
        near(moved[-1, :, axis] ** 2, mean_square(steps, dt) / axes)
    assert planar == bool(np.all(moved[:, :, 2] == 0))


def test_the_steps_agree_with_the_process_in_time_to_second_order():
    t = 64.0
    in_steps = np.array([mean_square(round(t / dt), dt) for dt in (0.5, 1.0, 2.0, 4.0)])
    gap = in_steps / mean_square_in_time(t) - 1
    assert np.all(np.abs(np.log2(gap[1:] / gap[:-1]) - 2) < 0.1)
    assert gap[1] < 0.0012  # a step of a tenth of the persistence time


def index_of(bias, planar):
    """Mean cosine between e and the direction of bias e + (1 - bias) u."""

    def cosine(c):
        return (bias + (1 - bias) * c) / np.sqrt(bias**2 + (1 - bias) ** 2 + 2 * bias * (1 - bias) * c)

    if planar:
        return quad(lambda angle: cosine(np.cos(angle)), 0, np.pi)[0] / np.pi
    return quad(cosine, -1, 1)[0] / 2


def ramp(*slope):
    """A linear field with this gradient, positive everywhere in the box."""
    return lambda mesh: mesh @ np.array(slope, float) + 2 * FAR * np.abs(slope).sum()


@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize("bias", [0.0, 0.2, 0.5, 0.8, 1.0])
def test_the_chemotactic_index_in_a_gradient_is_the_closed_form(planar, bias):
    state = migrants(20000, planar=planar, fields={"a": ramp(1, 2, 2)})
    process = migration(state, table(bias=bias), cues=[("a", 1.0)])
    velocity = process.velocities(state, 1, Draw(2))
    way = np.array([1, 2, 0]) / np.sqrt(5) if planar else np.array([1, 2, 2]) / 3
    near(velocity @ way / SPEED, index_of(bias, planar))
    assert np.sqrt((velocity**2).sum(axis=1)) == pytest.approx(SPEED)
    across = np.cross(way, [0, 0, 1])
    near(velocity @ across, 0.0)


def test_cells_flee_what_they_are_negatively_sensitive_to():
    state = migrants(20000, fields={"a": ramp(0, 0, 3)})
    velocity = migration(state, table(bias=0.5), cues=[("a", -0.01)]).velocities(state, 1, Draw(2))
    near(velocity[:, 2] / SPEED, -index_of(0.5, False))


def test_gradients_count_by_direction_and_sensitivity_not_by_size():
    fields = {"a": ramp(1e-6, 0, 0), "b": ramp(0, 1e6, 0), "flat": lambda mesh: np.full(mesh.shape[:3], 7.0)}
    state = migrants(100, fields=fields)
    cues = [("a", 1.0), ("b", -0.5), ("flat", 100.0)]
    velocity = migration(state, table(bias=1.0), cues=cues).velocities(state, 1, Draw(2))
    assert velocity == pytest.approx(np.tile(SPEED * np.array([1, -0.5, 0]) / np.sqrt(1.25), (100, 1)))


@pytest.mark.parametrize("cues", [[], [("flat", 1.0)], [("a", 1.0), ("b", 1.0)]])
def test_without_a_way_to_follow_cells_turn_at_random_whatever_their_bias(cues):
    fields = {"flat": lambda mesh: 1 + 1e-9 * mesh[..., 0] / FAR, "a": ramp(1, 1, 0), "b": ramp(-2, -2, 0)}
    state = migrants(20000, fields=fields)
    velocity = migration(state, table(bias=1.0), cues=cues).velocities(state, 1, Draw(2))
    assert np.sqrt((velocity**2).sum(axis=1)) == pytest.approx(SPEED)
    for axis in range(3):
        near(velocity[:, axis], 0.0, SPEED**2 / 3)


def wavy(mesh):
    return 2 + np.sin(mesh @ np.array([3, 4, 5]) / FAR)


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.booleans(), st.floats(0, 1))
def test_steps_equal_the_reference(seed, planar, bias):
    state = migrants(25, planar=planar, seed=seed, fields={"a": ramp(1, 0, 0), "b": wavy})
    random, cells = np.random.default_rng(seed), state.cells
    cells.view("type")[:] = random.integers(0, 3, 25)
    cells.view("life")[:] = random.choice([0, 0, 0, APOPTOTIC], 25)
    motility = table([1.0, 2.0, 0.0], [0.5, 3.0, np.inf], [bias, 0.7, 0.0], [1, 1, 0])
    process = migration(state, motility, 1.0, [("a", [0.0, 1.0, 0.0]), ("b", [-0.3, 0.8, 0.0])])
    copy = migrants(25, planar=planar, seed=seed, fields={"a": ramp(1, 0, 0), "b": wavy})
    copy.cells = Cells.from_arrays(cells.to_arrays())
    for tick in range(1, 6):
        found = process.velocities(state, tick, Draw(seed))
        wanted = reference.velocities(copy, motility, process.cues, Draw(seed), tick, 1.0, planar)
        assert found == pytest.approx(wanted, rel=1e-12, abs=1e-12)
    assert cells.view("direction") == pytest.approx(copy.cells.view("direction"), abs=1e-12)


def test_the_order_of_cells_changes_no_bit():
    state, same = migrants(500, fields={"a": wavy}), migrants(500, fields={"a": wavy})
    order = np.random.default_rng(1).permutation(500)
    same.cells.permute(order)
    process = migration(state, table(bias=0.4), cues=[("a", 1.0)])
    for tick in range(1, 30):
        found, wanted = (process.velocities(s, tick, Draw(1)) for s in (same, state))
        assert np.array_equal(found, wanted[order])


def test_only_live_cells_of_a_motile_type_move_and_new_ones_have_a_direction_at_once():
    state = migrants(6)
    state.cells.view("life")[:] = [0, APOPTOTIC, LYSED, 0, 0, 0]
    state.cells.view("type")[:] = [0, 0, 0, 1, 0, 0]
    process = migration(state, table([4.0, 0.0], [1e9, 1e9], [0.0, 0.0], [1, 0]))
    moves = (process.velocities(state, 1, Draw(1)) != 0).any(axis=1)
    assert moves.tolist() == [True, False, False, False, True, True]
    before = state.cells.view("direction").copy()
    state.cells.append(key=np.array([7], np.uint64), position=np.full((1, 3), 0.5 * FAR), fluid=np.ones(1))
    velocity = process.velocities(state, 2, Draw(1))
    assert np.array_equal(state.cells.view("direction")[:6], before)
    assert np.linalg.norm(velocity[6]) == pytest.approx(4.0)


# in a tissue


def of(simulation, name, column="position"):
    """A column of the cells of a type, in the order of their keys."""
    cells = simulation.state.cells
    mine = cells.view("type") == simulation.type_names.index(name)
    return cells.view(column)[mine][np.argsort(cells.view("key")[mine])]


def test_cells_drift_up_a_held_gradient_at_speed_times_index():
    simulation = start(walkers(), seed=4)
    begin = {name: of(simulation, name).copy() for name in ("walker", "other")}
    simulation.advance(40)
    moved = {name: of(simulation, name) - begin[name] for name in begin}
    near(moved["walker"][:, 0], 4.0 * 20 * index_of(0.5, False))
    assert moved["walker"].shape == (len(begin["walker"]), 3)
    for axis in (1, 2):
        near(moved["walker"][:, axis], 0.0)
    near(moved["other"][:, 0], 0.0)


def test_no_cell_is_lost_and_none_leaves_the_box():
    simulation = start(walkers(), seed=5)
    keys = np.sort(simulation.state.cells.view("key"))
    for _ in range(10):
        simulation.advance(50)
        cells = simulation.state.cells
        assert np.array_equal(np.sort(cells.view("key")), keys)
        assert np.all((cells.view("position") >= 0) & (cells.view("position") <= 200))
    assert of(simulation, "walker")[:, 0].mean() > 150


@pytest.mark.parametrize(
    "without", ["cells:other", "motility:other", "cells:walker", "motility:walker", "chemotaxis:walker"]
)
def test_others_draw_the_same_numbers_whoever_else_moves(without):
    whole, arm = start(walkers(), seed=6), start(walkers().change(Without(without)), seed=6)
    for simulation in (whole, arm):
        simulation.advance(60)
    untouched = "walker" if without.endswith("other") else "other"
    for column in ("position", "direction"):
        assert np.array_equal(of(whole, untouched, column), of(arm, untouched, column))


def test_cells_that_come_later_move_and_change_nobody_else():
    box = {"box": {"low": ["20 um"] * 3, "high": ["180 um"] * 3}}
    event = {"at": "5 min", "add": {"type": "other", "region": box, "count": 40}}
    alone, joined = start(walkers(), seed=7), start(walkers(events=[event]), seed=7)
    for simulation in (alone, joined):
        simulation.advance(30)
    assert np.array_equal(of(alone, "walker"), of(joined, "walker"))
    assert len(of(joined, "other")) == len(of(alone, "other")) + 40
    assert np.sqrt((of(joined, "other", "direction") ** 2).sum(axis=1)) == pytest.approx(1.0)


def crowd(**more):
    """Walkers and others that push, hold, divide and die, with a rule on speed."""
    pushes = {"repulsion": "10 um/min", "adhesion": "0.4 um/min", "relative_adhesion_distance": 1.25}
    rule = {
        "cell_type": "walker", "signal": "chemokine", "response": "increases", "behaviour": "migration speed",
        "saturation": "8 um/min", "half_max": "5 uM", "hill_power": 2,
    }  # fmt: skip
    response = {
        "cell_type": "other", "signal": "chemokine", "response": "decreases", "half_max": "5 uM",
        "behaviour": "chemotactic response to chemokine", "saturation": "-1", "hill_power": 8,
    }  # fmt: skip
    cycle = {"phases": [{"name": "live", "duration": {"exponential": "0.5 1/h"}, "divides": True}]}
    return walkers(
        tissue__cell_types__walker__mechanics=pushes | {"adhesion_affinity": {"other": 0.1}},
        tissue__cell_types__other__mechanics=pushes,
        tissue__cell_types__other__motility__bias=0.9,
        tissue__cell_types__walker__cycle=cycle,
        tissue__rules=[rule, response],
        **more,
    )


def test_threads_and_checkpoints_change_no_bit():
    one, two = start(crowd(), seed=8, threads=1), start(crowd(), seed=8, threads=2)
    one.advance(37)
    later = restore(crowd(), one.checkpoint(), threads=2)
    for simulation, ticks in ((one, 84), (two, 121), (later, 84)):
        simulation.advance(ticks)
    assert one.digest() == two.digest() == later.digest()
    assert one.state.cells.n > start(crowd(), seed=8).state.cells.n
    assert np.all((of(one, "walker", "direction") ** 2).sum(axis=1) > 0)


@pytest.mark.parametrize("speed", ["0.5 um/min", "20 um/min"])
def test_how_far_a_list_of_neighbours_foresees_changes_no_bit(speed):
    digests = set()
    for skin in (0.0, 2.0, 9.0):
        model = crowd(tissue__cell_types__other__motility__speed=speed)
        simulation = start(model, seed=8)
        mechanics = next(p for p in simulation.processes if p.name == "mechanics")
        mechanics.neighbours.skin = skin
        simulation.advance(25)
        digests.add(simulation.digest())
    assert len(digests) == 1


def test_rules_drive_speed_and_the_sign_of_the_response():
    simulation = start(crowd(tissue__steps__phenotype="0.5 min"), seed=9)
    simulation.advance(1)
    cells = simulation.state.cells
    cells.view("direction")[:] = 0
    process = next(p for p in simulation.processes if p.name == "motility")
    drive = process.velocities(simulation.state, 2, simulation.draw)
    level = simulation.state.fields["chemokine"].values
    assert level[:, 0, 0] == pytest.approx(np.linspace(1.4, 8.6, 10), rel=1e-4)
    walker, seen = cells.view("type") == 0, cells.view("signals")[:, 0]
    hill = (seen / 5) ** 2 / (1 + (seen / 5) ** 2)
    assert np.sqrt((drive[walker] ** 2).sum(axis=1)) == pytest.approx((4 + 4 * hill)[walker], rel=1e-9)
    # the response of others leads from 0 towards -1: they flee, with a bias of 0.9
    assert np.all(drive[~walker, 0] < 0)


def test_cells_in_a_layer_or_on_a_floor_keep_their_height():
    height = {"tissue__geometry__size": ["200 um", "200 um", "20 um"], "tissue__geometry__voxel": "20 um"}
    layer = start(crowd(**height), seed=3)
    dish = start(crowd(tissue__culture={"dish": {}}), seed=3)
    for simulation, expected in ((layer, 10.0), (dish, np.cbrt(300 / np.pi))):
        simulation.advance(60)
        cells = simulation.state.cells
        assert np.allclose(cells.view("position")[:, 2], expected)
        assert np.all(cells.view("direction")[:, 2] == 0)
        assert np.ptp(cells.view("position")[:, 0]) > 50


def test_vesicles_attract_by_the_sum_of_their_sizes():
    vesicles = {
        "origin": "medium", "route": "exosome", "diameter": {"median": "100 nm", "geometric_sd": 1.4},
        "size_bins": 3, "manifest": {}, "every": "1 min",
    }  # fmt: skip
    medium = {"temperature": "37 degC", "viscosity": "0.7 mPa*s", "tortuosity": 1}
    model = walkers(
        species__vesicles__ev=vesicles,
        tissue__medium=medium | {"minimum_extracellular_fraction": 0.2},
        tissue__cell_types__walker__motility__bias=1,
        tissue__cell_types__walker__motility__chemotaxis={"ev": 2},
    )
    simulation = start(model, seed=1)
    mesh = simulation.state.grid.mesh()
    for carrier, slope in zip(simulation.tissue.carriers, (-3, 1, 4), strict=True):
        simulation.state.fields[carrier.name].values[...] = 1e4 + slope * mesh[..., 1]
    process = next(p for p in simulation.processes if p.name == "motility")
    assert [len(cue.fields) for cue in process.cues] == [3]
    velocity = process.velocities(simulation.state, 1, simulation.draw)
    walker = simulation.state.cells.view("type") == 0
    assert velocity[walker] == pytest.approx(np.tile([0, 4.0, 0], (walker.sum(), 1)))


def distance_to_sender(without=()):
    """Distance of each walker from a cell that rests in the middle and sends vesicles, after two hours."""
    vesicles = {
        "origin": "other", "route": "exosome", "diameter": {"median": "100 nm", "geometric_sd": 1.4},
        "manifest": {}, "decay_rate": "5 1/h", "every": "1 min",
    }  # fmt: skip
    medium = {"temperature": "37 degC", "viscosity": "0.7 mPa*s", "tortuosity": 1}
    sphere = {"sphere": {"center": ["100 um"] * 3, "radius": "1 um"}}
    around = {"shell": {"center": ["100 um"] * 3, "inner_radius": "60 um", "outer_radius": "95 um"}}
    model = walkers(
        species__vesicles__ev=vesicles,
        tissue__medium=medium | {"minimum_extracellular_fraction": 0.2},
        tissue__cell_types__walker__motility__chemotaxis={"ev": 1},
        tissue__cell_types__walker__motility__speed="1 um/min",
        tissue__cell_types__other={
            "volume": {"total": "400 um^3"},
            "mechanics": {"movable": False},
            "release": {"ev": "600 particle/h"},
        },
        tissue__cells=[
            {"type": "other", "region": sphere, "count": 1},
            {"type": "walker", "region": around, "count": 60},
        ],
    )  # fmt: skip
    simulation = start(model.change(*without), seed=2)
    simulation.advance(240)
    return np.linalg.norm(of(simulation, "walker") - of(simulation, "other"), axis=1)


def test_cells_gather_round_a_sender_of_the_vesicles_that_they_follow():
    with_way, without = distance_to_sender(), distance_to_sender([Without("chemotaxis:walker")])
    nearer = without - with_way
    # by far more than the 5.5 standard errors of the difference (4e-8)
    assert nearer.mean() > 5.5 * nearer.std() / np.sqrt(len(nearer))
    assert with_way.mean() < 0.6 * without.mean()
    nothing = distance_to_sender([Without("release:other")])
    assert np.array_equal(nothing, without)


def test_a_model_in_which_nobody_migrates_has_no_such_process():
    still = walkers().change(Without("motility:walker"), Without("motility:other"))
    assert "motility" not in start(still, seed=1).seconds
    assert "motility" in start(walkers(), seed=1).seconds


def of_steps(simulation):
    """Warnings, without those of how cells lie at the start."""
    return [text for text in simulation.warnings() if not text.startswith("start:")]


def test_a_step_that_jumps_across_cells_is_told():
    assert of_steps(start(walkers(), seed=1)) == []
    fast = walkers().change(Set("tissue.cell_types.walker.motility.speed", "10 um/min"))
    text = "\n".join(start(fast, seed=1).warnings())
    assert "walker: these cells move on their own by up to 5 um in one step" in text
    assert "at most 0.23 min" in text
