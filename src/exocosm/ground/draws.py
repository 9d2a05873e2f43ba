"""Random numbers as a pure function of (seed, purpose, key, tick): Philox4x32-10.

No generator state exists, so nothing depends on the order of cells, on threads or on a restart, and
two arms of a paired experiment see the same numbers for the same cell at the same time.
Source: Salmon et al. 2011, Parallel random numbers: as easy as 1, 2, 3, 10.1145/2063384.2063405.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.compiled import kernel, shared_kernel


class Purpose(IntEnum):
    """What a number is drawn for; new purposes go at the end, none is ever renumbered.

    A kernel names one as `np.int64(Purpose.SPLIT)`: for each plain int Numba would compile the draws anew.
    """

    PLACEMENT = 1
    CARRY = 2
    PHASE = 3
    APOPTOSIS = 4
    NECROSIS = 5
    DIVISION_AXIS = 6
    SPLIT = 7
    RUPTURE = 8
    CARGO_CARRY = 9
    CELL_KEY = 10
    MIXTURE = 11
    OVERLAP = 12
    BODY_FORMATION = 13
    BODY_FUSION = 14
    BODY_CONTENTS = 15
    BUDDING = 16
    LOADING = 17
    ENDOSOME = 18
    DELIVERY = 19
    POOL = 20
    RIDER_CARRY = 21
    POOL_START = 22
    SPLIT_ALONG = 23
    MOTILITY = 24
    DIRECTION = 25
    ATTACK = 26
    PHAGOCYTOSIS = 27
    TRANSFORMATION = 28
    IMMIGRATION = 29
    IMMIGRANT_PLACE = 30
    BRANCH = 31


@shared_kernel
def philox(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """Ten rounds of Philox4x32; counter and key as 32-bit words held in uint64."""
    mask = np.uint64(0xFFFFFFFF)
    shift = np.uint64(32)
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * c0
        p1 = np.uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = (p1 >> shift) ^ c1 ^ k0, p1 & mask, (p0 >> shift) ^ c3 ^ k1, p0 & mask
        k0 = (k0 + np.uint64(0x9E3779B9)) & mask
        k1 = (k1 + np.uint64(0xBB67AE85)) & mask
    return c0, c1, c2, c3


@shared_kernel
def bits(seed, purpose, key, tick):  # type: ignore[no-untyped-def]
    """64 random bits for (seed, purpose, key, tick); purpose < 2**16, tick < 2**48."""
    mask = np.uint64(0xFFFFFFFF)
    shift = np.uint64(32)
    seed, key = np.uint64(seed), np.uint64(key)
    when = np.uint64(tick) | (np.uint64(purpose) << np.uint64(48))
    c0, c1, _, _ = philox(when & mask, when >> shift, key & mask, key >> shift, seed & mask, seed >> shift)
    return (c1 << shift) | c0


@shared_kernel
def uniform(seed, purpose, key, tick):  # type: ignore[no-untyped-def]
    """A number in [0, 1) with 53 random bits."""
    return np.float64(bits(seed, purpose, key, tick) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@shared_kernel
def child_key(parent, births):  # type: ignore[no-untyped-def]
    """Key of a daughter: a hash of its parent's key and the ordinal of the birth."""
    return bits(np.uint64(parent), Purpose_CELL_KEY, np.uint64(births), np.uint64(0))


Purpose_CELL_KEY = np.int64(Purpose.CELL_KEY)


@kernel
def fill_uniform(seed, purpose, keys, tick, out):  # type: ignore[no-untyped-def]
    """out[i] = uniform(seed, purpose, keys[i], tick)."""
    for i in range(keys.size):
        out[i] = uniform(seed, purpose, keys[i], tick)


@cache
def mark_of(names: tuple[str, ...]) -> np.uint64:
    """A hash of names, the same in all runs; two of a thousand agree with a chance below 1e-13."""
    return np.uint64(int.from_bytes(blake2b("\0".join(names).encode(), digest_size=8).digest(), "little"))


class Draw:
    """The random numbers of one run: `uniform` is a pure function, the object holds only the seed."""

    def __init__(self, seed: int) -> None:
        self.seed = np.uint64(seed)

    def of(self, *names: str) -> Draw:
        """The numbers of what has these names, whatever else there is and in whatever order."""
        return Draw(int(self.seed ^ mark_of(names)))

    def uniform(self, purpose: int, keys: NDArray[np.uint64], tick: int) -> NDArray[np.float64]:
        """Numbers in [0, 1), one for each key; the same for the same (seed, purpose, key, tick)."""
        out = np.empty(len(keys))
        fill_uniform(self.seed, int(purpose), np.ascontiguousarray(keys, np.uint64), int(tick), out)
        return out
