"""Integer time: a tick is the shortest step, and everything happens every so many ticks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from exocosm.ground.draws import Draw
from exocosm.ground.ledger import Ledger


@dataclass(frozen=True)
class Clock:
    """Conversion between ticks and minutes; `length` is the tick in min."""

    length: float

    def ticks(self, minutes: float) -> int:
        """Whole ticks in a time; ValueError if it does not lie on a tick."""
        count = round(minutes / self.length)
        if abs(count * self.length - minutes) > 1e-6 * max(self.length, minutes):
            raise ValueError(f"{minutes:g} min is not a multiple of the tick of {self.length:g} min")
        return count

    def minutes(self, ticks: int) -> float:
        """Time of a tick in min."""
        return ticks * self.length


class Process(Protocol):
    """One mechanism: it changes the state every `every` ticks and books what it moves."""

    name: str
    every: int

    def step(self, state: Any, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Advance the state by `every` ticks, which end at `tick`."""
