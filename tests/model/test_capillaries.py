"""Vessels as lines in a model: what they tie, what is written of them, and where they run."""

from __future__ import annotations

from pathlib import Path

import pytest

from exocosm import ModelError
from exocosm.model import Model, Set, Without, load, sources
from exocosm.model.vessel_lines import lattice_number, segments_of

MODEL = load(Path(__file__).parent / "vessels.yaml")


def test_a_steady_substrate_may_be_fed_by_vessels_alone():
    assert not MODEL.tissue.boundaries
    closed = [
        Set(f"tissue.capillaries.{name}.exchange.oxygen.permeability", "0 um/min")
        for name in MODEL.tissue.capillaries
    ]
    with pytest.raises(ModelError, match="oxygen has no steady state"):
        MODEL.change(*closed)
    with pytest.raises(ModelError, match="oxygen has no steady state"):
        MODEL.change(Without("capillaries"))


def test_what_is_left_out_keeps_the_columns_of_the_arms():
    for target in ("immigration:drawn", "cells:T-cell"):
        arm = MODEL.change(Without(target))
        assert [entry.name for entry in arm.tissue.immigration] == ["arrival", "drawn"]
        assert float(arm.tissue.immigration[1].rate) == 0.0
    with pytest.raises(ModelError, match="did you mean: arrival"):
        MODEL.change(Without("immigration:arival"))


def test_numbers_of_vessels_are_among_the_sources():
    paths = {origin.path for origin in sources(MODEL)}
    assert "tissue.capillaries.sinusoids.exchange.oxygen.permeability" in paths
    assert "tissue.capillaries.sinusoids.fenestrae.density" in paths
    assert "tissue.immigration[1].half_max" in paths
    assert "tissue.immigration[0].base_rate" not in paths


def test_rates_of_arrival_are_per_length_and_time():
    assert float(MODEL.tissue.immigration[0].rate) == pytest.approx(100.0 / 60.0 / 1000.0)


def test_a_region_cuts_lines_and_a_lattice_has_its_density():
    shell = {"center": ["300 um"] * 3, "inner_radius": "100 um", "outer_radius": "280 um"}
    wide: Model = MODEL.change(
        Set("tissue.geometry.size", ["600 um"] * 3),
        Set("tissue.capillaries.sinusoids.hexagonal", {"spacing": "40 um", "region": {"shell": shell}}),
    )
    network = wide.tissue.capillaries["sinusoids"]
    pieces = segments_of(network, (600.0,) * 3)
    length = sum(end[2] - start[2] for start, end in pieces)
    volume = 4.0 / 3.0 * 3.14159 * (280.0**3 - 100.0**3)
    assert length == pytest.approx(volume * 2.0 / (3.0**0.5 * 40.0**2), rel=0.02)
    cut = [piece for piece in pieces if piece[0][:2] == (300.0, 300.0)]
    assert [(start[2], end[2]) for start, end in cut] == [(20.0, 200.0), (400.0, 580.0)]
    assert lattice_number(network, (600.0,) * 3) == pytest.approx(560.0**2 / (3.0**0.5 / 2.0 * 1600.0))
