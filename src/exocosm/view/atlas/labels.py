"""Labels moved along their strands until they cover neither each other nor a strand that is not theirs."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from exocosm.view.atlas.shapes import LABEL_SIZE, Pill, Point, Strand, text_width

STEPS = (0.0, *(sign * 0.04 * step for step in range(1, 10) for sign in (-1, 1)))
CLEAR = LABEL_SIZE * 1.25 / 72
"""Between the middle lines of two labels (inches)."""
HIGH = LABEL_SIZE * 1.3 / 72
"""The height of a label with what is left free about it (inches)."""
CURVE_POINTS = 121

Array = NDArray[np.float64]


def apart(strands: list[Strand], pills: list[Pill]) -> list[Strand]:
    """The strands with their labels clear of pills and of labels before; where none is, the clearest place.

    Of places as clear, a label takes that where it covers fewest other strands, and of these the one nearest
    to where it was wanted. Labels are placed in order, those of strands with most rows first.
    """
    taken = np.array([point for each in pills for point in _points(each)]).reshape(-1, 2)
    curves = np.array([each.curve for each in strands]).reshape(-1, 4, 2)
    placed: dict[int, Strand] = {}
    for number in sorted(range(len(strands)), key=lambda i: -len(strands[i].arrow.rows)):
        strand = strands[number]
        if strand.label:
            strand = _best(_moved(strand), taken, _along_curves(np.delete(curves, number, axis=0)))
            taken = np.vstack([taken, _along(strand)])
        placed[number] = strand
    return [placed[number] for number in range(len(strands))]


def _moved(strand: Strand) -> list[Strand]:
    """The strand with its label at each place along it, the wanted one first."""
    places = [strand.at + step for step in STEPS]
    return [replace(strand, at=at) for at in places if 0.14 <= at <= 0.86]


def _best(places: list[Strand], taken: Array, others: Array) -> Strand:
    """The first of the clearest places that cover fewest other strands."""
    return max(places, key=lambda each: (min(_clearance(each, taken), CLEAR), -_covered(each, others)))


def _points(pill: Pill) -> list[Point]:
    """Points in a pill, no farther apart than a label is high; those of the middle cell near its edge."""
    if pill.hub:
        return [pill.edge(math.radians(angle)) for angle in range(0, 360, 15)]
    reach, rows = pill.width / 2 - 0.1, max(math.ceil(pill.height / CLEAR), 1)
    heights = [pill.height * (row / rows - 0.5) for row in range(rows + 1)]
    return [(pill.x + reach * i / 4, pill.y + height) for i in range(-4, 5) for height in heights]


def _along(strand: Strand) -> Array:
    """Points (n, 2) along the middle line of a label, no farther apart than it is high."""
    middle, angle = strand.label_place()
    half = text_width(strand.label, LABEL_SIZE) / 2
    count = max(math.ceil(2 * half / CLEAR), 1)
    way = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return np.array(middle) + np.linspace(-half, half, count + 1)[:, None] * np.array(way)


def _clearance(strand: Strand, taken: Array) -> float:
    """The least distance (inches) of a label's middle line from what is taken."""
    away = _along(strand)[:, None] - taken
    return float(np.hypot(away[..., 0], away[..., 1]).min(initial=math.inf))


def _along_curves(curves: Array) -> Array:
    """Points (n, m, 2) along curves (n, 4, 2), no farther apart than a label is high."""
    t = np.linspace(0, 1, CURVE_POINTS)[:, None]
    found: Array = np.hstack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3]) @ curves
    return found


def _covered(strand: Strand, others: Array) -> int:
    """How many of the curves, points (n, m, 2), pass under the label of a strand."""
    middle, angle = strand.label_place()
    dx, dy = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    x, y = np.moveaxis(others - middle, -1, 0)
    half = text_width(strand.label, LABEL_SIZE) / 2
    return int(((abs(x * dx + y * dy) < half) & (abs(y * dx - x * dy) < HIGH / 2)).any(axis=1).sum())
