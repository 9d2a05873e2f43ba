"""The generated section of `docs/benchmarks.md`: tables of what was measured, beside what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from alone import at_bounds, bounds, million, recording, startup, threads
from beside import cases_of, errors, memories, speeds, table
from measure import median
from verdicts import Summaries, ratio, verdicts

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- bench: begin (written by `make bench`) -->", "<!-- bench: end -->"


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
        f"would take {least:.2f} s at the bounds of the machine (below); with all else as it is that would "
        f"be {peer / (least + others):.0f} times as fast as the peer."
    ]


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
