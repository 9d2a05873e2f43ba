"""One still picture of a run: a section through the tissue with its fields, and the time courses below it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from exocosm.view.arms import Arm, read_arms
from exocosm.view.columns import ACCOUNTS, Column, read_columns
from exocosm.view.palette import CARGOS, cell_type_colours, colour_map
from exocosm.view.scene_fields import field_words
from exocosm.view.tissue_scene import Frame, box_of, read_frames, type_names
from exocosm.view.words import duration, title, units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.size": 9.5,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#8290a0",
    "axes.labelcolor": "#4d5a69",
    "xtick.color": "#4d5a69",
    "ytick.color": "#4d5a69",
    "svg.fonttype": "none",
}


def figure(run: Any, path: Path | str, *, time_h: float | None = None) -> Path:
    """Draw a run to `path` (its ending chooses the format) and return it; `time_h` (h) picks the record.

    Cells are cut in the middle of the tissue across z: each disc has the radius of the cell in that plane.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    arm = read_arms([run])[0]
    with rc_context(STYLE):
        drawing = Figure(figsize=(11.4, 8.2), dpi=160, layout="constrained")
        _draw(drawing, arm, time_h)
        drawing.savefig(Path(path), facecolor="white")
    return Path(path)


def _draw(drawing: Figure, arm: Arm, time_h: float | None) -> None:
    frames = read_frames(arm)
    frame = frames[-1] if time_h is None else min(frames, key=lambda f: abs(f.time - time_h))
    colours = cell_type_colours(type_names(frames))
    box = box_of(arm, frames)
    halves: Any = drawing.subfigures(2, 1, height_ratios=(1.15, 1))
    upper, lower = halves
    drawing.suptitle(f"{title(arm)}, {duration(frame.time)}", x=0.01, ha="left", fontsize=14, weight="bold")
    names = list(arm.run.fields.data_vars)[:2]
    panels = upper.subplots(1, 1 + len(names), squeeze=False)[0]
    _section(panels[0], frame, colours, box)
    for axes, name in zip(panels[1:], names, strict=True):
        _field(upper, axes, arm, str(name), frame, box)
    _courses(lower.subplots(1, 3), arm, colours)


def discs(frame: Frame, height: float) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Centres (n, 2) and radii (n) in µm of the cells met by the plane z = `height`, and which they are."""
    table = frame.table
    gap = table["z"].to_numpy() - height
    cut = np.abs(gap) < table["radius"].to_numpy()
    radius = np.sqrt(np.maximum(table["radius"].to_numpy()[cut] ** 2 - gap[cut] ** 2, 0.0))
    return table[["x", "y"]].to_numpy(dtype=float)[cut], radius, cut


def middle_of(frame: Frame, box: list[float]) -> float:
    """Height (µm) of the plane through the middle of the cells."""
    return float(frame.table["z"].median()) if len(frame.table) else box[2] / 2


def _section(axes: Axes, frame: Frame, colours: dict[str, str], box: list[float]) -> None:
    from matplotlib.collections import EllipseCollection

    centres, radius, cut = discs(frame, middle_of(frame, box))
    kinds = frame.table["type"].astype(str).to_numpy()[cut]
    dead = frame.table["state"].astype(str).to_numpy()[cut] != "live"
    for name, colour in colours.items():
        for gone in (False, True):
            mine = (kinds == name) & (dead == gone)
            face = "#3b3b46" if gone else colour
            style = {"facecolors": face, "edgecolors": colour if gone else "white", "linewidths": 0.5}
            places = {"offsets": centres[mine], "offset_transform": axes.transData}
            size = 2 * radius[mine]
            axes.add_collection(EllipseCollection(size, size, 0 * size, units="xy", **places, **style))
        axes.plot([], [], "o", color=colour, label=name)
    axes.plot([], [], "o", color="#3b3b46", label="dying or dead")
    _key(axes, 3, -0.15)
    axes.set_title(f"Cells at z = {middle_of(frame, box):.0f} µm")
    window(axes, frame, box)


def window(axes: Axes, frame: Frame, box: list[float]) -> None:
    """The same window for each section: around all cells, with a margin of a quarter inside the domain."""
    table = frame.table
    low = [float((table[a] - table["radius"]).min()) for a in "xy"] if len(table) else [0.0, 0.0]
    high = [float((table[a] + table["radius"]).max()) for a in "xy"] if len(table) else box[:2]
    half = 0.62 * max(h - w for h, w in zip(high, low, strict=True))
    middle = [(h + w) / 2 for h, w in zip(high, low, strict=True)]
    xlim, ylim = (
        (max(m - half, min(w, 0.0)), min(m + half, max(h, size)))
        for m, w, h, size in zip(middle, low, high, box, strict=False)
    )
    axes.set(xlim=xlim, ylim=ylim)
    axes.set(xlabel="x, µm", ylabel="y, µm", aspect="equal")


def _field(upper: Any, axes: Axes, arm: Arm, name: str, frame: Frame, box: list[float]) -> None:
    data = arm.run.fields[name].sel(time=frame.time, method="nearest")
    plane = data.sel(z=middle_of(frame, box), method="nearest").transpose("y", "x")
    unit = units(str(data.attrs.get("units", "")))
    kind = "vesicle" if "particle" in unit else "substrate"
    low = 0.0 if kind == "vesicle" else None
    image = axes.imshow(
        np.asarray(plane, dtype=float),
        origin="lower",
        extent=(0, box[0], 0, box[1]),
        cmap=colour_map(kind),
        vmin=low,
        interpolation="bilinear",
    )
    centres, radius, _ = discs(frame, middle_of(frame, box))
    from matplotlib.collections import EllipseCollection

    outline = {
        "facecolors": "none",
        "edgecolors": "white" if kind == "substrate" else "#16202c",
        "linewidths": 0.35,
    }
    size = 2 * radius
    axes.add_collection(
        EllipseCollection(
            size,
            size,
            0 * size,
            units="xy",
            offsets=centres,
            offset_transform=axes.transData,
            alpha=0.5,
            **outline,
        )
    )
    upper.colorbar(image, ax=axes, label=unit, shrink=0.8, pad=0.02)
    words = field_words(name, kind).removesuffix(" in the fluid")
    axes.set_title(words[0].upper() + words[1:])
    window(axes, frame, box)
    axes.set_ylabel("")


FATES = ("injected", "released", "field", "surface", "inside", "lysosome", "left", "decayed")
"""Accounts that the small panel shows, fewer than the report does."""


def _courses(panels: Any, arm: Arm, colours: dict[str, str]) -> None:
    columns = read_columns(arm.run.summary.columns)
    live = [c for c in columns if c.kind == "cells" and c.what == "live"]
    _lines(panels[0], arm, live, "Live cells", "cells", colours)
    pools = [c for c in columns if c.kind == "vesicles" and not c.cell and c.what in FATES]
    pools = [c for c in pools if arm.run.summary[c.key].any()]
    shades = dict(zip((c.what for c in pools), CARGOS, strict=False))
    _lines(panels[1], arm, pools, "Vesicles", "particles", shades)
    rates = [c for c in columns if c.kind == "cargo" and c.what.endswith("per_cell_per_day")]
    names = {name: CARGOS[i % len(CARGOS)] for i, name in enumerate(dict.fromkeys(c.name for c in rates))}
    _lines(panels[2], arm, rates, "Cargo per recipient and day", "copies per cell per day", names)
    panels[2].plot([], [], ":", color="#4d5a69", label="ceiling by mass balance")
    _key(panels[2], 2)
    if any((arm.run.summary[c.key] > 0).any() for c in rates):
        panels[2].set_yscale("log")


def _lines(
    axes: Axes, arm: Arm, columns: list[Column], heading: str, unit: str, colours: dict[str, str]
) -> None:
    from matplotlib.ticker import EngFormatter

    recipients = list(dict.fromkeys(c.cell for c in columns))
    names = list(dict.fromkeys(c.name for c in columns))
    alone = len(names) == 1
    for column in columns:
        course = arm.run.summary[column.key].dropna()
        course = course[course > 0] if column.kind == "cargo" else course
        ceiling = column.what.startswith("ceiling")
        # Two cargos whose copies are equal would hide each other.
        broad = (
            1 + 1.8 / len(names) * (len(names) - 1 - names.index(column.name))
            if column.kind == "cargo"
            else 1.0
        )
        colour = colours.get(column.what) or colours.get(column.name, "#4d5a69")
        style = ":" if ceiling else ("-", "--", "-.")[recipients.index(column.cell) % 3]
        axes.plot(
            course.index,
            course,
            style,
            color=colour,
            lw=broad * (1.2 if ceiling else 2),
            label=_label(column, alone),
        )
    axes.set(xlabel="time, h", ylabel=unit, title=heading, xlim=(0, None))
    if unit == "cells":
        axes.set_ylim(0, None)
    if unit == "particles":
        axes.yaxis.set_major_formatter(EngFormatter(sep=""))
    _key(axes, 2)


def _key(axes: Axes, columns: int, drop: float = -0.29) -> None:
    """Names below the panel, where they cover nothing."""
    below: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (-0.04, drop), "ncols": columns}
    axes.legend(frameon=False, fontsize=7.6, columnspacing=0.9, handletextpad=0.5, handlelength=1.5, **below)


def _label(column: Column, alone: bool) -> str | None:
    if column.kind == "vesicles":
        return ACCOUNTS[column.what] if alone else f"{column.name}: {ACCOUNTS[column.what]}"
    if column.kind == "cargo":
        return None if column.what.startswith("ceiling") else f"{column.name} to {column.cell}"
    return column.name
