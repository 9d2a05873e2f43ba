"""Numbers as people write them, and the sentences at the head of the report, made only from the runs."""

from __future__ import annotations

import math
import re
import shlex

from exocosm.view.arms import Arm, phrase
from exocosm.view.columns import Column
from exocosm.view.conditions import (
    Condition,
    common_hour,
    difference,
    group,
    known_columns,
    paired,
    same_cells,
    value_of,
)

THIN = "\u202f"
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float, digits: int = 3) -> str:
    """Three significant digits, thin spaces between thousands, powers of ten at the far ends."""
    if not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 1e7 or size < 1e-3:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        return f"{mantissa}×10{str(int(exponent)).translate(_SUPERSCRIPT)}".replace("-", "−")
    if size >= 10 ** (digits - 1) or value == int(value):
        text = f"{value:,.0f}".replace(",", THIN)
    else:
        text = f"{value:.{max(0, digits - 1 - math.floor(math.log10(size)))}f}"
    return text.replace("-", "−")


def units(text: str) -> str:
    """Units as they are printed: `um^3` becomes µm³."""
    text = re.sub(r"\bum\b", "µm", re.sub(r"\buM\b", "µM", text.replace("**", "^")))
    return re.sub(r"\^(-?\d+)", lambda power: power[1].translate(_SUPERSCRIPT), text).replace("*", "·")


def signed(value: float) -> str:
    """A difference with its sign; no difference is a plain 0."""
    return f"+{number(value)}" if value > 0 else number(value)


def percent(share: float) -> str:
    """A share or a relative difference in percent, without false precision."""
    if not math.isfinite(share):
        return "–"
    size = abs(share * 100)
    text = f"{size:.0f}" if size >= 10 else f"{size:.1f}" if size >= 0.1 or size == 0 else "<0.1"
    return f"{text}{THIN}%"


def duration(hours: float) -> str:
    """Simulated time in hours, or minutes below one hour."""
    return f"{number(hours * 60)} min" if hours < 1 else f"{hours:.4g} h"


def title(arm: Arm) -> str:
    """The title of the scenario, or its name."""
    model = arm.run.model
    return str(getattr(model, "title", "") or getattr(model, "name", "") or "A model without a title")


def listing(parts: list[str]) -> str:
    """`a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def question(conditions: list[Condition]) -> str:
    """What was asked, from what was changed."""
    hours = duration(common_hour([arm for c in conditions for arm in c.arms]))
    if len(conditions) > 1 and not paired(conditions):
        return f"{len(conditions)} runs side by side, up to {hours}"
    changed = [c for c in conditions[1:] if c.changes]
    if not changed:
        return f"What happens in this tissue within {hours}?"
    clauses = [" and ".join(phrase(change) for change in c.changes) for c in changed]
    return f"What changes within {hours} when {', or when '.join(clauses)}?"


def answer(conditions: list[Condition]) -> str:
    """The answer in a sentence or two: paired differences where there are arms, else what one run holds."""
    arms = [arm for c in conditions for arm in c.arms]
    hour, columns = common_hour(arms), known_columns(arms)
    if len(conditions) == 1:
        return _single(conditions[0], columns, hour)
    if not paired(conditions):
        return " ".join(f"{c.label}: {_alone(c)}" for c in conditions)
    return " ".join(_compared(conditions[0], other, columns, hour) for other in conditions[1:])


def _alone(condition: Condition) -> str:
    arms = list(condition.arms)
    return _single(condition, known_columns(arms), common_hour(arms))


def _single(condition: Condition, columns: list[Column], hour: float) -> str:
    live = [c for c in columns if c.kind == "cells" and c.what == "live"]
    counts = [f"{number(value_of(condition, c.key, hour), 6)} {c.name}" for c in live]
    sentence = f"After {duration(hour)} the tissue holds {listing(counts)} cells alive."
    fate = [
        _fate(condition, c, columns, hour)
        for c in columns
        if c.kind == "vesicles" and c.what in ("released", "injected")
    ]
    return " ".join([sentence, *(text for text in fate if text)])


def _fate(condition: Condition, released: Column, columns: list[Column], hour: float) -> str:
    total = value_of(condition, released.key, hour)
    if not total:
        return ""
    fates = [c for c in columns if c.kind == "vesicles" and c.name == released.name and c.what in ENDED]
    amounts = [(value_of(condition, c.key, hour), c) for c in fates if not c.cell]
    given = sum(amount for amount, _ in amounts)
    parts = [
        f"{percent(amount / given)} {ENDED[c.what]}"
        for amount, c in sorted(amounts, key=lambda pair: -pair[0])
        if amount > 0
    ]
    return f"Of {number(total)} {released.name} vesicles {released.what}, {listing(parts)}." if parts else ""


ENDED = {
    "field": "are in the fluid",
    "matrix": "are bound to matrix",
    "surface": "are on cell surfaces",
    "inside": "are inside cells",
    "consumed": "have opened inside cells",
    "lysosome": "have ended in lysosomes of recipients",
    "decayed": "have decayed",
    "left": "have left the tissue",
}
"""Where vesicles are that have left their sender; in bodies and in cells that died there are others too."""


def _compared(first: Condition, other: Condition, columns: list[Column], hour: float) -> str:
    clause = " and ".join(phrase(change) for change in other.changes) or f"the model is “{other.label}”"
    cargo = _largest_delivery(first, other, columns, hour)
    if same_cells(first, other):
        same = f"not one cell differs in number, type or state at any recorded time{_seeds(other)}"
        return f"When {clause}, {cargo}; {same}." if cargo else f"When {clause}, {same}: a null for cells."
    changes = [_cell_change(first, other, c, hour) for c in columns if c.kind == "cells"]
    largest = sorted((c for c in changes if c[0] > 0), reverse=True)[:2]
    cells = listing([text for _, text in largest]) or "the final numbers of cells are equal"
    return f"When {clause}, {cells} after {duration(hour)}{_seeds(other)}" + (f"; {cargo}." if cargo else ".")


def _cell_change(first: Condition, other: Condition, column: Column, hour: float) -> tuple[float, str]:
    found = difference(first, other, column.key, hour)
    text = (
        f"{column.what} {column.name} cells are {number(found.value, 6)} "
        f"instead of {number(found.baseline, 6)} ({signed(found.mean)})"
    )
    return abs(found.mean), text


def _seeds(condition: Condition) -> str:
    return f" (mean of {len(condition.arms)} paired seeds)" if len(condition.arms) > 1 else ""


def _largest_delivery(first: Condition, other: Condition, columns: list[Column], hour: float) -> str:
    """How the delivery that differs most changes, per recipient and day."""
    rates = [c for c in columns if c.kind == "cargo" and c.what == "per_cell_per_day"]
    found = [(difference(first, other, c.key, hour), c) for c in rates]
    found = [(d, c) for d, c in found if d.mean]
    if not found:
        return ""
    change, column = max(found, key=lambda item: abs(item[0].mean))
    return (
        f"each {column.cell} cell receives {number(change.value)} instead of {number(change.baseline)} "
        f"copies of {column.name} a day"
    )


def command(arms: list[Arm]) -> str:
    """The command that makes these runs again: the same digest on the same build."""
    conditions = group(arms)
    if len(conditions) > 1 and not paired(conditions):
        return " && ".join(dict.fromkeys(command([arm]) for arm in arms))
    name = str(getattr(arms[0].run.model, "name", "") or "scenario.yaml")
    options = dict.fromkeys(_option(change) for arm in arms for change in arm.changes)
    seeds = len({arm.seed for arm in arms})
    if any(arm.changes for arm in arms) and len(arms) > seeds:
        verb, repeats = "compare", f"--seeds {seeds}" if seeds > 1 else ""
    else:
        verb, repeats = "run", f"--seed {arms[0].seed}" if arms[0].seed else ""
    return " ".join(part for part in ("exocosm", verb, shlex.quote(name), *options, repeats) if part)


def _option(change: str) -> str:
    words = change.lstrip("-").split(None, 1)
    if len(words) == 2 and words[0] in ("without", "set", "over"):
        return f"--{words[0]} {shlex.quote(words[1])}"
    return f"--set {shlex.quote(change)}"
