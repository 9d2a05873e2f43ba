"""Published outcomes beside what the shipped scenarios predict for them, with the interval of each.

Arms of a scenario run on the same seeds, so that a ratio or difference of two arms is one of pairs. Its
interval is Student's t over seeds, of logarithms where a ratio is taken: it says how sure the simulation is
of its own answer, not how sure its numbers are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from exocosm.library.comparisons import Comparable, comparables
from exocosm.model.expectations import BASELINE
from exocosm.results.expected import SEEN
from exocosm.results.paired import interval
from exocosm.study.published_reading import SIGN, bounds, outcome_of, published_row

if TYPE_CHECKING:
    from exocosm.library import Row
    from exocosm.model import Model
    from exocosm.results import Run
    from exocosm.results.progress import Watcher

FINISHED = "complete"
AGREES, OVERLAP, SAME_SIGN = GOOD = ("agrees", "intervals overlap", "right sign")
"""The verdicts that count as agreement."""


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
        published = bounds(self.published)
        if published is None or math.isnan(self.value):
            return "no number to compare" if published is None else "nothing predicted"
        if self.row.measure == SIGN:
            return self._of_sign(published[0])
        low, high = published
        mine = (self.value, self.value) if math.isnan(self.low) else (self.low, self.high)
        if mine[1] >= low and mine[0] <= high:
            return OVERLAP if low < high < math.inf else AGREES
        return f"too {'low' if self.value < low else 'high'}{self._by(low if self.value < low else high)}"

    def within(self, factor: float) -> bool:
        """Whether the prediction lies within that factor of the published range."""
        published = bounds(self.published)
        if published is None or math.isnan(self.value):
            return False
        if self.row.measure == SIGN:
            return self.verdict in GOOD
        ends = [bound * by for bound in published for by in (factor, 1.0 / factor)]
        return min(ends) <= self.value <= max(ends)

    @property
    def inside(self) -> bool:
        """Whether the predicted value itself lies in the published range; of a sign, whether it is right."""
        published = bounds(self.published)
        if published is None or self.row.measure == SIGN:
            return self.verdict == SAME_SIGN
        return published[0] <= self.value <= published[1]

    def _of_sign(self, sign: float) -> str:
        """The verdict of a change in percent, of which only the sign was published."""
        ends = [self.value, self.value] if math.isnan(self.low) else [self.low, self.high]
        if max(map(abs, ends)) < 100.0 * SEEN:
            return "too small to be seen"
        if ends[0] <= 0.0 <= ends[1]:
            return "undecided"
        return SAME_SIGN if self.value * sign > 0 else "wrong sign"

    def _by(self, bound: float) -> str:
        if self.value * bound <= 0:
            return f" by {abs(self.value - bound):.3g}; the sign is another" if self.value * bound < 0 else ""
        factor = max(self.value / bound, bound / self.value)
        return f" by {factor:.{2 if factor > 1.1 else 3}g} times"


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
        made = _made(scenario, mine, folder / scenario, seeds, progress)
        found |= {row.id: read(row, made) for row in mine}
    return [found[row.id] for row in wanted]


def read(row: Comparable, runs: Mapping[str, Sequence[Run]]) -> Prediction:
    """The prediction of one row from runs by label of arm. Raises KeyError for an unknown arm or column."""
    values = [outcome_of(run, row) for run in runs[row.arm or BASELINE]]
    others = [outcome_of(run, row) for run in runs[row.against or BASELINE]]
    value, low, high = measured(row.measure, values, others)
    ends = sorted((low * row.scale, high * row.scale))
    return Prediction(row, published_row(row), value * row.scale, *ends)


def measured(measure: str, values: Sequence[float], others: Sequence[float]) -> tuple[float, float, float]:
    """Value with interval of `measure` over pairs: a value, a ratio, a difference or a change (sign)."""
    if measure == "value":
        return (float(np.mean(values)), *interval(values))
    if measure == "difference":
        gaps = [mine - other for mine, other in zip(values, others, strict=True)]
        return (float(np.mean(gaps)), *interval(gaps))
    centre, low, high = _ratio(values, others)
    if measure in ("change", SIGN):
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


def _made(
    scenario: str, rows: list[Comparable], folder: Path, seeds: Sequence[int], progress: Watcher | None
) -> Mapping[str, Sequence[Run]]:
    """The runs of a scenario that its rows need, by label of arm; those that are there already are kept."""
    from exocosm.model import load
    from exocosm.study.comparison import compare

    model = load(scenario)
    arms = dict.fromkeys(
        name for row in rows for name in (row.arm, row.against) if name not in ("", BASELINE)
    )
    if not arms:
        return {BASELINE: [_alone(model, seed, folder / f"seed-{seed}", progress) for seed in seeds]}
    changes = {name: model.arm(name) for name in arms}
    return compare(model, changes, seeds=seeds, out=folder, progress=progress).runs


def _alone(model: Model, seed: int, folder: Path, progress: Watcher | None) -> Run:
    from exocosm.results import Run, resume, run

    if not folder.exists():
        return run(model, seed=seed, out=folder, progress=progress)
    found = Run.open(folder)
    return found if found.status == FINISHED else resume(folder, progress=progress)
