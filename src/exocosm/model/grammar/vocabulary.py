"""Words of the grammar by name, and the fault of a word that is none of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

from exocosm.ground.errors import nearest
from exocosm.model.faults import Fault, show

MOST_LISTED = 12


class Named(Protocol):
    """Anything that has a canonical name."""

    @property
    def name(self) -> str:
        """The canonical name."""


Word = TypeVar("Word", bound=Named)


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """A name as it is compared: one blank for any blanks and underscores."""
    return re.sub(r"[\s_]+", " ", text).strip()


class Vocabulary(Generic[Word]):
    """The words of one kind that a model has; `absent`: patterns of words it cannot have, and why."""

    def __init__(
        self, kind: str, words: Iterable[tuple[str, Word]], absent: Iterable[tuple[str, str]] = ()
    ) -> None:
        self.kind, self.absent = kind, tuple(absent)
        self._words: dict[str, list[Word]] = {}
        for name, word in words:
            meanings = self._words.setdefault(key(name), [])
            if word not in meanings:
                meanings.append(word)

    def __iter__(self) -> Iterator[Word]:
        """All words once, in order."""
        return iter(dict.fromkeys(word for meanings in self._words.values() for word in meanings))

    def find(self, text: str) -> Word:
        """The word of a name. Raises Fault with the reason, or with the nearest name."""
        meanings = self._words.get(key(text), [])
        if len(meanings) == 1:
            return meanings[0]
        if meanings:
            wanted = "names in the model that differ from the words of the grammar"
            raise Fault(f"this {self.kind} has two meanings", found=show(text), wanted=wanted)
        for pattern, reason in self.absent:
            if re.fullmatch(pattern, key(text)):
                problem = f"this {self.kind} is not in the model of a cell"
                raise Fault(problem, found=show(text), wanted=reason)
        near = nearest(key(text), list(self._words))
        raise Fault(f"unknown {self.kind}", found=show(text), wanted=self._wanted(), near=near)

    def _wanted(self) -> str:
        names = [word.name for word in self]
        listed = ", ".join(names[:MOST_LISTED])
        more = len(names) - MOST_LISTED
        return f"one of: {listed} and {more} more" if more > 0 else f"one of: {listed}"
