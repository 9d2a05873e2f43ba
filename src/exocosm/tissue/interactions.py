"""What cells do to each other in contact and turn into, once a step of the phenotype.

After rules and states, before volume, cycle and death: first cells turn into others and their rules are read
again, then they attack, then they engulf. Who is in contact with whom, and all rates, are those of the start
of the step; what one mechanism does in it the others see, and rules see it in the next.
"""

from __future__ import annotations

from typing import Any

from exocosm.ground.draws import Draw
from exocosm.ground.ledger import Ledger
from exocosm.tissue.attack import attacks_of
from exocosm.tissue.contacts import Contacts
from exocosm.tissue.phagocytosis import phagocytes_of
from exocosm.tissue.rules import Rules
from exocosm.tissue.state import State
from exocosm.tissue.transformation import transformations_of


class Interactions:
    """Process: transformations, attacks and phagocytosis, as far as a tissue has them."""

    name = "interactions"

    def __init__(self, tissue: Any, rules: Rules | None, *, every: int) -> None:
        self.tissue, self.rules, self.every = tissue, rules, every
        minutes = every * tissue.clock.length
        self.transformations = transformations_of(tissue, minutes)
        self.attacks, self.phagocytes = attacks_of(tissue, minutes), phagocytes_of(tissue, minutes)

    @property
    def happens(self) -> bool:
        """Whether the tissue has any of them."""
        return any((self.transformations, self.attacks, self.phagocytes))

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """All interactions within one step."""
        if self.transformations:
            turned = self.transformations.step(state.cells, tick, draw)
            if self.rules and len(turned):
                self.rules.evaluate(state, tick, turned)
        if self.attacks or self.phagocytes:
            contacts = Contacts.of(state, self.tissue)
            if self.attacks:
                self.attacks.step(state.cells, contacts, tick, draw)
            if self.phagocytes:
                self.phagocytes.step(state, contacts, tick, draw, ledger)


def interactions_of(tissue: Any, rules: Rules | None) -> list[Interactions]:
    """The process of a tissue, if it has anything to do."""
    every = tissue.every(tissue.model.tissue.steps.phenotype)
    process = Interactions(tissue, rules, every=every)
    return [process] if process.happens else []
