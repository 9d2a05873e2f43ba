"""A report draws the mechanisms that the rules of its model stand for, and nothing where they cite none."""

from __future__ import annotations

from exocosm.library import mechanisms
from exocosm.model import load
from exocosm.view.model_mechanisms import mechanisms_of, network_of


def test_the_mechanisms_of_a_model_are_those_that_its_rules_cite() -> None:
    model = load("nk-suppression")
    cited = {id for rule in model.tissue.rules for id in rule.evidence}
    found = mechanisms_of(model)
    assert {row.id for row in found.rows} == cited & {row.id for row in mechanisms()}
    assert "imm-IM013" in cited


def test_the_network_of_a_model_names_its_cargos() -> None:
    network = network_of(load("nk-suppression"))
    assert network is not None
    assert "circUHRF1" in network["svg"]


def test_rules_that_cite_nothing_have_no_network() -> None:
    assert network_of(load("two-cells")) is None
    assert network_of(object()) is None
