"""The numbers of a model and what they stand on, as text."""

from __future__ import annotations

from collections.abc import Iterator

from exocosm.model.model import Model
from exocosm.model.origins import KINDS, Origin, Origins, sources

_MEANING = {
    "evidence": "taken from a row of the evidence tables",
    "derived": "calculated, by the formula shown",
    "assumed": "assumed, for the reason and within the range shown",
    "unsourced": "without any source",
    "choice": "choices of the modeller: space, time steps, records",
}
_WIDEST = 62


def sources_report(model: Model) -> str:
    """Shares of the kinds of sources, then every number with its source, kind by kind."""
    origins = sources(model)
    return "\n".join(
        [*_shares(model, origins), *(line for kind in KINDS for line in _kind(kind, origins.of(kind)))]
    )


def standing(model: Model) -> str:
    """In one line, how many of a model's numbers are measured, derived or assumed."""
    origins = sources(model)
    counts, shares = origins.counts(), origins.shares()
    told = [f"{kind} {shares[kind]:.0%}" for kind in shares if counts[kind]]
    return f"{', '.join(told)} of {len(origins) - counts['choice']} numbers"


def _shares(model: Model, origins: Origins) -> Iterator[str]:
    counts, shares = origins.counts(), origins.shares()
    yield f"{model.name}: {len(origins)} numbers, {counts['choice']} of them choices; of the others"
    for kind, share in shares.items():
        yield f"  {kind:<10} {counts[kind]:4d}  {share:6.1%}  {_MEANING[kind]}"
        if kind == "evidence" and origins.conventions():
            count = len(origins.conventions())
            yield f"    of which {count:4d}          defaults or inputs of published models, not measurements"


def _kind(kind: str, origins: Origins) -> Iterator[str]:
    if not origins:
        return
    yield ""
    yield f"{kind}: {_MEANING[kind]}"
    width = min(_WIDEST, max(len(origin.path) for origin in origins))
    for origin in origins:
        yield f"  {origin.path:<{width}}  {_words(origin)}".rstrip()


def _words(origin: Origin) -> str:
    words = f"{origin.text} ({origin.range})" if origin.range else origin.text
    basis = f"{origin.basis}: {origin.reference}" if origin.kind == "evidence" else origin.basis
    return f"{words}  {basis}" if basis else words
