"""One figure a case: measured points and predicted courses, a panel for each quantity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

from growth_cases import Case, Point

# Okabe-Ito, told apart in every common form of colour blindness.
COLOURS = ("#0072B2", "#D55E00", "#009E73")


def draw(case: Case, predicted: Mapping[Point, Sequence[float]], path: Path) -> None:
    """Write the figure to `path`; full marks were fitted, open ones predicted."""
    count = len(case.quantities)
    figure, row = plt.subplots(1, count, figsize=(1.4 + 3.8 * count, 3.6), squeeze=False)
    for axes, (quantity, (words, unit)) in zip(row[0], case.quantities.items(), strict=True):
        for colour, start in zip(COLOURS, case.starts, strict=False):
            _course(
                axes, [p for p in predicted if (p.quantity, p.start) == (quantity, start)], predicted, colour
            )
        axes.set(xlabel="time, h", ylabel=f"{words}, {unit}" if unit else words)
        axes.spines[["top", "right"]].set_visible(False)
    handles = [mpl.lines.Line2D([], [], color=c, label=s) for c, s in zip(COLOURS, case.starts, strict=False)]
    marks = {"measured, fitted": "#33404f", "measured, predicted": "white"}
    handles += [
        mpl.lines.Line2D([], [], ls="", marker="o", mec="#33404f", mfc=face, label=words)
        for words, face in marks.items()
    ]
    row[0][0].legend(handles=handles, frameon=False, fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=130)
    plt.close(figure)


def _course(
    axes: plt.Axes, points: list[Point], predicted: Mapping[Point, Sequence[float]], colour: str
) -> None:
    points = sorted(points, key=lambda point: point.hour)
    hours = [point.hour for point in points]
    runs = [predicted[point] for point in points]
    axes.plot(hours, [sum(values) / len(values) for values in runs], color=colour, lw=1.4)
    axes.fill_between(hours, [min(v) for v in runs], [max(v) for v in runs], color=colour, alpha=0.2, lw=0)
    for point in points:
        face = colour if point.fitted else "white"
        axes.errorbar(
            point.hour, point.value, yerr=point.sd, fmt="o", color=colour, mfc=face, ms=5, lw=0.8, capsize=2
        )
