"""The picture of a large network: the cell that most arrows touch in the middle, the others around it.

Each of the others has a share of the circle that grows with its arrows, so that labels have room. What the
middle cell does to its own kind hangs below it in nested loops.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict

from exocosm.library import Arrow, Network, terms
from exocosm.view.atlas.labels import apart
from exocosm.view.atlas.shapes import (
    COLOURS,
    Curve,
    Drawing,
    Pill,
    Point,
    Strand,
    cargo_label,
    loose,
    pill,
)

MOST_NODES = 18
FEWEST_ROWS = 3
ACROSS, UPRIGHT = 5.5, 5.0
"""Half axes of the ring (inches)."""
HUB = 0.72
NEAR = math.radians(100)
"""Cells on the ring nearer than this are joined outside it."""

Joined = dict[tuple[str, str], list[Arrow]]


def hub_picture(network: Network) -> Drawing:
    """Shapes of a network around its middle. Cells with the fewest rows are left out, and counted."""
    names = _drawn(network)
    arrows = [a for a in network.arrows if a.sender in names and a.recipient in names]
    middle = names[0]
    joined = _joined(arrows)
    loops = joined.pop((middle, middle), [])
    ring = _order(names[1:], arrows, closed=not loops)
    angles = _angles(middle, ring, joined, len(loops))
    drawing = Drawing(2 * ACROSS + 2.6, 2 * UPRIGHT + 2.2)
    hub = Pill(middle, 0, 0, 2 * HUB, 2 * HUB, hub=True)
    pills = {name: _on_ring(name, angles[name]) for name in ring} | {middle: hub}
    drawing.strands += _chords(pills, ring, angles, joined)
    drawing.strands += [strand for name in ring for strand in _spokes(hub, pills[name], angles[name], joined)]
    drawing.strands += _hanging(hub, loops)
    drawing.pills = list(pills.values())
    drawing.strands = apart(drawing.strands, drawing.pills)
    drawing.left_out = _left_out(network, names)
    return drawing


def _drawn(network: Network) -> list[str]:
    """Names of the cells that are drawn, the middle one first: those of the library before others.

    A cell that is none of the library's is drawn where some rows join it to the middle, and none without an
    arrow.
    """
    order = list(network.nodes)
    middle = order[0]
    library = {each.cell_type for each in terms("cells").values() if each.cell_type}
    joined = Counter(
        other
        for arrow in network.arrows
        for other in {arrow.sender, arrow.recipient}
        if middle in (arrow.sender, arrow.recipient)
        for _ in arrow.rows
    )
    kept = [name for name in order if name in library or joined[name] >= FEWEST_ROWS]
    names = set(sorted(kept, key=lambda name: name not in library)[:MOST_NODES])
    ends = {
        end for a in network.arrows if {a.sender, a.recipient} <= names for end in (a.sender, a.recipient)
    }
    return [name for name in order if name in ends or name == middle]


def _left_out(network: Network, names: list[str]) -> str:
    drawn = {row.id for a in network.arrows if {a.sender, a.recipient} <= set(names) for row in a.rows}
    beyond = {row.id for a in network.arrows for row in a.rows} - drawn
    parts = []
    if beyond:
        cells = len(set(network.nodes) - set(names))
        parts.append(f"{len(beyond)} rows of {cells} cells with fewer rows")
    if network.loose:
        parts.append(loose(network))
    return f"Not drawn: {' and '.join(parts)}." if parts else ""


def _joined(arrows: list[Arrow]) -> Joined:
    """Arrows by ordered pair of cells, in the order of the families' colours."""
    joined: Joined = defaultdict(list)
    order = {family: place for place, family in enumerate(COLOURS)}
    for arrow in sorted(arrows, key=lambda a: order[a.family]):
        joined[arrow.sender, arrow.recipient].append(arrow)
    return joined


def _order(names: list[str], arrows: list[Arrow], *, closed: bool) -> list[str]:
    """Names around the ring so that those with arrows between them stand side by side.

    Pairs are exchanged as long as that shortens the way; a ring with a gap for loops is not closed.
    """
    weight: dict[frozenset[str], int] = defaultdict(int)
    for arrow in arrows:
        weight[frozenset((arrow.sender, arrow.recipient))] += 1
    order, better = list(names), True
    while better:
        better = False
        for i in range(len(order)):
            for j in range(i + 1, len(order)):
                tried = order.copy()
                tried[i], tried[j] = tried[j], tried[i]
                if _length(tried, weight, closed) < _length(order, weight, closed):
                    order, better = tried, True
    return order


def _length(order: list[str], weight: dict[frozenset[str], int], closed: bool) -> float:
    place = {name: i for i, name in enumerate(order)}
    total = 0.0
    for pair, arrows in weight.items():
        if len(pair) == 2 and pair <= place.keys():
            one, other = (place[name] for name in pair)
            apart = abs(one - other)
            total += arrows * (min(apart, len(order) - apart) if closed else apart) ** 1.5
    return total


def _angles(middle: str, ring: list[str], joined: Joined, loops: int) -> dict[str, float]:
    """The angle of each cell on the ring; the loops of the middle have their share, straight below."""
    share = {name: 1.1 + len(_both(middle, name, joined)) for name in ring}
    gap = math.radians(74) if loops else 0.0
    turn, at, angles = 2 * math.pi - gap, -math.pi / 2 + gap / 2, {}
    for name in ring:
        part = turn * share[name] / sum(share.values())
        angles[name] = at + part / 2
        at += part
    return angles


def _both(one: str, other: str, joined: Joined) -> list[Arrow]:
    return joined.get((one, other), []) + joined.get((other, one), [])


def _on_ring(name: str, angle: float) -> Pill:
    return pill(name, ACROSS * math.cos(angle), UPRIGHT * math.sin(angle))


def _spokes(hub: Pill, other: Pill, angle: float, joined: Joined) -> list[Strand]:
    """Strands between the middle and a cell of the ring, side by side, those going out on one side."""
    arrows = _both(hub.name, other.name, joined)
    length = math.hypot(other.x, other.y)
    along = math.atan2(other.y, other.x)
    gap = min(0.26, 1.5 / max(len(arrows), 1))
    strands = []
    for number, arrow in enumerate(arrows):
        aside = (number - (len(arrows) - 1) / 2) * gap
        curve = _spoke(hub, other, along, aside, length)
        out = arrow.sender == hub.name
        at = 0.56 if number % 2 else 0.46
        strands.append(
            Strand(arrow, curve if out else _turned(curve), cargo_label(arrow), at if out else 1 - at)
        )
    return strands


def _spoke(hub: Pill, other: Pill, along: float, aside: float, length: float) -> Curve:
    """A curve from the middle to a cell on the ring that runs `aside` of the straight line."""
    across = -math.sin(along), math.cos(along)
    start = hub.edge(along + aside * 0.75 / HUB * 0.9)
    spread = min(max(aside * 0.35, -other.width / 3), other.width / 3)
    back = other.edge(along + math.pi)
    end = back[0] + across[0] * spread, back[1] + across[1] * spread
    one, two = 0.36 * length, 0.72 * length
    return (
        start,
        (math.cos(along) * one + across[0] * aside * 1.25, math.sin(along) * one + across[1] * aside * 1.25),
        (math.cos(along) * two + across[0] * aside * 1.25, math.sin(along) * two + across[1] * aside * 1.25),
        end,
    )


def _turned(curve: Curve) -> Curve:
    return curve[3], curve[2], curve[1], curve[0]


def _chords(
    pills: dict[str, Pill], ring: list[str], angles: dict[str, float], joined: Joined
) -> list[Strand]:
    """Strands between cells of the ring, and of a cell with itself."""
    strands = []
    for (sender, recipient), arrows in joined.items():
        if sender not in ring or recipient not in ring:
            continue
        for number, arrow in enumerate(arrows):
            if sender == recipient:
                strands.append(Strand(arrow, _loop(pills[sender], angles[sender], number), ""))
                continue
            apart = (angles[recipient] - angles[sender] + math.pi) % (2 * math.pi) - math.pi
            outside = abs(apart) < NEAR
            curve = _arc(pills[sender], pills[recipient], angles[sender], apart, number, outside)
            strands.append(Strand(arrow, curve, cargo_label(arrow, 1), faint=not outside))
    return strands


def _arc(one: Pill, other: Pill, angle: float, apart: float, number: int, outside: bool) -> Curve:
    """A curve between two cells of the ring: around it where they are near, across it where they are not."""
    lift = 1.06 + 0.16 * abs(apart) + 0.035 * number if outside else 0.5 - 0.06 * number
    near, far = angle + apart * 0.22, angle + apart * 0.78
    first: Point = (ACROSS * lift * math.cos(near), UPRIGHT * lift * math.sin(near))
    second: Point = (ACROSS * lift * math.cos(far), UPRIGHT * lift * math.sin(far))
    start = one.edge(math.atan2(first[1] - one.y, first[0] - one.x))
    end = other.edge(math.atan2(second[1] - other.y, second[0] - other.x))
    return start, first, second, end


def _loop(one: Pill, angle: float, number: int) -> Curve:
    """A small loop on the outer side of a cell of the ring."""
    size = 0.62 + 0.16 * number
    start, end = one.edge(angle - 0.45), one.edge(angle + 0.45)
    first = one.x + size * 1.5 * math.cos(angle - 0.5), one.y + size * 1.5 * math.sin(angle - 0.5)
    second = one.x + size * 1.5 * math.cos(angle + 0.5), one.y + size * 1.5 * math.sin(angle + 0.5)
    return start, first, second, end


def _hanging(hub: Pill, arrows: list[Arrow]) -> list[Strand]:
    """Nested loops below the middle, the one with most rows outermost."""
    strands = []
    for number, arrow in enumerate(sorted(arrows, key=lambda a: len(a.rows))):
        deep, wide = 0.6 + 0.42 * number, 0.5 + 0.42 * number
        angle = math.radians(12 + 8 * number)
        start, end = hub.edge(-math.pi / 2 - angle), hub.edge(-math.pi / 2 + angle)
        # A cubic curve comes three quarters of the way to its two middle points.
        low = hub.y - HUB - deep / 0.75
        curve = (start, (hub.x - wide, low), (hub.x + wide, low), end)
        strands.append(Strand(arrow, curve, cargo_label(arrow, 3), level=True))
    return strands
