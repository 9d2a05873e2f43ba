"""Published findings on vesicles beside what the shipped scenarios predict, right or wrong.

Writes its section of `docs/validation.md`, with `make validation-page`; it takes a quarter of an hour on two
cores.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from exocosm.library import evidence
from exocosm.model import Set, Without, load
from exocosm.study import compare
from exocosm.study.table import remarks
from exocosm.tissue import Simulation
from sections import PAGE, write_section

ROOT = Path(__file__).parent.parent
RICH = (
    "{miR-21-5p: 10 copies/particle, miR-146a-5p: 10 copies/particle, PD-L1: 8 copies/particle, "
    "YWHAZ: 100 copies/particle}"
)
Row = tuple[str, str, str, str]
TEMPLATE = """## Vesicles

Nothing was fitted to these findings. `benchmarks/vesicles.py` wrote this section.

### Uptake in a dish

`uptake-assay`: Huh7 cells under 3.1 mm of still medium with 50 pM of labelled vesicles.

<uptake_course>

<uptake>

No source that could be read gives vesicles per cell and hour, the share that opens or the percentage that an
inhibitor takes away; 10.1038/s41467-021-22126-y, which measured them, could be read in its opening only.

### Blocked release

`release-block` after 48 h; copies per cell.

<release_course>

<release>

### A manifest of the literature and a rich one

`tumour-nodule` after 72 h, <seeds> pairs. Literature: 0.00825 copies of a microRNA per vesicle
(phys-P-GEN-005); rich: `--set 'species.vesicles.tumour.manifest=<rich>'`.

<manifests>
"""


def run(model: Any, hours: Sequence[float]) -> list[dict[str, float]]:
    """Summaries of a run with seed 1 at the given hours."""
    simulation, rows = Simulation(model, seed=1), []
    for hour in hours:
        simulation.advance(round(60 * hour / simulation.tick_length) - simulation.tick)
        cells = simulation.cell_table()
        taken = cells["vesicles.labelled"] if "vesicles.labelled" in cells else np.zeros(1)
        rows.append({**simulation.summary(), "reached": float((taken > 0).mean())})
    return rows


def floor_ceiling(model: Any, hours: float) -> float:
    """Vesicles that a floor which absorbs all would have caught under each cell, from a deep still medium.

    2 c sqrt(D t / π) per area (Crank 1975, The Mathematics of Diffusion, eq. 3.15), averaged over sizes.
    """
    from exocosm.tissue.build import Tissue

    tissue = Tissue(model)
    dose = float(model.events[0].dose.concentration)
    per_area = [
        2.0
        * dose
        * carrier.share
        * math.sqrt(tissue.field(carrier.name).diffusivity.mean() * 60 * hours / math.pi)
        for carrier in tissue.carriers
    ]
    x, y, _ = (float(length) for length in model.tissue.geometry.size)
    return sum(per_area) * x * y


def _diffusion(tissue: Any, name: str) -> float:
    return float(tissue.field(name).diffusivity.mean())


def uptake() -> tuple[list[str], list[Row]]:
    """Time course of the uptake assay, and what was published of such assays."""
    model, hours = load("uptake-assay"), (0.5, 1.0, 2.0, 4.0)
    arms = {
        "as it is": run(model, hours),
        "with 50 µM EIPA": run(model.change(Set("species.substrates.EIPA.initial", "50 uM")), hours),
        "no vesicle opens": run(model.change(Without("escape:Huh7")), hours),
    }
    lines = [
        "| arm | hour | bound per cell | entered per cell | label copies delivered per cell |",
        "|---|---|---|---|---|",
    ]
    for arm, rows in arms.items():
        for hour, row in zip(hours, rows, strict=True):
            n = row["cells.Huh7.live"]
            bound, taken = row["vesicles.labelled.surface"] / n, row["vesicles.labelled.taken_up.Huh7"] / n
            label = row["cargo.label.inside_each.Huh7"]
            lines.append(f"| {arm} | {hour:g} | {bound:.0f} | {taken:.0f} | {label:.1f} |")
    first, blocked = arms["as it is"], arms["with 50 µM EIPA"]
    entered = [row["vesicles.labelled.taken_up.Huh7"] for row in first]
    total, n = floor_ceiling(model, 4.0), first[-1]["cells.Huh7.live"]
    ended = first[-1]["vesicles.labelled.lysosome"]
    share = ended / (ended + first[-1]["vesicles.labelled.consumed"])
    less = blocked[-1]["vesicles.labelled.taken_up.Huh7"] / entered[-1] - 1
    pace = (entered[3] - entered[2]) / 2 / ((entered[2] - entered[1]) / 1)
    lines.append("")
    lines.append(
        f"A floor that absorbs all would have caught {total / n:.0f} a cell in 4 h. "
        f"The layer takes {entered[-1] / total:.0%} of that."
    )
    return lines, [
        _row("phys-O-UPT-001", "nearly all cells", f"{first[2]['reached']:.0%} of cells within 2 h"),
        _row(
            "phys-O-UPT-003",
            "saturates with time and dose",
            f"pace of entry from 2 to 4 h over that from 1 to 2 h: {pace:.2f}; "
            "wrong in dose: twice the dose enters twice, no binding site is ever full",
        ),
        _row(
            "phys-O-UPT-004",
            "end in lysosomes",
            f"{share:.1%} of the vesicles that ended, ended in lysosomes",
        ),
        _row(
            "phys-M-UPT-001",
            "less uptake without macropinocytosis",
            f"{less:+.0%} entered in 4 h, for an assumed loss of half of the rate of entry",
        ),
        _row("phys-O-UPT-008", "models of dishes err 2-fold", "not compared: vesicles only diffuse here"),
    ]


def release_block() -> tuple[list[str], list[Row]]:
    """Donor and recipients when formation or docking is blocked."""
    model = load("release-block")
    arms = {
        "as it is": model,
        "formation blocked": model.change(Without("formation:hepatoma")),
        "docking blocked": model.change(Without("docking:hepatoma")),
    }
    ends = {name: run(arm, [48.0])[0] for name, arm in arms.items()}
    columns: dict[str, Callable[[dict[str, float]], float]] = {
        "vesicles released": lambda row: row["vesicles.exosomes.released"],
        "PD-L1 in the donor's pool": lambda row: row["cargo.PD-L1.inside_each.hepatoma"],
        "PD-L1 in the donor's bodies": lambda row: row.get("cargo.PD-L1.in_bodies_each.hepatoma", 0.0),
        "PD-L1 delivered to a macrophage and day": lambda row: row["cargo.PD-L1.per_cell_per_day.macrophage"],
    }
    lines = ["| arm | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for name, row in ends.items():
        lines.append(f"| {name} | " + " | ".join(f"{read(row):,.0f}" for read in columns.values()) + " |")
    base, formation, docking = ends.values()

    def change(row: dict[str, float], name: str) -> str:
        before = columns[name](base)
        return f"{columns[name](row) / before - 1:+.0%}" if before else "none before"

    released = [change(row, "vesicles released") for row in (formation, docking)]
    bodies, pool = (change(docking, f"PD-L1 in the donor's {where}") for where in ("bodies", "pool"))
    kept = f"bodies {bodies}, pool {pool}: the direction is right, the size small (lysosomes take the rest)"
    return lines, [
        _row("imm-IM007", "Rab27a loss: less PD-L1 on exosomes", released[1]),
        _row("imm-IO079", "Rab27a loss: more PD-L1 in the cell", kept),
        _row("phys-M-GEN-033", "nSMase2 inhibition: fewer exosomes", released[0]),
    ]


def manifests(folder: Path, seeds: int) -> list[str]:
    """The nodule with the literature's manifest and with a rich one: what the macrophages do."""
    change = Set("species.vesicles.tumour.manifest", RICH)
    made = compare(load("tumour-nodule"), {"rich manifest": [change]}, seeds=range(1, seeds + 1), out=folder)
    table = made.table[made.table["column"].isin(COLUMNS)]
    lines = ["| outcome | literature | rich | paired difference | 95 % interval |", "|---|---|---|---|---|"]
    for row in table.to_dict("records"):
        lines.append(
            f"| {row['outcome']}, {row['unit']} | {row['baseline']:.3g} | {row['value']:.3g} | "
            f"{row['difference']:+.3g} | {row['low']:+.3g} to {row['high']:+.3g} |"
        )
    return [*lines, "", *remarks(made)]


COLUMNS = (
    "state.M2.macrophage",
    "cells.tumour.live",
    "cargo.miR-21-5p.per_cell_per_day.macrophage",
    "cargo.miR-146a-5p.per_cell_per_day.macrophage",
    "cargo.miR-146a-5p.inside_each.macrophage",
)


def _row(id: str, published: str, predicted: str) -> Row:
    found = evidence(id)
    return id, f"{found.author_year or 'authors not on the page'}, {found.source}", published, predicted


def _table(rows: list[Row]) -> str:
    head = ["| evidence | source | published | predicted |", "|---|---|---|---|"]
    return "\n".join(head + [f"| {' | '.join(row)} |" for row in rows])


def main() -> None:
    """Run the scenarios and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, help="pairs of the nodule's comparison")
    parser.add_argument("--runs", type=Path, default=ROOT / "runs" / "manifests", help="folder of its runs")
    options = parser.parse_args()
    course, assay = uptake()
    blocks, release = release_block()
    parts = {
        "uptake_course": "\n".join(course),
        "uptake": _table(assay),
        "release_course": "\n".join(blocks),
        "release": _table(release),
        "manifests": "\n".join(manifests(options.runs, options.seeds)),
        "seeds": str(options.seeds),
        "rich": RICH,
    }
    text = TEMPLATE
    for name, part in parts.items():
        text = text.replace(f"<{name}>", part)
    write_section("vesicles", text)
    print(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
