"""The page on the library lists what there is, with what its numbers stand on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from exocosm import library
from exocosm.model import Model, load, sources
from exocosm.model.origins import Origins

PAGE = Path(__file__).parents[2] / "docs" / "library.md"
EVERYTHING = "hcc-microenvironment"


@pytest.fixture(scope="module")
def model() -> Model:
    return load(EVERYTHING)


def listed(heading: str) -> str:
    """What stands under a heading of the page."""
    text = PAGE.read_text(encoding="utf-8").split(f"## {heading}\n", 1)[1]
    return text.split("\n## ", 1)[0]


def rows(model: Model) -> list[str]:
    """The table of cell types, as the page must have it."""
    origins = sources(model)
    return [_row(model, name, origins) for name in sorted(model.tissue.cell_types, key=str.lower)]


def _row(model: Model, name: str, origins: Origins) -> str:
    rules = [i for i, rule in enumerate(model.tissue.rules) if rule.cell_type == name]
    places = (f"tissue.cell_types.{name}.", *(f"tissue.rules[{i}]." for i in rules))
    own = Origins(origin for origin in origins if origin.path.startswith(places))
    shares = own.shares()
    states = ", ".join(model.tissue.cell_types[name].states)
    said = " | ".join(f"{shares[kind]:.0%}" for kind in ("evidence", "derived", "assumed"))
    measured = (len(own.of("evidence")) - len(own.conventions())) / len(own)
    return f"| {name} | {states} | {len(rules)} | {len(own)} | {said} | {measured:.0%} |"


def test_the_table_of_cell_types_is_that_of_the_library(model: Model) -> None:
    found = [line for line in listed("Cells").splitlines() if re.match(r"\| [A-Za-z0-9]+ \|", line)]
    assert found[1:] == rows(model), "\n".join(["the page should say:", *rows(model)])


@pytest.mark.parametrize(
    ("heading", "kind"), [("Signals", "substrates"), ("Vesicles", "vesicles"), ("Cargos", "cargos")]
)
def test_all_names_of_a_kind_stand_on_the_page(heading: str, kind: str) -> None:
    text = listed(heading)
    missing = [name for name in library.piece_names(kind) if f"`{name}`" not in text]
    assert not missing
