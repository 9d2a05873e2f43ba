"""What the machine can do: bandwidth of memory and cache, arithmetic, divisions, exponentials; measured once.

Loops as a compiler writes them from the same language as Exocosm's kernels, each thread on its own part; the
best of several repeats, since what disturbs a repeat only slows it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba import prange

BIG = 384_000_000  # bytes of the three arrays of a triad that no cache holds
SMALL = 12_000_000  # and of one whose arrays stay in the last cache
CACHE = Path("/sys/devices/system/cpu/cpu0/cache/index3/size")
BLOCK = 1024  # numbers that stay in the fastest cache
DEGREE = 16
LEAST_REPEATS, LEAST_SECONDS = 7, 1.0


@dataclass(frozen=True)
class Rates:
    """Bytes per second from memory and from cache, and operations per second, of all threads together."""

    threads: int
    memory: float
    cache: float
    multiply_add: float  # multiplications and additions, each counted
    division: float  # divisions and square roots
    exponential: float

    def bandwidth(self, moved: float) -> float:
        """Bandwidth for a kernel that moves so many bytes: that of the last cache, if they fit."""
        return self.cache if moved <= last_cache() else self.memory

    def as_dict(self) -> dict[str, float]:
        """Plain numbers."""
        return asdict(self)


def last_cache() -> float:
    """Bytes of the last cache, as Linux tells it; elsewhere what the small triad takes."""
    return 1024.0 * int(CACHE.read_text().strip().removesuffix("K")) if CACHE.exists() else float(SMALL)


@numba.njit(parallel=True)
def triad(a, b, c, parts):  # type: ignore[no-untyped-def]
    """A = b + 3 c, as in STREAM (McCalpin 1995)."""
    for part in prange(parts):
        for i in range(part * a.size // parts, (part + 1) * a.size // parts):
            a[i] = b[i] + 3.0 * c[i]


@numba.njit(parallel=True)
def polynomial(x, out, rounds, parts):  # type: ignore[no-untyped-def]
    """Horner's rule on a block of numbers: two operations a degree, number and round."""
    for part in prange(parts):
        for _ in range(rounds):
            for i in range(x.shape[1]):
                value, place = out[part, i], x[part, i]
                for _ in range(DEGREE):
                    value = value * place + 0.5
                out[part, i] = value


@numba.njit(parallel=True, error_model="numpy")
def divide_and_root(x, out, rounds, parts):  # type: ignore[no-untyped-def]
    """One division and one square root a number and round."""
    for part in prange(parts):
        for _ in range(rounds):
            for i in range(x.shape[1]):
                out[part, i] = np.sqrt(x[part, i]) / (1.0 + out[part, i])


@numba.njit(parallel=True)
def exponentials(x, out, rounds, parts):  # type: ignore[no-untyped-def]
    """One exponential a number and round."""
    for part in prange(parts):
        for _ in range(rounds):
            for i in range(x.shape[1]):
                out[part, i] = np.exp(-x[part, i]) + 1e-9 * out[part, i]


def best(action: Callable[[], Any]) -> float:
    """Seconds of the fastest of several repeats, after one to compile and to fill the caches."""
    action()
    seconds: list[float] = []
    while len(seconds) < LEAST_REPEATS or sum(seconds) < LEAST_SECONDS:
        begin = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


def bandwidth(total: int, parts: int) -> float:
    """Bytes per second of a triad whose arrays take `total` bytes: two read, one written."""
    n = total // 24
    arrays = [np.ones(n) for _ in range(3)]
    rounds = max(1, 4 * SMALL // total)
    return rounds * 24 * n / best(lambda: [triad(*arrays, parts) for _ in range(rounds)])


def measured(threads: int) -> Rates:
    """All rates with so many threads."""
    numba.set_num_threads(threads)
    x = np.random.default_rng(1).uniform(0.1, 0.9, (threads, BLOCK))
    rounds, count = 400, threads * BLOCK * 400
    return Rates(
        threads,
        bandwidth(BIG, threads),
        bandwidth(SMALL, threads),
        2 * DEGREE * count / best(lambda: polynomial(x, x.copy(), rounds, threads)),
        2 * count / best(lambda: divide_and_root(x, x.copy(), rounds, threads)),
        count / best(lambda: exponentials(x, x.copy(), rounds, threads)),
    )
