"""Vesicles: the process against its reference, its limits, and whole counts from small amounts."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from exchanging import DRAW, RADIUS, cells_in, population, random_box, state_of, tighten
from hypothesis import given
from hypothesis import strategies as st

from exocosm.physics import stokes_einstein
from exocosm.tissue.build import vesicle_diffusion
from exocosm.tissue.cells import LIVE
from exocosm.tissue.delivery import take_whole
from exocosm.tissue.fields import Field
from exocosm.tissue.grid import Grid
from exocosm.tissue.reference import vesicles as reference

D = 200.0  # µm²/min
RATES = {"release": (1.0, 0.0), "clearance": (50.0, 0.0), "efficiency": (0.0, 0.3)}
MANIFEST = ((0, "one", 0.4), (1, "two", 12.5))


def random_tissue(seed, layer=False):
    """A state and process with everything in it, and vesicles in the field from the start."""
    grid, random, cells = random_box(seed, layer)
    state = state_of(
        grid, cells, cargos=("one", "two"), open_least=0.2, diffusivity=D, decay_rate=0.01,
        faces=(0.0, None, 2e-3, None, None, None),
    )  # fmt: skip
    state.fields["vesicle"].values[...] = random.random(grid.shape) * 0.05
    return state, population(grid, minutes=6.0, manifest=MANIFEST, **RATES)


@pytest.mark.parametrize("layer", [False, True])
def test_extracellular_share_and_obstruction_equal_the_reference(layer):
    state, _ = random_tissue(1, layer)
    field, cells = state.fields["vesicle"], state.cells
    share = reference.extracellular_share(
        cells.view("position"), cells.total_volume(), state.grid, RADIUS, 0.2
    )
    assert np.abs(field.porosity - share).max() <= 1e-12
    assert np.abs(field.obstruction - reference.obstruction(share)).max() <= 1e-12


def test_a_held_voxel_keeps_its_value_when_cells_come_near():
    grid = Grid((6, 6, 6), 20.0)
    held = np.zeros(grid.shape, bool)
    held[2, 2, 2] = True
    positions = np.random.default_rng(0).random((60, 3)) * grid.size
    initial = np.where(held, 0.05, 0.01)
    state = state_of(grid, cells_in(positions), diffusivity=D, held=held, initial=initial, open_least=0.2)
    field = state.fields["vesicle"]
    assert field.porosity[2, 2, 2] < 1.0
    assert field.values[2, 2, 2] == 0.05
    assert field.total() == pytest.approx(state.ledger.balance("vesicle", "field"), rel=1e-12)


@pytest.mark.parametrize("layer", [False, True])
@pytest.mark.parametrize("efficiency", [0.001, 0.3, 1.0])
def test_clearances_equal_the_reference(layer, efficiency):
    state, process = random_tissue(2, layer)
    process.rates.uptake[1] = efficiency
    alive = state.cells.view("life") == LIVE
    with np.errstate(divide="ignore"):  # the odds of a perfect sink are infinite
        rates = process.rates.of_cells(state.cells, "vesicle")
        found, _, _, _ = process.clearances(state, process.carriers[0], rates)
        expected = reference.clearances(state, process)
    assert found == pytest.approx(expected, rel=1e-12)
    assert (found[alive] > 0).all()
    assert (found[~alive] == 0).all()


@pytest.mark.parametrize("layer", [False, True])
def test_one_step_equals_the_reference(monkeypatch, layer):
    tighten(monkeypatch, Field.step_prepared)
    state, process = random_tissue(3, layer)
    expected = reference.step(state, process)
    cells, field = state.cells, state.fields["vesicle"]
    carry, cargo_carry = cells.view("vesicle_carry").copy(), cells.view("cargo_carry").copy()
    process.step(state, 1, DRAW, state.ledger)
    assert field.values == pytest.approx(expected.values, rel=1e-8, abs=1e-10)
    assert state.ledger.balance("vesicle", "released") == pytest.approx(expected.released, rel=1e-12)
    assert state.ledger.balance("vesicle", "decayed") == pytest.approx(expected.decayed, rel=1e-8)
    for i, amount in enumerate(expected.taken):
        count, left = reference.whole(carry[i, 0], amount)
        assert cells.view("vesicles")[i, 0] == count
        assert cells.view("vesicle_carry")[i, 0] == pytest.approx(left, abs=1e-7)
        for cargo, _, copies in MANIFEST:
            copies_in, left = reference.whole(cargo_carry[i, cargo], copies * count)
            assert cells.view("cargo")[i, cargo] == copies_in
            assert cells.view("cargo_carry")[i, cargo] == pytest.approx(left, abs=1e-9)
    assert cells.view("vesicles").sum() > 0


def test_dead_cells_neither_release_nor_take_up():
    grid = Grid((5, 5, 5), 20.0)
    state = state_of(grid, cells_in(np.full((3, 3), 50.0), life=(1, 2, 3)), diffusivity=D, initial=1.0)
    before = state.fields["vesicle"].total()
    process = population(grid, release=(1, 1), efficiency=(1, 1))
    with np.errstate(divide="ignore"):
        for tick in range(1, 5):
            process.step(state, tick, DRAW, state.ledger)
    assert state.ledger.balance("vesicle", "released") == 0
    assert state.fields["vesicle"].total() == pytest.approx(before, rel=1e-12)
    assert not state.cells.view("vesicles").any()


def test_release_is_rate_times_time():
    grid = Grid((5, 5, 5), 20.0)
    state = state_of(grid, cells_in(np.full((4, 3), 41.0), kind=(0, 0, 0, 1)), diffusivity=D, open_least=0.2)
    process = population(grid, release=(1.03, 0.2), minutes=6.0)
    for tick in range(1, 11):
        process.step(state, tick, DRAW, state.ledger)
    assert state.ledger.balance("vesicle", "released") == pytest.approx((3 * 1.03 + 0.2) * 60, rel=1e-12)
    assert state.fields["vesicle"].total() == pytest.approx((3 * 1.03 + 0.2) * 60, rel=1e-9)


def well_mixed_error(minutes):
    """Largest relative error over 300 min of A' = release - k A, k = decay + Σ clearance / open volume."""
    grid, decay, intrinsic = Grid((6, 6, 6), 20.0), 0.004, 400.0
    positions = np.random.default_rng(5).random((60, 3)) * grid.size
    state = state_of(grid, cells_in(positions, kind=np.arange(60) % 2), diffusivity=1e9, open_least=0.2,
                     decay_rate=decay)  # fmt: skip
    process = population(grid, release=(1, 0), clearance=(0, intrinsic), minutes=minutes)
    field = state.fields["vesicle"]
    k = decay + 30 * intrinsic / float(field.stock.sum())
    worst = 0.0
    for tick in range(1, round(300 / minutes) + 1):
        process.step(state, tick, DRAW, state.ledger)
        exact = 30.0 / k * (1.0 - np.exp(-k * minutes * tick))
        worst = max(worst, abs(field.total() / exact - 1.0))
    assert exact > 0.9 * 30.0 / k
    assert field.values.max() == pytest.approx(field.values.min(), rel=1e-5)
    return worst


def test_well_mixed_box_follows_the_ordinary_differential_equation_with_second_order():
    errors = np.array([well_mixed_error(minutes) for minutes in (20.0, 10.0, 5.0, 2.5)])
    assert errors[-1] < 1e-4
    assert np.log2(errors[:-1] / errors[1:]).min() >= 1.9


def captured(voxel):
    """Shares that two recipients take of what a sender releases, in a steady state with open faces."""
    size = 240.0
    n = round(size / voxel)
    grid = Grid((n, n, n), voxel)
    places = [[118.0, 121.0, 127.0], [93.0, 133.0, 118.0], [151.0, 104.0, 140.0]]
    state = state_of(grid, cells_in(places, kind=(0, 1, 1)), diffusivity=D, open_least=0.2, faces=(0.0,) * 6,
                     decay_rate=3.5e-4)  # fmt: skip
    process = population(grid, release=(1e3, 0), efficiency=(0, 0.5), minutes=1e7)
    process.step(state, 1, DRAW, state.ledger)
    return state.cells.view("vesicles")[1:, 0] / state.ledger.balance("vesicle", "released")


def test_shares_captured_do_not_depend_on_the_voxel():
    coarse, fine = captured(20.0), captured(10.0)
    assert coarse == pytest.approx(fine, rel=0.05)
    assert (coarse > 0.02).all()


def test_whole_uptake_is_unbiased_far_below_one_vesicle():
    """Random carries make each count 0 or 1 with the right chance; false-alarm rate 5.7e-7 (5 σ)."""
    n, amount, steps = 200_000, 3e-5, 100
    carry = DRAW.uniform(2, np.arange(n, dtype=np.uint64), 0)
    whole = sum(take_whole(carry, np.full(n, amount)) for _ in range(steps))
    chance = amount * steps
    assert set(np.unique(whole)) == {0, 1}
    assert abs(whole.mean() - chance) <= 5 * np.sqrt(chance * (1 - chance) / n)


@given(st.floats(0, 1, exclude_max=True), st.lists(st.floats(0, 1e6), min_size=1, max_size=20))
def test_a_carry_stays_below_one_and_loses_nothing(start, amounts):
    carry, total = np.array([start]), 0
    for amount in amounts:
        whole = take_whole(carry, np.array([amount]))
        assert whole[0] >= 0
        assert 0.0 <= carry[0] < 1.0
        total += int(whole[0])
    assert total + carry[0] == pytest.approx(start + sum(amounts), rel=1e-12, abs=1e-12)


def test_vesicles_far_from_any_source_never_count_below_zero():
    """Strong sinks along a long box, where the field falls by tens of orders of magnitude."""
    grid = Grid((60, 4, 4), 20.0)
    positions = np.random.default_rng(6).random((200, 3)) * grid.size
    positions[0] = 5.0, 40.0, 40.0
    kind = np.ones(200, int)
    kind[0] = 0
    state = state_of(grid, cells_in(positions, kind), diffusivity=D, open_least=0.2)
    process = population(grid, release=(1, 0), efficiency=(0, 0.9), minutes=1.0)
    for tick in range(1, 30):
        process.step(state, tick, DRAW, state.ledger)
        assert state.cells.view("vesicles").min() >= 0
        assert state.cells.view("vesicle_carry").min() >= 0.0
        assert state.cells.view("vesicle_carry").max() < 1.0
        assert state.fields["vesicle"].solved[1:-1, 1:-1, 1:-1].min() >= 0.0


def test_diffusion_of_a_population_is_averaged_over_sizes_and_slowed_by_detours():
    """Against the mean of Stokes–Einstein over a sampled log-normal; 5 σ of the mean, false alarms 5.7e-7."""
    diameter = SimpleNamespace(median=0.0775, geometric_sd=1.4)
    medium = SimpleNamespace(
        temperature=310.15, viscosity=0.8, tortuosity=1.6, fibre_radius=None, fibre_volume_fraction=None
    )
    model = SimpleNamespace(tissue=SimpleNamespace(medium=medium))
    found = vesicle_diffusion(model, diameter)
    sizes = np.exp(np.random.default_rng(7).normal(np.log(0.0775), np.log(1.4), 100_000))
    each = stokes_einstein(1.0, 310.15, 0.8) / sizes / 1.6**2
    assert abs(found - each.mean()) <= 5 * each.std() / np.sqrt(len(each))


@pytest.mark.parametrize("slowed", [1.0, 0.1])
def test_a_cell_in_slow_tissue_takes_its_share_of_what_diffuses_there(slowed):
    """Efficiency 0.1 of 4πDR with the D of the place, not of the medium; the held faces are far away."""
    n = 30
    grid = Grid((n, n, n), 20.0)
    cells = cells_in(np.array([[301.0, 297.0, 305.0]]), 0, 0, 0)
    state = state_of(grid, cells, diffusivity=D * slowed, initial=1.0, faces=(1.0,) * 6)
    process = population(grid, release=(0, 0), efficiency=(0.1, 0), minutes=1e7)
    process.step(state, 1, DRAW, state.ledger)
    expected = 0.1 * 4 * np.pi * D * slowed * RADIUS * 1e7
    taken = float(cells.view("vesicles")[0, 0])
    assert taken == pytest.approx(expected, rel=0.05)
