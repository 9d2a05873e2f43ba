"""Paired differences: the same seed with and without, subtracted, then averaged over seeds.

Both arms of a pair see the same random numbers for the same cell at the same time, so that their difference
holds the effect and not two independent noises. The interval is Student's t over seeds; with one seed
there is none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from exocosm.results.paired import interval
from exocosm.study.outcomes import outcomes

if TYPE_CHECKING:
    import pandas

    from exocosm.results import Run

COLUMNS = (
    *("group", "outcome", "unit", "arm", "baseline", "value", "difference", "low", "high"),
    *("variance", "unpaired_variance", "column"),
)


def variance(values: Sequence[float]) -> float:
    """Sample variance; NaN for fewer than two values."""
    return float(np.var(values, ddof=1)) if len(values) > 1 else math.nan


def _with_values(
    before: Sequence[pandas.Series[Any]], after: Sequence[pandas.Series[Any]], column: str
) -> tuple[list[float], list[float]]:
    """Values of a column in both arms, for the pairs in which both have one."""
    pairs = [
        (float(old.get(column, 0.0)), float(new.get(column, 0.0)))
        for old, new in zip(before, after, strict=True)
    ]
    kept = [pair for pair in pairs if not any(map(math.isnan, pair))]
    return [old for old, _ in kept], [new for _, new in kept]


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else math.nan


def differences(baseline: Sequence[Run], arms: Mapping[str, Sequence[Run]]) -> pandas.DataFrame:
    """A row per outcome and arm, with the columns of `COLUMNS`.

    `baseline` and `value` are means over seeds at the last summary record; `column` names the summary column.
    `variance` is that of the paired difference, `unpaired_variance` that of the difference of two runs with
    seeds of their own: the sum of the variances of both arms. What an arm has no mechanism for has no column
    there and counts as nothing; pairs of which one has no value, such as the mean of no cells, are left out.
    """
    import pandas

    before = [run.summary.iloc[-1] for run in baseline]
    rows = []
    after = {label: [run.summary.iloc[-1] for run in runs] for label, runs in arms.items()}
    columns = dict.fromkeys(column for rows in (before, *after.values()) for column in rows[0].index)
    for name in outcomes(columns):
        for label in arms:
            old, new = _with_values(before, after[label], name.column)
            gaps = [b - a for a, b in zip(old, new, strict=True)]
            low, high = interval(gaps)
            rows.append(
                {
                    "group": name.group,
                    "outcome": name.text,
                    "unit": name.unit,
                    "arm": label,
                    "baseline": _mean(old),
                    "value": _mean(new),
                    "difference": _mean(gaps),
                    "low": low,
                    "high": high,
                    "variance": variance(gaps),
                    "unpaired_variance": variance(old) + variance(new),
                    "column": name.column,
                }
            )
    return pandas.DataFrame(rows, columns=list(COLUMNS))
