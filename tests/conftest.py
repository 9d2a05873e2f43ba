"""What all tests share: traps for silent arithmetic, fixed examples, no display."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

os.environ.setdefault("MPLBACKEND", "Agg")
# Two threads must be there to compare with one, however many cores the machine has.
os.environ.setdefault("NUMBA_NUM_THREADS", str(max(2, min(4, os.cpu_count() or 1))))

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

# Derandomised: a property test tries the same examples on every machine and in every run.
settings.register_profile(
    "exocosm", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("exocosm")

# A shell that starts tests in the background lets them ignore SIGINT, which the tests of stopping send.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def arithmetic_traps() -> Iterator[None]:
    """A division by zero, an overflow or an invalid operation in NumPy is an error in every test."""
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        yield
