"""The atlas: mechanisms found by cargo, cells, process, effect or target, with what speaks against them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from exocosm.library.contradictions import Matter, Sides, contradictions
from exocosm.library.mechanisms import Mechanism, mechanisms
from exocosm.library.network import Network, network
from exocosm.library.numbers import numbers_of
from exocosm.library.rows import Row
from exocosm.library.terms import Term, term, terms

FIELDS = {
    "cargo": ("cargos", "cargos"),
    "sender": ("cells", "senders"),
    "recipient": ("cells", "recipients"),
    "process": ("processes", "process"),
    "effect": ("effects", "effects"),
    "target": ("targets", "targets"),
}
"""What can be searched: the vocabulary of its words, and the field of a mechanism that holds them."""


@dataclass(frozen=True)
class Atlas:
    """Mechanisms that were found, and for each word of the search the names that it was taken to mean."""

    rows: tuple[Mechanism, ...]
    meant: dict[str, tuple[str, ...]]

    @cached_property
    def network(self) -> Network:
        """Cells and arrows between them, names of one cell type merged. Retracted rows make no arrow."""
        return network(self.standing)

    @property
    def standing(self) -> tuple[Mechanism, ...]:
        """The rows that were not retracted."""
        return tuple(row for row in self.rows if not row.retracted)

    @cached_property
    def contradictions(self) -> dict[Matter, Sides]:
        """Matters on which these rows, or others beside them, say opposite things."""
        found = contradictions(mechanisms())
        ids = {row.id for row in self.rows}
        return {
            matter: sides
            for matter, sides in found.items()
            if ids & {row.id for side in sides for row in side}
        }

    @cached_property
    def numbers(self) -> tuple[Row, ...]:
        """What was measured of the cells, molecules and effects of the search, nearest first."""
        return numbers_of(self.meant)

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources, each once."""
        return tuple(dict.fromkeys(row.source for row in self.rows))

    @property
    def counted(self) -> str:
        """How many mechanisms from how many sources, in words."""
        rows, sources = len(self.rows), len(self.sources)
        return f"{rows} mechanism{'s' * (rows != 1)} from {sources} source{'s' * (sources != 1)}"


def atlas(
    *,
    cargo: str | None = None,
    sender: str | None = None,
    recipient: str | None = None,
    process: str | None = None,
    effect: str | None = None,
    target: str | None = None,
) -> Atlas:
    """The mechanisms that have all that is asked for; all of them where nothing is.

    A word may be a name, a synonym or an identifier. It also finds what belongs to it: a cell type all names
    that stand for it, an effect its opposite, a microRNA the same one with the arm not told. Raises
    EvidenceError with the nearest name for a word that is not known.
    """
    words = {
        "cargo": cargo,
        "sender": sender,
        "recipient": recipient,
        "process": process,
        "effect": effect,
        "target": target,
    }
    meant = {field: meanings(field, word) for field, word in words.items() if word is not None}
    return Atlas(tuple(row for row in mechanisms() if _has(row, meant)), meant)


def meanings(field: str, word: str) -> tuple[str, ...]:
    """The names that a word of a search stands for, the nearest first. Raises EvidenceError."""
    vocabulary, _ = FIELDS[field]
    found = term(vocabulary, word)
    wider = [other.name for other in terms(vocabulary).values() if _belongs(other, found)]
    return tuple(dict.fromkeys([found.name, *wider, *found.see_also]))


def _belongs(other: Term, found: Term) -> bool:
    if found.name in (other.cell_type, other.opposite_of, *other.see_also):
        return True
    return bool(found.opposite_of) and other.name == found.opposite_of


def _has(row: Mechanism, meant: dict[str, tuple[str, ...]]) -> bool:
    return all(set(names) & _values(row, field) for field, names in meant.items())


def _values(row: Mechanism, field: str) -> set[str]:
    value = getattr(row, FIELDS[field][1])
    return {value} if isinstance(value, str) else set(value)
