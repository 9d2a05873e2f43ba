"""What the second thread is worth on a case: one run with 1 and one with 2 threads, each in its own process.

The driver lets them take turns; this script tells the gain of each process from their costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

LEAST_SHARE = 0.005  # of the time on one thread; smaller processes are summed up as "others"


def gains(
    one: Sequence[dict[str, Any]], two: Sequence[dict[str, Any]], minutes: float
) -> list[dict[str, Any]]:
    """Rows of process, seconds per simulated hour on 1 and on 2 threads, share of the latter, and gain.

    `one` and `two` are results of `exocosm_side.measure`; medians over runs; the last row is the whole.
    """
    names = sorted(one[0]["costs"], key=lambda name: -median(run["costs"][name] for run in one))
    hour = 60.0 / minutes
    rows = [
        {"process": name, "one": hour * median(_of(one, name)), "two": hour * median(_of(two, name))}
        for name in names
    ]
    whole = {
        "process": "all",
        "one": median(run["seconds_per_hour"] for run in one),
        "two": median(run["seconds_per_hour"] for run in two),
    }
    kept = [row for row in rows if row["one"] >= LEAST_SHARE * whole["one"]]
    rest: dict[str, Any] = {"process": "others"}
    for side in ("one", "two"):
        rest[side] = max(whole[side] - sum(row[side] for row in kept), 0.0)
    return [
        row | {"share": row["two"] / whole["two"], "gain": row["one"] / row["two"] if row["two"] else 1.0}
        for row in [*kept, rest, whole]
    ]


def _of(runs: Sequence[dict[str, Any]], name: str) -> list[float]:
    return [run["costs"][name] for run in runs]
