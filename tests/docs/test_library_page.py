"""The page on the library lists what there is, with what its numbers stand on."""

from __future__ import annotations

from pathlib import Path

import pytest

from exocosm import library
from exocosm.model import Model, load
from exocosm.model.pieces_report import cargo_table, cell_table

PAGE = (Path(__file__).parents[2] / "docs" / "library.md").read_text(encoding="utf-8")
AGAIN = "run python benchmarks/library_page.py"


@pytest.fixture(scope="module")
def model() -> Model:
    return load("hcc-microenvironment")


def test_the_tables_of_the_page_are_those_of_the_library(model: Model) -> None:
    for lines in (cell_table(model), cargo_table(model)):
        missing = [line for line in lines if f"{line}\n" not in PAGE]
        assert not missing, AGAIN


@pytest.mark.parametrize(
    ("heading", "kind"), [("Signals", "substrates"), ("Vesicles", "vesicles"), ("Cargos", "cargos")]
)
def test_all_names_of_a_kind_stand_on_the_page(heading: str, kind: str) -> None:
    text = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    missing = [name for name in library.piece_names(kind) if f"`{name}`" not in text]
    assert not missing
