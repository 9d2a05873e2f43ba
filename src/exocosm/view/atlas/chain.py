"""The picture of a small network: each chain from left to right, sender, cargo, recipient, effect."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import replace

from exocosm.library import Arrow, Network
from exocosm.view.atlas.labels import apart
from exocosm.view.atlas.shapes import (
    APART,
    COLOURS,
    Curve,
    Drawing,
    Pill,
    Strand,
    Words,
    cargo_label,
    loose,
    pill,
)

SENDERS, RECIPIENTS, EFFECTS = 0.0, 4.3, 5.7
LINE = 0.215
MOST_EFFECTS = 4
ROUNDS = 2
"""How often arrows are put in the order of their recipients, which move as they are."""
TARGET_SIGNS = {1: "↑", -1: "↓", 0: ""}

Effect = tuple[str, str, str]


def chain_picture(network: Network) -> Drawing:
    """Shapes of a network in rows: one for each arrow, with the effects that its rows tell at the right."""
    arrows = _untangled(_in_order(network))
    effects = [effect_lines(arrow) for arrow in arrows]
    middles, total = _rows(effects)
    senders = _column([a.sender for a in arrows], middles, SENDERS)
    recipients = _column([a.recipient for a in arrows], middles, RECIPIENTS)
    drawing = Drawing(11.0, total + 1.0)
    starts, ends = _places([a.sender for a in arrows]), _places([a.recipient for a in arrows])
    for arrow, y, lines, start, end in zip(arrows, middles, effects, starts, ends, strict=True):
        one, other = senders[arrow.sender], recipients[arrow.recipient]
        curve = _across(one, other, y, one.y + start, other.y + end)
        drawing.strands.append(Strand(arrow, curve, cargo_label(arrow, 3), level=True))
        drawing.words += _told(arrow, lines, y)
        drawing.links.append((_link(other, y), COLOURS[arrow.family]))
    drawing.pills = [*senders.values(), *recipients.values()]
    drawing.strands = apart(drawing.strands, drawing.pills)
    drawing.words += _headings(total)
    if network.loose:
        drawing.left_out = f"Not drawn: {loose(network)}."
    return drawing


def effect_lines(arrow: Arrow) -> list[str]:
    """The effects of more of an arrow's cargos, each with its sign and the target through which it comes."""
    count: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in arrow.rows:
        sign = "▲" if row.sign > 0 else "▼"
        for effect in row.effects:
            count[sign, effect] += [f"{name} {TARGET_SIGNS[row.target_sign]}".strip() for name in row.targets]
    lines = []
    for (sign, effect), targets in count.items():
        named = list(dict.fromkeys(targets))
        through = f"  ({', '.join(named[:3])})" if named else ""
        lines.append(f"{sign} {effect}{through}")
    if len(lines) > MOST_EFFECTS:
        lines = [*lines[: MOST_EFFECTS - 1], f"    and {len(lines) - MOST_EFFECTS + 1} more"]
    return lines


def _in_order(network: Network) -> list[Arrow]:
    """Arrows by sender, recipient and colour; cells with most rows first."""
    order = {name: number for number, name in enumerate(network.nodes)}
    colours = {family: number for number, family in enumerate(COLOURS)}
    return sorted(network.arrows, key=lambda a: (order[a.sender], order[a.recipient], colours[a.family]))


def _untangled(arrows: list[Arrow]) -> list[Arrow]:
    """Arrows of each sender in the order in which their recipients stand, so that fewer cross."""
    senders = list(dict.fromkeys(arrow.sender for arrow in arrows))
    for _ in range(ROUNDS):
        middles, _ = _rows([effect_lines(arrow) for arrow in arrows])
        recipients = _column([arrow.recipient for arrow in arrows], middles, RECIPIENTS)
        arrows = sorted(arrows, key=lambda a: (senders.index(a.sender), -recipients[a.recipient].y))
    return arrows


def _rows(effects: list[list[str]]) -> tuple[list[float], float]:
    """The middle of each row, the first on top, and the height of all (inches)."""
    heights = [max(0.52, LINE * len(lines) + 0.24) for lines in effects]
    total = sum(heights)
    return [total - sum(heights[:number]) - height / 2 for number, height in enumerate(heights)], total


def _column(names: list[str], middles: list[float], x: float) -> dict[str, Pill]:
    """Pills at the mean height of their arrows, pushed apart where they would touch."""
    heights: dict[str, list[float]] = defaultdict(list)
    for name, y in zip(names, middles, strict=True):
        heights[name].append(y)
    wanted = sorted(((sum(ys) / len(ys), name) for name, ys in heights.items()), reverse=True)
    pills: dict[str, Pill] = {}
    below = math.inf
    for y, name in wanted:
        made = pill(name, x, y, arrows=len(heights[name]))
        y = min(y, below - made.height / 2)
        pills[name], below = replace(made, y=y), y - made.height / 2 - 0.12
    return pills


def _places(names: list[str]) -> list[float]:
    """Where each arrow meets its cell, above the middle of it (inches), the first on top."""
    count, passed, places = Counter(names), Counter[str](), []
    for name in names:
        places.append(APART * ((count[name] - 1) / 2 - passed[name]))
        passed[name] += 1
    return places


def _across(one: Pill, other: Pill, y: float, leaving: float, arrival: float) -> Curve:
    start, end = one.x + one.width / 2, other.x - other.width / 2
    return (start, leaving), (start + 1.1, y), (end - 1.4, arrival), (end - 0.05, arrival)


def _link(other: Pill, y: float) -> Curve:
    start = other.x + other.width / 2
    return (start, other.y), (start + 0.25, other.y), (EFFECTS - 0.35, y), (EFFECTS - 0.1, y)


def _told(arrow: Arrow, lines: list[str], y: float) -> list[Words]:
    top = y + LINE * (len(lines) - 1) / 2
    return [
        Words(text, EFFECTS, top - LINE * number, COLOURS[arrow.family], rows=arrow.rows)
        for number, text in enumerate(lines)
    ]


def _headings(total: float) -> list[Words]:
    places = [(SENDERS, "SENDER", "middle"), ((SENDERS + RECIPIENTS) / 2, "CARGO", "middle")]
    places += [(RECIPIENTS, "RECIPIENT", "middle"), (EFFECTS, "EFFECT  (through)", "start")]
    return [Words(text, x, total + 0.28, "#5f6e80", 7.0, anchor, bold=True) for x, text, anchor in places]
