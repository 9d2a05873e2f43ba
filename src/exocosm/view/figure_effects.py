"""Figures of what changes did: forest plots, cargo at recipients, and where vesicles went."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from exocosm.view.conditions import Condition, names
from exocosm.view.figure_courses import MM, ONE, TWO
from exocosm.view.flows import mean_flows
from exocosm.view.outcomes import Forest, forests, main
from exocosm.view.palette import MARKS, arm_colours
from exocosm.view.recipients import Delivery, deliveries
from exocosm.view.svg import numbers, power_of
from exocosm.view.words import SUPERSCRIPT, first_upper, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SOFT = "#4d5a69"
MOST = 10
"""Forests in one figure."""
LEAST = 0.001
"""Share of all vesicles below which a fate has no part in a bar."""
PER_DAY = "copies per cell per day"


def forest(conditions: list[Condition]) -> list[Figure]:
    """What cells did; where nothing of that differs, what was delivered to them."""
    every = [f for f in forests(conditions) if f.differs]
    found = main(every) or [f for f in every if f.column.what == "per_cell_per_day"]
    colours = arm_colours(len(conditions))
    return [_forests(found[i : i + MOST], colours) for i in range(0, len(found), MOST)]


def _forests(found: list[Forest], colours: list[str]) -> Figure:
    from matplotlib.figure import Figure

    across = min(2, len(found))
    rows, arms = math.ceil(len(found) / across), len(found[0].arms)
    size = (TWO if across == 2 else 1.3 * ONE, rows * (arms * 4.2 + 17) * MM)
    figure = Figure(figsize=size, layout="constrained")
    grid = figure.subplots(rows, across, squeeze=False)
    for i, (axes, one) in enumerate(zip(grid.ravel(), found, strict=False)):
        _one(axes, one, colours, named=i % across == 0)
    for axes in grid.ravel()[len(found) :]:
        axes.remove()
    return figure


def _one(axes: Axes, found: Forest, colours: list[str], named: bool) -> None:
    """One forest; the arms are the same in all, so that only the first in a row names them."""
    size = 10.0 ** power_of(found)
    axes.axvline(0, color=SOFT, lw=0.7, ls=(0, (3, 2)))
    for i, (_, place, change) in enumerate(found.arms):
        mean, low, high = (v / size for v in (change.mean, *change.interval))
        if math.isfinite(low):
            axes.errorbar(
                mean, i, xerr=[[mean - low], [high - mean]], color=colours[place], capsize=2, lw=1.1
            )
        axes.plot(mean, i, MARKS[(place - 1) % len(MARKS)], color=colours[place], ms=3.6)
        text = "no such cells" if mean != mean else numbers(mean, (low, high))
        axes.annotate(
            text,
            (1.03, i),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=5.5,
            annotation_clip=False,
        )
    axes.set_yticks(range(len(found.arms)), [_cut(n) if named else "" for n, _, _ in found.arms])
    axes.margins(x=0.09)
    axes.set_ylim(len(found.arms) - 0.5, -0.5)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    times = f"×10{str(power_of(found)).translate(SUPERSCRIPT)} " if power_of(found) else ""
    unit = "on a scale from 0 to 1" if found.unit == "0 to 1" else found.unit
    axes.set_xlabel(f"difference, {times}{unit}".rstrip(", "))
    axes.set_title(first_upper(found.column.words))


def _cut(name: str, most: int = 34) -> str:
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def recipients(conditions: list[Condition]) -> list[Figure]:
    """A row for each recipient and cargo on one logarithmic axis; nothing where nothing is carried."""
    rows = deliveries(conditions)
    if not rows:
        return []
    from matplotlib.figure import Figure

    count, colours = len(conditions), arm_colours(len(conditions))
    height = len(rows) * max(6, 2.2 * count) + 22
    figure = Figure(figsize=(TWO, height * MM), layout="constrained")
    axes = figure.subplots()
    low = _axis(axes, rows)
    for i, row in enumerate(rows):
        _row(axes, i, row, colours, low)
    axes.set_yticks(range(len(rows)), [f"{row.cargo} to {row.cell}" for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color="#e6eaef", lw=0.5)
    axes.set_axisbelow(True)
    assay = any(row.assay for row in rows)
    axes.set_xlabel(PER_DAY)
    _keys(figure, names(conditions), colours, assay)
    return [figure]


def _axis(axes: Axes, rows: list[Delivery]) -> float:
    """A logarithmic axis around all values; returns where zeros stand, half a decade below."""
    values = [
        v for row in rows for seeds in row.values for v in (*seeds, *row.ceiling, row.assay or 0) if v > 0
    ]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    axes.set_xscale("log")
    axes.set_xlim(10.0 ** (low - 1), 10.0 ** (high + 0.1))
    ticks = [10.0**p for p in range(low, high + 1)]
    axes.set_xticks([10.0 ** (low - 0.5), *ticks], ["0", *(number(v, 1) for v in ticks)])
    axes.minorticks_off()
    return 10.0 ** (low - 0.5)


def _row(axes: Axes, at: int, row: Delivery, colours: list[str], zero: float) -> None:
    step = 0.8 / len(row.values)
    for i, (seeds, ceiling) in enumerate(zip(row.values, row.ceiling, strict=True)):
        y = at - 0.4 + step * (i + 0.5)
        mean = sum(seeds) / len(seeds)
        if ceiling > 0:
            axes.plot([ceiling, ceiling], [y - step / 2, y + step / 2], color=colours[i], lw=1.3)
        if len(seeds) > 1 and mean > 0:
            axes.plot([max(min(seeds), zero), max(seeds)], [y, y], color=colours[i], lw=0.8)
        mark = "o" if i == 0 else MARKS[(i - 1) % len(MARKS)]
        axes.plot(mean if mean > 0 else zero, y, mark, color=colours[i], ms=3, mec="white", mew=0.3)
    if row.assay:
        axes.plot(row.assay, at, "D", mfc="none", mec="#16202c", ms=5, mew=0.9)


def _keys(figure: Figure, labels: list[str], colours: list[str], assay: bool) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], ls="", marker="o" if i == 0 else MARKS[(i - 1) % len(MARKS)], color=c, ms=3.5, label=n)
        for i, (n, c) in enumerate(zip(labels, colours, strict=True))
    ]
    handles.append(Line2D([], [], ls="", marker="|", color="#16202c", ms=6, mew=1.3, label="ceiling"))
    if assay:
        mark: dict[str, Any] = {"marker": "D", "mfc": "none", "mec": "#16202c", "ms": 4}
        handles.append(Line2D([], [], ls="", label="dose of the assay", **mark))
    longest = max(len(str(handle.get_label())) for handle in handles)
    fit = max(1, int(TWO / MM / (1.35 * longest + 9)))
    figure.legend(handles=handles, loc="outside lower left", ncols=min(fit, len(handles)))


def ledger(conditions: list[Condition]) -> list[Figure]:
    """A stacked bar for each arm and population: shares of all that came in."""
    pictures = [picture for picture in map(_large, mean_flows(conditions)) if picture["outputs"]]
    species = list(dict.fromkeys(picture["species"] for picture in pictures))
    if not species:
        return []
    from matplotlib.figure import Figure

    bars = {s: [p for p in pictures if p["species"] == s] for s in species}
    heights = [6 * len(mine) + 9 for mine in bars.values()]
    fates = dict.fromkeys(b["words"] for p in pictures for b in p["outputs"])
    figure = Figure(
        figsize=(TWO, (sum(heights) + 14 + 4 * math.ceil(len(fates) / 4)) * MM), layout="constrained"
    )
    grid = figure.subplots(len(species), 1, squeeze=False, height_ratios=heights)[:, 0]
    labels, shades = names(conditions), _shades(list(fates))
    for axes, (name, mine) in zip(grid, bars.items(), strict=True):
        _bars(axes, mine, shades, labels)
        axes.set_title(f"{name} vesicles")
    grid[-1].set_xlabel("share of all vesicles that came in, %")
    from matplotlib.patches import Patch

    handles = [Patch(facecolor=colour, label=words) for words, colour in shades.items()]
    figure.legend(handles=handles, loc="outside lower left", ncols=4)
    return [figure]


def _large(picture: dict[str, Any]) -> dict[str, Any]:
    """The picture without the fates that a bar could not show."""
    total = sum(branch["amount"] for branch in picture["outputs"])
    outputs = [branch for branch in picture["outputs"] if branch["amount"] >= LEAST * total]
    return picture | {"outputs": outputs, "total": total}


def _shades(fates: list[str]) -> dict[str, str]:
    """A colour for each fate, all different: the hues of the palette, then paler ones."""
    from matplotlib.colors import to_rgb

    hues = [*arm_colours(7)[1:], "#F0E442", "#7F7F7F"]
    pale = ["#" + "".join(f"{round(127.5 * (1 + c)):02x}" for c in to_rgb(hue)) for hue in hues]
    return dict(zip(fates, (hues + pale) * 4, strict=False))


def _bars(axes: Axes, pictures: list[dict[str, Any]], shades: dict[str, str], labels: list[str]) -> None:
    for row, picture in enumerate(pictures):
        total, left = picture["total"], 0.0
        for branch in picture["outputs"]:
            share = 100 * branch["amount"] / total
            axes.barh(row, share, left=left, height=0.7, color=shades[branch["words"]], lw=0)
            left += share
        axes.text(101, row, f"{number(total)} particles", va="center", fontsize=5.5)
    axes.set_yticks(range(len(pictures)), [_cut(labels[p["condition"]]) for p in pictures])
    axes.set(xlim=(0, 100), ylim=(len(pictures) - 0.5, -0.5))
    axes.tick_params(axis="y", length=0)
