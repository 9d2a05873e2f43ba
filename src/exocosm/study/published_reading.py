"""What is read off one run for a row of `comparisons.csv`, and what a publication leaves open.

An outcome is a column of the summary, the quotient of two (`a / b`), or the share of the live cells of a type
whose recorded column is above zero (`share of Huh7 with vesicles.labelled`).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from exocosm.ground.errors import RunError
from exocosm.library import Row, evidence, mechanism
from exocosm.library.mechanisms import SIGNS

if TYPE_CHECKING:
    from exocosm.library.comparisons import Comparable
    from exocosm.results import Run

SHARE, WITH = "share of ", " with "
SIGN = "sign"
ROUNDED = 1e-3
"""Hours by which a time in the table may differ from that of a record, as it is written to a few digits."""


def outcome_of(run: Run, row: Comparable) -> float:
    """The outcome of a row in a run, at its time or at the end.

    Raises KeyError for an unknown column, RunError for a time that was not recorded.
    """
    if row.outcome.startswith(SHARE):
        return _share(run, row)
    above, _, below = row.outcome.partition(" / ")
    value = _at(run, above, row.at_h)
    if not below:
        return value
    by = _at(run, below, row.at_h)
    return value / by if by else math.nan


def columns_of(outcome: str) -> list[str]:
    """The columns of summary or table of cells that an outcome names."""
    if outcome.startswith(SHARE):
        return [outcome.partition(WITH)[2]]
    return outcome.split(" / ")


def published_row(row: Comparable) -> Row:
    """The row of the evidence; of a mechanism whose sign is predicted, with its direction as the value."""
    found = evidence(row.evidence)
    if row.measure != SIGN:
        return found
    direction = mechanism(row.evidence).direction
    return replace(found, value=float(SIGNS[direction]), low=None, high=None, unit=f"({direction})")


def bounds(row: Row) -> tuple[float, float] | None:
    """Low and high of a row, its value where it has no range; open where only one bound was published."""
    if row.value is None and row.low is None and row.high is None:
        return None
    at_least = row.low is not None and row.high is None and row.value in (None, row.low)
    at_most = row.high is not None and row.low is None and row.value in (None, row.high)
    low = row.value if row.low is None else row.low
    high = row.value if row.high is None else row.high
    if at_least:
        high = math.inf
    if at_most:
        low = -math.inf
    assert low is not None
    assert high is not None
    return low, high


def _share(run: Run, row: Comparable) -> float:
    kind, _, column = row.outcome.removeprefix(SHARE).partition(WITH)
    cells = run.cells(row.at_h).obs
    mine = cells[(cells["type"] == kind) & (cells["state"] == "live")]
    return float((mine[column] > 0).mean())


def _at(run: Run, column: str, at_h: float | None) -> float:
    course = run.summary[column]
    if at_h is None:
        return float(course.iloc[-1])
    far = np.abs(course.index.to_numpy() - at_h)
    nearest = int(far.argmin())
    if far[nearest] > ROUNDED:
        raise RunError(
            f"{column}: nothing was recorded at {at_h:g} h; nearest record: {course.index[nearest]:.4g} h"
        )
    return float(course.iloc[nearest])
