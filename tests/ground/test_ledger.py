"""Double entry: books that do not agree with the state are refused, also where a number is none."""

from __future__ import annotations

import math

import pytest

from exocosm.ground.errors import ConservationError
from exocosm.ground.ledger import Ledger


def books() -> Ledger:
    ledger = Ledger(("vesicle",))
    ledger.move("vesicle", "released", "field", 10.0)
    ledger.move("vesicle", "field", "decayed", 4.0)
    return ledger


def test_a_species_sums_to_zero_and_agrees_with_its_stock():
    ledger = books()
    assert ledger.balances.sum() == 0.0
    assert ledger.balance("vesicle", "released") == 10.0
    ledger.check("vesicle", {"field": 6.0})


@pytest.mark.parametrize("held", [6.1, 0.0, math.nan, math.inf])
def test_a_gap_is_an_error(held):
    with pytest.raises(ConservationError, match="vesicle"):
        books().check("vesicle", {"field": held})
