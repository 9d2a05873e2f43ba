"""Every assay scenario with what was expected of it before it was run, and what came.

Writes its section of `docs/validation.md`, with `make validation-page`. How long each takes:
`benchmarks/assay_times.py`.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from exocosm.library import scenario_names
from exocosm.model import Model, load
from exocosm.results import display
from exocosm.results.expected import Judged, judged
from exocosm.study import Comparison, compare
from sections import PAGE, ROOT, write_section

ORDER = ("met", "too small", "undecided", "not met")
TEMPLATE = """## Assays: what was expected, and what came

What each assay scenario was expected to show was written into its file and committed before its first run;
what failed is left standing. Verdicts are of {seeds} seeds: *met* when the 95 % interval of the paired
difference is on its side of zero, *too small* when it is but no assay would see it, *undecided* when it holds
zero.
`benchmarks/assays.py` wrote this section.

{counts}

{verdicts}
"""


def assays() -> list[str]:
    """Names of the shipped scenarios of which something is expected."""
    return [name for name in scenario_names() if load(name).expectation]


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


def counts(rows: list[tuple[str, list[Judged]]]) -> str:
    """How many expectations of each scenario got which verdict."""
    lines = ["| scenario | met | too small | undecided | not met |", "|---" * 5 + "|"]
    for name, found in rows:
        each = Counter(one.verdict for one in found)
        lines.append(f"| `{name}` | " + " | ".join(str(each[verdict]) for verdict in ORDER) + " |")
    return "\n".join(lines)


def main() -> None:
    """Run all assays and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3, help="pairs of each comparison")
    parser.add_argument("--runs", type=Path, default=ROOT / "runs" / "assays", help="folder of the runs")
    options = parser.parse_args()
    rows = []
    for name in assays():
        model = load(name)
        rows.append((name, judged(model, compared(model, options.runs / name, options.seeds).runs)))
        print(name)
    verdicts = "\n\n".join(verdicts_of(name, found) for name, found in rows)
    write_section("assays", TEMPLATE.format(seeds=options.seeds, counts=counts(rows), verdicts=verdicts))
    print(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
