"""The shipped scenarios: each number stands on something, and derived ones follow from their rows."""

from __future__ import annotations

import math

import pytest

from exocosm.library import evidence, scenario_names
from exocosm.model import Derived, Evidence, Model, load, sources, sources_report


@pytest.fixture(scope="module")
def nodule() -> Model:
    return load("tumour-nodule")


@pytest.mark.parametrize("name", scenario_names())
def test_nothing_is_unsourced(name: str) -> None:
    origins = sources(load(name))
    assert origins.of("unsourced") == []
    assert math.isclose(sum(origins.shares().values()), 1.0)
    for origin in origins.of("assumed"):
        assert origin.basis
        assert origin.low is not None
        assert origin.high is not None
        assert origin.low <= origin.value <= origin.high
    for origin in [*origins.of("evidence"), *origins.of("derived")]:
        assert origin.basis


def test_the_nodule_carries_what_the_evidence_allows(nodule: Model) -> None:
    manifest = nodule.species.vesicles["tumour"].manifest
    mirnas = [manifest["miR-21-5p"], manifest["miR-146a-5p"]]
    assert mirnas == [0.00825, 0.00825]
    assert all(copies.source == Evidence("phys-P-GEN-005") for copies in mirnas)
    assert manifest["PD-L1"].source == Evidence("phys-P-GEN-051")


def test_the_nodule_starts_with_more_than_two_thousand_cells(nodule: Model) -> None:
    placement = nodule.tissue.cells[0]
    density = math.sqrt(2) / placement.spacing**3
    assert 2000 < density * 4 / 3 * math.pi * placement.region.radius**3 < 3000
    assert nodule.duration == 72 * 60


def test_derived_numbers_follow_from_their_rows(nodule: Model) -> None:
    tumour, vesicles = nodule.tissue.cell_types["tumour"], nodule.species.vesicles["tumour"]
    low, high = evidence("phys-P-GEN-010").low, evidence("phys-P-GEN-010").high
    assert vesicles.diameter.median * 1000 == pytest.approx(math.sqrt(low * high), rel=1e-3)
    assert vesicles.diameter.geometric_sd == pytest.approx(math.exp(math.log(high / low) / 3.92), rel=1e-2)
    intact = evidence("phys-P-TRA-009").given()
    assert vesicles.decay_rate * 60 == pytest.approx(-math.log(intact) / 5, rel=1e-3)
    rate = tumour.cycle.phases[0].duration.rate
    assert rate * 60 == pytest.approx(math.log(2) / evidence("prog-P073").given(), rel=1e-3)
    genesis = tumour.genesis["tumour"]
    ending = genesis.docking + genesis.lysosomal_degradation
    assert genesis.formation * genesis.docking / ending * 60 == pytest.approx(62.5, rel=2e-3)
    body = evidence("phys-P-UPT-016")
    assert 1 / ending == pytest.approx(0.5 * (body.low + body.high), rel=2e-2)
    uptake, row = tumour.exchange["oxygen"].max_uptake, evidence("prog-P069")
    amol_per_s = uptake * nodule.species.substrates["oxygen"].solubility * 1e-21 / 1e-18 / 60
    assert amol_per_s == pytest.approx(math.sqrt(row.low * row.high), rel=1e-3)
    share = 0.3 * 0.2 * evidence("imm-IP120").given() / evidence("imm-IP121").given()
    assert nodule.tissue.cells[0].mixture["macrophage"] == pytest.approx(share, rel=1e-3)


def test_references_can_be_followed(nodule: Model) -> None:
    origin = next(o for o in sources(nodule) if o.basis == "phys-P-GEN-005")
    assert origin.reference == "Chevillet 2014, 10.1073/pnas.1408301111"
    assert origin.path == "species.vesicles.tumour.manifest.miR-21-5p"


def test_two_cells_take_their_numbers_from_the_nodule(nodule: Model) -> None:
    pair = load("two-cells")
    assert pair.tissue.geometry.shape == (10, 10, 10)
    assert pair.tissue.cell_types["tumour"].genesis == nodule.tissue.cell_types["tumour"].genesis
    assert isinstance(pair.tissue.cell_types["tumour"].genesis["tumour"].formation.source, Derived)


def test_the_report_of_sources_says_what_stands_on_what(nodule: Model) -> None:
    text = sources_report(nodule)
    lines = text.splitlines()
    assert lines[0].startswith("tumour-nodule: ")
    assert "not measurements" in lines[2]
    assert "unsourced     0    0.0%" in text
    assert "0.01 (0.0001 to 0.3)" in text
    assert all(origin.path in text for origin in sources(nodule))
