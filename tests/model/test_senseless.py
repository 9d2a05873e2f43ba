"""What is well formed and cannot be is refused with the reason, and what is only just possible is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from exocosm import ModelError, Set
from exocosm.library import scenario_names
from exocosm.model import Model, load

HERE = Path(__file__).parent
CASES = YAML(typ="safe").load(HERE / "senseless.yaml")


@pytest.mark.parametrize("name", CASES)
def test_what_cannot_be_is_refused_with_the_reason(name: str) -> None:
    case = CASES[name]
    text = (HERE / case["file"]).read_text()
    for old, new in case["replace"]:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(ModelError) as caught:
        Model.from_yaml(text, file=case["file"])
    assert str(caught.value) == case["message"].rstrip("\n")


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60


JUST = {
    "species.vesicles.tumour.decay_rate": "1 1/min",
    "species.vesicles.tumour.diameter.median": "10 nm",
    "tissue.cells[0].spacing": "8.5 um",
    "tissue.cell_types.tumour.cycle.phases[0].duration": {"fixed": "6 min"},
    "tissue.cell_types.tumour.mechanics": {"repulsion": "504 um/min"},
    "tissue.medium.temperature": "0.1 degC",
    "tissue.medium.viscosity": "0.28 mPa*s",
    "tissue.boundaries.oxygen.all": "7600 mmHg",
    "duration": "1e6 h",
}


@pytest.mark.parametrize("path", JUST)
def test_what_is_just_possible_is_taken(path: str) -> None:
    assert load(HERE / "small.yaml").change(Set(path, JUST[path]))


@pytest.mark.parametrize("name", scenario_names())
def test_every_shipped_scenario_and_arm_makes_sense(name: str) -> None:
    model = load(name)
    for arm in model.arms:
        assert model.variant(arm)
