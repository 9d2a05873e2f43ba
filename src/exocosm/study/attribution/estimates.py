"""Three answers to "what did this player do?", from the outcome v of coalitions of players.

Leave-one-out: v(all) - v(all but i), what is lost with it. Add-one-in: v(i alone) - v(nobody), what it does
alone. Shapley value (Shapley 1953, 10.1515/9781400881970-018): the mean, over all orders in which players may
come, of what i adds as it comes. Shapley values add up to v(all) - v(nobody), whatever the players do
together; the other two do so only where effects add.

Outcomes are paired: `values[coalition]` has one number a seed, (seeds,), and all differences are taken within
a seed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exocosm.results.paired import COVERAGE, interval
from exocosm.study.attribution.design import Design, Order

Floats = NDArray[np.float64]
Values = Mapping[int, Floats]


@dataclass(frozen=True)
class Estimate:
    """A mean over seeds with its 95 % interval, and the parts of its standard error.

    `seed_error` comes from having few seeds, `order_error` from having few orders.
    """

    mean: float
    low: float
    high: float
    seed_error: float
    order_error: float = 0.0


def leave_one_out(values: Values, players: int) -> Floats:
    """v(all) - v(all but i), (players, seeds)."""
    whole = (1 << players) - 1
    return np.stack([values[whole] - values[whole ^ 1 << i] for i in range(players)])


def add_one_in(values: Values, players: int) -> Floats:
    """v(i alone) - v(nobody), (players, seeds)."""
    return np.stack([values[1 << i] - values[0] for i in range(players)])


def shapley(values: Values, players: int) -> Floats:
    """Shapley values from all coalitions, (players, seeds).

    What i adds to a coalition of k others weighs k! (n - 1 - k)! / n!, the share of orders in which it does.
    """
    weights = [1 / (players * math.comb(players - 1, k)) for k in range(players)]
    found = np.zeros((players, len(values[0])))
    for coalition in range(1 << players):
        for i in range(players):
            if not coalition >> i & 1:
                added = values[coalition | 1 << i] - values[coalition]
                found[i] += weights[coalition.bit_count()] * added
    return found


def shapley_of_pairs(values: Values, players: int, orders: tuple[Order, ...]) -> Floats:
    """What each player adds, mean over an order and its reverse, (pairs, players, seeds)."""
    added = np.stack([_along(values, players, order) for order in orders])
    return (added[0::2] + added[1::2]) / 2


def _along(values: Values, players: int, order: Order) -> Floats:
    found = np.empty((players, len(values[0])))
    coalition = 0
    for player in order:
        found[player] = values[coalition | 1 << player] - values[coalition]
        coalition |= 1 << player
    return found


def over_seeds(differences: Floats) -> Estimate:
    """The mean of paired differences, (seeds,), with Student's interval; NaN as its bounds for one seed."""
    low, high = interval([float(value) for value in differences])
    return Estimate(float(differences.mean()), low, high, _standard_error(differences))


def over_seeds_and_orders(added: Floats, ends: Floats) -> Estimate:
    """The mean of what a player added in each pair of orders and seed, (pairs, seeds), with its interval.

    `ends` is what it adds where it comes first in one order of a pair and last in the other, (seeds,), which
    is known without sampling: it counts as a pair more where that makes the spread of pairs larger. A player
    that added nothing in all pairs sampled, and something as the last, is then not taken for one without any.

    Seeds and orders both are samples. The variance of the mean is taken as that of the means of seeds over
    their number plus that of the means of pairs over theirs. What is left of chance in single runs is in
    both, which makes the interval a little too wide. Few pairs make it too narrow where what a player adds
    has few values, as where players act all or none. Its degrees of freedom are Satterthwaite's (1946,
    10.2307/3002019). With one seed there is no interval.
    """
    seeds, pairs = added.mean(axis=0), added.mean(axis=1)
    of_seeds, of_orders = _standard_error(seeds), _order_error(pairs, float(ends.mean()))
    mean, variance = float(added.mean()), of_seeds**2 + of_orders**2
    if math.isnan(variance):
        return Estimate(mean, math.nan, math.nan, of_seeds, of_orders)
    half = _quantile(of_seeds**2, len(seeds) - 1, of_orders**2, len(pairs) - 1) * math.sqrt(variance)
    return Estimate(mean, mean - half, mean + half, of_seeds, of_orders)


def variances(one: Floats, other: Floats) -> tuple[float, float]:
    """Of the difference of two runs with one seed, and of two with seeds of their own; NaN for one seed."""
    if len(one) < 2:
        return math.nan, math.nan
    return float(np.var(one - other, ddof=1)), float(np.var(one, ddof=1) + np.var(other, ddof=1))


def _standard_error(values: Floats) -> float:
    return float(np.std(values, ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else math.nan


def _order_error(pairs: Floats, end: float) -> float:
    """Standard error of the mean over pairs of orders, with or without the pair that is known."""
    more = float(np.std([*pairs, end], ddof=1)) / math.sqrt(len(pairs))
    return max(_standard_error(pairs), more)


def _quantile(first: float, first_freedom: int, second: float, second_freedom: int) -> float:
    """Of Student's t with Satterthwaite's degrees of freedom for a sum of two variances."""
    from scipy.special import stdtrit

    if first + second == 0:
        return 0.0
    share = first / (first + second)
    freedom = 1 / (share**2 / first_freedom + (1 - share) ** 2 / second_freedom)
    return float(stdtrit(freedom, 0.5 + COVERAGE / 2))


def shapley_estimates(values: Values, plan: Design) -> list[Estimate]:
    """An estimate of each player's Shapley value, or none where the design asks for none."""
    if plan.exact:
        return [over_seeds(one) for one in shapley(values, plan.players)]
    if not plan.orders:
        return []
    added = shapley_of_pairs(values, plan.players, plan.orders)
    ends = (leave_one_out(values, plan.players) + add_one_in(values, plan.players)) / 2
    return [over_seeds_and_orders(added[:, i, :], ends[i]) for i in range(plan.players)]
