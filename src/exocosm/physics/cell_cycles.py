"""Growth of a population whose cells pass phases: its rate, and the shares of cells in each phase.

A phase k lasts a time of law f_k; cells go on to phase j with the share p_kj, two instead of one where they
divide (m_k = 2). In a population that has grown for long as e^(λt), entries into phases obey
B_j = Σ_k B_k m_k f̂_k(λ) p_kj with f̂ the Laplace transform, so that λ is where the matrix has the largest
eigenvalue 1, and B_k (1 - f̂_k(λ)) / λ cells are in phase k. Source: Euler and Lotka's equation, for
multi-type age-dependent branching, as in Powell 1956, 10.1099/00221287-15-3-492.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
SLOWEST = 1e-12  # 1/min: a growth below is none but for rounding


class PhaseLaw(NamedTuple):
    """How long a phase lasts (min): "fixed" (mean), "normal" (mean, sd; positive) or "exponential" (rate)."""

    law: str
    mean: float = 0.0
    sd: float = 0.0
    rate: float = 0.0


def laplace(phase: PhaseLaw, s: float) -> float:
    """E[e^(-sT)] of the length T of a phase; 0 for one that is never left."""
    if phase.law == "exponential":
        return phase.rate / (phase.rate + s) if phase.rate > 0 else 0.0
    if phase.law == "fixed" or phase.sd == 0:
        return math.exp(-s * phase.mean)
    shifted = _normal_above((s * phase.sd**2 - phase.mean) / phase.sd)
    whole = _normal_above(-phase.mean / phase.sd)
    return math.exp(-s * phase.mean + 0.5 * (s * phase.sd) ** 2) * shifted / whole


def mean_length(phase: PhaseLaw) -> float:
    """Mean length of a phase (min); infinity for one that is never left."""
    if phase.law == "exponential":
        return 1.0 / phase.rate if phase.rate > 0 else math.inf
    if phase.law == "fixed" or phase.sd == 0:
        return phase.mean
    start = -phase.mean / phase.sd
    density = math.exp(-0.5 * start**2) / math.sqrt(2 * math.pi)
    return phase.mean + phase.sd * density / _normal_above(start)


def _normal_above(x: float) -> float:
    return 0.5 * math.erfc(x / math.sqrt(2))


def _entries(phases: Sequence[PhaseLaw], shares: Reals, divides: Sequence[bool], rate: float) -> Reals:
    passed = [(2.0 if splits else 1.0) * laplace(p, rate) for p, splits in zip(phases, divides, strict=True)]
    return np.asarray(np.array(passed)[:, None] * shares)


def _largest(matrix: Reals) -> tuple[float, Reals]:
    """The largest eigenvalue of a matrix without negative entries, and its left vector with the sum 1."""
    values, vectors = np.linalg.eig(matrix.T)
    index = int(np.argmax(values.real))
    vector = np.abs(vectors[:, index].real)
    return float(values[index].real), vector / vector.sum()


def growth_rate(phases: Sequence[PhaseLaw], shares: Reals, divides: Sequence[bool]) -> float:
    """Rate λ (1/min) of the growth e^(λt) that a population settles to.

    `shares` [phase, phase] where cells go, rows with the sum 1. ValueError where the cells all come to rest
    in phases that they never leave.
    """

    def excess(rate: float) -> float:
        return _largest(_entries(phases, shares, divides, rate))[0] - 1.0

    if excess(0.0) < -1e-9:
        raise ValueError("all cells come to rest in phases that they never leave")
    low, high = 0.0, 1e-6
    while excess(high) > 0:
        low, high = high, 2 * high
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return low if low > SLOWEST else 0.0


def phase_shares(phases: Sequence[PhaseLaw], shares: Reals, divides: Sequence[bool]) -> Reals:
    """Share of the cells in each phase once a population has grown for long (or turned over, if none divide).

    ValueError as `growth_rate`.
    """
    rate = growth_rate(phases, shares, divides)
    _, entries = _largest(_entries(phases, shares, divides, rate))
    stays = [(1.0 - laplace(p, rate)) / rate if rate > 0 else mean_length(p) for p in phases]
    cells = entries * np.where(entries > 1e-12, stays, 0.0)
    if not np.isfinite(cells).all():
        raise ValueError("all cells come to rest in phases that they never leave")
    return np.asarray(cells / cells.sum())
