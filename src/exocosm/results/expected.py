"""Whether what was expected of the arms of a model came about: met, too small, not met, or undecided.

With several seeds a direction is met when the 95 % interval of the paired difference is on its side of zero;
an interval that holds zero decides nothing. With one seed the sign alone is judged. A change in the right
direction by less than a hundredth of the value is "too small": no assay sees it. "The same" is met when the
interval, or the one difference, lies within a twentieth of the value that it is compared with.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from exocosm.results.paired import interval

MET, SMALL, NOT_MET, OPEN = VERDICTS = ("met", "too small", "not met", "undecided")
SEEN = 0.01
"""The share of the larger value by which a change must differ from none to be seen."""
SAME = 0.05
"""The share of a value by which it may differ and still counts as the same."""


@dataclass(frozen=True)
class Judged:
    """An expectation with what was found: means over pairs, the paired difference, and the verdict."""

    expectation: Any
    before: float
    after: float
    difference: float
    low: float
    high: float
    pairs: int
    verdict: str

    @property
    def fold(self) -> float:
        """The outcome in the arm over that against which it is judged; NaN where that is zero."""
        return self.after / self.before if self.before else math.nan

    @property
    def why(self) -> str:
        """What the expectation stands on, in one line."""
        told = " ".join(self.expectation.because.split())
        ids = ", ".join(self.expectation.evidence)
        return f"{told} ({ids})" if told and ids else told or ids

    @property
    def said(self) -> str:
        """The expectation in words."""
        words = {"up": "raises", "down": "lowers", "same": "does not change"}
        expected = self.expectation
        fold = expected.fold
        by = f" to {fold[0]:g}–{fold[1]:g} times" if fold else ""
        return f"{expected.arm} against {expected.against} {words[expected.direction]} {expected.outcome}{by}"


def judged(model: Any, runs: Mapping[str, Sequence[Any]]) -> list[Judged]:
    """Each expectation of a model whose arms were run, judged at the last record; `runs` by label of arm."""
    known = [e for e in getattr(model, "expectation", ()) if e.arm in runs and e.against in runs]
    return [_judged(expected, runs[expected.against], runs[expected.arm]) for expected in known]


def _judged(expected: Any, before: Sequence[Any], after: Sequence[Any]) -> Judged:
    pairs = _pairs(expected.outcome, before, after)
    gaps = [new - old for old, new in pairs]
    low, high = interval(gaps)
    old, new = (float(np.mean(v)) for v in zip(*pairs, strict=True)) if pairs else (math.nan, math.nan)
    gap = float(np.mean(gaps)) if gaps else math.nan
    verdict = _verdict(expected, old, new, (low, high) if len(gaps) > 1 else (gap, gap))
    return Judged(expected, old, new, gap, low, high, len(pairs), verdict)


def _pairs(column: str, before: Sequence[Any], after: Sequence[Any]) -> list[tuple[float, float]]:
    """Last values of both runs of each seed that both have."""
    partners = {run.seed: run for run in before}
    found = [(_last(partners[run.seed], column), _last(run, column)) for run in after if run.seed in partners]
    return [pair for pair in found if not any(map(math.isnan, pair))]


def _last(run: Any, column: str) -> float:
    """A column that an arm lacks counts as nothing, as in a comparison."""
    return float(run.summary.iloc[-1].get(column, 0.0))


def _verdict(expected: Any, old: float, new: float, between: tuple[float, float]) -> str:
    low, high = between
    if math.isnan(low):
        return OPEN
    most = SAME * abs(old)
    side = {"up": low > 0, "down": high < 0, "same": -most <= low and high <= most}[expected.direction]
    against = {"up": high <= 0, "down": low >= 0, "same": low > most or high < -most}[expected.direction]
    if not side:
        return NOT_MET if against else OPEN
    if expected.direction != "same" and abs(new - old) < SEEN * max(abs(old), abs(new)):
        return SMALL
    if expected.fold is None:
        return MET
    least, highest = expected.fold
    return MET if old and least <= new / old <= highest else NOT_MET
