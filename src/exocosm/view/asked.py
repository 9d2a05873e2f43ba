"""The sentences at the head of the report, made only from the runs: what was asked, and the answer."""

from __future__ import annotations

from exocosm.view.arms import phrase
from exocosm.view.columns import Column
from exocosm.view.conditions import Condition, common_hour, known_columns, paired, value_of
from exocosm.view.telling import compared
from exocosm.view.words import duration, listing, number, percent

MOST_CLAUSES = 2
"""Changes that the question names; more are told below it."""


def question(conditions: list[Condition]) -> str:
    """What was asked: in the words of the model where it has any, else from what was changed."""
    own = " ".join(str(getattr(conditions[0].arms[0].run.model, "question", "") or "").split())
    hours = duration(common_hour([arm for c in conditions for arm in c.arms]))
    if len(conditions) > 1 and not paired(conditions):
        return f"{len(conditions)} runs side by side, up to {hours}"
    if own:
        return own
    changed = [c for c in conditions[1:] if c.changes]
    if not changed:
        return f"What happens in this tissue within {hours}?"
    clauses = [" and ".join(phrase(change) for change in c.changes) for c in changed]
    if len(clauses) > MOST_CLAUSES:
        return f"What does each of {len(clauses)} changes do in this tissue within {hours}?"
    return f"What changes within {hours} when {', or when '.join(clauses)}?"


def answer(conditions: list[Condition]) -> str:
    """The answer in one sentence: the most telling paired difference, or what one run holds."""
    arms = [arm for c in conditions for arm in c.arms]
    hour, columns = common_hour(arms), known_columns(arms)
    if len(conditions) == 1:
        return _single(conditions[0], columns, hour)
    if not paired(conditions):
        return " ".join(f"{c.label}: {_alone(c)}" for c in conditions)
    return compared(conditions)


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
