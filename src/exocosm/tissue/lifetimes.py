"""How long cells of each type lived: what deliveries are averaged over."""

from __future__ import annotations

import numpy as np

from exocosm.ground.draws import Draw
from exocosm.ground.ledger import Ledger
from exocosm.tissue.cells import LIVE
from exocosm.tissue.state import State


class Lifetimes:
    """Process: the minutes that cells of each type lived, over which deliveries are averaged."""

    name = "lifetimes"

    def __init__(self, *, every: int, tick: float) -> None:
        self.every, self.minutes = every, every * tick

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Add the minutes of the live cells."""
        kind = state.cells.view("type")[state.cells.view("life") == LIVE]
        state.tallies.cell_minutes += self.minutes * np.bincount(
            kind, minlength=len(state.tallies.cell_minutes)
        )
