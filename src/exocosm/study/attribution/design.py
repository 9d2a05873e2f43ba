"""Which coalitions are run, chosen once and before any run, so that all seeds share them.

Leave-one-out and add-one-in need the whole, each player less, nobody, and each player alone. Shapley values
need all coalitions, or those that stand at the steps of some orders in which players may come. Orders are
drawn in pairs, each with its reverse: a player that comes early in one comes late in the other, so that the
error of one tends to undo that of the other (antithetic sampling; Mitchell et al. 2022, JMLR 23(43)).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from exocosm.ground.errors import RunError

SMALL = 5
"""Players up to which all coalitions are run, however few orders are asked for."""

FEWEST = 8
"""Orders from which the error of sampling them can be told: four pairs.

Where three players stand in for each other, the one in the middle of both orders of a pair adds nothing and
the others a half. Two such pairs are alike too often, which looks like no error at all.
"""

Order = tuple[int, ...]


@dataclass(frozen=True)
class Design:
    """Coalitions of `players` players; `orders` are sampled ones, each followed by its reverse.

    `exact`: all coalitions are run. Neither: no Shapley values are asked for.
    """

    players: int
    orders: tuple[Order, ...] = ()
    exact: bool = False

    @property
    def whole(self) -> int:
        """The coalition of all."""
        return (1 << self.players) - 1

    @cached_property
    def coalitions(self) -> tuple[int, ...]:
        """All that are run: the whole, nobody, each player less, each alone, then the rest."""
        each = [1 << i for i in range(self.players)]
        wanted = [self.whole, 0, *(self.whole ^ one for one in each), *each]
        if self.exact:
            wanted += range(self.whole + 1)
        return tuple(dict.fromkeys([*wanted, *(step for order in self.orders for step in steps(order))]))


def steps(order: Order) -> Iterator[int]:
    """The coalitions at the steps of an order, from nobody to all."""
    coalition = 0
    yield coalition
    for player in order:
        coalition |= 1 << player
        yield coalition


def design(players: int, orders: int, order_seed: int = 1) -> Design:
    """The design with at least `orders` orders, or exact where that costs no more; 0 asks for none.

    Sampling is taken to cost players - 1 runs for each order. More orders of one `order_seed` begin with
    those of fewer. Raises RunError for too few orders.
    """
    if orders == 0:
        return Design(players)
    if players <= SMALL or 2**players <= 2 + orders * (players - 1):
        return Design(players, exact=True)
    if orders < FEWEST:
        raise RunError(f"orders: found {orders}, wanted 0 for no Shapley values, or at least {FEWEST}")
    draw = np.random.default_rng(order_seed)
    drawn = [tuple(map(int, draw.permutation(players))) for _ in range((orders + 1) // 2)]
    return Design(players, tuple(order for one in drawn for order in (one, one[::-1])))
