"""Numbers name what they are of in words of the vocabularies, are found by them and written out with them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from exocosm.library import atlas, check_table, evidence, numbered, numbers_as_csv, numbers_of, terms
from exocosm.library.numbers import NAMES, NUMBERED

LEAST_NAMED = {
    "parameters": 0.9,
    "more_parameters": 0.9,
    "observations": 0.95,
    "outcomes": 1.0,
    "effects": 1.0,
}
"""The share of rows that name a cell, molecule or effect; others are physics, method or sizes of studies."""


def ids(**words: str) -> list[str]:
    return [row.id for row in atlas(**words).numbers]


@pytest.mark.parametrize("table", NUMBERED)
def test_most_rows_name_what_their_number_is_of(table: str) -> None:
    rows = [row for row in numbered() if row.table == table]
    named = [row for row in rows if any(getattr(row, field) for field in NAMES.values())]
    assert len(named) >= LEAST_NAMED[table] * len(rows)


def test_every_name_is_a_term() -> None:
    for row in numbered():
        for field in NAMES.values():
            assert set(getattr(row, field)) <= set(terms(field)), row.id


def test_what_is_not_named_is_physics_method_or_the_size_of_a_study() -> None:
    """No such row speaks of a cell or molecule of the library in its own words."""
    words = re.compile(r"\b(HCC cells?|hepatocytes?|Kupffer|stellate|CD8|NK|PD-L1|TGF-\w+|miR-\d+)\b")
    for row in numbered():
        if not any(getattr(row, field) for field in NAMES.values()):
            assert not words.search(f"{row.quantity} {row.system}"), row.id


def test_a_cargo_finds_its_numbers() -> None:
    found = ids(cargo="PD-L1")
    assert {"phys-P-GEN-051", "more-003", "imm-IP144", "out-001"} <= set(found)
    assert found == ids(cargo="B7-H1")


def test_a_molecule_is_one_under_both_of_its_names() -> None:
    """PD-L1 as a cargo is CD274 as a target: the mRNA of the one is found by the other."""
    assert evidence("out-002").cargos == ()
    assert "out-002" in ids(cargo="PD-L1")
    assert set(ids(cargo="PD-L1")) == set(ids(target="CD274"))


def test_all_that_is_asked_must_hold_and_either_cell_is_enough() -> None:
    assert set(ids(cargo="PD-L1", sender="melanoma cell")) == set(ids(cargo="PD-L1")) & set(
        ids(recipient="melanoma cell")
    )
    both = set(ids(sender="Kupffer", recipient="stellate"))
    assert both == set(ids(sender="Kupffer")) | set(ids(recipient="stellate"))


def test_the_cell_that_was_asked_for_comes_before_those_that_stand_for_it() -> None:
    found = atlas(sender="HCC").numbers
    exact = ["HCC" in row.cells for row in found]
    assert exact == sorted(exact, reverse=True)
    assert {"HCC tumour"} < {name for row in found for name in row.cells}


def test_no_number_is_of_a_process_nor_of_nothing() -> None:
    assert atlas().numbers == ()
    assert atlas(cargo="PD-L1", process="invasion").numbers == ()
    assert numbers_of({}) == ()


def test_a_sign_stands_in_words_and_a_size_with_its_bounds() -> None:
    assert evidence("out-003").told().endswith(": up, at 10 ng/mL IFN-gamma, after 48 h")
    assert evidence("out-007").told().endswith(": no change")
    assert evidence("phys-P-GEN-051").told() == "PD-L1 molecules per EV: 2.7 molecules/vesicle"
    assert evidence("phys-P-GEN-001").told().endswith(": 60 to 65 particles/cell/h")
    row = replace(evidence("imm-IP146"), value=12.0, low=9.0, high=None)
    assert row.told().endswith(": 12 (9 to ?) uM")


def test_what_a_number_was_measured_against_and_under_is_told_with_it() -> None:
    told = "133 (20 to 1241) pg/mL, 1.9 without, at 100 U/mL, after 12 h"
    assert evidence("eff-103").told().endswith(f": {told}")
    assert ",1.9,100.0,U/mL,12.0," in numbers_as_csv([evidence("eff-103")])


def test_numbers_of_vesicles_come_first() -> None:
    assert ids(cargo="PD-L1")[0] == "phys-P-GEN-051"


def test_what_is_written_out_passes_the_check_of_tables(tmp_path: Path) -> None:
    found = atlas(sender="Kupffer").numbers
    path = tmp_path / "kupffer.csv"
    path.write_text(numbers_as_csv(found), encoding="utf-8")
    assert check_table(path) == len(found)


def test_the_counts_of_the_page_on_evidence_are_those_of_the_tables() -> None:
    text = (Path(__file__).parents[2] / "docs" / "evidence.md").read_text(encoding="utf-8")
    page = " ".join(text.split())
    for table in NUMBERED:
        rows = [row for row in numbered() if row.table == table]
        counts = [sum(bool(getattr(row, field)) for row in rows) for field in NAMES.values()]
        named = sum(any(getattr(row, field) for field in NAMES.values()) for row in rows)
        told = " | ".join(str(count or "–") for count in (len(rows), named, *counts))
        assert f"| `{table}.csv` | {told} |" in page
    nameless = sum(not any(getattr(row, field) for field in NAMES.values()) for row in numbered())
    assert f"The {nameless} rows without a name" in page
    known = [terms(vocabulary).values() for vocabulary in ("cells", "cargos", "targets")]
    cells, cargos, targets = map(len, known)
    assert f"{cells} cells, {cargos} cargos and {targets} targets" in page
    cells, cargos, targets = (sum(bool(each.identifiers) for each in some) for some in known)
    assert f"{cells}, {cargos} and {targets} of them with an identifier" in page
