"""Directions: does what is known of molecules lead to the signs that were observed of vesicles?

For each mechanism row a dish is built and run by the tissue engine: the cargo moves its target, the target
acts along the table of pathways on behaviours and states of the cell, and a readout of the dish is compared
with and without the cargo. The direction of the row is never an input; it is looked at only when the
readout is there.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exocosm.study.directions.answering import Directions, directions
    from exocosm.study.directions.asking import Question, questions
    from exocosm.study.directions.controls import shuffled

_HOMES = {
    "Directions": "answering",
    "Question": "asking",
    "directions": "answering",
    "questions": "asking",
    "shuffled": "controls",
}

__all__ = ["Directions", "Question", "directions", "questions", "shuffled"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__} has no {name}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
