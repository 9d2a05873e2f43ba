"""What each player did, for print: three estimates side by side with their intervals, a row per player."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from exocosm.results.durable import write_text
from exocosm.view.figure_courses import MM, TWO
from exocosm.view.figure_effects import SOFT
from exocosm.view.figures import FORMATS, STYLE, known, save
from exocosm.view.palette import BLUE, ORANGE, VERMILLION
from exocosm.view.words import first_upper, number

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ESTIMATES = {
    "shapley": ("Shapley value", BLUE, "o"),
    "leave_one_out": ("leave one out", VERMILLION, "s"),
    "add_one_in": ("add one in", ORANGE, "D"),
}
ROW, EDGES = 8.0, 32.0  # mm
MOST = 40
"""Players in one figure, those of the largest values."""


@dataclass(frozen=True)
class Shared:
    """What a figure says of an attribution, beside its table: the outcome with all players and with none."""

    title: str
    outcome: str
    unit: str
    time_h: float
    seeds: Sequence[int]
    whole: float
    nobody: float
    total: tuple[float, float, float]


def write_attribution(table: pandas.DataFrame, shared: Shared, path: Path | str) -> Path:
    """Draw an attribution into a file of svg, pdf or png, by its ending, with a caption beside it.

    `table` has columns player, and shapley, leave_one_out, add_one_in, each with _low and _high, in the order
    in which rows are drawn; estimates without any value are left out. Raises ExocosmError for another ending.
    """
    from matplotlib import rc_context

    target = Path(path)
    ending = known(target.suffix.removeprefix("."), FORMATS, "format")
    with rc_context(STYLE):
        save(draw(table, shared), target, ending)
    write_text(target.with_suffix(".txt"), caption(table, shared))
    return target


def draw(table: pandas.DataFrame, shared: Shared) -> Figure:
    """The figure of an attribution."""
    from matplotlib.figure import Figure

    shown = table.head(MOST)
    figure = Figure(figsize=(TWO, (len(shown) * ROW + EDGES) * MM), layout="constrained")
    axes = figure.subplots()
    axes.axvline(0, color=SOFT, lw=0.7, ls=(0, (3, 2)))
    kinds = [kind for kind in ESTIMATES if shown[kind].notna().any()]
    for kind, offset in zip(kinds, _offsets(len(kinds)), strict=True):
        _points(axes, shown, kind, offset)
    _rows(axes, [str(name) for name in shown["player"]])
    unit = f" ({shared.unit})" if shared.unit else ""
    axes.set_xlabel(f"what its presence adds to: {shared.outcome}, after {shared.time_h:g} h{unit}")
    axes.set_title(_headline(shared))
    figure.legend(loc="outside lower right", ncols=len(kinds))
    return figure


def _headline(shared: Shared) -> str:
    unit = f" {shared.unit}" if shared.unit and shared.unit != "0 to 1" else ""
    together = f"{number(shared.whole)}{unit} with all, {number(shared.nobody)} with none"
    return f"{first_upper(shared.outcome)}: {together}"


def _offsets(count: int) -> list[float]:
    return [float(v) for v in (np.arange(count) - (count - 1) / 2) * 0.24]


def _points(axes: Axes, shown: pandas.DataFrame, kind: str, offset: float) -> None:
    name, colour, mark = ESTIMATES[kind]
    mean = shown[kind].to_numpy(float)
    low, high = (shown[f"{kind}_{end}"].to_numpy(float) for end in ("low", "high"))
    rows = np.arange(len(shown)) + offset
    told = np.isfinite(low)
    if told.any():
        reach = np.vstack([mean - low, high - mean])[:, told]
        axes.errorbar(mean[told], rows[told], xerr=reach, fmt="none", color=colour, capsize=2, lw=1.1)
    axes.plot(mean, rows, mark, color=colour, ms=3.8, label=name)


def _rows(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), [textwrap.shorten(name, 36, placeholder="…") for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    for i in range(1, len(names)):
        axes.axhline(i - 0.5, color="#e3e7ec", lw=0.5, zorder=0)
    axes.margins(x=0.06)


def caption(table: pandas.DataFrame, shared: Shared) -> str:
    """What the figure shows, of how many seeds, with which interval."""
    mean, low, high = (number(value) for value in shared.total)
    unit = f" {shared.unit}" if shared.unit and shared.unit != "0 to 1" else ""
    several = len(shared.seeds) > 1
    between = f" (95 % interval {low} to {high})" if several else ""
    left = f" The {MOST} largest of {len(table)} are shown." if len(table) > MOST else ""
    lines = [
        f"{shared.title}. What the presence of each adds to: {shared.outcome}, "
        f"after {shared.time_h:g} h.{left}",
        f"The outcome is {number(shared.whole)}{unit} with all and {number(shared.nobody)}{unit} with none; "
        f"together they add {mean}{between}, which Shapley values share out. Leave one out: all less all but "
        "this one. Add one in: this one alone less none.",
        f"n = {len(shared.seeds)} seed{'s' if several else ''}, the same random numbers for all. "
        + (
            "Lines: 95 %, Student’s t over paired differences of the seeds; for Shapley values of sampled "
            "orders with the error of sampling."
            if several
            else "One seed: no interval."
        ),
    ]
    return "\n".join(textwrap.fill(line, 110) for line in lines) + "\n"


def shared_of(found: Any, title: str) -> Shared:
    """What the figure says of an `Attribution`."""
    total = found.total
    return Shared(
        title=title,
        outcome=found.measure.text,
        unit=found.measure.unit,
        time_h=found.time_h,
        seeds=found.seeds,
        whole=found.whole,
        nobody=found.nobody,
        total=(total.mean, total.low, total.high),
    )
