"""Neighbour lists hold exactly the pairs within reach, in ascending order, whatever the geometry."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exocosm.tissue.neighbours import PACKED, REACH, NeighbourList, spatial_order
from exocosm.tissue.reference import neighbours as reference


def packed_cells(position, reach):
    packed = np.zeros((len(position), PACKED))
    packed[:, :3] = position
    packed[:, REACH] = reach
    return packed


@settings(max_examples=40)
@given(st.integers(1, 60), st.floats(0.1, 300), st.floats(0, 5), st.integers(0, 10**6))
def test_the_list_equals_a_search_over_all_pairs(n, side, skin, seed):
    random = np.random.default_rng(seed)
    position = random.uniform(0, 1, (n, 3)) * [side, side, side * random.uniform()]
    reach = random.uniform(1, 12, n)
    found = NeighbourList(skin, width=4)
    found.build(packed_cells(position, reach))
    for i, expected in enumerate(reference.neighbours(position, reach, skin)):
        assert np.array_equal(found.rows[i, : found.counts[i]], expected)


def test_far_apart_cells_do_not_need_a_huge_grid():
    position = np.array([[0.0, 0, 0], [1e7, 1e7, 1e7], [1e7 + 3, 1e7, 1e7]])
    found = NeighbourList()
    found.build(packed_cells(position, np.full(3, 5.0)))
    assert found.counts.tolist() == [0, 1, 1]


@settings(max_examples=30)
@given(st.integers(0, 80), st.floats(2, 40), st.integers(0, 10**6))
def test_spatial_order_is_a_permutation_and_stable(n, edge, seed):
    position = np.random.default_rng(seed).uniform(0, 100, (n, 3))
    order = spatial_order(position, edge)
    assert np.array_equal(np.sort(order), np.arange(n))
    assert np.array_equal(spatial_order(position[order], edge), np.arange(n))


@pytest.mark.parametrize("copies", [2, 50])
def test_cells_at_one_place_keep_their_order(copies):
    assert np.array_equal(spatial_order(np.full((copies, 3), 7.0), 10.0), np.arange(copies))
