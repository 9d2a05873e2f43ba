"""Steps of a delivery against their definitions, and the steady spread of a block against exact solutions."""

from __future__ import annotations

import numpy as np
import pytest

from exocosm.physics.delivery import (
    kept_share,
    loaded_copies,
    own_share,
    released_rate,
    share_of,
    steady_copies,
)
from exocosm.physics.spreading import Block, Rates, conductance_matrix, full_solution, steady_shares


def line(n: int, open_end: bool = False) -> Block:
    """A row of n voxels of 1 µm with unit conductances; one sender at the left, one taker at the right."""
    x = np.ones((n + 1, 1, 1))
    x[0] = 0.0
    x[-1] = 2.0 if open_end else 0.0
    matrix, lost = conductance_matrix((x, np.zeros((n, 2, 1)), np.zeros((n, 1, 2))))
    ends = np.eye(n)
    return Block(matrix, lost, np.ones(n), ends[-1:], ends[0])


def rates(diffusion: np.ndarray, decay: np.ndarray, clearance: np.ndarray) -> Rates:
    return Rates(
        np.asarray(diffusion, float), np.asarray(decay, float), np.asarray(clearance, float)[None, :]
    )


def test_of_bodies_that_fuse_and_bodies_that_end_in_lysosomes_the_rates_decide():
    assert released_rate(100.0, 0.3, 0.7, 5.0) == pytest.approx(35.0)
    assert share_of(np.array([0.0]), np.array([0.0]))[0] == 0.0


def test_a_pool_gives_each_vesicle_its_share_of_the_steady_copies():
    assert loaded_copies(289.0, 0.0289, 5e-4, 208.0, 0.0) == pytest.approx(5e-4 * 289 / (0.0289 + 0.104))
    assert loaded_copies(0.0, 0.0, 5e-4, 208.0, 1000.0) == pytest.approx(0.5)


def test_what_binds_is_kept_by_internalisation_over_detachment():
    assert kept_share(0.02, 0.01, 1.0, 1.0) == pytest.approx(2 / 3)
    assert kept_share(0.02, 0.01, 1.0, 1e12) == pytest.approx(1.0)  # a perfect sink loses nothing


def test_a_lone_cell_takes_its_efficiency_of_its_own_release():
    resistance, efficiency = 0.3, 0.1
    assert own_share(resistance, efficiency / (1 - efficiency) / resistance) == pytest.approx(efficiency)


def test_a_steady_pool_holds_a_lifetime_of_deliveries():
    assert steady_copies(24.0, 0.5) == 48.0


def test_with_fast_diffusion_takers_and_decay_share_as_in_a_mixed_block():
    decay, clearance = np.array([0.01, 0.1, 1.0]), np.array([3.0, 0.2, 0.05])
    found = steady_shares(line(10), rates(np.full(3, 1e8), decay, clearance))
    assert found.taken[0] == pytest.approx(clearance / (clearance + 10 * decay), rel=1e-5)


def test_a_flux_through_a_row_of_voxels_is_that_of_resistances_in_series():
    # sender at voxel 1, sink at voxel 10 and an open end half a voxel beyond: what arrives there is shared.
    clearance, diffusion = np.array([0.5, 5.0]), np.array([2.0, 0.3])
    found = steady_shares(line(10, open_end=True), rates(diffusion, np.zeros(2), clearance))
    assert found.taken[0] == pytest.approx(clearance / (clearance + 2.0 * diffusion), rel=1e-6)


def test_decay_on_the_way_takes_what_the_profile_says():
    n, diffusion, decay = 200, 1.0, 1e-3
    found = steady_shares(line(n), rates([diffusion], [decay], [1e9]))
    length = np.sqrt(diffusion / decay)
    assert found.taken[0, 0] == pytest.approx(1 / np.cosh((n - 1) / length), rel=0.02)  # slab held at 0


def test_shares_add_up_and_are_those_of_full_solutions():
    draw = np.random.default_rng(7)
    many = rates(*(10 ** draw.uniform(low, high, 400) for low, high in ((-1, 2), (-4, -1), (-2, 2))))
    block = line(40, open_end=True)
    found = steady_shares(block, many)
    assert found.taken.sum(axis=0) + found.decayed + found.left == pytest.approx(np.ones(400), abs=1e-9)
    for i in range(1, 400, 40):
        c = full_solution(block, many, i)
        exact = many.clearance[0, i] * (block.takers[0] @ c)
        assert found.taken[0, i] == pytest.approx(exact, abs=1e-4)


def test_where_nothing_takes_decays_or_leaves_nothing_arrives():
    found = steady_shares(line(5), rates([1.0, 1.0], [0.0, 0.1], [0.0, 0.0]))
    assert found.taken.tolist() == [[0.0, 0.0]]
    assert found.decayed == pytest.approx([0.0, 1.0])
