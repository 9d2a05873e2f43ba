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
PICTURE = ROOT / "docs" / "images" / "hcc-nodule.png"
SCENARIOS = {
    "hcc-nodule": ("no-tumour-vesicles", "no-PD-L1-on-vesicles", "release-blocked", "anti-PD-1", "no-attack"),
    "hcc-nodule-rich": ("no-tumour-vesicles", "no-PD-L1-on-vesicles", "anti-PD-1"),
}
NO_ATTACK = "no-attack"
SECTION_AND_CELL = 0.011  # mm: what a section of 4 um shows of cells of 7 um (Abercrombie)
FATES = {
    "field": "in the fluid",
    "surface": "on cells",
    "inside": "in endosomes",
    "consumed": "opened inside cells",
    "lysosome": "ended in lysosomes of recipients",
    "re-released": "went in and came out again",
    "decayed": "decayed",
    "left": "left by sinusoids",
    "died": "gone with cells that died",
}
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
    """The arms of a scenario, and one without attack where it is asked for."""
    model = load(name)
    extra = {NO_ATTACK: (Without("attack:CD8"),)}
    arms: dict[str, Any] = {label: extra.get(label) or model.arm(label) for label in SCENARIOS[name]}
    return compare(model, arms, seeds=range(1, seeds + 1), out=folder / name)


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


def fates(made: Comparison) -> list[str]:
    """Where the vesicles of the tumour went, as shares of those released and released again."""
    lines = ["| vesicles of the tumour | particles | share |", "|---|---|---|"]
    runs = made.runs["baseline"]
    out = sum(_mean(runs, f"vesicles.tumour.{account}") for account in ("released", "re-released"))
    for account, words in FATES.items():
        amount = _mean(runs, f"vesicles.tumour.{account}")
        lines.append(f"| {words} | {number(amount)} | {amount / out:.1%} |")
    return lines


def kills(made: Comparison, label: str) -> float:
    """Tumour cells that died beyond those of the arm without attack, per CD8 cell and day."""
    found = []
    for run, spared in zip(made.runs[label], made.runs[NO_ATTACK], strict=True):
        more = run.summary["cells.tumour.died"].iloc[-1] - spared.summary["cells.tumour.died"].iloc[-1]
        live = run.summary["cells.CD8.live"]
        found.append(float(more) / (float(live.mean()) * float(live.index[-1]) / 24.0))
    return sum(found) / len(found)


def published(made: Comparison) -> list[str]:
    """What the nodule shows beside published numbers; those by which an input was chosen are marked."""
    lines = ["| evidence | what | published | here | |", "|---|---|---|---|---|"]
    runs, per_mm2 = made.runs["baseline"], SECTION_AND_CELL
    rows = [
        ("cell-P093", "tumour cells killed per T cell and day, liver", kills(made, "baseline"), "predicted"),
        ("cell-P093", "the same with PD-1 blocked", kills(made, "anti-PD-1"), "predicted"),
        ("imm-IP001", "CD8 cells per mm² of section, core", _mean(runs, "density.CD8.core") * per_mm2, ""),
        ("cell-P015", "oxygen in liver tumours, mmHg", _mean(runs, "oxygen.at.tumour"), "predicted"),
        ("cell-P016", "oxygen in liver, mmHg", _mean(runs, "oxygen.at.hepatocyte"), "blood chosen by it"),
    ]
    for id, what, value, note in rows:
        lines.append(f"| {id} | {what} | {evidence(id).given():g} | {number(value)} | {note} |")
    start = sum(float(run.summary["density.CD8.core"].iloc[0]) for run in runs) / len(runs) * per_mm2
    lines += [
        "",
        f"CD8 cells were placed by imm-IP001 ({number(start)} per mm² at the start) and gather from there.",
    ]
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


def picture(made: Comparison) -> None:
    """The picture of the README: sections of the baseline and without the vesicles of the tumour."""
    from PIL import Image

    from exocosm.view import write_figures

    pair = [made.runs[label][0] for label in ("baseline", "no-tumour-vesicles")]
    written = write_figures(pair, made.path / "figures", ["sections"], format="png")
    with Image.open(next(path for path in written if path.suffix == ".png")) as drawn:
        drawn.reduce(2).save(PICTURE, optimize=True)


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
        parts += [*fates(made), ""]
    literature = comparisons["hcc-nodule"]
    picture(literature)
    text = TEMPLATE.replace("<seeds>", str(options.seeds)).replace("<tables>", "\n".join(parts).strip())
    text = text.replace("<published>", "\n".join(published(literature)))
    PAGE.write_text(text.replace("<speed>", "\n".join(speed(literature))), encoding="utf-8")
    print(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
