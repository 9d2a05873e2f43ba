"""The atlas' network inside its page: SVG text whose strands name the rows that they stand for."""

from __future__ import annotations

from markupsafe import Markup, escape

from exocosm.view.atlas.picture import bounds
from exocosm.view.atlas.shapes import (
    LABEL_SIZE,
    PILL_SIZE,
    ROUND,
    Drawing,
    Pill,
    Point,
    Strand,
    Words,
    text_width,
)

DASHES = ' stroke-dasharray="7 4"'
SCALE = 100.0
"""Units of the drawing for an inch."""


def as_svg(drawing: Drawing) -> Markup:
    """The picture as one SVG element."""
    left, bottom, right, top = bounds(drawing)
    box = f"{left * SCALE:.0f} {-top * SCALE:.0f} {(right - left) * SCALE:.0f} {(top - bottom) * SCALE:.0f}"
    parts = [
        f'<path class="link" d="{_curve(curve)}" style="stroke:{colour}"/>' for curve, colour in drawing.links
    ]
    parts += [_strand(each) for each in drawing.strands]
    parts += [_label(each, number) for number, each in enumerate(drawing.strands)]
    parts += [_pill(each) for each in drawing.pills]
    parts += [_words(each) for each in drawing.words]
    label = "Cells and what goes from one to another; the table below says the same in words."
    return Markup(  # noqa: S704 (all text in it is escaped)
        f'<svg id="network" viewBox="{box}" role="img" aria-label="{label}" '
        f'style="max-width:{(right - left) * 108:.0f}px">{"".join(parts)}</svg>'
    )


def _strand(strand: Strand) -> str:
    arrow = strand.arrow
    ids = " ".join(row.id for row in arrow.rows)
    told = escape(f"{arrow.sender} → {arrow.recipient}: {', '.join(arrow.cargos) or 'cargo not told'}")
    return (
        f'<g class="{"strand faint" if strand.faint else "strand"}" tabindex="0" role="button" '
        f'data-rows="{ids}" data-family="{escape(arrow.family)}" style="--family:{strand.colour}">'
        f"<title>{told} ({len(arrow.rows)})</title>"
        f'<path class="reach" d="{_curve(strand.curve)}"/>'
        f'<path d="{_curve(strand.line())}" stroke-width="{strand.width * SCALE / 72:.1f}"'
        f"{DASHES if strand.dashed else ''}/>{_head(strand)}</g>"
    )


def _head(strand: Strand) -> str:
    corners = " ".join(_at(corner) for corner in strand.head())
    if strand.arrow.lowers:
        return (
            f'<polyline class="bar" points="{corners}" stroke-width="{strand.width * SCALE / 72 + 1:.1f}"/>'
        )
    return f'<polygon class="{"mixed" if strand.arrow.mixed else "up"}" points="{corners}"/>'


def _label(strand: Strand, number: int) -> str:
    """The label of the strand of that number; it stands above all strands."""
    if not strand.label:
        return ""
    (x, y), angle = strand.label_place()
    size, wide = LABEL_SIZE * SCALE / 72, text_width(strand.label, LABEL_SIZE) * SCALE
    return (
        f'<g class="label" data-strand="{number}" style="--family:{strand.colour}" '
        f'transform="translate({_at((x, y))}) rotate({-angle:.1f})">'
        f'<rect x="{-wide / 2:.1f}" y="{-size * 0.6:.1f}" width="{wide:.1f}" height="{size * 1.2:.1f}"/>'
        f'<text class="cargo" font-size="{size:.1f}">{escape(strand.label)}</text></g>'
    )


def _pill(each: Pill) -> str:
    x, y = (each.x - each.width / 2) * SCALE, -(each.y + each.height / 2) * SCALE
    size = (15 if each.hub else PILL_SIZE) * SCALE / 72
    return (
        f'<g class="{"cell hub" if each.hub else "cell"}"><rect x="{x:.1f}" y="{y:.1f}" '
        f'width="{each.width * SCALE:.1f}" height="{each.height * SCALE:.1f}" '
        f'rx="{(each.height / 2 if each.hub else ROUND) * SCALE:.1f}"/>'
        f'<text transform="translate({_at((each.x, each.y))})" font-size="{size:.1f}">'
        f"{escape(each.name)}</text></g>"
    )


def _words(each: Words) -> str:
    weight = ' font-weight="650"' if each.bold else ""
    ids = " ".join(row.id for row in each.rows)
    return (
        f'<text class="words" data-rows="{ids}" transform="translate({_at((each.x, each.y))})" '
        f'text-anchor="{each.anchor}" font-size="{each.size * SCALE / 72:.1f}" '
        f'style="fill:{each.colour}"{weight}>{escape(each.text)}</text>'
    )


def _curve(curve: tuple[Point, Point, Point, Point]) -> str:
    start, *others = (_at(each) for each in curve)
    return f"M{start} C{' '.join(others)}"


def _at(place: Point) -> str:
    return f"{place[0] * SCALE:.1f},{-place[1] * SCALE:.1f}"
