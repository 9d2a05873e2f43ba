"""What the page on sizes says of the mechanisms that were set aside."""

from __future__ import annotations

from exocosm.library.comparisons import comparables
from exocosm.study.published import Prediction
from exocosm.study.published_reading import published_row
from outcomes import aside, count


def predicted(value: float) -> list[Prediction]:
    """Each row of the table, predicted as one and the same value."""
    return [Prediction(row, published_row(row), value, value, value) for row in comparables()]


def test_each_complete_mechanism_set_aside_is_named_once_with_what_became_of_it() -> None:
    said = aside(predicted(-50.0))
    assert said.startswith("Of 5 mechanisms")
    names = ("phys-M-GEN-017", "phys-M-GEN-019", "phys-M-UPT-014", "prog-M103", "prog-M037")
    assert [said.count(f"{name}: ") for name in names] == [1] * 5
    assert "3 as a size (" in said
    assert "1 as a sign (prog-M103: right sign)" in said
    assert "1 not at all (prog-M037: lungs of whole animals" in said
    assert "prog-M103: wrong sign" in aside(predicted(50.0))


def test_each_outcome_is_judged_or_said_to_be_fitted() -> None:
    said = count(predicted(0.0))
    free = sum(row.role in ("predicted", "set aside") for row in comparables())
    assert said.startswith(f"Of {free} outcomes")
    assert f"{len(comparables()) - free} were fitted" in said
