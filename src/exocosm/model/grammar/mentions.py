"""What the words of a rule speak of: the species, cell types, receptors and states that they name.

For rules of the library, which are read before there is a model whose words they could be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from exocosm.model.grammar.behaviours import FORMS as BEHAVIOURS
from exocosm.model.grammar.signals import FORMS as SIGNALS
from exocosm.model.grammar.vocabulary import key

Known = Mapping[str, Iterable[str]]
"""Names by kind: substrates, vesicles, cargos, cells, receptors, states."""
Named = tuple[str, str]
"""A kind and a name."""

_KINDS = {
    "": (),
    "phases": (),
    "cell types": ("cells",),
    "surface cargos": ("cargos",),
    "loads": ("cargos", "vesicles"),
}


def mentioned(words: str, known: Known) -> list[Named]:
    """What a signal or behaviour speaks of; nothing for words that speak of the cell alone."""
    return [thing for thing, _ in _parts(words, known)]


def renamed(words: str, known: Known, rename: Callable[[Named], str]) -> str:
    """The words with other names for what they speak of."""
    text, shift = key(words), 0
    for thing, (start, end) in _parts(words, known):
        new = rename(thing)
        text = text[: start + shift] + new + text[end + shift :]
        shift += len(new) - (end - start)
    return text


def _parts(words: str, known: Known) -> list[tuple[Named, tuple[int, int]]]:
    """What words speak of, with where it stands in them."""
    plain = {kind: {key(name): name for name in names} for kind, names in known.items()}
    for pattern, kinds in _patterns():
        found = pattern.fullmatch(key(words))
        if found is None:
            continue
        names = [plain.get(kind, {}).get(found[place]) for place, kind in enumerate(kinds, start=1)]
        if None not in names:
            return [
                ((kind, str(name)), found.span(place))
                for place, (kind, name) in enumerate(zip(kinds, names, strict=True), start=1)
            ]
    return []


@cache
def _patterns() -> list[tuple[re.Pattern[str], tuple[str, ...]]]:
    """Every name of a signal or behaviour that has targets, those with most words of their own first."""
    found = [(name, kinds) for name, kinds in _names() if kinds]
    found.sort(key=lambda pair: -len(pair[0]))
    return [(re.compile(_pattern(name)), kinds) for name, kinds in found]


def _names() -> Iterator[tuple[str, tuple[str, ...]]]:
    forms = [(form.names, form.over) for form in SIGNALS] + [(form.names, form.over) for form in BEHAVIOURS]
    for names, over in forms:
        for name in names:
            yield name, _KINDS.get(over, (over,))


def _pattern(name: str) -> str:
    return "(.+)".join(map(re.escape, name.split("{}")))
