"""The words of motion in the grammar, in tables of PhysiCell, and what can be left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from exocosm.model import Model, Set, Without, load
from exocosm.model.grammar import behaviours_of, rules_of, sentences, to_physicell_csv

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def model() -> Model:
    return load(HERE / "motion.yaml")


@pytest.mark.parametrize(
    ("name", "canonical", "unit", "foreign", "base"),
    [
        ("migration speed", "migration speed", "um/min", "migration speed", 4),
        ("migration_bias", "migration bias", "", "migration bias", 0.5),
        ("persistence time", "migration persistence time", "min", "migration persistence time", 10),
        ("migration persistence time", "migration persistence time", "min", "migration persistence time", 10),
        ("chemotactic sensitivity to oxygen", "chemotactic response to oxygen", "",
         "chemotactic response to oxygen", -0.5),
        ("chemotactic response to tumour", "chemotactic response to tumour", "", None, 1),
    ],
)  # fmt: skip
def test_words_of_migration_are_those_of_physicell(model, name, canonical, unit, foreign, base):
    behaviour, types = behaviours_of(model).find(name), model.tissue.cell_types
    assert (behaviour.name, behaviour.unit(types["macrophage"])) == (canonical, unit)
    assert behaviour.foreign == foreign
    assert behaviour.base(types["macrophage"]) == base
    assert behaviour.base(types["tumour"]) is None


def test_what_a_motile_type_does_not_follow_can_be_switched_on(model):
    blind = model.change(Without("chemotaxis:macrophage")).tissue.cell_types["macrophage"]
    assert behaviours_of(model).find("chemotactic response to oxygen").base(blind) == 0


def test_rules_on_motion_are_written_for_physicell_and_read_again(model):
    text = to_physicell_csv(model)
    assert "macrophage,oxygen,decreases,chemotactic response to oxygen,-1.0,20.0,4.0,0" in text
    again = model.change(Set("tissue.rules", [{"table": text}]))
    assert to_physicell_csv(again) == text
    assert [r.rule.saturation for r in rules_of(again)] == [r.rule.saturation for r in rules_of(model)]
    assert "chemotactic response to oxygen from -0.5 towards -1 with" in sentences(model)[1]


def test_a_model_with_motion_is_written_and_read_again(model):
    assert Model.from_yaml(model.to_yaml()) == model


def test_motility_goes_with_the_rules_that_drive_it(model):
    without = model.change(Without("motility:macrophage"))
    assert without.tissue.cell_types["macrophage"].motility is None
    assert without.tissue.rules == ()


def test_without_chemotaxis_cells_keep_their_speed_and_the_rules_on_it(model):
    without = model.change(Without("chemotaxis:macrophage"))
    motility = without.tissue.cell_types["macrophage"].motility
    assert (motility.speed, motility.bias, dict(motility.chemotaxis)) == (4, 0.5, {})
    assert [rule.behaviour for rule in without.tissue.rules] == ["migration speed"]
    assert model.change(Without("chemotaxis:tumour")) == model
