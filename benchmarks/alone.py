"""Tables of Exocosm by itself: a million cells, threads, recording, kernels beside the machine, start-up."""

from __future__ import annotations

from typing import Any

from beside import table
from measure import spread
from verdicts import Summaries, beyond_libraries, per_cell

HALF = 0.5


def million(found: Summaries) -> str:
    """A million cells, and a tenth of them."""
    part = found["million"]
    runs = [("large", part["large"]), *(("small", run) for run in part["small"])]
    rows = [
        (
            f"{run['cells']:,}",
            f"{run['size'] / 1000:.2f} mm",
            f"{run['seconds_per_hour']:.1f}",
            f"{run['microseconds_per_cell_minute']:.2f}",
            f"{run['memory_mb']:.0f} ({beyond_libraries(run):.0f})",
            f"{run['set_up']:.1f}",
        )
        for _, run in runs
    ]
    header = ("cells", "cube", "s per simulated hour", "µs per cell and min", "peak memory, MB", "set-up, s")
    costs = sorted(part["large"]["costs"].items(), key=lambda item: -item[1])
    whole = sum(part["large"]["costs"].values())
    shares = ", ".join(f"{name} {100 * spent / whole:.0f} %" for name, spent in costs if spent > 0.01 * whole)
    text = f"A cell costs {per_cell(part):.2f} times as much in the large ball. Its time goes to: {shares}."
    return f"{table(header, rows)}\n\n{text}"


def threads(found: Summaries) -> str:
    """Gain of the second thread by process."""
    part = found["threads"]
    rows = [
        (
            row["process"],
            f"{row['one']:.3g}",
            f"{row['two']:.3g}",
            f"{100 * row['share']:.0f} %",
            f"{row['gain']:.2f}",
        )
        for row in part["rows"]
    ]
    header = ("process", "1 thread, s per simulated hour", "2 threads", "share", "gain")
    pairs = f"Gain within pairs of runs: {spread(part['pairs'])}, case {part['case']}."
    return f"{table(header, rows)}\n\n{pairs}"


def recording(found: Summaries) -> str:
    """Where the CPU time of recording goes."""
    kinds = ("summary", "cells", "fields", "checkpoint")
    rows = []
    for run in found["recording"]["runs"]:
        each = [f"{1000 * run['each'][kind]:.0f}" if kind in run["each"] else "–" for kind in kinds]
        name = run["model"] + (", hourly checkpoints" if run["checkpoints"] else "")
        per_hour = run["cpu_seconds"] / (run["hours"] - 1.0)
        rows.append((name, f"{per_hour:.2f}", f"{100 * run['share']:.1f} %", *each))
    header = ("run", "CPU s per simulated hour", "recording", *(f"{kind}, ms" for kind in kinds))
    return table(header, rows)


def bounds(found: Summaries) -> str:
    """Kernels beside the machine."""
    part = found["bounds"]
    whole = part["seconds_per_hour"]
    rates = table(
        ("threads", "memory, GB/s", "cache, GB/s", "10⁹ operations/s", "10⁹ divisions/s", "10⁹ exp/s"),
        [
            (
                f"{rate['threads']}",
                *(
                    f"{rate[name] / 1e9:.3g}"
                    for name in ("memory", "cache", "multiply_add", "division", "exponential")
                ),
            )
            for rate in part["rates"]
        ],
    )
    rows = [
        (
            f"`{row['kernel']}`",
            f"{row['seconds_per_hour']:.3f}",
            f"{row['coarser_seconds_per_hour']:.3f}",
            f"{100 * (row['seconds_per_hour'] + row['coarser_seconds_per_hour']) / whole:.0f} %",
            f"{row['milliseconds']:.2f}",
            f"{row['moved_mb']:.1f}",
            f"{row['operations_m']:.1f}",
            f"{row['bound_milliseconds']:.2f}, {row['bound_by']}",
            f"{100 * row['share']:.0f} %",
        )
        for row in part["kernels"]
    ]
    header = (
        "kernel", "s per simulated hour", "on coarser grids", "share of the hour", "ms a call", "MB moved",
        "10⁶ operations", "bound, ms", "share of bound",
    )  # fmt: skip
    under = [f"- `{row['kernel']}`: {row['why']}." for row in part["kernels"] if row["share"] < HALF]
    why = (
        "\n".join(["Under half of their bound:", "", *under]) if under else "None is under half of its bound."
    )
    return "\n\n".join([rates, table(header, rows), why, _at_its_bound(part)])


def _at_its_bound(part: dict[str, Any]) -> str:
    took, least, others = at_bounds(part)
    return (
        f"Of {took + others:.2f} s per simulated hour ({part['case']}) these kernels take {took:.2f} s, and "
        f"coarser grids and all else {others:.2f} s. At their bounds the kernels would take {least:.2f} s."
    )


def at_bounds(part: dict[str, Any]) -> tuple[float, float, float]:
    """Seconds per simulated hour of the kernels, of them at their bounds, and of all else."""
    took = sum(row["seconds_per_hour"] for row in part["kernels"])
    least = sum(row["seconds_per_hour"] * min(row["share"], 1.0) for row in part["kernels"])
    return took, least, part["seconds_per_hour"] - took


def startup(found: Summaries) -> str:
    """Seconds from the start of the process to each stage."""
    part = found["startup"]
    stages = list(part["first"])
    low, high = part["later_range"]
    rows = [
        ("first, empty cache", *(f"{part['first'][stage]:.2f}" for stage in stages)),
        ("later", *(f"{part['later'][stage]:.2f}" for stage in stages)),
    ]
    imports = (
        f"`import exocosm` takes {1000 * part['import']['import']:.1f} ms; with `load`, `run` and `compare` "
        f"{part['import']['names']:.2f} s. Later starts: first step within {low:.2f}–{high:.2f} s in "
        f"{part['repeats']} starts of `{part['scenario']}`; the first compiles all kernels, once."
    )
    return f"{table(('start', *stages), rows)}\n\n{imports}"
