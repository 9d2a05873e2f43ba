"""Ctrl-C and SIGTERM as a wish that the run loop grants at the next tick."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exocosm.results.reading import Run

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopped(KeyboardInterrupt):
    """The run was asked to stop and has saved its state; `run` is what it left."""

    def __init__(self, run: Run) -> None:
        self.run = run
        super().__init__(f"stopped at {run.time_h:g} h and saved; go on with: exocosm resume {run.path}")


class StopRequest:
    """True once a stop was asked for; asked twice, the second time interrupts at once."""

    def __init__(self) -> None:
        self.asked = False

    def __bool__(self) -> bool:
        return self.asked

    def ask(self, number: int, frame: FrameType | None) -> None:
        """Signal handler."""
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


@contextlib.contextmanager
def stop_requests() -> Iterator[StopRequest]:
    """Catch stop signals inside the block; ignored ones, and all outside the main thread, stay so."""
    request = StopRequest()
    if threading.current_thread() is not threading.main_thread():
        yield request
        return
    heard = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, request.ask) for number in heard}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
