"""Published outcomes beside predictions: what is read off pairs, and what is said of it."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pandas
import pytest

from exocosm.ground.errors import RunError
from exocosm.library import Row, evidence
from exocosm.library.comparisons import Comparable
from exocosm.results import Run
from exocosm.study.published import Prediction, measured
from exocosm.study.published_reading import columns_of, outcome_of, published_row

ROW = Comparable("c", "prog-O056", "s", "a", "", "cells.tumour.live", None, "ratio", 1.0, "predicted", "")


def published(value: float | None, low: float | None, high: float | None) -> Row:
    return replace(evidence("prog-O056"), value=value, low=low, high=high)


def test_measures_of_pairs() -> None:
    before, after = [10.0, 20.0, 40.0], [20.0, 40.0, 80.0]
    assert measured("ratio", after, before) == pytest.approx((2.0, 2.0, 2.0))
    assert measured("change", after, before) == pytest.approx((100.0, 100.0, 100.0))
    centre, low, high = measured("difference", after, before)
    assert centre == pytest.approx(70 / 3)
    # Student's t with two degrees of freedom, 4.3027, times the standard error of 10, 20, 40.
    assert high - centre == pytest.approx(4.30265 * 15.2753 / math.sqrt(3), rel=1e-4)
    assert centre - low == pytest.approx(high - centre)
    assert measured("value", after, before)[0] == pytest.approx(140 / 3)


def test_a_ratio_to_nothing_is_not_a_number_and_one_pair_has_no_interval() -> None:
    assert math.isnan(measured("ratio", [1.0, 2.0], [0.0, 0.0])[0])
    assert measured("ratio", [0.0, 0.0], [1.0, 2.0])[0] == 0.0
    value, low, high = measured("ratio", [3.0], [2.0])
    assert value == pytest.approx(1.5)
    assert math.isnan(low)
    assert math.isnan(high)


@pytest.mark.parametrize(
    ("bounds", "mine", "words"),
    [
        ((None, 2.0, 4.0), (3.0, 2.5, 3.5), "intervals overlap"),
        ((None, 2.0, 4.0), (1.5, 1.0, 2.1), "intervals overlap"),
        ((None, 2.0, 4.0), (1.0, 0.9, 1.1), "too low by 2 times"),
        ((3.0, None, None), (9.0, 8.0, 10.0), "too high by 3 times"),
        ((3.0, None, None), (3.1, 2.9, 3.3), "agrees"),
        ((-50.0, None, None), (20.0, 10.0, 30.0), "too high by 70; the sign is another"),
        ((None, None, None), (1.0, 1.0, 1.0), "no number to compare"),
        ((3.0, None, None), (math.nan,) * 3, "nothing predicted"),
        ((None, 2.0, None), (2.4, 2.3, 2.5), "agrees"),
        ((2.0, 2.0, None), (1.0, 0.9, 1.1), "too low by 2 times"),
        ((None, None, 24.0), (30.0, 30.0, 30.0), "too high by 1.2 times"),
        ((None, 6.0, 7.0), (5.52, 5.47, 5.58), "too low by 1.09 times"),
    ],
)
def test_the_verdict_says_how_far_off_it_is(
    bounds: tuple[float | None, ...], mine: tuple[float, float, float], words: str
) -> None:
    assert Prediction(ROW, published(*bounds), *mine).verdict == words


@pytest.mark.parametrize(
    ("mine", "words"),
    [
        ((20.0, 10.0, 30.0), "right sign"),
        ((20.0, -10.0, 50.0), "undecided"),
        ((0.5, 0.4, 0.6), "too small to be seen"),
        ((0.03, -6.5, 7.0), "undecided"),
        ((0.5, math.nan, math.nan), "too small to be seen"),
        ((-20.0, -30.0, -10.0), "wrong sign"),
    ],
)
def test_a_sign_is_right_wrong_undecided_or_too_small(mine: tuple[float, ...], words: str) -> None:
    found = Prediction(replace(ROW, measure="sign"), published(1.0, None, None), *mine)
    assert found.verdict == words
    assert found.within(2.0) == found.inside == (words == "right sign")


def test_a_mechanism_whose_sign_is_predicted_gives_its_direction() -> None:
    row = published_row(replace(ROW, evidence="imm-IM021", measure="sign"))
    assert (row.value, row.unit) == (1.0, "(up)")


def test_an_outcome_may_be_a_quotient_or_a_share_of_cells() -> None:
    assert columns_of("a.b / c.d") == ["a.b", "c.d"]
    assert columns_of("share of Huh7 with vesicles.labelled") == ["vesicles.labelled"]


def test_an_outcome_is_read_at_its_time_and_at_no_other() -> None:
    summary = pandas.DataFrame({"a": [1.0, 2.0], "b": [4.0, 8.0]}, index=[1 / 6, 1 / 3])
    run = cast(Run, SimpleNamespace(summary=summary))
    assert outcome_of(run, replace(ROW, outcome="a", at_h=0.1667)) == 1.0
    assert outcome_of(run, replace(ROW, outcome="a / b")) == 0.25
    with pytest.raises(RunError, match=r"nothing was recorded at 0.2 h; nearest record: 0.1667 h"):
        outcome_of(run, replace(ROW, outcome="a", at_h=0.2))


def test_intervals_that_overlap_do_not_put_the_prediction_inside() -> None:
    wide = Prediction(ROW, published(None, 2.0, 4.0), 1.0, 0.0, 3.0)
    assert wide.verdict == "intervals overlap"
    assert not wide.inside
    assert replace(wide, value=2.5).inside
