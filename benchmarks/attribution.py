"""What pairing gains in an attribution of `hcc-nodule` at 72 h: variances of paired and unpaired differences.

Writes the measured part of `docs/attribution.md`. Run it with `make attribution-page`; it takes about twenty
minutes on two cores, and goes on where it stopped.
"""

from __future__ import annotations

import argparse
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from exocosm.model import load
from exocosm.results import display
from exocosm.study import Attribution, attribute
from exocosm.study.attribution.table import remarks
from exocosm.study.table import number

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "attribution.md"
PART = re.compile(r"(?<=<!-- measured -->\n).*?(?=<!-- end of measured -->)", flags=re.DOTALL)
SCENARIO, CARGOS = "hcc-nodule", ("PD-L1", "YWHAZ")
OUTCOMES = ("viable_tumour", "viable_CD8", "exhaustion_of_CD8", "M2_of_macrophage", "activation_of_stellate")
TEMPLATE = """
`hcc-nodule` over the two cargos that wear out its T cells, with {seeds} seeds
(`benchmarks/attribution.py` wrote this, `make attribution-page`). What each adds to {outcome}, after
{hours:g} h, with 95 % intervals:

{estimates}

{remarks}

The variance of a difference between runs on the same random numbers, beside that between runs with seeds of
their own, for what is left out:

{gains}

"""


def asked(outcome: str, seeds: int, folder: Path, progress: Any) -> Attribution:
    """The attribution of one outcome; all outcomes share the runs, made one after the other."""
    with ThreadPoolExecutor(1) as one:
        return attribute(
            load(SCENARIO),
            outcome,
            only=CARGOS,
            seeds=range(1, seeds + 1),
            out=folder / SCENARIO,
            executor=one,
            progress=progress,
            say=print,
        )


def estimates(found: Attribution) -> str:
    """Rows of cargos, columns of estimates."""
    lines = ["| cargo | Shapley value | leave one out | add one in |", "|---|---|---|---|"]
    for row in found.table.to_dict("records"):
        cells = [_estimate(row, kind) for kind in ("shapley", "leave_one_out", "add_one_in")]
        lines.append(f"| {row['player']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _estimate(row: Any, kind: str) -> str:
    low, high = (number(row[f"{kind}_{end}"], signed=True) for end in ("low", "high"))
    return f"{number(row[kind], signed=True)} ({low} to {high})"


def gains(every: list[Attribution]) -> str:
    """Rows of outcomes and of what is left out; both at once is the whole against nobody."""
    lines = ["| outcome | left out | paired | unpaired | unpaired over paired |", "|---|---|---|---|---|"]
    for found in every:
        rows = [
            (row["player"], row["variance"], row["unpaired_variance"])
            for row in found.table.to_dict("records")
        ]
        for name, paired, unpaired in (*sorted(rows), ("both", *found.pairing)):
            ratio = number(unpaired / paired) if paired else "the same in every pair"
            lines.append(f"| {found.measure.text} | {name} | {paired:.3g} | {unpaired:.3g} | {ratio} |")
    return "\n".join(lines)


def main() -> None:
    """Run what is missing, then write the measured part of the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=ROOT / "runs" / "attribution")
    given = parser.parse_args()
    with display() as progress:
        every = [asked(outcome, given.seeds, given.folder, progress) for outcome in OUTCOMES]
    first = every[0]
    text = TEMPLATE.format(
        seeds=len(first.seeds),
        outcome=first.measure.text,
        hours=first.time_h,
        estimates=estimates(first),
        remarks="\n\n".join(remarks(first)),
        gains=gains(every),
    )
    PAGE.write_text(PART.sub(lambda _: text.lstrip("\n"), PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
