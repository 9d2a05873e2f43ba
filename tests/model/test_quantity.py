"""Quantities: units in, internal numbers out, with what they stand on."""

from __future__ import annotations

import copy
import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exocosm import ModelError
from exocosm.model import Assumed, Boundary, Derived, Evidence, Exchange, Geometry, Medium, Quantity, Volume
from exocosm.model.units import convert


@pytest.mark.parametrize(
    ("value", "unit", "target", "expected"),
    [
        (62.0, "particle/h", "particle/min", 62 / 60),
        (62.0, "particles/cell/h", "particle/min", 62 / 60),
        (110.0, "nm", "um", 0.110),
        (1.0, "mL", "um^3", 1e12),
        (37.0, "degC", "K", 310.15),
        (1.0, "uM*um^3/min", "mol/min", 1e-21),
        (17.0, "amol/s", "uM*um^3/min", 17e-18 * 60 / 1e-21),
        (1.0, "Torr", "mmHg", 1.0),
        (0.1, "mmHg", "Pa", 13.3322387415),
        (1.0, "mPa s", "mPa*s", 1.0),
        (2.0, "µm²/s", "um^2/min", 120.0),
        (40.0, "percent", "", 0.4),
        (1e10, "particles/mL", "particle/um^3", 0.01),
        (1.0, "1/day", "1/min", 1 / 1440),
        (3.0, "min^-1", "1/min", 3.0),
        (1.0, "cells/mm^2", "1/um^2", 1e-6),
    ],
)
def test_conversion(value: float, unit: str, target: str, expected: float) -> None:
    assert convert(value, unit, target) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize(
    ("unit", "target"),
    [("1/h", "particle/min"), ("copy", "particle"), ("um", "min"), ("mmHg", "uM"), ("g", "mol")],
)
def test_other_dimensions_do_not_convert(unit: str, target: str) -> None:
    assert convert(1.0, unit, target) is None


@given(st.floats(-1e300, 1e300, allow_nan=False))
def test_internal_units_are_taken_over_without_rounding(value: float) -> None:
    assert convert(value, "um^2/min", "um^2/min") == value


@given(st.floats(1e-30, 1e30), st.sampled_from(["nm", "mm", "cm", "m"]))
def test_conversion_there_and_back(value: float, unit: str) -> None:
    there = convert(value, unit, "um")
    assert there is not None
    assert convert(there, "um", unit) == pytest.approx(value, rel=1e-14)


def test_a_quantity_is_a_frozen_number() -> None:
    rate = Quantity(0.5, "1/min", source=Evidence("x"), low=0.1, high=1.0)
    assert rate == 0.5
    assert hash(rate) == hash(0.5)
    assert rate * 2 == 1.0
    for twin in (pickle.loads(pickle.dumps(rate)), copy.deepcopy(rate)):
        assert (twin, twin.unit, twin.text, twin.source) == (0.5, "1/min", "0.5 1/min", Evidence("x"))
        assert (twin.low, twin.high) == (0.1, 1.0)
    with pytest.raises(AttributeError, match="frozen"):
        rate.unit = "1/h"


def test_a_quantity_in_other_units_is_converted_when_a_part_takes_it() -> None:
    volume = Volume(total=Quantity(2.0, "pL"))
    assert volume.total == pytest.approx(2000.0)
    assert volume.total.unit == "um^3"


def test_sources_keep_their_range_in_internal_units() -> None:
    medium = Medium(
        temperature={"value": "37 degC", "assumed": "body", "range": ["36 degC", "39 degC"]},
        viscosity="0.7 mPa*s",
        tortuosity={"value": 1.6, "derived": "1 + 0.6"},
        minimum_extracellular_fraction="20 percent",
    )
    assert medium.temperature.low == 309.15
    assert isinstance(medium.temperature.source, Assumed)
    assert medium.tortuosity.source == Derived("1 + 0.6")
    assert medium.minimum_extracellular_fraction == 0.2
    assert medium.viscosity.source is None


def test_evidence_gives_value_and_range() -> None:
    uptake = Exchange(max_uptake={"evidence": "prog-P146"}, half_saturation={"evidence": "prog-P067"})
    assert uptake.max_uptake == pytest.approx(2.5e-18 * 60 / 1e-21)
    assert uptake.half_saturation == 5.6
    assert uptake.max_uptake.source == Evidence("prog-P146")


def test_evidence_beside_the_same_value_is_accepted() -> None:
    half = {"value": "5.6 mmHg", "evidence": "prog-P067"}
    assert Exchange(max_uptake="1 uM*um^3/min", half_saturation=half).half_saturation == 5.6


def test_a_boundary_spreads_to_the_faces_that_are_not_named() -> None:
    boundary = Boundary(all="38 mmHg", z_low="no-flux")
    assert boundary.faces["z_low"] is None
    assert boundary.x_low == boundary.z_high == 38
    assert Boundary().faces == dict.fromkeys(boundary.faces)


def test_geometry_counts_voxels() -> None:
    assert Geometry(size=("0.6 mm", "600 um", "20 um"), voxel="20 um").shape == (30, 30, 1)
    assert Geometry(size=("0.3 um", "0.1 um", "0.7 um"), voxel="0.1 um").shape == (3, 1, 7)


@pytest.mark.parametrize("value", [True, None, [1, 2], {"value": 3}, {"source": "x"}, "", math.nan])
def test_what_is_no_quantity_is_refused(value: object) -> None:
    with pytest.raises(ModelError):
        Volume(total=value)


@pytest.mark.parametrize(
    "text", ["100 um", "24 h", "2.0", "37 degC", "38 mmHg", "62 particle/h", "17 amol/s"]
)
def test_a_quantity_is_made_from_its_text(text: str) -> None:
    quantity = Quantity(text)
    assert quantity.text == text
    assert repr(quantity) == f"Quantity({text!r})"
    assert eval(repr(quantity)) == quantity


def test_text_that_is_no_quantity_is_said_in_words() -> None:
    assert (Quantity("1 mm"), Quantity("1 mm").unit) == (1000.0, "um")
    with pytest.raises(ModelError, match="not a number with a unit"):
        Quantity("wide")
    with pytest.raises(ModelError, match="no quantity of a model is in 'newton'"):
        Quantity("1 newton")
