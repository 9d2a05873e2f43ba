"""The evidence tables: found by id, retracted rows give nothing, ranges are not values."""

from __future__ import annotations

import pytest

from exocosm.library import EvidenceError, evidence, rows


def test_a_row_has_its_value_unit_and_source() -> None:
    row = evidence("phys-P-GEN-005")
    assert (row.given(), row.unit, row.source) == (0.00825, "copies/particle", "10.1073/pnas.1408301111")


def test_a_retracted_row_gives_no_value() -> None:
    retracted = [row for row in rows().values() if row.retracted]
    assert retracted
    for row in retracted:
        with pytest.raises(EvidenceError, match="was retracted"):
            row.given()


def test_a_range_is_not_a_value() -> None:
    row = evidence("phys-P-GEN-001")
    assert (row.low, row.high) == (60, 65)
    with pytest.raises(EvidenceError, match="gives a range and no value"):
        row.given()


def test_an_unknown_id_gets_the_nearest() -> None:
    with pytest.raises(EvidenceError) as caught:
        evidence("prog-P67")
    assert caught.value.nearest is not None
    assert caught.value.nearest.startswith("prog-P")


def test_every_row_has_an_id_and_a_source() -> None:
    table = rows()
    assert len(table) > 1000
    assert all(row.id == id and row.source and row.read and row.status for id, row in table.items())
    assert {row.status for row in table.values()} <= {"ok", "corrected", "retracted"}


def test_bounds_enclose_the_value() -> None:
    says_so = {
        "phys-P-TRA-018"
    }  # its note: the value used in a model lies outside the range of the literature
    for row in rows().values():
        if row.id not in says_so and row.value is not None and row.low is not None and row.high is not None:
            assert row.low <= row.value <= row.high, row.id
