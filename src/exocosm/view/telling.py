"""Which outcome tells most of what a change did, and the sentences that say it with its interval.

What cells did comes before what was delivered to them. Effects are compared by a size between 0 and 1:
the difference itself for what lies between 0 and 1, the difference over all cells of the type for numbers of
cells, else the difference over the larger of both values.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from exocosm.view.arms import phrase
from exocosm.view.columns import LEVELS, STATES, Column
from exocosm.view.conditions import (
    OF_CELLS,
    Condition,
    Difference,
    common_hour,
    difference,
    known_columns,
    same_cells,
    value_of,
)
from exocosm.view.words import duration, ends, number, signed, units

SMALLEST = 0.001
"""Size below which an effect is not told, even if its interval leaves out zero."""


@dataclass(frozen=True)
class Effect:
    """A condition against the first one at one column; `whole`: what a size is relative to."""

    condition: Condition
    column: Column
    found: Difference
    whole: float

    @property
    def size(self) -> float:
        """Between 0 (nothing) and about 1 (all of it); see the head of this module."""
        if self.column.unit == "0 to 1":
            return abs(self.found.mean)
        return abs(self.found.mean) / self.whole if self.whole else 0.0

    @property
    def of_cells(self) -> bool:
        """Whether it is what cells did, and not what arrived at them."""
        return self.column.kind in OF_CELLS

    def told(self) -> bool:
        """Whether it is large enough to be told and, with several seeds, told from none."""
        return self.found.told_from_none and self.size >= SMALLEST


def effects(conditions: list[Condition]) -> list[Effect]:
    """All effects worth telling, the most telling first."""
    arms = [arm for c in conditions for arm in c.arms]
    hour = common_hour(arms)
    asked = [c for c in known_columns(arms) if c.kind in OF_CELLS or c.what == "per_cell_per_day"]
    found = [
        _effect(conditions[0], other, column, hour)
        for other in conditions[1:]
        for column in asked
        if column.what != "volume" and not trivial(other, column)
    ]
    ranked = sorted((e for e in found if e.told()), key=lambda e: -abs(e.found.mean))
    return sorted(ranked, key=lambda e: (not e.of_cells, -round(e.size, 2)))


def _effect(first: Condition, other: Condition, column: Column, hour: float) -> Effect:
    """Counts of cells are held against all cells of the type: one dead cell more of a thousand is little."""
    found = difference(first, other, column.key, hour)
    if column.kind != "cells":
        return Effect(other, column, found, max(abs(found.baseline), abs(found.value)))
    keys = [f"cells.{column.name}.{state}" for state in STATES]
    totals = [sum(value_of(c, key, hour) for key in keys) for c in (first, other)]
    return Effect(other, column, found, max(totals))


def clearly(conditions: list[Condition], texts: Iterable[str]) -> str:
    """What the texts mean by the word, where they use it."""
    if not any("clearly" in text for text in texts):
        return ""
    several = min(len(c.arms) for c in conditions) > 1
    told = "the 95 % interval of the paired difference leaves out zero, and " if several else ""
    one = "" if not several else " Intervals are not adjusted for the number of outcomes."
    one = one if several else " With one seed there is no interval to tell a change from chance."
    return (
        f"“Clearly”: {told}the change is at least a thousandth of the value (of the scale, for what lies "
        f"between 0 and 1).{one}"
    )


def trivial(condition: Condition, column: Column) -> bool:
    """Whether the change took away what the column counts: that this is gone then is no finding."""
    texts = (*condition.changes, condition.label)
    gone = {text.partition("without cells:")[2].strip() for text in texts} - {""}
    states = {text.partition("without state:")[2].strip() for text in texts} - {""}
    cell = column.cell if column.kind in ("state", "fraction", "cargo") else column.name
    return cell in gone or (column.kind == "state" and column.name in states)


def compared(conditions: list[Condition]) -> str:
    """One sentence: the most telling effect over all arms, or the null."""
    found, hour = effects(conditions), common_hour([a for c in conditions for a in c.arms])
    asked = primary(conditions)
    if asked:
        text = judged(asked[0], found, conditions[0])
        return f"{lead(asked[0].condition)}, {text}, after {duration(hour)}."
    if not found:
        return _null(conditions, hour)
    first = found[0]
    if first.of_cells:
        return f"{lead(first.condition)}, {told(first)} after {duration(hour)}."
    alike = all(same_cells(conditions[0], other) for other in conditions[1:])
    what = "not one cell differs in number, type or state at any recorded time" if alike else _no_effect()
    seeds = len(first.found.paired)
    where = f" in any of {seeds} pairs of seeds" if alike and seeds > 1 else ""
    return f"{lead(first.condition)}, {told(first)}; {what}{where}: a null for cells."


def primary(conditions: list[Condition]) -> list[Effect]:
    """The effect of each arm on the primary outcome of the model; none if it names none that runs have."""
    arms = [arm for c in conditions for arm in c.arms]
    key = str(getattr(arms[0].run.model, "primary_outcome", "") or "")
    column = next((c for c in known_columns(arms) if c.key == key), None)
    if column is None:
        return []
    return [_effect(conditions[0], other, column, common_hour(arms)) for other in conditions[1:]]


def judged(effect: Effect, found: list[Effect], first: Condition) -> str:
    """The primary outcome of an arm, and what else changed most in its cells if that did not clearly."""
    if effect.told():
        return told(effect)
    if same_cells(first, effect.condition):
        pairs = len(effect.found.paired)
        where = f"in any of {pairs} pairs of seeds" if pairs > 1 else "in the one pair"
        return f"not one cell differs in number, type or state at any recorded time {where}: a null"
    verb = "do" if effect.column.kind == "cells" else "does"
    text = (
        f"{_subject(effect.column)} {verb} not change clearly: {_values(effect.found)} "
        f"({between(effect.found)})"
    )
    others = [
        e for e in found if e.condition is effect.condition and e.of_cells and e.column != effect.column
    ]
    return f"{text}; what changes most is that {told(others[0])}" if others else text


def _subject(column: Column) -> str:
    """`live tumour cells`, or the words of the column."""
    return f"{column.what} {column.name} cells" if column.kind == "cells" else _without_mean(column)


def _without_mean(column: Column) -> str:
    return column.words.removesuffix(", mean")


def _values(found: Difference) -> str:
    return f"{number(found.value)} instead of {number(found.baseline)}"


def told(effect: Effect) -> str:
    """`M2 of macrophage cells, mean is 0.1 instead of 0.4 (difference −0.3, 95 % interval …)`."""
    found, column = effect.found, effect.column
    values = _values(found)
    if column.kind == "cells":
        text = f"{_subject(column)} are {values}"
    elif column.kind == "cargo":
        text = f"each {column.cell} cell receives {values} copies of {column.name} a day"
    elif column.kind == "density":
        text = f"{column.words} are {values} per mm³"
    else:
        text = f"{_without_mean(column)} is {values}{_unit_of_level(effect)}"
    return f"{text} ({between(found)})"


def _unit_of_level(effect: Effect) -> str:
    """The unit of a substrate behind its level, with a blank before it."""
    species = getattr(effect.condition.arms[0].run.model, "species", None)
    substrate = getattr(species, "substrates", {}).get(effect.column.name)
    level = effect.column.kind == "level" and effect.column.what in LEVELS
    return f" {units(substrate.unit)}" if level and substrate is not None else ""


def between(found: Difference) -> str:
    """The difference with its interval and the number of pairs, in words."""
    low, high = found.interval
    if math.isnan(low):
        return f"difference {signed(found.mean)}, one seed, so no interval"
    bounds = f"95 % interval {' to '.join(ends(low, high))}"
    return f"difference {signed(found.mean)}, {bounds}, {len(found.paired)} paired seeds"


def clause_of(condition: Condition) -> str:
    """What was changed, as a clause: in the words of the model where it names the arm."""
    if condition.arms[0].title:
        return condition.arms[0].title
    return " and ".join(phrase(change) for change in condition.changes) or f"the model is “{condition.label}”"


def lead(condition: Condition) -> str:
    """How a sentence on an arm begins: a title is no clause that could follow "When"."""
    title = condition.arms[0].title
    return f"In {condition.label} ({title})" if title else f"When {clause_of(condition)}"


def each_arm(conditions: list[Condition]) -> dict[str, str]:
    """What each arm did, by its label: its most telling effect, or that there is none."""
    found = effects(conditions)
    lines = {
        effect.condition.label: _first_upper(judged(effect, found, conditions[0]))
        for effect in primary(conditions)
    }
    if lines:
        return lines
    for other in conditions[1:]:
        mine = [effect for effect in found if effect.condition is other]
        if mine and mine[0].of_cells:
            text = told(mine[0])
        elif mine and same_cells(conditions[0], other):
            text = f"not one cell differs at any recorded time; {told(mine[0])}"
        elif mine:
            text = f"{_no_effect()}; {told(mine[0])}"
        elif same_cells(conditions[0], other):
            text = "not one cell differs at any recorded time, and no delivery changes"
        else:
            text = "no outcome changes clearly"
        lines[other.label] = _first_upper(text)
    return lines


def _first_upper(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def _null(conditions: list[Condition], hour: float) -> str:
    alike = all(same_cells(conditions[0], other) for other in conditions[1:])
    seeds = min(len(c.arms) for c in conditions)
    pairs = f" in {seeds} pairs of seeds" if seeds > 1 else ", with one seed"
    if alike:
        several = len(conditions) > 2
        when = "With none of the changes does" if several else f"{lead(conditions[1])}, not"
        who = "one cell differ" if several else "one cell differs"
        what = f"in number, type or state at any recorded time up to {duration(hour)}"
        return f"{when} {who} {what}{pairs}: a null."
    return f"After {duration(hour)}, {_no_effect()}{pairs}: a null within its intervals."


def _no_effect() -> str:
    return "no outcome of cells changes clearly"
