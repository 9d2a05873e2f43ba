"""A dose for print: copies per recipient and day at each step, on a logarithmic axis, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from exocosm.ground.errors import ExocosmError, nearest
from exocosm.results.durable import replacing
from exocosm.view.figure_courses import MM, ONE
from exocosm.view.figure_effects import SOFT
from exocosm.view.figures import DPI, FORMATS, STYLE
from exocosm.view.palette import BLUE, ORANGE, VERMILLION
from exocosm.view.words import number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = {"ceiling": ORANGE, "assay": VERMILLION}
Rung = tuple[str, str, float, float, float]
"""Kind (chain, ceiling or assay), label, value, low, high."""


def write_dose_figure(rungs: Sequence[Rung], title: str, path: Path | str) -> Path:
    """Draw the rungs from top to bottom into a file of svg, pdf or png, by its ending.

    Raises ExocosmError for another ending, or if the file cannot be written.
    """
    from matplotlib import rc_context

    target = Path(path)
    ending = target.suffix.removeprefix(".")
    if ending not in FORMATS:
        near = nearest(ending, FORMATS)
        wanted = (
            f"a file name that ends in .{near}" if near else "a file name that ends in .svg, .pdf or .png"
        )
        raise ExocosmError(f"{target}: no figure can be written as {ending!r}; wanted {wanted}")
    undated = {"svg": "Date", "pdf": "CreationDate", "png": "Software"}[ending]
    with rc_context(STYLE), replacing(target) as aside:
        draw(rungs, title).savefig(aside, format=ending, dpi=DPI, metadata={undated: None})
    return target


def draw(rungs: Sequence[Rung], title: str) -> Figure:
    """The figure: a point and its interval for each rung; nothing has no place on a logarithmic axis."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1.4 * ONE, (6.0 * len(rungs) + 18.0) * MM), layout="constrained")
    axes = figure.subplots()
    least = min((each for _, _, *values in rungs for each in values if each > 0.0), default=0.1)
    for i, (kind, _, value, low, high) in enumerate(rungs):
        colour = COLOURS.get(kind, BLUE)
        if high > 0.0:
            axes.plot([max(low, least), high], [i, i], color=colour, lw=2.4, alpha=0.45)
        if value > 0.0:
            axes.plot(value, i, "o", color=colour, ms=4)
        axes.annotate(number(value), (1.02, i), xycoords=("axes fraction", "data"), va="center", fontsize=6)
    axes.set_xscale("log")
    axes.axvline(1.0, color=SOFT, lw=0.7, ls=(0, (3, 2)))
    axes.set_yticks(range(len(rungs)), [label for _, label, *_ in rungs])
    axes.set_ylim(len(rungs) - 0.5, -0.5)
    axes.set_xlabel("copies per recipient per day; bars: 95 % of samples; dashed: one copy")
    axes.set_title(title)
    return figure
