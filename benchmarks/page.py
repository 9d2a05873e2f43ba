"""The generated section of `docs/benchmarks.md`: tables of what was measured, beside what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from cases import CASES
from measure import median, spread
from verdicts import Summaries, beyond_libraries, pair_ratios, per_cell, ratio, verdicts

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- bench: begin (written by `make bench`) -->", "<!-- bench: end -->"
SIDES = ("exocosm", "pyphysicell")
HALF = 0.5


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cases_of(found: Summaries) -> list[str]:
    """Names of the cases that were measured, in order."""
    return [name for name in CASES if name in found]


def asked(found: Summaries) -> str:
    """What was asked and what was found."""
    rows = [(what, got, "yes" if met else "**no**") for what, got, met in verdicts(found)]
    return "\n\n".join([table(("asked", "found", "met"), rows), *_short_of_aims(found)])


def _short_of_aims(found: Summaries) -> list[str]:
    """What the machine would allow, where a case falls short of its aim."""
    short = [name for name in cases_of(found) if ratio(found[name]) < found[name]["aim"]]
    if not short or not {"bounds", "E100"} <= set(found):
        return []
    took, least, others = at_bounds(found["bounds"])
    peer = median(found["E100"]["runs"]["pyphysicell"], "seconds_per_hour")
    return [
        f"Short of the aim: {', '.join(short)}. In E100 the kernels take {took:.2f} s per simulated hour and "
        f"would take {least:.2f} s at the bounds of the machine (below); with all else as it is that would be "
        f"{peer / (least + others):.0f} times as fast as the peer."
    ]


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
            f"{row['milliseconds']:.2f}",
            f"{row['moved_mb']:.1f}",
            f"{row['operations_m']:.1f}",
            f"{row['bound_milliseconds']:.2f}, {row['bound_by']}",
            f"{100 * row['share']:.0f} %",
        )
        for row in part["kernels"]
    ]
    header = (
        "kernel", "s per simulated hour", "on coarser grids", "ms a call", "MB moved", "10⁶ operations",
        "bound, ms", "share of bound",
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


SECTIONS: tuple[tuple[str, str, Callable[[Summaries], str]], ...] = (
    ("Speed", "", speeds),
    ("Memory", "", memories),
    ("Accuracy", "", errors),
    ("A million cells", "million", million),
    ("The second thread", "threads", threads),
    ("Recording", "recording", recording),
    ("What the machine could do", "bounds", bounds),
    ("Start-up", "startup", startup),
)


def report(found: Summaries) -> str:
    """All sections that can be written from what was measured."""
    parts = ["### Asked and found", asked(found), "![Speed and errors of both sides](images/bench.png)"]
    for title, part, section in SECTIONS:
        if part in found or (not part and cases_of(found)):
            parts += [f"### {title}", section(found)]
    return "\n\n".join([*parts, provenance(found)])


def provenance(found: Summaries) -> str:
    """On what machine, when, and from how many states of the sources."""
    machines = sorted({part["machine"] for part in found.values()})
    dates = sorted({part["date"] for part in found.values()})
    states = {run["sources"] for run in _runs(found) if "sources" in run}
    mixed = f" The figures come from {len(states)} states of the sources." if len(states) > 1 else ""
    when = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
    return f"Measured on {'; '.join(machines)}, {when}.{mixed}"


def _runs(value: Any) -> Iterable[dict[str, Any]]:
    """Every measurement inside a summary."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _runs(inner)


def write_page(text: str) -> None:
    """Put `text` between the markers of the page."""
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")
