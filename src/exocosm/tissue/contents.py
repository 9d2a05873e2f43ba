"""What cells hold, shared between daughters, and its books when cells come, divide and go.

Whole things are shared by fair tosses, or go with what they are in: vesicles with their bodies, cargo with
its vesicles. Real amounts are halved.

A carry is the fraction of a vesicle or copy that a cell has taken up beyond whole ones. It starts at
random in [0, 1), so that whole uptake is unbiased; the start is lent by the account `rounding`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.compiled import inner_kernel, kernel
from exocosm.ground.draws import Draw, Purpose, bits, uniform
from exocosm.ground.ledger import Ledger
from exocosm.tissue.cells import Cells
from exocosm.tissue.holdings import DIED, ENGULFED, Holdings
from exocosm.tissue.random_counts import Counts

SPLIT = np.int64(Purpose.SPLIT)
EXACT = 65536  # up to this many copies each is tossed on its own
TOSSED = ("vesicles", "bodies", "cargo")
HALVED = ("outgoing", "outgoing_riders", "bound", "bound_riders", "membrane_held", "substrate")


@inner_kernel
def heads(word: Any) -> int:
    """Ones among 64 bits."""
    word = np.uint64(word)
    count = 0
    while word != np.uint64(0):
        word &= word - np.uint64(1)
        count += 1
    return count


@inner_kernel
def half_of(seed: Any, key: Any, when: int, count: int) -> int:
    """A draw from the binomial distribution of `count` fair tosses; its normal limit beyond EXACT."""
    if count > EXACT:
        spread = np.sqrt(-2.0 * np.log1p(-uniform(seed, SPLIT, key, when)))
        z = spread * np.cos(2.0 * np.pi * uniform(seed, SPLIT, key, when + 1))
        return min(count, max(0, int(np.rint(0.5 * count + 0.5 * np.sqrt(count) * z))))
    given = 0
    for word in range((count + 63) // 64):
        tosses = bits(seed, SPLIT, key, when + word)
        unused = 64 * (word + 1) - count
        if unused > 0:
            tosses = tosses >> np.uint64(unused)
        given += heads(tosses)
    return given


@kernel
def split_counts(seeds: Any, keys: Any, births: Any, counts: Any, given: Any) -> None:
    """given[i, s] = what the daughter gets of counts[i, s]; each kind of content has a seed."""
    for i in range(counts.shape[0]):
        for s in range(counts.shape[1]):
            when = np.int64(births[i]) * (EXACT // 64)
            given[i, s] = half_of(seeds[s], keys[i], when, counts[i, s])


class Contents:
    """The contents of cells, with their names on the ledger."""

    def __init__(self, cells: Cells, holdings: Holdings, ledger: Ledger) -> None:
        self.cells, self.holdings, self.ledger = cells, holdings, ledger

    def lend_carries(self, rows: slice, draw: Draw) -> None:
        """Give the cells of `rows` random carries, on the books as lent by `rounding`."""
        keys = self.cells.view("key")[rows]
        for row in self.holdings.table:
            if row.lent is not None:
                carry = draw.of(*row.drawn).uniform(row.lent, keys, 0)
                self.cells.view(row.column)[rows, row.index] = carry
                self.ledger.move(row.species, row.sink, row.account, row.amount(self.cells, rows))

    def split(
        self, mothers: NDArray[np.int64], daughters: slice, draw: Draw, births: NDArray[np.uint32]
    ) -> None:
        """Share what mothers hold with their daughters: whole things by tosses, amounts in halves."""
        keys = self.cells.view("key")[mothers]
        before = {name: self.cells.view(name)[mothers] for name in ("bodies", "body_vesicles", "vesicles")}
        for column in TOSSED:
            held = self.cells.view(column)
            given = np.empty((len(mothers), held.shape[1]), np.int64)
            seeds = np.array([draw.of(column, name).seed for name in self.holdings.names[column]], np.uint64)
            split_counts(seeds, keys, births, np.ascontiguousarray(held[mothers]), given)
            self._give(column, mothers, daughters, given)
        draws = Counts(draw, Purpose.SPLIT_ALONG, self.cells.view("key")[daughters], 0)
        bodies, vesicles = np.arange(before["bodies"].shape[1]), before["vesicles"]
        self._along("body_vesicles", bodies, "bodies", before["bodies"], mothers, daughters, draws)
        whose = np.array(self.holdings.load_population, int)
        inside = before["body_vesicles"]
        self._along("body_cargo", whose, "body_vesicles", inside, mothers, daughters, draws)
        whose = np.array(self.holdings.rider_carrier, int)
        self._along("vesicle_riders", whose, "vesicles", vesicles, mothers, daughters, draws)
        for column in HALVED:
            self._give(column, mothers, daughters, 0.5 * self.cells.view(column)[mothers])
        self.lend_carries(daughters, draw)

    def _along(
        self,
        column: str,
        whose: NDArray[np.int64],
        holders: str,
        before: NDArray[np.int64],
        mothers: NDArray[np.int64],
        daughters: slice,
        draws: Counts,
    ) -> None:
        """Share what goes with `holders`, of which mothers had `before`; halves where there are none."""
        held, got = self.cells.view(column), self.cells.view(holders)
        given = np.zeros((len(mothers), held.shape[1]), np.int64)
        names = self.holdings.names[column]
        for s, holder in enumerate(whose):
            of, part = before[:, holder], got[daughters, holder]
            chance = np.divide(part, of, out=np.full(len(of), 0.5), where=of > 0)
            given[:, s] = draws.binomial((column, names[s]), held[mothers, s], chance)
        self._give(column, mothers, daughters, given)

    def _give(self, column: str, mothers: NDArray[np.int64], daughters: slice, given: NDArray[Any]) -> None:
        held = self.cells.view(column)
        held[daughters] = given
        held[mothers] -= given

    def die(self, gone: NDArray[np.bool_]) -> None:
        """Book what the cells to be removed hold: contents to `died`, carries back to `rounding`."""
        for row in self.holdings.table:
            self.ledger.move(row.species, row.account, row.sink, row.amount(self.cells, gone))

    def engulf(self, gone: NDArray[np.bool_]) -> None:
        """Book what engulfed cells hold, but for dissolved substrate, which goes to those that took it."""
        for row in self.holdings.table:
            if row.column != "substrate":
                sink = ENGULFED if row.sink == DIED else row.sink
                self.ledger.move(row.species, row.account, sink, row.amount(self.cells, gone))
