"""When a run stops to record: integer ticks, for records, checkpoints and observers alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exocosm.ground.errors import RunError
from exocosm.results.index import KINDS

if TYPE_CHECKING:
    from exocosm.model import Model


def ticks_in(duration: float, tick: float, what: str) -> int:
    """`duration` (min) as a whole number of ticks; RunError if it is not one."""
    count = round(duration / tick)
    if abs(count * tick - duration) > 1e-9 * max(abs(duration), tick):
        below = int(duration // tick) * tick
        raise RunError(
            f"{what}: {duration:g} min is no whole number of ticks of {tick:g} min; "
            f"nearest: {below:g} or {below + tick:g} min"
        )
    return count


@dataclass(frozen=True)
class Schedule:
    """`every` maps a name to its interval in ticks; tick 0 is due for all, `until` is the last tick."""

    every: Mapping[str, int]
    until: int

    def due(self, tick: int) -> tuple[str, ...]:
        """Names due at `tick`, in the order of the schedule."""
        return tuple(name for name, every in self.every.items() if tick % every == 0)

    def next_stop(self, tick: int) -> int:
        """The first tick after `tick` at which something is due, or the end."""
        stops = [(tick // every + 1) * every for every in self.every.values()]
        return min([*stops, self.until])


def record_schedule(model: Model, until: int, observers: Mapping[str, float]) -> Schedule:
    """The schedule of a model's records and of observers (their intervals in min)."""
    tick = float(model.tissue.steps.tick)
    wanted = {kind: getattr(model.record, kind, None) for kind in KINDS}
    intervals = {kind: float(every) for kind, every in wanted.items() if every is not None} | dict(observers)
    return Schedule(
        {name: max(1, ticks_in(every, tick, f"{name} every")) for name, every in intervals.items()}, until
    )
