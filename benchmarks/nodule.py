"""What the arms of `hcc-nodule` and `hcc-nodule-rich` did over seeds, beside what was published.

Writes `docs/nodule-results.md`. Run it with `make nodule-page`; it takes about half an hour on two cores, and
goes on where it stopped.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exocosm.library import evidence
from exocosm.model import Without, load
from exocosm.study import compare
from exocosm.study.table import number, remarks

if TYPE_CHECKING:
    from exocosm.results import Run
    from exocosm.study import Comparison

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "nodule-results.md"
SCENARIOS = ("hcc-nodule", "hcc-nodule-rich")
NO_ATTACK = "no-attack"
OUTCOMES = {
    "cells.tumour.live": "tumour cells",
    "viable_fraction.tumour": "viable fraction of the tumour",
    "necrotic_fraction.tumour": "necrotic fraction of the tumour",
    "density.CD8.core": "CD8 cells per mm³, core",
    "density.CD8.margin": "CD8 cells per mm³, margin",
    "fraction.exhausted.CD8": "exhausted fraction of CD8 cells",
    "fraction.M2-like.macrophage": "M2-like fraction of macrophages",
    "fraction.activated.stellate": "activated fraction of stellate cells",
    "state.M2.macrophage": "M2 of macrophages, mean",
    "state.activation.stellate": "activation of stellate cells, mean",
    "collagen.mean": "collagen laid down, µM",
}
RECIPIENTS = (
    *(("miR-21-5p", "macrophage"), ("miR-146a-5p", "macrophage"), ("miR-21-5p", "stellate")),
    *(("TGFB1", "stellate"), ("PD-L1", "CD8"), ("YWHAZ", "CD8")),
)
TEMPLATE = """# What the nodule did

Paired differences of the arms of `hcc-nodule` (the manifest of the literature) and `hcc-nodule-rich` (the
upper end of what can be assumed) after 72 h, over <seeds> seeds. `benchmarks/nodule.py` wrote this page
(`make nodule-page`). What the scenario holds stands in [The nodule](nodule.md). Intervals are Student's t at
95 %, without a correction for the number of outcomes; **bold** differences are those whose interval leaves
out zero.

<tables>

## Beside what was published

<published>

## Speed

<speed>
"""


def made_of(name: str, seeds: int, folder: Path) -> Comparison:
    """All arms of a scenario, and one without attack."""
    model = load(name)
    arms: dict[str, Any] = {label: arm.changes() for label, arm in model.arms.items()}
    return compare(
        model, arms | {NO_ATTACK: [Without("attack:CD8")]}, seeds=range(1, seeds + 1), out=folder / name
    )


def outcome_table(made: Comparison) -> list[str]:
    """Rows of outcomes, columns of arms: the baseline, then each difference with its interval."""
    table, arms = made.table, [label for label in made.runs if label != "baseline"]
    lines = [f"| outcome | baseline | {' | '.join(arms)} |", "|---" * (len(arms) + 2) + "|"]
    for column, words in OUTCOMES.items():
        rows = table[table["column"] == column].set_index("arm")
        if not rows.empty:
            cells = [_difference(rows.loc[label]) for label in arms]
            lines.append(f"| {words} | {number(float(rows['baseline'].iloc[0]))} | {' | '.join(cells)} |")
    return lines


def _difference(row: Any) -> str:
    if row["difference"] == row["low"] == row["high"] == 0:
        return "0"
    low, high = (number(row[end], signed=True) for end in ("low", "high"))
    text = f"{number(row['difference'], signed=True)} ({low} to {high})"
    return text if row["low"] <= 0 <= row["high"] else f"**{text}**"


def delivery_table(made: Comparison) -> list[str]:
    """Copies delivered beside the ceiling and the dose of the assay, in the baseline."""
    lines = [
        "| cargo | recipient | delivered | ceiling | offered in the assay | delivered over offered |",
        "|---|---|---|---|---|---|",
    ]
    runs = made.runs["baseline"]
    for cargo, recipient in RECIPIENTS:
        delivered, ceiling, assay = (
            _mean(runs, f"cargo.{cargo}.{what}.{recipient}")
            for what in ("per_cell_per_day", "ceiling_per_cell_per_day", "assay_per_cell")
        )
        share = f"{delivered / assay:.1e}" if assay else "–"
        values = " | ".join(number(value) for value in (delivered, ceiling, assay))
        lines.append(f"| {cargo} | {recipient} | {values} | {share} |")
    return lines


def _mean(runs: Sequence[Run], column: str) -> float:
    return sum(float(run.summary[column].iloc[-1]) for run in runs) / len(runs)


def kills(run: Run) -> tuple[int, float]:
    """Tumour cells seen dead by apoptosis after an attack at any record, and days lived by CD8 cells."""
    dead: set[str] = set()
    for time in run.cell_times:
        cells = run.cells(time).obs
        mine = (cells["type"] == "tumour") & (cells["state"] == "apoptotic") & (cells["attacked_time"] > 0)
        dead |= set(cells.index[mine])
    hours = run.summary["cells.CD8.live"]
    return len(dead), float(hours.mean()) * float(hours.index[-1]) / 24.0


def published(made: Comparison) -> list[str]:
    """What the nodule shows beside measured numbers that it was not fitted to."""
    lines = ["| evidence | what | published | here, mean over seeds |", "|---|---|---|---|"]
    for arm in ("baseline", "anti-PD-1"):
        pairs = [kills(run) for run in made.runs[arm]]
        each = sum(dead / days for dead, days in pairs) / len(pairs)
        row = evidence("cell-P093")
        lines.append(
            f"| cell-P093 | tumour cells killed per T cell and day ({arm}; all CD8 cells of the block) "
            f"| {row.given():g} | {each:.2f} |"
        )
    runs = made.runs["baseline"]
    oxygen = _mean(runs, "oxygen.at.tumour")
    lines.append(
        f"| cell-P015 | oxygen in liver tumours, mmHg | {evidence('cell-P015').given():g} | {oxygen:.1f} |"
    )
    around = _mean(runs, "oxygen.at.hepatocyte")
    lines.append(f"| cell-P016 | oxygen in liver, mmHg | {evidence('cell-P016').given():g} | {around:.1f} |")
    exhausted = _mean(runs, "fraction.exhausted.CD8")
    lines.append(
        f"| cell-O001 | T cells in liver tumours fail within 6 to 60 h | yes | {exhausted:.0%} after 72 h |"
    )
    return lines


def speed(made: Comparison) -> list[str]:
    """Simulated hours per second and the share of each process, over the baselines."""
    runs = made.runs["baseline"]
    wall = sum(run.info["wall_s"] for run in runs) / len(runs)
    costs = {
        name: sum(run.info["costs_s"][name] for run in runs) / len(runs) for name in runs[0].info["costs_s"]
    }
    lines = [
        f"`hcc-nodule`, one thread, beside one other run on two cores: {72.0 / wall:.2f} simulated hours per "
        f"second ({wall:.0f} s for 72 h).",
        "",
        "| process | share of the time |",
        "|---|---|",
    ]
    most = sorted(costs.items(), key=lambda item: -item[1])
    lines += [f"| {name} | {spent / wall:.1%} |" for name, spent in most if spent / wall >= 0.01]
    return lines


def main() -> None:
    """Run both scenarios and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, help="pairs of each arm")
    parser.add_argument("--runs", type=Path, default=ROOT / "runs" / "nodule", help="folder of the runs")
    options = parser.parse_args()
    parts: list[str] = []
    comparisons = {name: made_of(name, options.seeds, options.runs) for name in SCENARIOS}
    for name, made in comparisons.items():
        gain = next((text for text in remarks(made) if text.startswith("Pairing")), "")
        parts += [f"## `{name}`", "", *outcome_table(made), "", gain, ""]
        parts += ["Copies per recipient cell and day in the baseline:", "", *delivery_table(made), ""]
    literature = comparisons[SCENARIOS[0]]
    text = TEMPLATE.replace("<seeds>", str(options.seeds)).replace("<tables>", "\n".join(parts).strip())
    text = text.replace("<published>", "\n".join(published(literature)))
    PAGE.write_text(text.replace("<speed>", "\n".join(speed(literature))), encoding="utf-8")
    print(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
