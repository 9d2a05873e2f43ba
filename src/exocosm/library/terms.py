"""The names that the tables use: cells, cargos, targets, effects and processes, with their synonyms.

A name stands in one vocabulary, with an identifier where one is certain: `mirbase.mature:MIMAT...` for a
microRNA, `HGNC:...` and `uniprot:...` for a gene and its protein, `CL:...` for a cell, `UBERON:...` for an
organ, `CHEBI:...` for a small molecule. Identifiers are those of the human gene or molecule.
"""

from __future__ import annotations

import csv
import difflib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from exocosm.library.rows import EvidenceError, several

FOLDER = Path(__file__).with_name("terms")
VOCABULARIES = ("cells", "cargos", "targets", "effects", "processes")
ONE_OF = {
    "cells": "cell",
    "cargos": "cargo",
    "targets": "target",
    "effects": "effect",
    "processes": "process",
}
MOST_NAMED = 30
"""A vocabulary of so few names is told in full where a word is not among them."""
SEVERAL = "; "
"""Between several values in one field of a table."""

_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ζ": "zeta", "κ": "kappa"}


@dataclass(frozen=True)
class Term:
    """One name of a vocabulary. Fields that its table lacks are empty."""

    name: str
    vocabulary: str
    kind: str
    description: str
    identifiers: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    cell_type: str = ""
    family: str = ""
    opposite_of: str = ""
    see_also: tuple[str, ...] = ()


@lru_cache(maxsize=len(VOCABULARIES))
def terms(vocabulary: str) -> dict[str, Term]:
    """The terms of a vocabulary, by name. Raises EvidenceError for a vocabulary that does not exist."""
    if vocabulary not in VOCABULARIES:
        raise EvidenceError(f"no vocabulary is named {vocabulary!r}", wanted=" | ".join(VOCABULARIES))
    with (FOLDER / f"{vocabulary}.csv").open(newline="", encoding="utf-8") as file:
        return {line["name"]: _term(vocabulary, line) for line in csv.DictReader(file)}


def term(vocabulary: str, word: str) -> Term:
    """The term that a word names, by name, synonym or identifier.

    Case, spaces, hyphens and Greek letters do not matter. Raises EvidenceError with the nearest name.
    """
    known = _spellings(vocabulary)
    found = known.get(plain(word))
    if found is None:
        few = len(terms(vocabulary)) <= MOST_NAMED
        raise EvidenceError(
            f"no {ONE_OF[vocabulary]} of the tables is called {word!r}",
            wanted=("one of: " + ", ".join(map(spoken, terms(vocabulary))))
            if few
            else f"a name, synonym or identifier in {vocabulary}.csv",
            nearest=nearest(word, known),
        )
    return terms(vocabulary)[found]


def plain(word: str) -> str:
    """A word without what spellings differ in: case, spaces, hyphens, slashes, plurals of Greek letters."""
    for letter, name in _GREEK.items():
        word = word.replace(letter, name)
    return re.sub(r"[\s\-_/,.+']", "", word.lower()).removeprefix("hsa")


def nearest(word: str, known: dict[str, str]) -> str | None:
    """The name nearest to a word, of a map from plain spellings to names; None where none is near.

    A word that others begin with, such as that of a protein, stands for the shortest of these.
    """
    wanted = plain(word)
    if len(wanted) > 1:
        longer = sorted((each for each in known if each.startswith(wanted)), key=len)
        if longer:
            return known[longer[0]]
    matches = difflib.get_close_matches(wanted, known, n=1, cutoff=0.5)
    return known[matches[0]] if matches else None


CAPITALS = {"t": "T", "nk": "NK", "dc": "DC", "breg": "Breg", "treg": "Treg"}


def spoken(process: str) -> str:
    """The name of a process as one would write it: "T cell exhaustion" for `t_cell_exhaustion`."""
    return " ".join(CAPITALS.get(word, word) for word in process.split("_"))


@lru_cache(maxsize=len(VOCABULARIES))
def _spellings(vocabulary: str) -> dict[str, str]:
    known: dict[str, str] = {}
    for each in terms(vocabulary).values():
        for word in (*each.synonyms, *each.identifiers):
            known.setdefault(plain(word), each.name)
    return known | {plain(name): name for name in terms(vocabulary)}


def _term(vocabulary: str, line: dict[str, str]) -> Term:
    return Term(
        name=line["name"],
        vocabulary=vocabulary,
        kind=line["kind"],
        description=line["description"],
        identifiers=several(line.get("identifier", "")),
        synonyms=several(line.get("synonyms", "")),
        cell_type=line.get("cell_type", ""),
        family=line.get("family", ""),
        opposite_of=line.get("opposite_of", ""),
        see_also=several(line.get("see_also", "")),
    )
