"""The tables of words in the docs are those of the grammar, of the ledger and of what can be left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from exocosm.ground.ledger import SINKS, SOURCES, STOCKS
from exocosm.model.grammar import behaviours, signals
from exocosm.model.without import TARGETS, WORDS

DOCS = Path(__file__).parents[2] / "docs"
LETTERS = {
    "": (),
    "substrates": ("S",),
    "cell types": ("T",),
    "vesicles": ("P",),
    "cargos": ("C",),
    "surface cargos": ("C",),
    "receptors": ("R",),
    "states": ("X",),
    "phases": ("k",),
    "loads": ("C", "P"),
}
UNITS = {"": "–", "[]": "unit of S", "[]/um": "unit of S per um", "[]*um^3/min": "unit of S × um^3/min"}


def table(page: str, mark: str) -> list[list[str]]:
    """The rows of the first table after a mark or heading, without its head, as cells of text."""
    text = (DOCS / page).read_text(encoding="utf-8").split(f"{mark}\n", 1)[1]
    lines = re.search(r"(?:^\|.*\n)+", text, flags=re.MULTILINE).group().splitlines()[2:]
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]


def words(cell: str) -> tuple[str, ...]:
    """The names between backticks."""
    return tuple(re.findall(r"`([^`]+)`", cell))


def test_the_signals_of_the_page_are_those_of_the_grammar():
    known = [
        (
            tuple(name.format(*LETTERS[form.over]) for name in form.names),
            UNITS.get(form.unit, form.unit),
            "yes" if form.foreign else "no",
        )
        for form in signals.FORMS
    ]
    assert [(words(row[0]), row[1], row[2]) for row in table("rules.md", "<!-- signals -->")] == known


def test_the_behaviours_of_the_page_are_those_of_the_grammar():
    known = [
        (
            tuple(name.format(*LETTERS[form.over]) for name in form.names),
            UNITS.get(form.unit, form.unit),
            (form.foreign or "–").format(*LETTERS[form.over]),
            (form.needs or "–").format(*LETTERS[form.over]),
        )
        for form in behaviours.FORMS
    ]
    shown = [(words(row[0]), *row[1:4]) for row in table("rules.md", "<!-- behaviours -->")]
    assert shown == known


def test_the_accounts_of_the_page_are_those_of_the_ledger():
    kinds = (("source", SOURCES), ("stock", STOCKS), ("sink", SINKS))
    known = {(account, kind) for kind, accounts in kinds for account in accounts}
    rows = table("vesicles.md", "## The books")
    assert {(row[0], row[1]) for row in rows} == known
    assert len(rows) == len(known)


@pytest.mark.parametrize("kind", [*TARGETS, *WORDS])
def test_what_can_be_left_out_is_listed(kind):
    rows = table("concepts.md", "## Paired experiments")
    assert kind in {word.split(":")[0] for row in rows for word in words(row[0])}


def test_nothing_is_listed_that_cannot_be_left_out():
    rows = table("concepts.md", "## Paired experiments")
    listed = {word.split(":")[0] for row in rows for word in words(row[0])}
    assert listed == {*TARGETS, *WORDS}
