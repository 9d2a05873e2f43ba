"""Random counts against their distributions, at every size of mean, and paired where they are inverted.

Chi-square tests have fixed seeds and reject below 1e-7: with 23 of them, a false alarm in 4e-7 of seeds.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from exocosm.ground.draws import Draw
from exocosm.tissue.random_counts import SMALL, Counts

N = 200_000
LEAST_P = 1e-7
KEYS = np.arange(1, N + 1, dtype=np.uint64)
COUNTS = Counts(Draw(7), 3, KEYS, 11)


def chance_of(found, distribution):
    """P value of a chi-square test over up to 60 classes of about equal probability, tails included."""
    edges = np.unique(distribution.ppf(np.linspace(0, 1, 61)[1:-1]))
    edges = np.concatenate([[-np.inf], edges, [np.inf]])
    expected = np.diff(np.concatenate([[0.0], distribution.cdf(edges[1:-1]), [1.0]])) * N
    seen = np.histogram(found, np.concatenate([[-np.inf], edges[1:-1] + 0.5, [np.inf]]))[0]
    kept = expected > 5
    seen = np.append(seen[kept], seen[~kept].sum())
    expected = np.append(expected[kept], expected[~kept].sum() + 1e-9)
    return stats.chisquare(seen, expected * seen.sum() / expected.sum()).pvalue


@pytest.mark.parametrize("mean", [1e-3, 0.3, 4.0, 9.99, 10.01, 11.0, 30.0, 500.0, 1e5, 1e9])
def test_poisson_numbers_have_their_distribution(mean):
    found = COUNTS.poisson(("x",), np.full(N, mean))
    assert chance_of(found, stats.poisson(mean)) > LEAST_P


@pytest.mark.parametrize(
    ("count", "chance"),
    [
        (1, 0.3), (7, 0.5), (12, 0.9), (1000, 0.009), (1000, 0.991), (40, 0.26), (25, 0.41), (300, 0.97),
        (2000, 0.5), (10**6, 0.2), (10**6, 1e-6), (10**9, 3e-8), (10**9, 0.37),
    ],
)  # fmt: skip
def test_binomial_numbers_have_their_distribution(count, chance):
    found = COUNTS.binomial(("y",), np.full(N, count), np.full(N, chance))
    assert found.min() >= 0
    assert found.max() <= count
    assert chance_of(found, stats.binom(count, chance)) > LEAST_P


@pytest.mark.parametrize("mean", [5.0, 25.0, 1e4])
def test_tails_are_as_heavy_as_they_should_be(mean):
    """Counts beyond the 1e-4 quantiles are Poisson with mean 20 each; false alarms below 1e-6 in all."""
    found, distribution = COUNTS.poisson(("z",), np.full(N, mean)), stats.poisson(mean)
    high = distribution.ppf(1 - 1e-4)
    expected = N * distribution.sf(high)
    assert abs((found > high).sum() - expected) <= 5.5 * np.sqrt(expected) + 3


def test_chances_at_and_beyond_their_ends_are_certain():
    n = np.array([5, 5, 5, 0, 10**9, 10**9])
    counts = Counts(Draw(1), 3, KEYS[:6], 0)
    found = counts.binomial(("x",), n, np.array([0.0, 1.0, np.nan, 0.5, 1.0, 0.0]))
    assert found.tolist() == [0, 5, 0, 0, 10**9, 0]
    assert counts.poisson(("x",), np.array([0.0, -1.0, np.nan, 0.0, 0.0, 0.0])).tolist() == [0] * 6


@given(st.floats(0, SMALL), st.floats(0, SMALL))
def test_a_larger_mean_never_gives_a_smaller_count(one, other):
    few, many = (COUNTS.poisson(("x",), np.full(N, m))[:500] for m in sorted((one, other)))
    assert (few <= many).all()


@given(st.integers(1, 20), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_chance_never_gives_a_smaller_count(n, one, other):
    counts = Counts(Draw(7), 3, KEYS[:500], 11)
    few, many = (counts.binomial(("x",), np.full(500, n), np.full(500, p)) for p in sorted((one, other)))
    assert (few <= many).all()


def test_numbers_depend_on_key_tick_kind_and_purpose_and_on_nothing_else():
    mean = np.full(1000, 20.0)

    def drawn(seed=7, purpose=3, tick=11, kind=("x",), keys=KEYS[:1000]):
        return Counts(Draw(seed), purpose, keys, tick).poisson(kind, mean[: len(keys)])

    assert np.array_equal(drawn(), drawn())
    assert np.array_equal(drawn()[::-1], drawn(keys=KEYS[:1000][::-1]))
    for other in ({"seed": 8}, {"purpose": 4}, {"tick": 12}, {"kind": ("x", "y")}):
        assert abs(np.corrcoef(drawn(), drawn(**other))[0, 1]) < 0.17  # 5.4 standard errors


def test_what_is_shared_goes_with_its_holders():
    counts = Counts(Draw(7), 3, KEYS[:4], 11)
    held = np.array([100, 100, 100, 0])
    got = counts.share(("x",), held, np.array([3, 0, 1, 0]), np.array([3, 3, 3, 0]))
    assert got[0] == 100
    assert got[1] == 0
    assert 0 < got[2] < 100
    assert got[3] == 0
