"""Tables of Exocosm beside the peer: speed, memory, errors of fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cases import CASES
from measure import median, spread
from verdicts import Summaries, beyond_libraries, pair_ratios, ratio

SIDES = ("exocosm", "pyphysicell")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cases_of(found: Summaries) -> list[str]:
    """Names of the cases that were measured, in order."""
    return [name for name in CASES if name in found]


def speeds(found: Summaries) -> str:
    """Seconds per simulated hour and their ratio."""
    rows = []
    for name in cases_of(found):
        runs = found[name]["runs"]
        hours = [spread([run["seconds_per_hour"] for run in runs[side]]) for side in SIDES]
        pairs = pair_ratios(found[name])
        times = f"**{ratio(found[name]):.1f}** ({min(pairs):.1f}–{max(pairs):.1f})"
        size = f"{found[name]['minutes']:g} min, {len(pairs)} pairs"
        rows.append((f"{name}: {found[name]['title']}", *hours, times, size))
    header = ("case", "Exocosm, s per simulated hour", "pyphysicell 0.1.4", "times as fast", "simulated")
    return table(header, rows)


def memories(found: Summaries) -> str:
    """Peak memory with and without libraries, and cells at the end."""
    rows = []
    for name in cases_of(found):
        both = [found[name]["runs"][side] for side in SIDES]
        peaks = [
            f"{median(runs, 'memory_mb'):.0f} ({sorted(map(beyond_libraries, runs))[len(runs) // 2]:.0f})"
            for runs in both
        ]
        rows.append((name, *peaks, *(f"{runs[-1]['cells']:,}" for runs in both)))
    header = ("case", "Exocosm, MB", "pyphysicell, MB", "cells at the end", "the peer's")
    return table(header, rows)


def errors(found: Summaries) -> str:
    """Relative errors of the final fields, in %."""
    rows = []
    for name in cases_of(found):
        both = [found[name]["errors"][side] for side in SIDES]
        for kind, text in (
            ("everywhere", "oxygen everywhere"),
            ("in_ball", "oxygen in the ball"),
            ("in_ball_at_end", "the same at the end of a step"),
        ):
            rows.append((name, text, *(f"{100 * side['oxygen'][kind]:.2f}" for side in both)))
        if "slow" in both[0]:
            for kind, text in (
                ("field", "slow substrates, when solved"),
                ("late", "slow substrates, just before the next step"),
                ("amount", "amount of slow substrates"),
            ):
                rows.append((name, text, *(f"{100 * side['slow'][kind]:.2f}" for side in both)))
    return table(("case", "error, %", "Exocosm", "pyphysicell"), rows)
