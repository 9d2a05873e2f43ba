"""The grammar of cell behaviour: signals and behaviours as typed words, rules, tables, sentences."""

from __future__ import annotations

from exocosm.model.grammar.behaviours import Behaviour, behaviours_of
from exocosm.model.grammar.checking import Grammar, Read
from exocosm.model.grammar.export import to_physicell_csv
from exocosm.model.grammar.reading import rules_of
from exocosm.model.grammar.sentences import sentences
from exocosm.model.grammar.signals import Signal, signals_of
from exocosm.model.grammar.tables import rules_in_text

__all__ = [
    "Behaviour",
    "Grammar",
    "Read",
    "Signal",
    "behaviours_of",
    "rules_in_text",
    "rules_of",
    "sentences",
    "signals_of",
    "to_physicell_csv",
]
