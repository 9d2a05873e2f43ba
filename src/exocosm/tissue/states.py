"""States: slow phenotypes between 0 and 1 that rise and fall at rates which rules may drive.

ds/dt = rise (1 - s) - fall s, integrated exactly over a step at the rates of its start: s approaches
rise/(rise + fall) at rise + fall. A dead cell's states stay, unless a rule of them applies to the dead.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.draws import Draw
from exocosm.ground.ledger import Ledger
from exocosm.tissue.behaviours import Behaviours
from exocosm.tissue.state import State

Array = NDArray[np.float64]


def advanced(s: Array, rise: Array, fall: Array, minutes: float) -> Array:
    """The state after `minutes` at constant rates (1/min); within [0, 1] if it was."""
    total = rise + fall
    limit = np.divide(rise, total, out=np.zeros_like(total), where=total > 0)
    return np.asarray(np.clip(s - (limit - s) * np.expm1(-total * minutes), 0.0, 1.0))


class States:
    """Process: all states of all cells; `initial`, `rise`, `fall` [type, state]."""

    name = "states"

    def __init__(self, tissue: Any, *, every: int) -> None:
        self.names: tuple[str, ...] = tissue.states
        self.behaviours: Behaviours = tissue.behaviours
        self.every, self.minutes = every, every * tissue.clock.length
        types = tissue.model.tissue.cell_types.values()
        self.initial, self.rise, self.fall = (
            np.array([[float(getattr(t.states.get(name), field, 0.0)) for name in self.names] for t in types])
            for field in ("initial", "rise", "fall")
        )

    def begin(self, state: State, rows: slice) -> None:
        """Give new cells the states of their type."""
        cells = state.cells
        cells.view("state")[rows] = self.initial[cells.view("type")[rows]]

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Advance all states by one step."""
        cells, now = state.cells, state.cells.view("state")
        for i, name in enumerate(self.names):
            rise, fall = (
                self.behaviours.of_active(cells, f"{way} of {name}", rates[:, i])
                for way, rates in (("rise", self.rise), ("fall", self.fall))
            )
            now[:, i] = advanced(now[:, i], rise, fall, self.minutes)
