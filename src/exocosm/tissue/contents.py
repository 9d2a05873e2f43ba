"""What cells hold (vesicles, cargo, substrates, carries), and its books when cells come, divide and go.

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

SPLIT = int(Purpose.SPLIT)
EXACT = 65536  # up to this many copies each is tossed on its own
SPECIES = 16384  # kinds of content that can be told apart in the draws


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
def split_counts(seed: Any, keys: Any, births: Any, first: int, counts: Any, given: Any) -> None:
    """given[i, s] = what the daughter gets of counts[i, s]; `first` numbers the first kind of content."""
    for i in range(counts.shape[0]):
        for s in range(counts.shape[1]):
            when = (np.int64(births[i]) * SPECIES + first + s) * (EXACT // 64)
            given[i, s] = half_of(seed, keys[i], when, counts[i, s])


class Contents:
    """The contents of cells with the names that the ledger has for them.

    The ledger lists vesicle populations first, then cargos; substrates without a stock are not in it.
    """

    def __init__(self, cells: Cells, substrates: tuple[str, ...], ledger: Ledger) -> None:
        self.cells, self.ledger = cells, ledger
        n_populations, n_cargos = cells.widths["populations"], cells.widths["cargos"]
        self.populations = ledger.species[:n_populations]
        self.cargos = ledger.species[n_populations : n_populations + n_cargos]
        self.substrates = substrates

    def lend_carries(self, rows: slice, draw: Draw) -> None:
        """Give the cells of `rows` random carries, on the books as lent by `rounding`."""
        for column, purpose, names in (
            ("vesicle_carry", Purpose.CARRY, self.populations),
            ("cargo_carry", Purpose.CARGO_CARRY, self.cargos),
        ):
            for s, name in enumerate(names):
                carry = draw.uniform(purpose, self.cells.view("key")[rows], s)
                self.cells.view(column)[rows, s] = carry
                self.ledger.move(name, "rounding", "pending", float(carry.sum()))

    def split(
        self, mothers: NDArray[np.int64], daughters: slice, draw: Draw, births: NDArray[np.uint32]
    ) -> None:
        """Share what mothers hold with their daughters: whole things by fair tosses, amounts in halves."""
        keys = self.cells.view("key")[mothers]
        for column, first in (("vesicles", 0), ("cargo", SPECIES // 2)):
            held = self.cells.view(column)
            given = np.empty((len(mothers), held.shape[1]), np.int64)
            split_counts(draw.seed, keys, births, first, np.ascontiguousarray(held[mothers]), given)
            held[daughters] = given
            held[mothers] -= given
        amount = self.cells.view("substrate")
        amount[daughters] = 0.5 * amount[mothers]
        amount[mothers] -= amount[daughters]
        self.lend_carries(daughters, draw)

    def die(self, gone: NDArray[np.bool_]) -> None:
        """Book what the cells to be removed hold: contents to `died`, carries back to `rounding`."""
        parts = (
            ("vesicles", self.populations, "inside", "died"),
            ("cargo", self.cargos, "inside", "died"),
            ("vesicle_carry", self.populations, "pending", "rounding"),
            ("cargo_carry", self.cargos, "pending", "rounding"),
            ("substrate", self.substrates, "inside", "died"),
        )
        for column, names, source, sink in parts:
            for s, name in enumerate(names):
                if name in self.ledger.row:
                    self.ledger.move(name, source, sink, float(self.cells.view(column)[gone, s].sum()))
