"""The atlas' network for print: SVG, PDF or PNG by matplotlib."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from exocosm.library import Atlas
from exocosm.library.terms import spoken
from exocosm.results.durable import replacing
from exocosm.view.atlas.picture import MARGIN, TITLE, bounds, picture
from exocosm.view.atlas.shapes import COLOURS, LABEL_SIZE, PILL_SIZE, ROUND, Drawing, Pill, Strand

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, SOFT = "#16202c", "#5f6e80"


def write_atlas_figure(found: Atlas, path: Path | str, title: str = "") -> Path:
    """Draw the network of an atlas to `path`, whose ending chooses SVG, PDF or PNG, and return it.

    Raises RunError where no file can be written there.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    path, drawing = Path(path), picture(found)
    left, bottom, right, top = _page(drawing)
    size = right - left, top - bottom
    with rc_context({"font.family": "sans-serif", "svg.fonttype": "none", "svg.hashsalt": "exocosm"}):
        figure = Figure(figsize=size, dpi=170)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(left, right), ylim=(bottom, top))
        axes.axis("off")
        _draw(axes, drawing)
        _frame(axes, drawing, found, title)
        # Without a date the same atlas gives the same file.
        undated: dict[str, Any] = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(
            path.suffix, {}
        )
        with replacing(path) as temporary:
            figure.savefig(temporary, format=path.suffix[1:], facecolor="white", metadata=undated)
    return path


def _page(drawing: Drawing) -> tuple[float, float, float, float]:
    """Bounds of a picture with room for its title above and its key below (inches)."""
    left, bottom, right, top = bounds(drawing)
    return left, bottom - _key_height(drawing), max(right, left + 6.8), top + 0.75


def _key_height(drawing: Drawing) -> float:
    return 0.7 + 0.24 * len(drawing.families())


def _draw(axes: Axes, drawing: Drawing) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    codes = [Outline.MOVETO, Outline.CURVE4, Outline.CURVE4, Outline.CURVE4]
    for curve, colour in drawing.links:
        axes.add_patch(PathPatch(Outline(curve, codes), fill=False, ec=colour, lw=0.8, alpha=0.6, zorder=1))
    for strand in drawing.strands:
        alpha, order = (0.45, 1) if strand.faint else (0.95, 2)
        line = PathPatch(Outline(strand.line(), codes), fill=False, ec=strand.colour, lw=strand.width)
        line.set(alpha=alpha, zorder=order, capstyle="butt", linestyle=(0, (4, 2)) if strand.dashed else "-")
        axes.add_patch(line)
        _head(axes, strand, alpha, order)
        _label(axes, strand)
    for each in drawing.pills:
        _pill(axes, each)
    for words in drawing.words:
        place = {"start": "left", "middle": "center"}[words.anchor]
        axes.text(
            words.x,
            words.y,
            words.text,
            color=words.colour,
            fontsize=words.size,
            ha=place,
            va="center",
            weight="bold" if words.bold else "normal",
        )


def _head(axes: Axes, strand: Strand, alpha: float, order: int) -> None:
    from matplotlib.patches import Polygon

    corners = strand.head()
    if len(corners) == 2:
        (x0, y0), (x1, y1) = corners
        axes.plot([x0, x1], [y0, y1], color=strand.colour, lw=strand.width + 0.8, alpha=alpha, zorder=order)
        return
    hollow = "white" if strand.arrow.mixed else strand.colour
    axes.add_patch(
        Polygon(corners, closed=True, fc=hollow, ec=strand.colour, lw=0.9, alpha=alpha, zorder=order + 1)
    )


def _label(axes: Axes, strand: Strand) -> None:
    if not strand.label:
        return
    (x, y), angle = strand.label_place()
    axes.text(
        x,
        y,
        strand.label,
        rotation=angle,
        rotation_mode="anchor",
        ha="center",
        va="center",
        fontsize=LABEL_SIZE,
        color=strand.colour if not strand.faint else SOFT,
        bbox={"boxstyle": "square,pad=0.12", "fc": "white", "ec": "none", "alpha": 0.9},
        zorder=4,
    )


def _pill(axes: Axes, each: Pill) -> None:
    from matplotlib.patches import Circle, FancyBboxPatch, Patch

    paper, ink = (INK, INK) if each.hub else ("#eef2f6", "#5f6e80")
    shape: Patch
    if each.hub:
        shape = Circle((each.x, each.y), each.width / 2)
    else:
        corner = each.x - each.width / 2, each.y - each.height / 2
        style = f"round,pad=0,rounding_size={ROUND}"
        shape = FancyBboxPatch(corner, each.width, each.height, boxstyle=style)
    shape.set(facecolor=paper, edgecolor=ink, linewidth=1.1, zorder=5)
    axes.add_patch(shape)
    axes.text(
        each.x,
        each.y,
        each.name,
        ha="center",
        va="center_baseline",
        zorder=6,
        weight="bold",
        color="white" if each.hub else INK,
        fontsize=15 if each.hub else PILL_SIZE,
    )


def _frame(axes: Axes, drawing: Drawing, found: Atlas, title: str) -> None:
    """The title above and the key below."""
    left, bottom, _, top = _page(drawing)
    left += MARGIN
    axes.text(left, top - 0.32, title or TITLE, fontsize=13, weight="bold", color=INK)
    axes.text(left, top - 0.56, found.counted, fontsize=8.5, color=SOFT)
    y = bottom + _key_height(drawing) - 0.28
    for family, processes in drawing.families().items():
        axes.plot([left, left + 0.34], [y, y], color=COLOURS[family], lw=2.4, solid_capstyle="butt")
        axes.text(left + 0.44, y, family, fontsize=8, va="center", color=INK, weight="bold")
        names = ", ".join(map(spoken, processes))
        axes.text(left + 2.1, y, names, fontsize=7.5, va="center", color=SOFT)
        y -= 0.24
    for text in (
        "Triangle: the effect rises; hollow: some of its rows say falls. Bar: it falls. Wider: more rows. "
        "Dashed: no vesicle carries it.",
        drawing.below,
    ):
        axes.text(left, y, text, fontsize=7.5, va="center", color=SOFT)
        y -= 0.2
