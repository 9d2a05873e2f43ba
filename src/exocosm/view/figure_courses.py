"""Time courses as figures: the panels of the report, in a grid of up to three columns."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from exocosm.view.conditions import Condition
from exocosm.view.series import FEW, time_courses

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MM = 1 / 25.4
ONE, TWO = 85 * MM, 180 * MM
"""Widths of one and of two columns of a journal, in inches."""
ACROSS, MOST = 3, 15
"""Panels beside each other, and in one figure."""
STYLES = ("-", "--")
DASH = 4.0
"""Length of a dash in widths of the line."""


def drawing(kind: str, logarithmic: bool = False) -> Callable[[list[Condition]], list[Figure]]:
    """What draws the courses of one kind of panel; see `time_courses` for the kinds."""

    def draw(conditions: list[Condition]) -> list[Figure]:
        courses = time_courses(conditions, [])
        panels = [
            p for p in courses[kind] if any(y == y and y != 0 for line in p["lines"] for y in line["y"])
        ]
        pages = [panels[i : i + MOST] for i in range(0, len(panels), MOST)]
        return [_page(page, courses, logarithmic) for page in pages]

    return draw


def _page(panels: list[dict[str, Any]], courses: dict[str, Any], logarithmic: bool) -> Figure:
    from matplotlib.figure import Figure

    across = min(ACROSS, len(panels))
    rows = math.ceil(len(panels) / across)
    width = ONE if across == 1 else TWO
    figure = Figure(figsize=(width, rows * 44 * MM + 14 * MM), layout="constrained")
    grid = figure.subplots(rows, across, squeeze=False).ravel()
    many = len(courses["conditions"]) > FEW
    for axes, panel in zip(grid, panels, strict=False):
        _panel(axes, panel, many, logarithmic)
    for axes in grid[len(panels) :]:
        axes.remove()
    _legend(figure, panels, courses, many, width)
    return figure


def _panel(axes: Axes, panel: dict[str, Any], many: bool, logarithmic: bool) -> None:
    for line in sorted(panel["lines"], key=lambda line: line["condition"]):
        values = np.asarray(line["y"], dtype=float)
        values = np.where(values > 0, values, np.nan) if logarithmic else values
        style: Any = (
            ":" if line["ceiling"] else _turns(*line["turn"]) if many else STYLES[line["condition"] % 2]
        )
        wide = 0.8 if line["ceiling"] else 1.2
        axes.plot(line["x"], values, ls=style, color=line["colour"], lw=wide, dash_capstyle="butt")
        if line["low"] and not logarithmic:
            axes.fill_between(line["x"], line["low"], line["high"], color=line["colour"], alpha=0.14, lw=0)
    axes.set(xlabel="time, h", ylabel=panel["unit"], title=panel["title"])
    axes.margins(x=0)
    if logarithmic:
        axes.set_yscale("log")
    else:
        axes.set_ylim(0, None)
        axes.ticklabel_format(axis="y", style="sci", scilimits=(-3, 5), useMathText=True)


def _turns(place: int, count: int) -> Any:
    """Lines that lie on each other take turns: each shows one dash in so many."""
    return "-" if count < 2 else (-DASH * place, (DASH, DASH * (count - 1)))


def _legend(
    figure: Figure, panels: list[dict[str, Any]], courses: dict[str, Any], many: bool, width: float
) -> None:
    from matplotlib.lines import Line2D

    labels = courses["conditions"]
    if many:
        handles = [Line2D([], [], color=c, label=n) for n, c in zip(labels, courses["colours"], strict=True)]
    else:
        colours = {line["name"]: line["colour"] for panel in panels for line in panel["lines"]}
        handles = [Line2D([], [], color=c, label=n) for n, c in colours.items()]
        handles += [
            Line2D([], [], color="#33404f", ls=STYLES[i], label=n)
            for i, n in enumerate(labels)
            if len(labels) > 1
        ]
    longest = max(len(str(handle.get_label())) for handle in handles)
    fit = max(1, int(width / MM / (1.35 * longest + 9)))
    figure.legend(handles=handles, loc="outside lower left", ncols=min(fit, len(handles)))
