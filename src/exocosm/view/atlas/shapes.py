"""Shapes of the atlas' picture, in inches with y upward: pills are cells, strands what goes between them.

A layout makes shapes; the figure and the page draw them. A strand is a cubic Bezier curve whose head tells
the direction of the effect: a triangle raises it, a bar lowers it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from exocosm.library import Arrow, Mechanism, Network
from exocosm.view.palette import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILLION

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]

COLOURS = {
    "growth and invasion": VERMILLION,
    "vessels and hypoxia": SKY,
    "stroma and niche": PURPLE,
    "macrophages": BLUE,
    "immune escape": "#8C6D00",
    "drug resistance": ORANGE,
    "antitumour and therapy": GREEN,
    "life of vesicles": GREY,
}
"""The colour of a family of processes, the same in every picture."""

LABEL_SIZE, PILL_SIZE = 7.8, 9.5
HEAD = 0.105
BAR_BEFORE = 0.05
"""Between a bar and the cell that it stands before (inches)."""
APART = 0.24
"""Between the ends of arrows on one side of a pill (inches)."""
ROUND = 0.16
"""Radius of a pill's corners (inches)."""
TURNED = "Rows that tell what the loss of a cargo does count turned round."
WIDE = 0.56
"""Mean width of a letter as a share of the size of its type."""


@dataclass(frozen=True)
class Pill:
    """A cell: its name in a rounded box."""

    name: str
    x: float
    y: float
    width: float
    height: float
    hub: bool = False

    def edge(self, angle: float) -> Point:
        """Where a ray from its middle leaves it."""
        if self.hub:
            return self.x + self.width / 2 * math.cos(angle), self.y + self.height / 2 * math.sin(angle)
        across = abs(math.cos(angle)) / (self.width / 2)
        along = abs(math.sin(angle)) / (self.height / 2)
        reach = 1 / max(across, along)
        return self.x + reach * math.cos(angle), self.y + reach * math.sin(angle)


@dataclass(frozen=True)
class Strand:
    """One arrow of the network as a curve with a head and a label."""

    arrow: Arrow
    curve: Curve
    label: str
    at: float = 0.5
    faint: bool = False
    level: bool = False
    """Whether its label is written level and not along the curve."""

    @property
    def colour(self) -> str:
        """That of its family of processes."""
        return COLOURS[self.arrow.family]

    @property
    def dashed(self) -> bool:
        """Whether no vesicle carries anything of it."""
        return not any(row.carried for row in self.arrow.rows)

    @property
    def width(self) -> float:
        """In points; it grows with the number of rows."""
        return 1.0 + 0.55 * math.log2(len(self.arrow.rows))

    def head(self) -> tuple[Point, ...]:
        """Three corners of a triangle, or the two ends of a bar, which stands a little before the cell."""
        curve = self.line() if self.arrow.lowers else self.curve
        return head(curve, bar=self.arrow.lowers, size=HEAD + 0.012 * self.width)

    def line(self) -> Curve:
        """The curve as far as the head."""
        return shortened(self.curve, BAR_BEFORE if self.arrow.lowers else HEAD * 0.8)

    def label_place(self) -> tuple[Point, float]:
        """Where the label stands, and its angle (degrees), never upside down."""
        middle, tangent = point(self.curve, self.at), slope(self.curve, self.at)
        angle = 0.0 if self.level else math.degrees(math.atan2(tangent[1], tangent[0]))
        return middle, (angle + 90) % 180 - 90


@dataclass(frozen=True)
class Words:
    """A line of text, with the rows that it tells of."""

    text: str
    x: float
    y: float
    colour: str = "#16202c"
    size: float = 8.0
    anchor: str = "start"
    bold: bool = False
    rows: tuple[Mechanism, ...] = ()


@dataclass
class Drawing:
    """All shapes of one picture, and the families of processes in it."""

    width: float
    height: float
    pills: list[Pill] = field(default_factory=list)
    strands: list[Strand] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    links: list[tuple[Curve, str]] = field(default_factory=list)
    """Thin lines without a head, with their colours."""
    left_out: str = ""

    @property
    def below(self) -> str:
        """What stands below the picture: rows that are turned round, and what is not drawn."""
        turned = any(row.of_loss for strand in self.strands for row in strand.arrow.rows)
        return " ".join(part for part in (TURNED if turned else "", self.left_out) if part)

    def families(self) -> dict[str, tuple[str, ...]]:
        """Families of processes drawn, in the order of their colours, with the processes of each."""
        found: dict[str, dict[str, None]] = {}
        for strand in self.strands:
            found.setdefault(strand.arrow.family, {}).update(dict.fromkeys(strand.arrow.processes))
        return {family: tuple(sorted(found[family])) for family in COLOURS if family in found}


def pill(name: str, x: float, y: float, *, arrows: int = 1) -> Pill:
    """A pill as wide as its name, and so high that `arrows` can end on one of its sides."""
    height = max(PILL_SIZE / 72 + 0.2, APART * arrows + 0.06)
    return Pill(name, x, y, text_width(name, PILL_SIZE) + 0.3, height)


def text_width(text: str, size: float) -> float:
    """About how wide a text is (inches) in a type of `size` points."""
    return len(text) * size * WIDE / 72


def loose(network: Network) -> str:
    """How many rows name no two cells, in words."""
    count = len(network.loose)
    return f"{count} row that names no two cells" if count == 1 else f"{count} rows that name no two cells"


def cargo_label(arrow: Arrow, most: int = 2) -> str:
    """The cargos with most rows, and how many more there are."""
    names = [name.replace("whole vesicle", "whole vesicles") for name in arrow.cargos]
    if not names:
        return ""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" +{more}" if more > 0 else "")


def point(curve: Curve, t: float) -> Point:
    """The point of a curve at `t`, 0 to 1."""
    a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
    x, y = (sum(w * p[i] for w, p in zip((a, b, c, d), curve, strict=True)) for i in (0, 1))
    return x, y


def slope(curve: Curve, t: float) -> Point:
    """The unit tangent of a curve at `t`."""
    (x0, y0), (x1, y1) = point(curve, max(t - 0.02, 0)), point(curve, min(t + 0.02, 1))
    length = math.hypot(x1 - x0, y1 - y0) or 1.0
    return (x1 - x0) / length, (y1 - y0) / length


def head(curve: Curve, *, bar: bool, size: float) -> tuple[Point, ...]:
    """The head at the end of a curve."""
    (x, y), (dx, dy) = curve[3], slope(curve, 1.0)
    half = size * (0.85 if bar else 0.48)
    if bar:
        return (x - half * dy, y + half * dx), (x + half * dy, y - half * dx)
    back = x - size * 1.25 * dx, y - size * 1.25 * dy
    return (x, y), (back[0] - half * dy, back[1] + half * dx), (back[0] + half * dy, back[1] - half * dx)


def shortened(curve: Curve, by: float) -> Curve:
    """A curve that ends a little earlier, so that a head may take its place."""
    dx, dy = slope(curve, 1.0)
    (x2, y2), (x3, y3) = curve[2], curve[3]
    return curve[0], curve[1], (x2 - by * dx, y2 - by * dy), (x3 - by * dx, y3 - by * dy)
