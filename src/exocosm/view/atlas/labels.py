"""Labels moved along their strands until they do not cover each other."""

from __future__ import annotations

import math
from dataclasses import replace

from exocosm.view.atlas.shapes import LABEL_SIZE, Pill, Point, Strand, text_width

STEPS = (0.0, -0.08, 0.08, -0.16, 0.16, -0.24, 0.24, -0.32, 0.32)
CLEAR = LABEL_SIZE * 1.25 / 72
"""Between the middle lines of two labels (inches)."""


def apart(strands: list[Strand], pills: list[Pill]) -> list[Strand]:
    """The strands with their labels clear of pills and of labels before; where none is, the clearest place.

    Labels are placed in order, those of strands with most rows first.
    """
    taken = [point for each in pills for point in _points(each)]
    placed: dict[int, Strand] = {}
    for number in sorted(range(len(strands)), key=lambda i: -len(strands[i].arrow.rows)):
        strand = strands[number]
        if strand.label:
            strand = max(_moved(strand), key=lambda each: min(_clearance(each, taken), CLEAR))
            taken += _along(strand)
        placed[number] = strand
    return [placed[number] for number in range(len(strands))]


def _moved(strand: Strand) -> list[Strand]:
    """The strand with its label at each place along it, the wanted one first."""
    places = [strand.at + step for step in STEPS]
    return [replace(strand, at=at) for at in places if 0.14 <= at <= 0.86]


def _points(pill: Pill) -> list[Point]:
    """Points in a pill, those of the middle cell near its edge."""
    reach = pill.width / 2 - (0 if pill.hub else 0.1)
    if pill.hub:
        return [pill.edge(math.radians(angle)) for angle in range(0, 360, 15)]
    return [(pill.x + reach * i / 4, pill.y) for i in range(-4, 5)]


def _along(strand: Strand) -> list[Point]:
    """Points along the middle line of a label, no farther apart than it is high."""
    (x, y), angle = strand.label_place()
    half = text_width(strand.label, LABEL_SIZE) / 2
    count = max(math.ceil(2 * half / CLEAR), 1)
    dx, dy = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    reach = [half * (2 * i / count - 1) for i in range(count + 1)]
    return [(x + r * dx, y + r * dy) for r in reach]


def _clearance(strand: Strand, taken: list[Point]) -> float:
    return min((math.dist(one, other) for one in _along(strand) for other in taken), default=math.inf)
