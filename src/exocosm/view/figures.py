"""Figures for print: each panel of the report as a file of its own, with a caption beside it.

Text stays text (SVG, PDF), widths are those of one or two columns (85 or 180 mm), and the same runs give the
same bytes: dates are left out and identifiers are salted.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exocosm.ground.errors import ExocosmError, nearest
from exocosm.results.durable import replacing, told_plainly, write_text
from exocosm.view import figure_courses, figure_effects, figure_sections
from exocosm.view.again import command
from exocosm.view.arms import read_arms
from exocosm.view.conditions import Condition, common_hour, group, names, paired
from exocosm.view.overview import figure
from exocosm.view.series import FEW
from exocosm.view.words import duration, title

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FORMATS", "PANELS", "figure", "write_figures"]

FORMATS = ("svg", "pdf", "png")
DPI = 300
STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Arial", "Helvetica"],
    "font.size": 6.5,
    "axes.titlesize": 7,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 6.5,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.labelsize": 6,
    "ytick.labelsize": 6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "legend.fontsize": 6,
    "legend.frameon": False,
    "lines.linewidth": 1.1,
    "svg.fonttype": "none",
    "svg.hashsalt": "exocosm",
    "pdf.fonttype": 42,
}

Draw = Callable[[list[Condition]], "list[Figure]"]


@dataclass(frozen=True)
class Panel:
    """How a panel is drawn, and what its caption says; no figures mean that the runs hold nothing for it."""

    draw: Draw
    shows: str


PANELS: dict[str, Panel] = {
    "sections": Panel(
        figure_sections.draw,
        "Sections through the tissue in the middle of its cells, arms side by side, first seed of each. "
        "Discs are cells at the radius at which the plane cuts them; below, a field in the same plane on "
        "one colour scale.",
    ),
    "fields": Panel(
        figure_sections.fields,
        "A recorded field in a plane through the middle of the cells, arms side by side on one colour scale, "
        "first seed of each. Outlines are cells at the radius at which the plane cuts them.",
    ),
    "cells": Panel(figure_courses.drawing("cells"), "Numbers of cells over time, by type and life."),
    "zones": Panel(
        figure_courses.drawing("tissue"),
        "Fractions of the tumour, shares of cells above a threshold, and densities by zone over time.",
    ),
    "states": Panel(
        figure_courses.drawing("states"), "States of cells over time: means over the live cells of a type."
    ),
    "vesicles": Panel(figure_courses.drawing("vesicles"), "Vesicles over time, by where they are."),
    "cargo": Panel(
        figure_courses.drawing("cargo", logarithmic=True),
        "Cargo delivered to each recipient cell and day over time. Dotted: the ceiling, all that was "
        "released shared among these recipients and nothing lost.",
    ),
    "recipients": Panel(
        figure_effects.recipients,
        "Cargo delivered to each recipient cell and day. Dots are means over seeds, lines span the seeds; "
        "vertical strokes mark the ceiling, all that was released shared among these recipients and nothing "
        "lost; diamonds, where there are any, what cells were offered a day in the assay in which an effect "
        "was measured. Zeros stand at the left of the axis.",
    ),
    "forest": Panel(
        figure_effects.forest,
        "Differences of each arm from the first, paired by seed: means and intervals. Outcomes of cells that "
        "are the same in every pair are left out.",
    ),
    "ledger": Panel(
        figure_effects.ledger,
        "Where vesicles went: shares of all that came in, at the last record, means over seeds. Shares below "
        "0.1 % are not drawn.",
    ),
}


def write_figures(
    runs: Sequence[Any], out: Path | str, panels: Sequence[str] | None = None, format: str = "svg"
) -> list[Path]:
    """Write a figure for each panel of `runs` into the folder `out`, each with a caption; return their paths.

    `panels` are names of `PANELS`; None means all for which the runs hold something. `format` is svg, pdf or
    png. Long panels go on over several figures.

    Raises:
        ExocosmError: an unknown panel or format, no complete run, or nothing for a panel that was asked for.
    """
    wanted = [known(name, PANELS, "panel") for name in panels or PANELS]
    ending = known(format, FORMATS, "format")
    conditions = group(read_arms(runs))
    folder = Path(out)
    made: list[Path] = []
    from matplotlib import rc_context

    with rc_context(STYLE):
        for name in dict.fromkeys(wanted):
            drawn = PANELS[name].draw(conditions)
            if not drawn and panels:
                raise ExocosmError(f"panel {name}: these runs hold nothing for it")
            with told_plainly("make the folder of figures", folder):
                folder.mkdir(parents=True, exist_ok=True)
            for i, drawing in enumerate(drawn, 1):
                stem = name if len(drawn) == 1 else f"{name}-{i}"
                path = folder / f"{stem}.{ending}"
                save(drawing, path, ending)
                write_text(folder / f"{stem}.txt", caption(name, conditions))
                made.append(path)
    return made


def known(name: str, valid: Any, what: str) -> str:
    """The name, if it is one of the valid ones. Raises ExocosmError with the nearest."""
    if name in valid:
        return name
    near = nearest(name, valid)
    hint = f"\n  did you mean: {near}" if near else ""
    raise ExocosmError(f"there is no {what} {name!r}\n  wanted: one of {', '.join(valid)}{hint}")


def save(drawing: Figure, path: Path, ending: str) -> None:
    """One file, whole or not at all, without dates."""
    undated: dict[str, Any] = {
        "svg": {"Date": None},
        "pdf": {"CreationDate": None, "ModDate": None},
        "png": {"Software": None},
    }[ending]
    with replacing(path) as temporary:
        drawing.savefig(temporary, format=ending, dpi=DPI, facecolor="white", metadata=undated)


def caption(name: str, conditions: list[Condition]) -> str:
    """What a figure shows, of how many runs, with which interval, and how to make it again."""
    arms = [arm for c in conditions for arm in c.arms]
    seeds = list(dict.fromkeys(arm.seed for arm in arms))
    about = arms[0].run.info or {}
    n = f"n = {len(seeds)} seed{'s' if len(seeds) > 1 else ''} ({', '.join(seeds)})"
    whose = f"{len(conditions)} arms" if len(conditions) > 1 else "one model"
    lines = [
        f"{title(arms[0])}. {PANELS[name].shows}",
        f"{n} of {whose}: {'; '.join(names(conditions))}. Simulated time: {duration(common_hour(arms))}.",
        _spread(name, conditions, len(seeds)),
        f"Model {arms[0].scenario or 'unnamed'}, hash {about.get('model_hash') or 'not known'}, "
        f"final state {arms[0].digest or 'not finished'}.",
    ]
    text = "\n".join(textwrap.fill(line, 110) for line in lines if line)
    return f"{text}\nMade again by: {command(arms)}\n"


def _spread(name: str, conditions: list[Condition], seeds: int) -> str:
    if name in ("sections", "fields", "ledger"):
        return ""
    if seeds == 1:
        return "One seed: no interval."
    if name == "forest" and paired(conditions):
        return "Intervals: 95 %, Student’s t over the paired differences of the seeds."
    several = " Lines that coincide are dashed in turns." if len(conditions) > FEW else ""
    return f"Lines or dots are means over seeds; bands or lines through dots span the seeds.{several}"
