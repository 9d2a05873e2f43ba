"""A limit on time: what hangs fails instead."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

LONGEST = 30.0
"""Seconds. Far more than any small input takes, also on a machine that is busy with other things."""


def _late(number: int, frame: FrameType | None) -> None:
    raise AssertionError(f"this took more than {LONGEST:g} s")


@contextlib.contextmanager
def no_hang(seconds: float = LONGEST) -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, _late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
