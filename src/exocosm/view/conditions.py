"""Arms that differ only in their seed are one condition; conditions are compared seed by seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from exocosm.results.paired import interval
from exocosm.view.arms import Arm, short
from exocosm.view.columns import Column, read_columns

OF_CELLS = ("tumour", "cells", "density", "fraction", "state")
"""Kinds of columns that tell what cells did, and not what vesicles or cargo did."""


@dataclass(frozen=True)
class Condition:
    """What was changed, under one label, with its arms in the order given."""

    label: str
    changes: tuple[str, ...]
    arms: tuple[Arm, ...]

    @property
    def short(self) -> str:
        """A name of a few words, for a key or a row of a picture."""
        return short(self.label)

    def rows(self, hour: float) -> dict[str, pd.Series]:
        """The last summary row up to `hour` of each arm, by seed."""
        return {arm.seed: arm.run.summary.loc[: hour + 1e-9].iloc[-1] for arm in self.arms}


@dataclass(frozen=True)
class Difference:
    """One condition against the first at one column: means over seeds, and the paired differences."""

    value: float
    paired: tuple[float, ...]
    baseline: float

    @property
    def mean(self) -> float:
        """Mean paired difference."""
        return float(np.mean(self.paired)) if self.paired else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """95 % confidence interval of the mean difference; NaN with one seed."""
        return interval(self.paired)

    @property
    def told_from_none(self) -> bool:
        """Whether the interval leaves out zero; with one seed, whether there is a difference at all."""
        low, high = self.interval
        return bool(self.mean) and self.mean == self.mean and not low <= 0 <= high

    @property
    def relative(self) -> float:
        """Mean paired difference relative to the first condition; NaN where that is zero."""
        return self.mean / self.baseline if self.baseline else float("nan")


def group(arms: list[Arm]) -> list[Condition]:
    """Conditions in the order in which they first appear."""
    grouped: dict[tuple[object, ...], list[Arm]] = {}
    for arm in arms:
        grouped.setdefault((arm.scenario, arm.condition, arm.changes), []).append(arm)
    names = [str(key[1]) for key in grouped]
    return [
        Condition(
            name if names.count(name) == 1 else f"{members[0].scenario}: {name}",
            members[0].changes,
            tuple(members),
        )
        for name, members in zip(names, grouped.values(), strict=True)
    ]


def paired(conditions: list[Condition]) -> bool:
    """Whether all differ from the first by their changes alone: one scenario, seeds in common."""
    first = conditions[0]
    seeds = {arm.seed for arm in first.arms}
    return len(conditions) > 1 and all(
        other.arms[0].scenario == first.arms[0].scenario
        and other.changes != first.changes
        and seeds & {arm.seed for arm in other.arms}
        for other in conditions[1:]
    )


def common_hour(arms: list[Arm]) -> float:
    """The last time that all arms have reached, h."""
    return min(arm.hours for arm in arms)


def names(conditions: list[Condition]) -> list[str]:
    """Short names where they tell the conditions apart, else their labels."""
    brief = [condition.short for condition in conditions]
    return [name if brief.count(name) == 1 else c.label for name, c in zip(brief, conditions, strict=True)]


def known_columns(arms: list[Arm]) -> list[Column]:
    """All summary columns that the report can name, over all arms."""
    return read_columns(dict.fromkeys(key for arm in arms for key in arm.run.summary.columns))


def value_of(condition: Condition, key: str, hour: float) -> float:
    """Mean over seeds of a column at `hour`; a column that an arm lacks counts as nothing."""
    return float(np.mean([float(row.get(key, 0.0)) for row in condition.rows(hour).values()]))


def difference(first: Condition, other: Condition, key: str, hour: float) -> Difference:
    """`other` minus `first` at one column, over the seeds of which both have a value."""
    base, changed = first.rows(hour), other.rows(hour)
    pairs = [
        (float(base[seed].get(key, 0.0)), float(changed[seed].get(key, 0.0)))
        for seed in changed
        if seed in base
    ]
    pairs = [pair for pair in pairs if pair[0] == pair[0] and pair[1] == pair[1]]
    if not pairs:
        return Difference(float("nan"), (), float("nan"))
    before, after = (float(np.mean(values)) for values in zip(*pairs, strict=True))
    return Difference(after, tuple(new - old for old, new in pairs), before)


def same_cells(first: Condition, other: Condition) -> bool:
    """Whether every count of cells is equal at every common record of every pair of seeds."""
    partners = {arm.seed: arm for arm in first.arms}
    pairs = [(partners[arm.seed], arm) for arm in other.arms if arm.seed in partners]
    return bool(pairs) and all(_same_cells(a, b) for a, b in pairs)


def _same_cells(one: Arm, two: Arm) -> bool:
    columns = [c.key for c in known_columns([one, two]) if c.kind in OF_CELLS]
    a, b = one.run.summary.reindex(columns=columns), two.run.summary.reindex(columns=columns)
    times = a.index.intersection(b.index)
    return len(times) > 0 and bool(np.array_equal(a.loc[times], b.loc[times], equal_nan=True))
