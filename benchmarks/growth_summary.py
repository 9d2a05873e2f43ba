"""Errors of the growth curves, read from the tables of `docs/growth.md` (by `benchmarks/growth.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sections import ROOT

GROWTH = ROOT / "docs" / "growth.md"
COLUMNS = 6
ROLES = ("fitted", "predicted")


@dataclass(frozen=True)
class Curve:
    """One line of a table of errors: a quantity of one start, over some measured points."""

    experiment: str
    start: str
    quantity: str
    points: int
    error: str
    share: str
    role: str


def curves(page: Path = GROWTH) -> list[Curve]:
    """All lines of the tables of errors, in the order of the page."""
    found, experiment = [], ""
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            experiment = line.removeprefix("## ")
        cells = [cell.strip() for cell in line.strip("| ").split("|")]
        if line.startswith("|") and len(cells) == COLUMNS and cells[-1] in ROLES and cells[2].isdigit():
            start, quantity, points, error, share, role = cells
            found.append(Curve(experiment, start, quantity, int(points), error, share, role))
    return found


def summary(found: list[Curve]) -> str:
    """The table of the section, with what it amounts to."""
    lines = ["| experiment | start | quantity | points | root-mean-square error | over the mean | role |"]
    lines += ["|---" * 7 + "|"]
    for each in found:
        cells = [each.experiment, each.start, each.quantity, str(each.points), each.error, each.share]
        lines.append("| " + " | ".join([*cells, each.role]) + " |")
    return "\n".join([*lines, "", _told(found)])


def _told(found: list[Curve]) -> str:
    free = [each for each in found if each.role == "predicted"]
    near = [each for each in free if float(each.share.removesuffix("%")) <= 20.0]
    points = {role: sum(each.points for each in found if each.role == role) for role in ROLES}
    return (
        f"{points['fitted']} measured points were fitted and {points['predicted']} predicted; of {len(free)} "
        f"predicted curves {len(near)} are off by at most a fifth of the mean."
    )
