"""The rules of a model with typed words: what the engine, the report and the export start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exocosm.model.grammar.checking import Grammar, Read
from exocosm.model.parts.rules import Rule

if TYPE_CHECKING:
    from exocosm.model.model import Model


def rules_of(model: Model) -> list[Read]:
    """The rules of a model, which were checked when it was made."""
    rules = [rule for rule in model.tissue.rules if isinstance(rule, Rule)]
    if not rules:
        return []
    grammar = Grammar(model)
    return [grammar.read(rule) for rule in rules]
