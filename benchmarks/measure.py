"""What both sides of a benchmark measure in the same way."""

from __future__ import annotations

import ctypes
import gc
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

STATUS = Path("/proc/self/status")


def peak_memory_mb() -> float:
    """Peak resident memory of this process in MB (10^6 bytes).

    On Linux from VmHWM: `ru_maxrss` there starts at what the parent had when it forked.
    """
    if STATUS.exists():
        return _status_mb("VmHWM")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def _status_mb(line: str) -> float:
    found = next(text for text in STATUS.read_text().splitlines() if text.startswith(line))
    return float(found.split()[1]) * 1024 / 1e6


def memory_of_libraries_mb() -> float:
    """Resident memory now, with what was freed given back: call it once all libraries are loaded.

    Without /proc the peak so far.
    """
    gc.collect()
    if not STATUS.exists():
        return peak_memory_mb()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    return _status_mb("VmRSS")


def timed(action: Callable[[], Any]) -> float:
    """Wall seconds of an action."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def use_threads(threads: int) -> None:
    """Tell every library that reads it at import how many threads it may use."""
    for name in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "PHYSICELL_THREADS"):
        os.environ[name] = str(threads)


def machine() -> str:
    """What the figures were measured on, in words."""
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores, {system}, Python {platform.python_version()}"


def median(results: Sequence[dict[str, Any]], key: str) -> float:
    """The median of one measurement."""
    return statistics.median(result[key] for result in results)


def spread(values: Sequence[float], digits: int = 3) -> str:
    """Median and range as text."""
    middle, low, high = (f"{v:.{digits}g}" for v in (statistics.median(values), min(values), max(values)))
    return f"{middle} ({low}–{high})"
