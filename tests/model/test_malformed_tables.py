"""A fault in a table of rules or of cells, or in a section, gets one error: file, line, row and reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import broken_sections
import pytest
from ruamel.yaml import YAML

from exocosm import ModelError
from exocosm.model import load

HERE = Path(__file__).parent
SMALL = (HERE / "small.yaml").read_text()
CELLS = SMALL[SMALL.index("  - mixture") : SMALL.index("  steps:")]
RULES = YAML(typ="safe").load(HERE / "malformed_rules.yaml")
TABLES = YAML(typ="safe").load(HERE / "malformed_cells.yaml")
GOOD = "// rules\ntumour,pressure,decreases,cycle entry,0,1,4,0\n"
TYPES = "label,type\nHCC,tumour\nKupffer,macrophage\ndebris,\n"


def told(folder: Path, text: str) -> str:
    """What is said of a scenario in a folder, whose name is left out."""
    (folder / "small.yaml").write_text(text)
    with pytest.raises(ModelError) as caught:
        load(folder / "small.yaml")
    return str(caught.value).replace(f"{folder}/", "").replace(str(folder), "FOLDER")


@pytest.mark.parametrize("name", RULES)
def test_a_fault_in_a_table_of_rules_is_said_in_full(tmp_path: Path, name: str) -> None:
    case = RULES[name]
    (tmp_path / "rules.csv").write_text(case["table"] if "table" in case else f"{GOOD}{case['row']}\n")
    found = told(tmp_path, SMALL.replace("  cells:\n", "  rules:\n  - csv: rules.csv\n  cells:\n", 1))
    assert found == case["message"].rstrip("\n")


@pytest.mark.parametrize("name", TABLES)
def test_a_fault_in_a_table_of_cells_is_said_in_full(tmp_path: Path, name: str) -> None:
    case = TABLES[name]
    for file in ("cells", "types"):
        if file in case:
            text = case[file].replace("{LONG}", "x" * 200_000)
            (tmp_path / f"{file}.csv").write_text(text, encoding="utf-8")
    found = told(tmp_path, SMALL.replace(CELLS, f"  - region: {case['region']}\n"))
    assert found == case["message"].rstrip("\n")


@pytest.fixture(scope="module")
def section(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole section, as anndata writes it."""
    import anndata
    import numpy as np
    import pandas

    labels = pandas.Categorical(["HCC", "HCC", "Kupffer", "debris", "doublet", "HCC", "HCC", None])
    obs = pandas.DataFrame({"cell_type": labels}, index=pandas.Index(list("abcdefgh"), dtype=object))
    places = np.random.default_rng(1).uniform(10, 90, (8, 3))
    path = tmp_path_factory.mktemp("section") / "cells.h5ad"
    anndata.AnnData(obs=obs, obsm={"spatial": places}).write_h5ad(path)
    return path


def scenario_of(folder: Path, section: Path) -> str:
    shutil.copy(section, folder / "cells.h5ad")
    (folder / "types.csv").write_text(TYPES)
    return SMALL.replace(CELLS, f"  - region: {broken_sections.WHOLE}\n")


def test_good_tables_and_a_whole_section_are_taken(tmp_path: Path, section: Path) -> None:
    text = scenario_of(tmp_path, section)
    (tmp_path / "rules.csv").write_text(GOOD)
    (tmp_path / "small.yaml").write_text(
        text.replace("  cells:\n", "  rules:\n  - csv: rules.csv\n  cells:\n", 1)
    )
    model = load(tmp_path / "small.yaml")
    assert len(model.tissue.rules) == 1
    assert len(model.tissue.cells[0].region.rows()) == 5


@pytest.mark.parametrize("name", broken_sections.CASES)
def test_a_fault_in_a_section_names_file_and_place(tmp_path: Path, section: Path, name: str) -> None:
    harm, key, problem, what = broken_sections.CASES[name]
    text = scenario_of(tmp_path, section)
    harm(tmp_path / "cells.h5ad")
    head, at, found, *rest = told(tmp_path, text).splitlines()
    assert head.startswith(f"small.yaml, line 51: {problem}")
    assert at == f"  at:     {broken_sections.AT[key]}"
    assert found.startswith("  found:  ")
    assert what in found
    assert rest[0].startswith("  wanted: ")


def test_there_are_enough_cases() -> None:
    assert len(RULES) >= 90
    assert len(TABLES) >= 80
    assert len(broken_sections.CASES) >= 55
