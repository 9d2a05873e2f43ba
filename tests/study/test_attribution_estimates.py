"""Estimates of known games, coverage of the intervals, and which coalitions are run.

Seeds are fixed. Tests that could fail by chance say how often they would with other seeds.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exocosm.ground.errors import RunError
from exocosm.study.attribution.design import Design, design, steps
from exocosm.study.attribution.estimates import (
    add_one_in,
    leave_one_out,
    over_seeds,
    over_seeds_and_orders,
    shapley,
    shapley_estimates,
    shapley_of_pairs,
    variances,
)

RARE = 1e-6


def game(players, worth, seeds=1):
    """The value of each coalition, the same for all seeds, or drawn by `worth(coalition)`."""
    return {c: np.broadcast_to(np.asarray(worth(c), float), (seeds,)) for c in range(1 << players)}


def by_chance(players, seeds=1, seed=1):
    draw = np.random.default_rng(seed)
    return {c: draw.uniform(size=seeds) for c in range(1 << players)}


def over_all_orders(values, players):
    """Shapley values as they are defined, order by order."""
    found = np.zeros((players, len(values[0])))
    for order in itertools.permutations(range(players)):
        for player, (before, after) in zip(order, itertools.pairwise(steps(order)), strict=True):
            found[player] += values[after] - values[before]
    return found / math.factorial(players)


def test_one_left_glove_and_two_right_ones():
    """Known: the one left glove is worth 2/3 of a pair, each right one 1/6."""
    values = game(3, lambda c: min(c & 1, 1) * (c >> 1 != 0))
    assert shapley(values, 3)[:, 0] == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert leave_one_out(values, 3)[:, 0].tolist() == [1, 0, 0]
    assert add_one_in(values, 3)[:, 0].tolist() == [0, 0, 0]


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=6))
def test_where_effects_add_all_three_are_the_effect(effects):
    players = len(effects)
    values = game(players, lambda c: sum(e for i, e in enumerate(effects) if c >> i & 1))
    for estimate in (shapley, leave_one_out, add_one_in):
        assert estimate(values, players)[:, 0] == pytest.approx(effects, abs=1e-9)


@pytest.mark.parametrize("players", [1, 2, 3, 4, 5])
def test_by_coalitions_it_is_the_mean_over_all_orders(players):
    values = by_chance(players, seeds=3)
    assert shapley(values, players) == pytest.approx(over_all_orders(values, players), abs=1e-12)


def test_two_that_stand_in_for_each_other_and_two_that_need_each_other():
    either, both = game(2, lambda c: c != 0), game(2, lambda c: c == 3)
    for values, less, alone in ((either, 0, 1), (both, 1, 0)):
        assert leave_one_out(values, 2)[:, 0].tolist() == [less, less]
        assert add_one_in(values, 2)[:, 0].tolist() == [alone, alone]
        assert shapley(values, 2)[:, 0].tolist() == [0.5, 0.5]


@pytest.mark.parametrize("orders", [8, 9, 16])
def test_shapley_values_add_up_whatever_was_sampled(orders):
    players, plan = 9, design(9, orders)
    values = {c: np.random.default_rng(c).uniform(size=2) for c in plan.coalitions}
    assert not plan.exact
    total = (values[plan.whole] - values[0]).mean()
    assert sum(e.mean for e in shapley_estimates(values, plan)) == pytest.approx(total, abs=1e-12)
    added = shapley_of_pairs(values, players, plan.orders)
    assert added.sum(axis=1) == pytest.approx(np.tile(values[plan.whole] - values[0], (len(added), 1)))


def test_sampled_orders_give_the_exact_values_on_average():
    """By Hoeffding's bound: what is added lies within -1 and 1, so that the mean of m pairs is off by more
    than sqrt(2 ln(2 / p) / m) with a chance below p, here 1e-6 over all six players.
    """
    players, pairs = 6, 20_000
    values = by_chance(players, seed=7)
    draw = np.random.default_rng(2)
    drawn = [tuple(map(int, draw.permutation(players))) for _ in range(pairs)]
    orders = tuple(order for one in drawn for order in (one, one[::-1]))
    found = shapley_of_pairs(values, players, orders)[:, :, 0].mean(axis=0)
    bound = math.sqrt(2 * math.log(2 * players / RARE) / pairs)
    assert np.abs(found - shapley(values, players)[:, 0]).max() < bound


def test_reversed_orders_undo_each_other_where_pairs_of_players_act():
    """Two that need each other: in each pair of orders each comes last once, and no chance is left."""
    values = game(7, lambda c: c & 3 == 3)
    plan = design(7, 8)
    added = shapley_of_pairs(values, 7, plan.orders)[:, :, 0]
    assert (added == [0.5, 0.5, 0, 0, 0, 0, 0]).all()


def test_intervals_hold_what_they_say():
    """Seeds, orders and single runs all by chance: at least 95 % of intervals hold the truth.

    Fewer than the bound would be held in one of a million such tests if exactly 95 % were held.
    """
    from scipy.stats import binom

    draw, seeds, pairs, tries = np.random.default_rng(3), 5, 8, 4000
    held = 0
    for _ in range(tries):
        spread = draw.uniform(0, 1, 3)
        added = (
            draw.normal(0, spread[0], (1, seeds))
            + draw.normal(0, spread[1], (pairs, 1))
            + draw.normal(0, spread[2], (pairs, seeds))
        )
        found = over_seeds_and_orders(added, added.mean(axis=0))
        held += found.low <= 0 <= found.high
    assert held >= binom.ppf(RARE, tries, 0.95)


KNOWN = {
    "any of three": lambda c: (c & 0b111) != 0,
    "all of three": lambda c: (c & 0b111) == 0b111,
    "most of five": lambda c: (c & 0b11111).bit_count() >= 3,
    "four that saturate": lambda c: (n := (c & 0b1111).bit_count()) / (1 + n),
    "eight that saturate": lambda c: c.bit_count() / (2 + c.bit_count()),
}


@pytest.mark.parametrize(("orders", "least"), [(8, 0.5), (16, 0.8)])
@pytest.mark.parametrize("worth", KNOWN.values(), ids=KNOWN)
def test_intervals_of_few_orders_hold_what_the_page_says(worth, orders, least):
    """All error is that of orders. If `least` of them held the truth, one such test in a million fails."""
    from scipy.stats import binom

    tries, values = 300, game(8, worth, seeds=2)
    truth, held = shapley(values, 8)[0, 0], 0
    for tried in range(tries):
        found = shapley_estimates(values, design(8, orders, order_seed=tried))[0]
        held += found.low - 1e-12 <= truth <= found.high + 1e-12
    assert held >= binom.ppf(RARE, tries, least)


def test_an_interval_has_the_errors_of_seeds_and_of_orders():
    draw = np.random.default_rng(5)
    same_orders = np.tile(draw.normal(size=4), (6, 1))
    found, plain = over_seeds_and_orders(same_orders, same_orders[0]), over_seeds(same_orders[0])
    assert found.order_error == pytest.approx(0, abs=1e-15)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high))
    same_seeds = np.tile(draw.normal(size=(6, 1)), (1, 4))
    assert over_seeds_and_orders(same_seeds, np.zeros(4)).seed_error == pytest.approx(0, abs=1e-15)
    assert over_seeds_and_orders(np.zeros((3, 3)), np.zeros(3)).high == 0


def test_what_is_known_of_the_ends_of_orders_keeps_a_player_from_being_told_as_none():
    """Six that all need each other: one that is last in none of the orders has a sixth all the same."""
    values = game(6, lambda c: c == 0b111111, seeds=3)
    plan = Design(6, tuple(order for _ in range(4) for order in ((0, 2, 3, 4, 5, 1), (1, 5, 4, 3, 2, 0))))
    found = shapley_estimates(values, plan)[3]
    assert found.mean == 0
    assert found.high > 1 / 6


def test_one_seed_has_no_interval():
    assert math.isnan(over_seeds(np.array([1.0])).low)
    found = over_seeds_and_orders(np.ones((4, 1)), np.ones(1))
    assert found.mean == 1
    assert math.isnan(found.low)


def test_what_pairing_gains():
    one, other = np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 4.0])
    assert variances(one, other) == (0, 2)
    assert math.isnan(variances(one[:1], other[:1])[0])


def test_few_players_are_run_in_all_coalitions_and_many_in_sampled_orders():
    assert design(5, 4).exact
    assert sorted(design(5, 4).coalitions) == list(range(32))
    assert design(6, 16).exact
    many = design(12, 16)
    assert len(many.orders) == 16
    assert all(one == other[::-1] for one, other in zip(many.orders[::2], many.orders[1::2], strict=True))
    assert len(many.coalitions) <= 2 + 2 * 12 + 16 * 9
    assert many.coalitions[:2] == (many.whole, 0)


def test_more_orders_begin_with_those_of_fewer():
    assert design(12, 20).orders[:8] == design(12, 8).orders
    assert set(design(12, 8).coalitions) <= set(design(12, 20).coalitions)
    assert design(12, 8, order_seed=2).orders != design(12, 8).orders


def test_no_orders_mean_no_shapley_values():
    plan = design(12, 0)
    assert plan == Design(12)
    assert len(plan.coalitions) == 26
    assert shapley_estimates({c: np.zeros(2) for c in plan.coalitions}, plan) == []


def test_too_few_orders_are_refused():
    with pytest.raises(RunError, match="found 7, wanted 0 for no Shapley values, or at least 8"):
        design(12, 7)
