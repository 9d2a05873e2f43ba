"""How far a run is: simulated time, cells, speed and time left, as one line for each arm."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress

    from exocosm.tissue.warming import Compiled


@dataclass(frozen=True)
class Advance:
    """A moment of a run: times in simulated min, speed in simulated h per s, `left` in s; None: not known."""

    label: str
    time: float
    until: float
    cells: int
    speed: float | None
    left: float | None

    @property
    def share(self) -> float:
        """Part of the whole that is done, 0 to 1."""
        return self.time / self.until if self.until else 1.0


Watcher = Callable[[Advance], bool | None]
"""Called with each `Advance`; may return True to ask the run to stop."""


class Pace:
    """Measures speed as a running mean; the first stretch, in which kernels are loaded, does not count."""

    def __init__(self, label: str, until: float) -> None:
        self.label, self.until = label, until
        self._last: tuple[float, float] | None = None
        self._speed: float | None = None

    def at(self, time_min: float, cells: int) -> Advance:
        """The state of things at simulated time `time_min`."""
        now = time.perf_counter()
        before, start = self._last or (now, time_min)
        spent, simulated = now - before, time_min - start
        if spent > 0 and simulated > 0:
            latest = simulated / 60.0 / spent
            self._speed = latest if self._speed is None else 0.7 * self._speed + 0.3 * latest
        self._last = (now, time_min)
        left = (self.until - time_min) / 60.0 / self._speed if self._speed else None
        return Advance(self.label, time_min, self.until, cells, self._speed, left)


def clock(seconds: float) -> str:
    """75 -> 1:15."""
    whole = int(seconds + 0.5)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def describe(advance: Advance) -> str:
    """`12 of 72 h · 2,381 cells · 3.2 h/s · 0:19 left`."""
    parts = [f"{advance.time / 60:.4g} of {advance.until / 60:g} h", f"{advance.cells:,} cells"]
    if advance.speed is not None:
        parts.append(f"{advance.speed:.2g} h/s")
    if advance.left is not None and advance.share < 1:
        parts.append(f"{clock(advance.left)} left")
    return " · ".join(parts)


class PlainLines:
    """For logs and pipes: a line at each quarter of an arm, and otherwise at most one in 30 s."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.quarters: dict[str, int] = {}
        self.last = time.perf_counter()

    def __enter__(self) -> PlainLines:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __call__(self, advance: Advance) -> None:
        """Print if it is time to."""
        quarter, now = int(advance.share * 4), time.perf_counter()
        if quarter > self.quarters.get(advance.label, 0) or now - self.last > 30:
            self.quarters[advance.label] = quarter
            self.last = now
            print(f"{advance.label}: {describe(advance)}", file=self.stream, flush=True)


class LiveLines:
    """For a terminal: one line for each arm that renews itself."""

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

        self.tasks: dict[str, Any] = {}
        columns = (
            TextColumn("{task.fields[label]}"),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[state]}"),
        )
        console = Console(file=stream)
        self.lines: Progress = Progress(SpinnerColumn(), *columns, console=console, refresh_per_second=5)

    def __enter__(self) -> LiveLines:
        return self

    def __exit__(self, *_: object) -> None:
        if self.tasks:
            self.lines.stop()

    def __call__(self, advance: Advance) -> None:
        """Renew the line of this arm."""
        if not self.tasks:  # not before: until then others write to the terminal
            self.lines.start()
        if advance.label not in self.tasks:
            self.tasks[advance.label] = self.lines.add_task(
                "", total=advance.until, label=advance.label, state=""
            )
        task = self.tasks[advance.label]
        self.lines.update(task, completed=advance.time, total=advance.until, state=describe(advance))


class KernelsLine:
    """While kernels are compiled: in a terminal a line that renews itself, elsewhere one every 5 s."""

    EVERY = 5.0

    def __init__(self, stream: TextIO) -> None:
        self.stream, self.live = stream, stream.isatty()
        self.last = time.perf_counter()

    def say(self, text: str) -> None:
        """A line that stays."""
        print(self._over(text), file=self.stream, flush=True)

    def __call__(self, compiled: Compiled) -> None:
        """Renew the line, or print it if it is time to."""
        left = f", about {compiled.left:.0f} s left" if compiled.left is not None else ""
        text = f"compiling kernels {compiled.done} of {compiled.needed}{left}"
        now = time.perf_counter()
        if self.live:
            print(self._over(text), end="", file=self.stream, flush=True)
        elif now - self.last >= self.EVERY:
            self.last = now
            print(text, file=self.stream, flush=True)

    def clear(self) -> None:
        """Take the renewing line away."""
        print(self._over(""), end="", file=self.stream, flush=True)

    def _over(self, text: str) -> str:
        return f"\r\x1b[K{text}" if self.live else text


def display(stream: TextIO | None = None) -> PlainLines | LiveLines:
    """A watcher for where its lines go: live in a terminal, plain otherwise. Use as a context manager."""
    stream = stream or sys.stderr
    return LiveLines(stream) if stream.isatty() else PlainLines(stream)
