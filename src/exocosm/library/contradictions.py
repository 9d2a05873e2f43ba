"""Where the table contradicts itself: the same cargo, recipient and effect with the opposite sign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from exocosm.library.mechanisms import Mechanism
from exocosm.library.network import node_of
from exocosm.library.terms import terms

UNNAMED = "whole vesicle"
"""A cargo that was not identified: only vesicles of one sender can contradict each other."""

Matter = tuple[str, str, str]
Sides = tuple[tuple[Mechanism, ...], tuple[Mechanism, ...]]


def contradictions(rows: Iterable[Mechanism]) -> dict[Matter, Sides]:
    """By (cargo, recipient, effect): rows in which the cargo raises it, and rows in which it lowers it.

    An effect and its opposite are one matter (sensitivity to a drug is resistance turned round), and a row
    that tells what the loss of a cargo does counts turned. Retracted rows contradict nothing.
    """
    sides: dict[Matter, tuple[dict[str, Mechanism], dict[str, Mechanism]]] = defaultdict(lambda: ({}, {}))
    for row in rows:
        if not row.retracted:
            for matter, sign in matters(row):
                sides[matter][sign < 0][row.id] = row
    return {
        matter: (tuple(up.values()), tuple(down.values()))
        for matter, (up, down) in sides.items()
        if up and down
    }


def matters(row: Mechanism) -> list[tuple[Matter, int]]:
    """What a row speaks of, and whether it says that the cargo raises (+1) or lowers (-1) it."""
    found = []
    for cargo in row.cargos:
        carried = f"{cargo} of {' + '.join(row.senders)}" if cargo == UNNAMED else cargo
        for recipient in dict.fromkeys(map(node_of, row.recipients)):
            for effect in row.effects:
                name, turned = one_sense(effect)
                found.append(((carried, recipient, name), row.sign * turned))
    return found


def one_sense(effect: str) -> tuple[str, int]:
    """The one name of an effect and its opposites, and -1 where it had to be turned round."""
    known = terms("effects")
    opposite = known[effect].opposite_of if effect in known else ""
    if not opposite or (known[opposite].opposite_of == effect and effect < opposite):
        return effect, 1
    name, turned = one_sense(opposite)
    return name, -turned
