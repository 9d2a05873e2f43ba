"""The pieces that scenarios take: where their numbers come from, and a short run with all of them."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from exocosm import library
from exocosm.library import evidence
from exocosm.model import Model, load, sources
from exocosm.model.reading import read_file
from exocosm.results import run

ALL = "hcc-microenvironment"


@pytest.fixture(scope="module")
def everything() -> Model:
    return load(ALL)


def test_the_library_has_the_cells_and_signals_of_the_liver(everything: Model) -> None:
    cells = {"HCC", "hepatocyte", "stellate", "Kupffer", "macrophage", "CD8", "CD4", "NK", "B", "DC"}
    signals = {"oxygen", "glucose", "lactate", "acid", "VEGF", "TGF-beta", "IFN-gamma", "IL-6", "IL-10"}
    assert cells | {"neutrophil", "endothelium"} <= set(everything.tissue.cell_types)
    more = {"CXCL9", "CXCL10", "CCL2", "adenosine", "collagen", "anti-PD-1", "anti-PD-L1"}
    assert signals | more <= set(everything.species.substrates)
    assert len(everything.species.cargos) >= 40


def test_every_number_is_sourced_or_assumed_with_a_range(everything: Model) -> None:
    origins = sources(everything)
    assert origins.of("unsourced") == []
    for origin in origins.of("assumed"):
        assert origin.low is not None
        assert origin.high is not None
        assert origin.low <= origin.value <= origin.high


@pytest.mark.parametrize("kind", library.PIECES)
def test_a_piece_has_a_title_and_says_what_it_is_named_for(kind: str) -> None:
    section = {"cells": ("tissue", "cell_types")}.get(kind, ("species", kind))
    for name in library.piece_names(kind):
        path = library.piece_path(kind, name)
        assert path is not None
        data = read_file(path).data
        assert data["title"]
        assert name in data[section[0]][section[1]], path.name
        assert set(data) <= {"title", "description", "takes", "species", "tissue"}


def test_rules_of_cargos_name_mechanisms_that_are_rows(everything: Model) -> None:
    """What a cargo does to a cell stands for rows of the mechanisms; retracted ones are refused."""
    within = ("miR-449c-5p", "TIM-3", "NKG2D")
    for rule in everything.tissue.rules:
        cargo = next((name for name in everything.species.cargos if rule.signal == f"{name} inside"), "")
        if cargo and cargo not in within:
            assert rule.evidence, rule.name
            assert all(evidence(id).table == "mechanisms" for id in rule.evidence)


def test_derived_numbers_follow_from_their_rows(everything: Model) -> None:
    types, cargos = everything.tissue.cell_types, everything.species.cargos
    antibody = cargos["PD-L1"].captured_by["anti-PD-L1"]
    assert antibody.off / antibody.on == pytest.approx(evidence("imm-IP156").given() / 1000, rel=1e-2)
    radius = evidence("imm-IP095").given() / 2
    assert types["neutrophil"].volume.total == pytest.approx(4 / 3 * math.pi * radius**3, rel=1e-3)
    cells = evidence("imm-IP012").given() * evidence("cell-P008").given()
    wall = evidence("cell-P004").given() / cells * 1e12
    assert types["endothelium"].volume.total == pytest.approx(wall, rel=1e-3)
    grams = evidence("more-028").given() * 1e-12
    mol_per_min = types["HCC"].exchange["VEGF"].secretion_rate * 1e-21
    assert mol_per_min * 1440 == pytest.approx(grams / 40_000, rel=1e-2)


def test_rules_of_one_behaviour_agree_across_pieces(everything: Model) -> None:
    """What the grammar demands of one model holds for every selection, as all of them agree at once."""
    seen: dict[tuple[str, str, str], float] = {}
    for rule in everything.tissue.rules:
        place = (rule.cell_type, rule.behaviour, rule.response)
        assert seen.setdefault(place, float(rule.saturation)) == float(rule.saturation), place


def test_all_of_it_runs_and_closes_its_books(everything: Model, tmp_path: Path) -> None:
    made = run(everything, "1 h", seed=1, threads=1, out=tmp_path / "run")
    last = made.summary.iloc[-1]
    assert last["state.hypoxia.HCC"] > 0
    assert last["cells.HCC.live"] > 50
    assert last["state.function.hepatocyte"] < 1
