"""The arrows between what a cargo pulls at and what a readout hangs on: a part of the pathways.

Arrows from the paper of the row itself are left out, so that no paper is tested against itself. Arrows
whose sign was not read in a source are taken only where nothing else leads there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exocosm.library.pathways import Pathway

Arrow = tuple[str, str, int]
"""From, to, and the sign: +1 raises, -1 lowers."""


@dataclass(frozen=True)
class Chain:
    """The arrows from some nodes to some words, sorted; the ids of their rows; whether one is assumed."""

    arrows: tuple[Arrow, ...]
    ids: tuple[str, ...]
    assumed: bool

    @property
    def depth(self) -> int:
        """How many arrows there are."""
        return len(self.arrows)


def chain(
    roots: Iterable[str], words: Iterable[str], cell_type: str, source: str, table: Sequence[Pathway]
) -> Chain | None:
    """What leads from any of `roots` to any of `words` in a cell type, without the rows of `source`.

    Rows with a source go first; assumed ones are taken only where those lead nowhere. None if nothing does.
    """
    fitting = [row for row in table if row.holds_in(cell_type) and not same_source(row.source, source)]
    for rows in ([row for row in fitting if not row.assumed], fitting):
        kept = _between(set(roots), set(words), rows)
        if kept:
            return _chain(kept)
    return None


def same_source(one: str, other: str) -> bool:
    """Whether two sources are one paper, as far as they are written."""
    return bool(one) and _plain(one) == _plain(other)


def _plain(source: str) -> str:
    return source.lower().strip().removeprefix("https://").removeprefix("doi.org/").rstrip("/")


def _between(roots: set[str], words: set[str], rows: Sequence[Pathway]) -> list[Pathway]:
    """Rows on a way from `roots` to `words`."""
    ahead = _reached(roots, [(row.node, row.acts_on) for row in rows])
    back = _reached(words, [(row.acts_on, row.node) for row in rows])
    return [
        row for row in rows if row.node in ahead and row.acts_on in back and row.node not in words - roots
    ]


def _reached(start: set[str], steps: Sequence[tuple[str, str]]) -> set[str]:
    found, grown = set(start), True
    while grown:
        new = {to for here, to in steps if here in found} - found
        grown = bool(new)
        found |= new
    return found


def _chain(rows: Sequence[Pathway]) -> Chain | None:
    """One arrow for each pair; pairs on which sources disagree in equal numbers are left out."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        sums[row.node, row.acts_on] += row.sign
    arrows = tuple(sorted((here, to, 1 if sign > 0 else -1) for (here, to), sign in sums.items() if sign))
    if not arrows:
        return None
    return Chain(arrows, tuple(sorted(row.id for row in rows)), any(row.assumed for row in rows))
