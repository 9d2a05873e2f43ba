"""Every assay scenario with what was expected of it before it was run: what came, and how long it takes.

Writes its section of `docs/validation.md`, with `make validation-page`. Times are those of one comparison
with one seed, all arms, on the cores of this machine; verdicts are of several seeds.
"""

from __future__ import annotations

import argparse
import shutil
import time
from collections import Counter
from pathlib import Path

from exocosm.library import scenario_names
from exocosm.model import Model, load
from exocosm.results import display
from exocosm.results.expected import Judged, judged
from exocosm.study import Comparison, compare
from exocosm.study.arms import cores
from sections import PAGE, ROOT, write_section

MOST_SECONDS = 120.0
TEMPLATE = """## Assays: what was expected, and what came

What each assay scenario was expected to show was written into its file and committed before its first run;
what failed is left standing. Verdicts are of {seeds} seeds: *met* when the 95 % interval of the paired
difference is on its side of zero, *too small* when it is but no assay would see it, *undecided* when it holds
zero.
`benchmarks/assays.py` wrote this section.

{times}

{verdicts}
"""


def assays() -> list[str]:
    """Names of the shipped scenarios of which something is expected."""
    return [name for name in scenario_names() if load(name).expectation]


def timed(model: Model, folder: Path) -> float:
    """Wall-clock seconds of one comparison of all arms with one seed, compiled beforehand."""
    shutil.rmtree(folder, ignore_errors=True)
    begin = time.perf_counter()
    compare(model, seeds=[1], out=folder)
    return time.perf_counter() - begin


def compared(model: Model, folder: Path, seeds: int) -> Comparison:
    """All arms with several seeds; what is there already is kept."""
    with display() as progress:
        return compare(model, seeds=range(1, seeds + 1), out=folder, progress=progress)


def row(found: Judged) -> str:
    """An expectation with its numbers and its verdict, as a row of a table."""
    interval = "" if found.low != found.low else f" ({found.low:+.3g} to {found.high:+.3g})"
    numbers = f"{found.before:.4g} → {found.after:.4g}, {found.difference:+.3g}{interval}"
    return f"| {found.said} | {numbers} | {found.verdict} | {found.why} |".replace(" | | ", " |  | ")


def verdicts_of(name: str, found: list[Judged]) -> str:
    """The expectations of one scenario as a table."""
    head = f"### {name}\n\n| expected | found | verdict | because |\n|---|---|---|---|"
    return "\n".join([head, *map(row, found)])


def times_table(rows: list[tuple[str, Model, float, list[Judged]]]) -> str:
    """Time and counts of verdicts of each scenario."""
    lines = [
        "| scenario | arms | hours | seconds | met | too small | undecided | not met |",
        "|---" * 8 + "|",
    ]
    for name, model, seconds, found in rows:
        counts = Counter(each.verdict for each in found)
        shown = " | ".join(str(counts[verdict]) for verdict in ("met", "too small", "undecided", "not met"))
        lines.append(
            f"| `{name}` | {len(model.arms) + 1} | {model.duration / 60:g} | {seconds:.0f} | {shown} |"
        )
    slow = [name for name, _, seconds, _ in rows if seconds > MOST_SECONDS]
    told = f"Slower than {MOST_SECONDS:g} s: {', '.join(slow)}." if slow else ""
    return "\n".join([*lines, "", f"Seconds of one seed with all arms on {cores()} cores. {told}".strip()])


def main() -> None:
    """Run all assays and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3, help="pairs of each comparison")
    parser.add_argument("--runs", type=Path, default=ROOT / "runs" / "assays", help="folder of the runs")
    options = parser.parse_args()
    rows = []
    for name in assays():
        model = load(name)
        seconds = timed(model, options.runs / f"{name}-timed")
        made = compared(model, options.runs / name, options.seeds)
        rows.append((name, model, seconds, judged(model, made.runs)))
        print(f"{name}: {seconds:.0f} s")
    verdicts = "\n\n".join(verdicts_of(name, found) for name, _, _, found in rows)
    write_section("assays", TEMPLATE.format(seeds=options.seeds, times=times_table(rows), verdicts=verdicts))
    print(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
