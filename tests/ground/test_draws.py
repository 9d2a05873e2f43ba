"""Random numbers: the published generator, and a pure function of its arguments."""

from __future__ import annotations

import numpy as np
import pytest

from exocosm.ground.clock import Clock
from exocosm.ground.draws import Draw, Purpose, child_key, philox

ONES = 0xFFFFFFFF


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (0, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        (ONES, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    ],
)
def test_philox_gives_the_known_answers_of_random123(word, expected):
    words = (np.uint64(word),) * 6
    assert tuple(int(w) for w in philox(*words)) == expected


def test_draws_do_not_depend_on_order_or_company():
    keys = np.arange(100, dtype=np.uint64)
    all_at_once = Draw(7).uniform(Purpose.SPLIT, keys, 5)
    backwards = Draw(7).uniform(Purpose.SPLIT, keys[::-1], 5)[::-1]
    assert np.array_equal(all_at_once, backwards)
    for other in (Draw(8).uniform(Purpose.SPLIT, keys, 5), Draw(7).uniform(Purpose.CARRY, keys, 5)):
        assert not np.any(all_at_once == other)
    assert not np.any(all_at_once == Draw(7).uniform(Purpose.SPLIT, keys, 6))


def test_draws_are_uniform():
    """Mean and variance of 10⁶ draws within 5 σ: false alarms 1.1e-6 for both together."""
    n = 1_000_000
    u = Draw(1).uniform(Purpose.PHASE, np.arange(n, dtype=np.uint64), 3)
    assert u.min() >= 0.0
    assert u.max() < 1.0
    assert abs(u.mean() - 0.5) <= 5.1 * np.sqrt(1 / 12 / n)
    assert abs(u.var() - 1 / 12) <= 5.1 * np.sqrt(1 / 180 / n)


def test_keys_of_daughters_differ():
    keys = {int(child_key(np.uint64(parent), birth)) for parent in range(300) for birth in range(30)}
    assert len(keys) == 9000


def test_the_clock_counts_whole_ticks():
    clock = Clock(0.1)
    assert clock.ticks(6.0) == 60
    assert clock.minutes(60) == pytest.approx(6.0)
    with pytest.raises(ValueError, match="multiple of the tick"):
        clock.ticks(0.25)
