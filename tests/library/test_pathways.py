"""Pathways and readouts: complete rows, words that the dishes know, errors that name the row."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from exocosm.library import EvidenceError, mechanisms, pathways, readouts
from exocosm.library.pathways import PATHWAYS, READOUTS
from exocosm.library.terms import terms
from exocosm.study.directions.dishes import common, dish, dish_names


def test_every_sign_has_a_source_or_a_reason() -> None:
    for row in pathways():
        assert row.source, row.id
        assert row.read, row.id
        assert not row.assumed or row.note, row.id


def test_each_arrow_leads_somewhere() -> None:
    """What a row acts on is another node, a behaviour of some dish, or what a readout hangs on."""
    nodes = {row.node for row in pathways()}
    words = {word for name in dish_names() for word in dish(name).behaviours}
    read = {word for row in readouts() for word in row.through}
    lost = {row.id: row.acts_on for row in pathways() if row.acts_on not in nodes | words | read}
    assert not lost


def test_cell_types_are_those_of_the_library_or_any() -> None:
    known = {term.cell_type for term in terms("cells").values()} | {"any"}
    assert {row.cell_type for row in pathways()} <= known
    assert {row.cell_type for row in readouts()} <= known


def test_a_readout_reads_an_effect_of_the_vocabulary_in_a_dish_that_ships() -> None:
    for row in readouts():
        assert row.effect in terms("effects"), row.id
        assert row.dish in dish_names(), row.id


def test_cells_without_a_dish_are_stood_for_by_one_that_has() -> None:
    kinds = {row.cell_type for row in readouts()}
    for name, stand in common()["stands_for"].items():
        assert name in terms("cells"), name
        assert stand in kinds, name


def test_no_row_of_pathways_is_unused() -> None:
    """Nodes are targets or cargos of some mechanism, stimuli, or reached from another node."""
    named = {name for row in mechanisms() for name in (*row.targets, *row.cargos, row.stimulus)}
    reached = {row.acts_on for row in pathways()}
    assert {row.node for row in pathways()} <= named | reached


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("action", "rises", "'rises' in action"),
        ("node", "", "says nothing in node"),
        ("read", "skimmed", "'skimmed' in read"),
        ("source", "", "says nothing in source"),
        ("cell_type", "", "says nothing in cell_type"),
    ],
)
def test_a_broken_pathway_names_file_row_and_what_would_be_right(
    tmp_path: Path, column: str, value: str, told: str
) -> None:
    path = _changed(PATHWAYS, tmp_path, column, value)
    with pytest.raises(EvidenceError, match=f"(?s){path}: row path-001 .*{told}.*wanted"):
        pathways(path)


def test_a_broken_readout_names_the_row(tmp_path: Path) -> None:
    path = _changed(READOUTS, tmp_path, "sense", "more")
    with pytest.raises(EvidenceError, match="row read-001 has 'more' in sense"):
        readouts(path)


def test_an_assumed_sign_without_a_reason_is_refused(tmp_path: Path) -> None:
    path = _changed(PATHWAYS, tmp_path, "read", "assumed")
    with pytest.raises(EvidenceError, match="assumed without a reason"):
        pathways(path)


def test_an_id_stands_once(tmp_path: Path) -> None:
    lines = PATHWAYS.read_text(encoding="utf-8").splitlines()
    path = tmp_path / "pathways.csv"
    path.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    with pytest.raises(EvidenceError, match="the id path-001 stands twice"):
        pathways(path)


def _changed(table: Path, folder: Path, column: str, value: str) -> Path:
    """A copy of a table with one value of its first row changed, and that row's note left out."""
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows[0] |= {"note": "", column: value}
    path = folder / table.name
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path
