"""Exact Poisson and binomial numbers for each cell, as pure functions of (seed, purpose, key, when).

Up to a mean of SMALL a number is found by inversion of one uniform number, so that in the paired arms of
an experiment a larger rate never gives a smaller count. Above it comes from transformed rejection, exact
at any mean: Hörmann 1993, The transformed rejection method for generating Poisson random variables,
10.1016/0167-6687(93)90997-4, and The generation of binomial random variates, 10.1080/00949659308811496.
Probabilities are in Loader's form (2000, Fast and accurate computation of binomial probabilities), which
keeps its precision at counts of 10⁹ and beyond.

Each number has a block of SLOTS uniform numbers of its own, whatever other numbers need, and what it is of
is told by names and not by positions: the same cell sees the same uniform numbers at the same tick in both
arms, also where one arm has a population or cargo that the other has not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.compiled import inner_kernel, kernel
from exocosm.ground.draws import Draw, child_key, uniform

SMALL = 10.0
SLOTS = 64  # uniform numbers set aside for each count; two an attempt
ATTEMPTS = 1024  # nearly nine in ten are accepted: this many failures have a chance below 1e-300
STIRLING_TABLE = np.array(
    [0.0]
    + [
        float(sum(np.log(np.arange(1, n + 1))) - (n + 0.5) * np.log(n) + n - 0.5 * np.log(2.0 * np.pi))
        for n in range(1, 16)
    ]
)
TINY = 1e-300
HALF_LOG_TWO_PI = 0.5 * np.log(2.0 * np.pi)


@inner_kernel
def stirling_error(n: float) -> float:
    """Logarithm of n! beyond Stirling's formula."""
    if n < 16.0:
        return STIRLING_TABLE[int(n)]
    square = n * n
    return (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / square) / square) / square) / n


@inner_kernel
def deviance(x: float, mean: float) -> float:
    """The value of x log(x / mean) + mean - x, precise where x is near the mean."""
    gap = x - mean
    if abs(gap) >= 0.1 * (x + mean):
        return x * np.log(x / mean) - gap
    v = gap / (x + mean)
    total, power = gap * v, 2.0 * x * v
    for j in range(1, 1000):
        power *= v * v
        added = total + power / (2 * j + 1)
        if added == total:
            break
        total = added
    return total


@inner_kernel
def log_poisson(k: float, mean: float) -> float:
    """Log of the probability of k at a mean."""
    if k == 0.0:
        return -mean
    return -HALF_LOG_TWO_PI - 0.5 * np.log(k) - stirling_error(k) - deviance(k, mean)


@inner_kernel
def log_binomial(k: float, n: float, p: float) -> float:
    """Log of the probability of k among n of chance p, 0 < p < 1."""
    if k == 0.0:
        return n * np.log1p(-p)
    if k == n:
        return n * np.log(p)
    spread = 0.5 * np.log(n / k / (n - k)) - HALF_LOG_TWO_PI
    corrections = stirling_error(n) - stirling_error(k) - stirling_error(n - k)
    return spread + corrections - deviance(k, n * p) - deviance(n - k, n * (1.0 - p))


@inner_kernel
def pair(seed: Any, purpose: int, key: Any, when: int, attempt: int) -> tuple[float, float]:
    """The two uniform numbers of an attempt; beyond the block of a count, those of a key of its own."""
    block = attempt // (SLOTS // 2)
    if block > 0:
        key = child_key(key, block)
    slot = when + 2 * (attempt % (SLOTS // 2))
    return uniform(seed, purpose, key, slot), uniform(seed, purpose, key, slot + 1)


@inner_kernel
def invert_poisson(u: float, mean: float) -> int:
    """Smallest k whose cumulative probability exceeds u."""
    k, chance = 0, np.exp(-mean)
    while u >= chance and chance > TINY:
        u -= chance
        k += 1
        chance *= mean / k
    return k


@inner_kernel
def invert_binomial(u: float, n: int, p: float) -> int:
    """Smallest k whose cumulative probability exceeds u."""
    k, chance, odds = 0, np.exp(n * np.log1p(-p)), p / (1.0 - p)
    while u >= chance and chance > TINY and k < n:
        u -= chance
        chance *= odds * ((n - k) / (k + 1.0))
        k += 1
    return k


@inner_kernel
def reject_poisson(seed: Any, purpose: int, key: Any, when: int, mean: float) -> int:
    """Hörmann's PTRS."""
    b = 0.931 + 2.53 * np.sqrt(mean)
    a = -0.059 + 0.02483 * b
    scale, squeeze = 1.1239 + 1.1328 / (b - 3.4), 0.9277 - 3.6224 / (b - 2.0)
    for attempt in range(ATTEMPTS):
        first, v = pair(seed, purpose, key, when, attempt)
        u = first - 0.5
        us = 0.5 - abs(u)
        if us <= 0.0 or v <= 0.0:
            continue
        k = np.floor((2.0 * a / us + b) * u + mean + 0.43)
        if k < 0.0 or (us < 0.013 and v > us):
            continue
        if us >= 0.07 and v <= squeeze:
            return int(k)
        if np.log(v * scale / (a / (us * us) + b)) <= log_poisson(k, mean):
            return int(k)
    return int(mean)


@inner_kernel
def reject_binomial(seed: Any, purpose: int, key: Any, when: int, n: int, p: float) -> int:
    """Hörmann's BTRS, for p up to one half."""
    spread = np.sqrt(n * p * (1.0 - p))
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * p
    squeeze, scale = 0.92 - 4.2 / b, (2.83 + 5.1 / b) * spread
    top = log_binomial(np.floor((n + 1) * p), float(n), p)
    for attempt in range(ATTEMPTS):
        first, v = pair(seed, purpose, key, when, attempt)
        u = first - 0.5
        us = 0.5 - abs(u)
        if us <= 0.0 or v <= 0.0:
            continue
        k = np.floor((2.0 * a / us + b) * u + n * p + 0.5)
        if k < 0.0 or k > n:
            continue
        if us >= 0.07 and v <= squeeze:
            return int(k)
        if np.log(v * scale / (a / (us * us) + b)) <= log_binomial(k, float(n), p) - top:
            return int(k)
    return int(n * p)


@kernel
def fill_poisson(seed: Any, purpose: int, keys: Any, when: int, mean: Any, out: Any) -> None:
    """out[i] from the Poisson distribution of mean[i]."""
    for i in range(keys.size):
        if not mean[i] > 0.0:
            out[i] = 0
        elif mean[i] <= SMALL:
            out[i] = invert_poisson(uniform(seed, purpose, keys[i], when), mean[i])
        else:
            out[i] = reject_poisson(seed, purpose, keys[i], when, mean[i])


@kernel
def fill_binomial(seed: Any, purpose: int, keys: Any, when: int, counts: Any, chance: Any, out: Any) -> None:
    """out[i] from the binomial distribution of counts[i] and chance[i]."""
    for i in range(keys.size):
        n, p = counts[i], chance[i]
        if n <= 0 or not p > 0.0:
            out[i] = 0
            continue
        if p >= 1.0:
            out[i] = n
            continue
        rare = min(p, 1.0 - p)
        if n * rare > SMALL:
            found = reject_binomial(seed, purpose, keys[i], when, n, rare)
        else:
            u = uniform(seed, purpose, keys[i], when)
            found = invert_binomial(u if p <= 0.5 else 1.0 - u, n, rare)
        out[i] = found if p <= 0.5 else n - found


Kind = tuple[str, ...]


class Counts:
    """Random numbers of one purpose for some cells at one tick (below 2**42).

    Each `kind`, names of what is counted and of the step, has numbers of its own.
    """

    def __init__(self, draw: Draw, purpose: int, keys: NDArray[np.uint64], tick: int) -> None:
        self.draw, self.purpose, self.when = draw, int(purpose), int(tick) * SLOTS
        self.keys = np.ascontiguousarray(keys, np.uint64)

    def poisson(self, kind: Kind, mean: NDArray[np.float64]) -> NDArray[np.int64]:
        """Poisson numbers of these means (n,)."""
        out = np.empty(len(self.keys), np.int64)
        seed, mean = self.draw.of(*kind).seed, np.ascontiguousarray(mean, np.float64)
        fill_poisson(seed, self.purpose, self.keys, self.when, mean, out)
        return out

    def binomial(
        self, kind: Kind, counts: NDArray[np.int64], chance: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """Binomial numbers among `counts` (n,) of these chances (n,)."""
        out = np.empty(len(self.keys), np.int64)
        seed, counts = self.draw.of(*kind).seed, np.ascontiguousarray(counts, np.int64)
        chance = np.ascontiguousarray(np.broadcast_to(chance, counts.shape), np.float64)
        fill_binomial(seed, self.purpose, self.keys, self.when, counts, chance, out)
        return out

    def share(
        self, kind: Kind, counts: NDArray[np.int64], part: NDArray[np.int64], whole: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """What `part` of `whole` holders has of `counts` spread evenly over them; the last takes all."""
        chance = np.divide(part, whole, out=np.zeros(len(counts)), where=whole > 0)
        return self.binomial(kind, counts, chance)
