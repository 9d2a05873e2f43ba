"""Small pictures as SVG text for the page: forest plots, and what arrives at recipients."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup, escape

from exocosm.view.outcomes import Forest
from exocosm.view.palette import arm_colours
from exocosm.view.recipients import Delivery
from exocosm.view.words import number, signed

LEFT, RIGHT, WIDTH, ROW = 196, 166, 576, 22
"""Widths (px) of the names, of the numbers and of a forest; height of a row."""
SOFT, LINE, INK = "#4d5a69", "#c3ccd6", "#16202c"


def forest(found: Forest, count: int) -> Markup:
    """The difference of each arm with its interval, one axis, zero marked; `count`: of conditions."""
    power = power_of(found)
    size = 10.0**power
    low, high = (end / size for end in domain(found))
    top, bottom = 6, 6 + ROW * len(found.arms)

    def at(value: float) -> float:
        return LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    parts = [_line(at(0), top, at(0), bottom, SOFT, 1.2, "3 3"), *_ticks(low, high, at, bottom)]
    colours = arm_colours(count)
    for i, (name, place, change) in enumerate(found.arms):
        y = top + ROW * (i + 0.5)
        parts.append(_text(0, y, _cut(name, 30), INK))
        if change.mean != change.mean:
            parts.append(_text(max(at(0), LEFT) + 9, y, "no such cells in this arm", SOFT))
            continue
        mean, ends = change.mean / size, (change.interval[0] / size, change.interval[1] / size)
        if ends[0] == ends[0]:
            parts.append(_line(at(ends[0]), y, at(ends[1]), y, colours[place], 2.4))
            parts += [_line(at(e), y - 4, at(e), y + 4, colours[place], 2.4) for e in ends]
        parts.append(_dot(at(mean), y, 4.6, colours[place]))
        parts.append(_text(WIDTH, y, numbers(mean, ends), INK, "end"))
    label = "; ".join(f"{name}: {signed(d.mean)}" for name, _, d in found.arms)
    return _svg(WIDTH, bottom + 22, parts, f"Difference in {found.column.words}. {label}")


def power_of(found: Forest) -> int:
    """Power of ten that the numbers of a forest are given in, 0 where they are easily read."""
    low, high = domain(found)
    largest = max(abs(low), abs(high))
    return 0 if 0.01 <= largest < 1e6 or largest == 0 else math.floor(math.log10(largest))


def domain(found: Forest) -> tuple[float, float]:
    """Zero, all means and all intervals, with a margin."""
    values = [0.0]
    for _, _, change in found.arms:
        values += [v for v in (change.mean, *change.interval) if math.isfinite(v)]
    low, high = min(values), max(values)
    margin = 0.06 * (high - low) or 1.0
    return low - margin, high + margin


def _ticks(low: float, high: float, at: object, bottom: float) -> list[str]:
    assert callable(at)
    parts = [_line(LEFT, bottom, WIDTH - RIGHT, bottom, LINE, 1)]
    for value in nice(low, high):
        parts.append(_line(at(value), bottom, at(value), bottom + 4, LINE, 1))
        parts.append(_text(at(value), bottom + 13, _tick(value), SOFT, "middle", 11))
    return parts


def _tick(value: float) -> str:
    """A round value without the zeros of three digits: −0.5 and not −0.500."""
    text = signed(value)
    return text.rstrip("0").rstrip(".") if "." in text and "×" not in text else text


def nice(low: float, high: float, most: int = 4) -> list[float]:
    """Round values between two ends, zero among them where it lies between."""
    rough = (high - low) / most
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(s * size for s in (1, 2, 5, 10) if s * size >= rough)
    first = math.ceil(low / step)
    return [i * step for i in range(first, math.floor(high / step) + 1)]


def numbers(mean: float, ends: tuple[float, float]) -> str:
    """A difference with its interval as it stands beside a forest, in the units of its axis."""
    values = [v for v in (mean, *ends) if v == v]
    if mean and max(map(abs, values)) < 1e-3:
        return "≈ 0"
    interval = "" if ends[0] != ends[0] else f" [{_signed(ends[0])}, {_signed(ends[1])}]"
    return _signed(mean) + interval


def _signed(value: float) -> str:
    return signed(value) if abs(value) >= 1e-3 or not value else "≈ 0"


CARGO_WIDTH, CARGO_LEFT, ZERO = 1176, 236, 44
"""Width of the picture of recipients, of its names, and of the strip where zeros stand (px)."""


def recipients(rows: Sequence[Delivery], names: Sequence[str]) -> Markup:
    """A row for each recipient and cargo: a dot for each arm, the ceiling, the dose of the assay."""
    values = [
        v for row in rows for seeds in row.values for v in (*seeds, *row.ceiling, row.assay or 0) if v > 0
    ]
    if not values:
        return Markup("")
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    high = max(high, low + 1)
    height = max(26, 9 * len(names) + 10)
    bottom, start = 24 + height * len(rows), CARGO_LEFT + ZERO

    def at(value: float) -> float:
        if value <= 0:
            return CARGO_LEFT + ZERO / 2
        share = (math.log10(value) - low) / (high - low)
        return start + 8 + share * (CARGO_WIDTH - start - 44)

    parts = _decades(low, high, at, bottom)
    before = ""
    for i, row in enumerate(rows):
        y = 20 + height * i
        if row.cell != before:
            parts.append(_line(0, y, CARGO_WIDTH, y, LINE, 1))
        who = f"{row.cargo} to each {row.cell} cell"
        parts.append(_text(0, y + height / 2, _cut(who, 37), INK))
        before = row.cell
        parts += _delivery(row, at, y, height, arm_colours(len(names)))
    words = "; ".join(f"{r.cargo} to {r.cell}: {_all(r, names)}" for r in rows)
    return _svg(CARGO_WIDTH, bottom + 40, parts, f"Copies per recipient cell and day. {words}")


def _all(row: Delivery, names: Sequence[str]) -> str:
    return ", ".join(f"{n} {number(sum(v) / len(v))}" for n, v in zip(names, row.values, strict=True))


def _decades(low: int, high: int, at: object, bottom: float) -> list[str]:
    assert callable(at)
    step = max(1, math.ceil((high - low) / 12))
    parts = [
        _text(at(0), bottom + 12, "0", SOFT, "middle", 12),
        _line(at(0), 20, at(0), bottom, LINE, 1, "2 3"),
    ]
    for power in range(low, high + 1, step):
        x = at(10.0**power)
        parts.append(_line(x, 20, x, bottom, "#e6eaef", 1))
        parts.append(_text(x, bottom + 12, number(10.0**power, 1), SOFT, "middle", 12))
    words = "copies per cell per day"
    parts.append(_text((CARGO_LEFT + CARGO_WIDTH) / 2, bottom + 31, words, SOFT, "middle", 12.5))
    return parts


def _delivery(row: Delivery, at: object, y: float, height: float, colours: Sequence[str]) -> list[str]:
    assert callable(at)
    parts, step = [], (height - 10) / len(row.values)
    if row.assay:
        x, middle = at(row.assay), y + height / 2
        path = f"M{x:.1f} {middle - 7:.1f}l6 7l-6 7l-6 -7z"
        parts.append(f'<path d="{path}" fill="none" stroke="{INK}" stroke-width="1.8"/>')
    for i, (seeds, ceiling) in enumerate(zip(row.values, row.ceiling, strict=True)):
        place = y + 5 + step * (i + 0.5)
        if ceiling > 0:
            parts.append(_line(at(ceiling), place - step / 2, at(ceiling), place + step / 2, colours[i], 2.6))
        if len(seeds) > 1 and max(seeds) > 0:
            parts.append(_line(at(min(seeds)), place, at(max(seeds)), place, colours[i], 1.6))
        parts.append(_dot(at(sum(seeds) / len(seeds)), place, 4.2, colours[i]))
    return parts


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}"{dashed}/>'


def _dot(x: float, y: float, radius: float, colour: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}" stroke="#fff" stroke-width="1"/>'


def _text(x: float, y: float, words: str, colour: str, anchor: str = "start", size: float = 12.5) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" dominant-baseline="central"'
    return f'<text {place} fill="{colour}">{escape(words)}</text>'


def _svg(width: float, height: float, parts: Sequence[str], label: str) -> Markup:
    head = f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{escape(label)}">'
    return Markup(head + "".join(parts) + "</svg>")  # noqa: S704 (texts are escaped above)
