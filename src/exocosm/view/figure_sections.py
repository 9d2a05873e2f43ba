"""Sections through the tissue of each arm side by side: cells as discs, and a field in the same plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from exocosm.view.conditions import Condition, names
from exocosm.view.figure_courses import MM, ONE, TWO
from exocosm.view.overview import discs, middle_of, window
from exocosm.view.palette import cell_type_colours, colour_map
from exocosm.view.scene_fields import field_words, in_order_of
from exocosm.view.tissue_scene import Frame, box_of, read_frames, type_names
from exocosm.view.words import duration, first_upper, units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ACROSS = 3
DEAD = "#3b3b46"


def draw(conditions: list[Condition]) -> list[Figure]:
    """Figures of up to three arms; none without recorded cells."""
    shown = [(name, c.arms[0]) for name, c in zip(names(conditions), conditions, strict=True)]
    runs = [(name, arm, read_frames(arm)) for name, arm in shown if len(arm.run.cell_times)]
    if not runs:
        return []
    frames = [(name, arm, found[-1]) for name, arm, found in runs]
    colours = cell_type_colours(type_names([frame for _, _, frame in frames]))
    height, field = (
        middle_of(frames[0][2], box_of(frames[0][1], [frames[0][2]])),
        _field([a for _, a, _ in frames]),
    )
    pages = [frames[i : i + ACROSS] for i in range(0, len(frames), ACROSS)]
    return [_page(page, colours, height, field) for page in pages]


def _field(arms: list[Any]) -> tuple[str, str, float, float] | None:
    """The field below the cells with its unit and range over all arms: vesicles where there are any."""
    found = {str(n): arm.run.fields[n] for arm in arms if arm.run.fields is not None for n in arm.run.fields}
    if not found:
        return None
    unit = {name: units(str(data.attrs.get("units", ""))) for name, data in found.items()}
    names = in_order_of(arms[0].run.model, list(found))
    name = next((n for n in names if "particle" in unit[n]), names[0])
    last = [arm.run.fields[name].isel(time=-1) for arm in arms if name in (arm.run.fields or {})]
    low = 0.0 if "particle" in unit[name] else min(float(data.min()) for data in last)
    high = max(float(data.max()) for data in last)
    return name, unit[name], low, high if high > low else low + 1.0


def _page(
    page: list[tuple[str, Any, Frame]],
    colours: dict[str, str],
    height: float,
    field: tuple[str, str, float, float] | None,
) -> Figure:
    from matplotlib.figure import Figure

    rows = 2 if field else 1
    width = ONE if len(page) == 1 else TWO
    side = width / len(page)
    figure = Figure(figsize=(width, rows * side * 0.92 + 14 * MM), layout="constrained")
    grid = figure.subplots(rows, len(page), squeeze=False, sharex=True, sharey=True)
    image = None
    for i, (name, arm, frame) in enumerate(page):
        _cells(grid[0][i], frame, colours, height)
        grid[0][i].set_title(f"{name}, {duration(frame.time)}")
        if field:
            image = _slice(grid[1][i], arm, frame, height, field) or image
        window(grid[0][i], frame, box_of(arm, [frame]))
        for axes in grid[:, i]:
            axes.set_aspect("equal")
            axes.set(xlabel="x, µm" if axes is grid[-1][i] else "", ylabel="" if i else "y, µm")
    if field and image is not None:
        kind = "vesicle" if "particle" in field[1] else "substrate"
        label = f"{first_upper(field_words(field[0], kind))}, {field[1]}"
        figure.colorbar(image, ax=list(grid[1]), label=label, shrink=0.85, pad=0.02)
    _legend(figure, colours)
    return figure


def _discs(axes: Axes, frame: Frame, height: float, face: Any, edge: Any, width: float) -> None:
    from matplotlib.collections import EllipseCollection

    centres, radius, _ = discs(frame, height)
    place: dict[str, Any] = {"offsets": centres, "offset_transform": axes.transData, "units": "xy"}
    size = 2 * radius
    axes.add_collection(
        EllipseCollection(size, size, 0 * size, facecolors=face, edgecolors=edge, linewidths=width, **place)
    )


def _cells(axes: Axes, frame: Frame, colours: dict[str, str], height: float) -> None:
    _, _, cut = discs(frame, height)
    table = frame.table[cut]
    own = [colours.get(str(kind), DEAD) for kind in table["type"]]
    dead = table["state"].astype(str).to_numpy() != "live"
    face = [DEAD if gone else colour for gone, colour in zip(dead, own, strict=True)]
    edge = [colour if gone else "white" for gone, colour in zip(dead, own, strict=True)]
    _discs(axes, frame, height, face, edge, 0.3)


def _slice(
    axes: Axes, arm: Any, frame: Frame, height: float, field: tuple[str, str, float, float]
) -> Any | None:
    name, unit, low, high = field
    if arm.run.fields is None or name not in arm.run.fields:
        axes.text(0.5, 0.5, "no such field", transform=axes.transAxes, ha="center")
        return None
    plane = arm.run.fields[name].isel(time=-1).sel(z=height, method="nearest").transpose("y", "x")
    box = box_of(arm, [frame])
    image = axes.imshow(
        np.asarray(plane, dtype=float),
        origin="lower",
        extent=(0, box[0], 0, box[1]),
        cmap=colour_map("vesicle" if "particle" in unit else "substrate"),
        vmin=low,
        vmax=high,
        interpolation="nearest",
    )
    _discs(axes, frame, height, "none", "#16202c" if "particle" in unit else "white", 0.25)
    return image


def _legend(figure: Figure, colours: dict[str, str]) -> None:
    from matplotlib.lines import Line2D

    shades = {**colours, "dying or dead": DEAD}
    handles = [Line2D([], [], marker="o", ls="", color=c, ms=4, label=n) for n, c in shades.items()]
    figure.legend(handles=handles, loc="outside lower left", ncols=min(6, len(handles)))
