"""Double entry for matter: every amount that enters an account leaves another.

Sources run negative, stocks and sinks positive, so that the sum over a species is zero by construction;
what is checked is that the stocks on the books equal the stocks in the state. `formed` is what cells make
(vesicles in multivesicular bodies, copies of cargo). What leaves a body is `secreted` there and `released`
outside, what the sender's lysosomes take is `unreleased`; what goes back out is `recycled` there and
`re-released` outside, so that the books outside cells close on their own. `rounding` lends each cell the
random start of its carries (see `pending`) and takes back what a removed cell still held.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.errors import ConservationError

SOURCES = ("initial", "formed", "released", "injected", "re-released", "supplied", "rounding")
STOCKS = ("bodies", "field", "matrix", "surface", "endosome", "inside", "pending")
SINKS = (
    *("secreted", "unreleased", "decayed", "lysosome", "degraded", "consumed", "recycled", "left", "died"),
    "engulfed",
)
ACCOUNTS = SOURCES + STOCKS + SINKS
COLUMN = {name: i for i, name in enumerate(ACCOUNTS)}


class Ledger:
    """Balances[species, account]; a state array like any other, saved and digested with it."""

    def __init__(self, species: tuple[str, ...]) -> None:
        self.species = species
        self.row = {name: i for i, name in enumerate(species)}
        self.balances: NDArray[np.float64] = np.zeros((len(species), len(ACCOUNTS)))

    def move(self, species: str, source: str, sink: str, amount: float) -> None:
        """Book `amount` of `species` from account `source` to account `sink`."""
        row = self.balances[self.row[species]]
        row[COLUMN[source]] -= amount
        row[COLUMN[sink]] += amount

    def balance(self, species: str, account: str) -> float:
        """What stands on an account; sources are shown positive."""
        value = float(self.balances[self.row[species], COLUMN[account]])
        return 0.0 - value if account in SOURCES else value

    def throughput(self, species: str) -> float:
        """All that ever came in: the scale against which an imbalance is judged."""
        return sum(abs(self.balance(species, account)) for account in SOURCES)

    def imbalance(self, species: str, stocks: Mapping[str, float]) -> float:
        """Largest |books - state| over the stock accounts, relative to the throughput."""
        gaps = [abs(self.balance(species, account) - stocks.get(account, 0.0)) for account in STOCKS]
        if not all(math.isfinite(gap) for gap in gaps):
            return math.inf
        return max(gaps) / max(self.throughput(species), 1e-300) if max(gaps) > 0 else 0.0

    def check(self, species: str, stocks: Mapping[str, float], tolerance: float = 1e-9) -> None:
        """Raise ConservationError unless books and state agree within `tolerance`."""
        gap = self.imbalance(species, stocks)
        if not gap <= tolerance:
            detail = ", ".join(
                f"{a}: books {self.balance(species, a):.12g}, state {v:.12g}" for a, v in stocks.items()
            )
            raise ConservationError(
                f"the ledger of {species} does not close: relative gap {gap:.3g} ({detail})"
            )
