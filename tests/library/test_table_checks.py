"""A row without source or unit is refused, in the shipped tables and in a user's own, at its place."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from exocosm.library import EvidenceError, check_table
from exocosm.library.rows import TABLES


@pytest.mark.parametrize("path", sorted(TABLES.glob("*.csv")), ids=lambda path: path.stem)
def test_the_shipped_tables_pass(path: Path) -> None:
    assert check_table(path) > 0


@pytest.mark.parametrize(
    ("table", "column", "value", "wanted"),
    [
        ("parameters", "source", "", "the DOI"),
        ("parameters", "unit", " ", "the unit of value"),
        ("parameters", "value", "about 3", "a number, or nothing"),
        ("parameters", "read", "skimmed", "full | table"),
        ("parameters", "status", "", "ok | corrected"),
        ("observations", "source", " ", "the DOI"),
        ("observations", "unit", "", "the unit of value"),
        ("parameters", "cell", "hepatocite", "terms/cells.csv"),
        ("parameters", "cargo", "PD-L1; PD-L9", "terms/cargos.csv"),
        ("observations", "target", "PD-1", "terms/targets.csv"),
        ("outcomes", "effect", "more growth", "terms/effects.csv"),
        ("more_parameters", "cargo", "TGFb", "terms/cargos.csv"),
        ("effects", "mechanism", "imm-IM03", "the id of a row in mechanisms.csv"),
        ("mechanisms", "source", "", "the DOI"),
        ("mechanisms", "id", "", "an id that stays"),
        ("mechanisms", "id", "phys-M-GEN-001", "an id that no other row has"),
        ("mechanisms", "effect_size", "2.5", "the unit of effect_size"),
        ("mechanisms", "route", "exosom", "exosome | ectosome"),
        ("mechanisms", "direction", "more", "up | down"),
        ("mechanisms", "cargo", "miR-21-5q", "terms/cargos.csv"),
        ("mechanisms", "sender", "HCC; macrofage", "terms/cells.csv"),
        ("mechanisms", "effect", "", "terms/effects.csv"),
        ("mechanisms", "target_action", "inhibits", "up, down or nothing"),
    ],
)
def test_a_faulty_row_is_refused_at_its_place(
    tmp_path: Path, table: str, column: str, value: str, wanted: str
) -> None:
    copy = tmp_path / "mine.csv"
    shutil.copy(TABLES / f"{table}.csv", copy)
    number = _write(copy, column, value)
    with pytest.raises(EvidenceError) as caught:
        check_table(copy)
    told = str(caught.value)
    assert f"{copy}, line {number} " in told
    assert f"column {'effect_unit' if column == 'effect_size' else column}" in told
    assert wanted in told


def test_a_near_name_is_offered(tmp_path: Path) -> None:
    copy = tmp_path / "mine.csv"
    shutil.copy(TABLES / "mechanisms.csv", copy)
    _write(copy, "cargo", "miR-21-5q")
    with pytest.raises(EvidenceError) as caught:
        check_table(copy)
    assert caught.value.nearest == "miR-21-5p"


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    with pytest.raises(EvidenceError, match="cannot be read"):
        check_table(path)
    path.write_text("id,cargo\n1,miR-21\n")
    with pytest.raises(EvidenceError, match="no column source"):
        check_table(path)


def _write(path: Path, column: str, value: str) -> int:
    """Put a value into the tenth row of a table; gives the line of the file."""
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        columns, lines = list(reader.fieldnames or []), list(reader)
    row = next(i for i, line in enumerate(lines) if i >= 9 and (line.get("value") or "value" not in line))
    lines[row][column] = value
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(lines)
    return row + 2
