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
Field = tuple[str, str, float, float]  # name, unit, and range over all arms
Shown = tuple[str, Any, Frame]  # name of an arm, the arm, its last frame


def draw(conditions: list[Condition]) -> list[Figure]:
    """Cells above a field, vesicles where there are any; figures of up to three arms each."""
    shown, fields = _shown(conditions), _fields(conditions)
    colours = cell_type_colours(type_names([frame for _, _, frame in shown]))
    below = next((field for field in fields if "particle" in field[1]), fields[0] if fields else None)
    rows: list[Field | None] = [None, below] if below else [None]
    return [_page(page, colours, rows) for page in _pages(shown)]


def fields(conditions: list[Condition]) -> list[Figure]:
    """Each recorded field that is not zero, with the outlines of cells; figures of up to three arms each."""
    pages = _pages(_shown(conditions))
    return [_page(page, {}, [field]) for field in _fields(conditions) for page in pages]


def _shown(conditions: list[Condition]) -> list[Shown]:
    arms = [(name, c.arms[0]) for name, c in zip(names(conditions), conditions, strict=True)]
    return [(name, arm, read_frames(arm)[-1]) for name, arm in arms if len(arm.run.cell_times)]


def _pages(shown: list[Shown]) -> list[list[Shown]]:
    return [shown[i : i + ACROSS] for i in range(0, len(shown), ACROSS)]


def _fields(conditions: list[Condition]) -> list[Field]:
    """Fields that are not zero everywhere, in the order of the model, each with one scale for all arms."""
    arms = [c.arms[0] for c in conditions if c.arms[0].run.fields is not None]
    unit = {
        str(name): units(str(arm.run.fields[name].attrs.get("units", "")))
        for arm in arms
        for name in arm.run.fields
    }
    found = []
    for name in in_order_of(arms[0].run.model, list(unit)) if arms else []:
        last = [arm.run.fields[name].isel(time=-1) for arm in arms if name in arm.run.fields]
        low = 0.0 if "particle" in unit[name] else min(float(data.min()) for data in last)
        high = max(float(data.max()) for data in last)
        if not low == high == 0.0:
            found.append((name, unit[name], low, high if high > low else low + 1.0))
    return found


def _page(page: list[Shown], colours: dict[str, str], rows: list[Field | None]) -> Figure:
    """A column for each arm, and a row for its cells (None) or for a field."""
    from matplotlib.figure import Figure

    width = ONE if len(page) == 1 else TWO
    side = width / len(page)
    figure = Figure(figsize=(width, len(rows) * side * 0.92 + 14 * MM), layout="constrained")
    grid = figure.subplots(len(rows), len(page), squeeze=False, sharex=True, sharey=True)
    height = middle_of(page[0][2], box_of(page[0][1], [page[0][2]]))
    for row, field in zip(grid, rows, strict=True):
        image = None
        for axes, (_, arm, frame) in zip(row, page, strict=True):
            if field is None:
                _cells(axes, frame, colours, height)
            else:
                image = _slice(axes, arm, frame, height, field) or image
            window(axes, frame, box_of(arm, [frame]))
        if field and image is not None:
            kind = "vesicle" if "particle" in field[1] else "substrate"
            label = f"{first_upper(field_words(field[0], kind))}, {field[1]}"
            figure.colorbar(image, ax=list(row), label=label, shrink=0.85, pad=0.02)
    for axes, (name, _, frame) in zip(grid[0], page, strict=True):
        axes.set_title(f"{name}, {duration(frame.time)}")
    for axes in grid.flat:
        axes.label_outer()
    if colours:
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


def _slice(axes: Axes, arm: Any, frame: Frame, height: float, field: Field) -> Any | None:
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
