"""Vesicles that open inside a cell: whole copies of their cargo join the cell's pool.

Of a cargo that only a fraction of the vesicles carries, whole loaded vesicles are counted first, then copies;
each count takes floor(carry + amount) and keeps the rest, so that it is right on average far below one.
A captured antibody joins what the cell holds of that substrate.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.ledger import Ledger
from exocosm.tissue.carriers import Carrier, Rider
from exocosm.tissue.manifest import EVERY_VESICLE, Entry, Manifest, manifests_of
from exocosm.tissue.state import State

Counts = NDArray[np.int64]
COPIES_PER_AMOUNT = 602.214076
"""Copies in 1 µM·µm³, the unit in which the ledger has substrates."""


class Delivery:
    """What opened vesicles of each carrier deliver, and where it is counted."""

    def __init__(
        self,
        carriers: tuple[Carrier, ...],
        riders: tuple[Rider, ...],
        manifests: tuple[Manifest, ...],
        substrates: tuple[str, ...],
    ) -> None:
        self.carriers, self.riders, self.manifests = carriers, riders, manifests
        self.substrates = substrates

    @classmethod
    def of(cls, tissue: Any) -> Delivery:
        """The deliveries of a tissue."""
        return cls(tissue.carriers, tissue.riders, manifests_of(tissue), tissue.substrates)

    def manifest(self, carrier: int) -> Manifest:
        """What each vesicle of a carrier carries."""
        return self.manifests[self.carriers[carrier].population_index]


def deliver(
    state: State, delivery: Delivery, ledger: Ledger, carrier: int, opened: Counts, source: str = "surface"
) -> None:
    """Open `opened` (n,) vesicles of a carrier in each cell: their manifest leaves `source` for the pools."""
    for entry in delivery.manifest(carrier):
        arrived = _whole_copies(state, entry, opened)
        state.cells.view("cargo")[:, entry.cargo] += arrived
        _tally(state, entry.cargo, arrived)
        ledger.move(entry.name, source, "pending", entry.mean * float(opened.sum()))
        ledger.move(entry.name, "pending", "inside", float(arrived.sum()))


def deliver_rider(
    state: State, delivery: Delivery, ledger: Ledger, rider: int, copies: Counts, source: str = "pending"
) -> None:
    """Set free whole copies (n,) of a rider in each cell: they leave `source` for what the cell holds."""
    part, cells = delivery.riders[rider], state.cells
    if part.cargo_index >= 0:
        cells.view("cargo")[:, part.cargo_index] += copies
        _tally(state, part.cargo_index, copies)
        ledger.move(part.species, source, "inside", float(copies.sum()))
        return
    amount = copies / COPIES_PER_AMOUNT
    cells.view("substrate")[:, delivery.substrates.index(part.species)] += amount
    ledger.move(part.species, source, "inside", float(amount.sum()))


def _whole_copies(state: State, entry: Entry, opened: Counts) -> Counts:
    loaded, cells = opened, state.cells
    if entry.fraction != EVERY_VESICLE:
        loaded = take_whole(cells.view("loaded_carry")[:, entry.fraction], entry.share * opened)
    return take_whole(cells.view("cargo_carry")[:, entry.cargo], entry.copies * loaded)


def _tally(state: State, cargo: int, arrived: Counts) -> None:
    tally = state.tallies.delivered
    tally[:, cargo] += by_type(state.cells.view("type"), arrived, len(tally))


def by_type(kind: NDArray[np.int16], amount: NDArray[Any], types: int) -> NDArray[np.float64]:
    """Sum of an amount over the cells of each type."""
    return np.asarray(np.bincount(kind, weights=amount, minlength=types))


def take_whole(carry: NDArray[np.float64], amount: NDArray[Any]) -> Counts:
    """floor(carry + amount); the rest stays in `carry`."""
    total = carry + amount
    whole = np.floor(total)
    carry[...] = total - whole
    return whole.astype(np.int64)
