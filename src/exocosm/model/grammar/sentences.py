"""Rules as sentences of the grammar, with the base value that each starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exocosm.model.grammar.checking import Read
from exocosm.model.grammar.reading import rules_of
from exocosm.model.quantity import Quantity

if TYPE_CHECKING:
    from exocosm.model.model import Model


def sentences(model: Model) -> list[str]:
    """One sentence a rule, in the order of the model."""
    return [sentence(read) for read in rules_of(model)]


def sentence(read: Read) -> str:
    """A rule in words: who, what drives what, from where to where, and how."""
    rule, times = read.rule, f" (times the ramp over {read.ramp.substrate})" if read.ramp else ""
    text = (
        f"In {rule.cell_type} cells, {read.signal.name} {rule.response} {read.behaviour.name}"
        f" from {_said(read.base)} towards {_said(rule.saturation)} with a Hill response,"
        f" with half-max {_said(rule.half_max)} and Hill power {rule.hill_power.text}{times}."
    )
    text += " The rule applies to dead cells." if rule.applies_to_dead else ""
    return f"{text} It stands for {' and '.join(rule.evidence)}." if rule.evidence else text


def _said(value: Quantity) -> str:
    return "0" if float(value) == 0 else value.text
