"""The outcome of an attribution by a plain name, such as viable_tumour, or by its column of the summary."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from exocosm.ground.errors import ModelError, nearest
from exocosm.study.outcomes import outcomes

PLAIN = (
    ("viable_{}", "cells.{}.live"),
    ("dead_{}", "cells.{}.died"),
    ("arrived_{}", "cells.{}.immigrated"),
    ("viable_share_{}", "viable_fraction.{}"),
    ("necrotic_share_{}", "necrotic_fraction.{}"),
)
"""Plain names of columns, by cell type; a state of cells is STATE_of_TYPE."""

MOST = 8
"""Names that an error lists."""


@dataclass(frozen=True)
class Measure:
    """What is attributed: a column of the summary, its name for a reader, its unit ("" if not known)."""

    column: str
    text: str
    unit: str


def measure(name: str, columns: Iterable[str]) -> Measure:
    """The column of a plain name, or the column itself. Raises ModelError with the nearest name."""
    there = list(columns)
    plain = plain_names(there)
    column = plain.get(name, name)
    if column not in there:
        listed = list(plain)
        more = f" and {len(listed) - MOST} more" if len(listed) > MOST else ""
        wanted = f"{', '.join(listed[:MOST])}{more}, or any column of the summary"
        near = nearest(name, [*plain, *there])
        raise ModelError("unknown outcome", place="outcome", found=name, wanted=wanted, nearest=near)
    known = outcomes([column])
    return Measure(column, known[0].text, known[0].unit) if known else Measure(column, column, "")


def plain_names(columns: Iterable[str]) -> dict[str, str]:
    """Plain names of the columns that have one; a name of two meanings is none."""
    found: dict[str, set[str]] = {}
    for column in columns:
        for name in _names_of(column):
            found.setdefault(name, set()).add(column)
    return {name: meanings.pop() for name, meanings in found.items() if len(meanings) == 1}


def _names_of(column: str) -> Iterable[str]:
    for name, form in PLAIN:
        if match := re.fullmatch(re.escape(form).replace(r"\{\}", r"([^.]+)"), column):
            yield name.format(match[1])
    if match := re.fullmatch(r"state\.([^.]+)\.([^.]+)", column):
        yield f"{match[1]}_of_{match[2]}"
