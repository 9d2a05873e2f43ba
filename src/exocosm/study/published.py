"""Published outcomes beside what the shipped scenarios predict for them, with the interval of each.

Arms of a scenario run on the same seeds, so that a ratio or difference of two arms is one of pairs. Its
interval is Student's t over seeds, of logarithms where a ratio is taken: it says how sure the simulation is
of its own answer, not how sure its numbers are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from exocosm.library import Row, evidence
from exocosm.library.comparisons import Comparable, comparables
from exocosm.results.paired import interval

if TYPE_CHECKING:
    from exocosm.results import Run
    from exocosm.results.progress import Watcher
    from exocosm.study.comparison import Comparison

BASELINE = "baseline"


@dataclass(frozen=True)
class Prediction:
    """What a scenario predicts for a published outcome: value with 95 % interval, in the unit of the row."""

    row: Comparable
    published: Row
    value: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """Whether prediction and publication agree, in a few words."""
        bounds = _bounds(self.published)
        if bounds is None or math.isnan(self.value):
            return "no number to compare" if bounds is None else "nothing predicted"
        low, high = bounds
        mine = (self.value, self.value) if math.isnan(self.low) else (self.low, self.high)
        if mine[1] >= low and mine[0] <= high:
            return "intervals overlap" if low < high else "agrees"
        return f"too {'low' if self.value < low else 'high'}{self._by(low if self.value < low else high)}"

    def within(self, factor: float) -> bool:
        """Whether the prediction lies within that factor of the published range."""
        bounds = _bounds(self.published)
        if bounds is None or math.isnan(self.value):
            return False
        ends = [bound * by for bound in bounds for by in (factor, 1.0 / factor)]
        return min(ends) <= self.value <= max(ends)

    def _by(self, bound: float) -> str:
        if self.value * bound <= 0:
            return f" by {abs(self.value - bound):.3g}; the sign is another" if self.value * bound < 0 else ""
        return f" by {max(self.value / bound, bound / self.value):.2g} times"


def predictions(
    folder: Path,
    rows: Iterable[Comparable] | None = None,
    *,
    seeds: Sequence[int] = (1, 2, 3, 4, 5),
    progress: Watcher | None = None,
) -> list[Prediction]:
    """Run what the rows name (by default all of the table) into `folder` and read each outcome off."""
    wanted = list(comparables() if rows is None else rows)
    found: dict[str, Prediction] = {}
    for scenario, group in groupby(sorted(wanted, key=_scenario), key=_scenario):
        mine = list(group)
        made = _compared(scenario, mine, folder / scenario, seeds, progress)
        found |= {row.id: read(row, made) for row in mine}
    return [found[row.id] for row in wanted]


def read(row: Comparable, made: Comparison) -> Prediction:
    """The prediction of one row from a finished comparison. Raises KeyError for an unknown arm or column."""
    values = [_at(run, row) for run in made.runs[row.arm or BASELINE]]
    others = [_at(run, row) for run in made.runs[row.against or BASELINE]]
    value, low, high = measured(row.measure, values, others)
    ends = sorted((low * row.scale, high * row.scale))
    return Prediction(row, evidence(row.evidence), value * row.scale, *ends)


def measured(measure: str, values: Sequence[float], others: Sequence[float]) -> tuple[float, float, float]:
    """Value with interval of `measure` over pairs: the arm's value, or its ratio, difference or change."""
    if measure == "value":
        return (float(np.mean(values)), *interval(values))
    if measure == "difference":
        gaps = [mine - other for mine, other in zip(values, others, strict=True)]
        return (float(np.mean(gaps)), *interval(gaps))
    centre, low, high = _ratio(values, others)
    if measure == "change":
        return 100.0 * (centre - 1.0), 100.0 * (low - 1.0), 100.0 * (high - 1.0)
    return centre, low, high


def _ratio(values: Sequence[float], others: Sequence[float]) -> tuple[float, float, float]:
    """Geometric mean of paired ratios; of means, without interval, where one of them is 0."""
    if min(*values, *others) <= 0.0:
        below = float(np.mean(others))
        return (float(np.mean(values)) / below if below else math.nan), math.nan, math.nan
    logs = [math.log(mine / other) for mine, other in zip(values, others, strict=True)]
    low, high = interval(logs)
    return math.exp(float(np.mean(logs))), math.exp(low), math.exp(high)


def _scenario(row: Comparable) -> str:
    return row.scenario


def _compared(
    scenario: str, rows: list[Comparable], folder: Path, seeds: Sequence[int], progress: Watcher | None
) -> Comparison:
    from exocosm.model import load
    from exocosm.study.comparison import compare

    model = load(scenario)
    arms = dict.fromkeys(
        name for row in rows for name in (row.arm, row.against) if name not in ("", BASELINE)
    )
    changes = {name: model.arm(name) for name in arms} or None
    return compare(model, changes, seeds=seeds, out=folder, progress=progress)


def _at(run: Run, row: Comparable) -> float:
    """The outcome at the time of a row, at the end if it names none."""
    course = run.summary[row.outcome]
    if row.at_h is None:
        return float(course.iloc[-1])
    return float(course.iloc[int(np.argmin(np.abs(course.index.to_numpy() - row.at_h)))])


def _bounds(row: Row) -> tuple[float, float] | None:
    """Low and high of a row, its value where it has no range."""
    low = row.low if row.low is not None else row.value
    high = row.high if row.high is not None else row.value
    return None if low is None or high is None else (low, high)
