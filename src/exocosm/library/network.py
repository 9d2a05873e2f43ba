"""The mechanisms as a network: cells are its nodes, and what goes from one to another are its arrows.

An arrow gathers all rows between two cells in one family of processes. It is data; the drawing is elsewhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from exocosm.library.mechanisms import Mechanism
from exocosm.library.terms import terms


@dataclass(frozen=True)
class Arrow:
    """What one cell does to another in one family of processes, with the rows that say so."""

    sender: str
    recipient: str
    family: str
    rows: tuple[Mechanism, ...]

    @property
    def cargos(self) -> tuple[str, ...]:
        """The cargos, those with most rows first."""
        count = Counter(name for row in self.rows for name in row.cargos)
        return tuple(sorted(count, key=lambda name: (-count[name], name.lower())))

    @property
    def processes(self) -> tuple[str, ...]:
        """The processes, those with most rows first."""
        count = Counter(row.process for row in self.rows)
        return tuple(sorted(count, key=lambda name: (-count[name], name)))

    @property
    def lowers(self) -> bool:
        """Whether by most of its rows more of the cargo lowers the effect."""
        return 2 * sum(row.sign < 0 for row in self.rows) > len(self.rows)

    @property
    def mixed(self) -> bool:
        """Whether its rows raise some effects and lower others."""
        return len({row.sign for row in self.rows}) > 1


@dataclass(frozen=True)
class Network:
    """Nodes with the number of rows that touch them, arrows, and the rows that name no two cells."""

    nodes: dict[str, int]
    arrows: tuple[Arrow, ...]
    loose: tuple[Mechanism, ...]


def network(rows: Iterable[Mechanism], *, merged: bool = True) -> Network:
    """The network of rows.

    Merged, names that stand for one cell type of the library are one node: a monocyte is a macrophage, a CAF
    a stellate cell. A row with two senders or recipients is part of an arrow for each pair.
    """
    gathered: dict[tuple[str, str, str], list[Mechanism]] = defaultdict(list)
    nodes: Counter[str] = Counter()
    loose = []
    for row in rows:
        pairs = _pairs(row, merged)
        if not pairs:
            loose.append(row)
        for sender, recipient in pairs:
            gathered[sender, recipient, family_of(row.process)].append(row)
        nodes.update(list(dict.fromkeys(name for pair in pairs for name in pair)))
    arrows = tuple(Arrow(*place, tuple(rows)) for place, rows in gathered.items())
    return Network(dict(nodes.most_common()), arrows, tuple(loose))


def family_of(process: str) -> str:
    """The family of a process: the processes that a picture gives one colour."""
    return terms("processes")[process].family


def node_of(name: str) -> str:
    """The node of a cell's name in a merged network."""
    return terms("cells")[name].cell_type or name


def _pairs(row: Mechanism, merged: bool) -> list[tuple[str, str]]:
    named = node_of if merged else str
    pairs = [(named(sender), named(recipient)) for sender in row.senders for recipient in row.recipients]
    return list(dict.fromkeys(pairs))
