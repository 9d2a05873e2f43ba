"""Doubtful steps and starts are warned of in the run, and sound ones are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from exocosm import Set
from exocosm.library import scenario_names
from exocosm.model import Model, load
from exocosm.tissue import Simulation
from exocosm.tissue.step_check import warnings

SMALL = Path(__file__).parents[1] / "model" / "small.yaml"
PACKED = "x,y,z,type\n" + "".join(f"{50 + i % 5},{50 + i // 5},50,tumour\n" for i in range(20))
DOUBTFUL = {
    "decay": (
        {"species.vesicles.tumour.decay_rate": "0.8 1/min"},
        "tumour: it decays at 0.8 1/min",
        "0.12 min",
    ),
    "push": (
        {"tissue.cell_types.tumour.mechanics": {"repulsion": "250 um/min"}},
        "tumour: cells that overlap by half are thrown apart",
        "0.017 min",
    ),
    "never": ({"tissue.steps.phenotype": "30 h"}, "phenotype: its step of 30 h is longer", "never happens"),
    "field that never moves": (
        {"species.substrates.oxygen.every": "30 h"},
        "oxygen: its step of 30 h",
        "never",
    ),
    "steep": (
        {"tissue.cell_types.tumour.exchange.oxygen.uptake_rate": "1000 1/min"},
        "oxygen: among packed cells it falls by e within 10 um",
        "at most 5 um",
    ),
    "overlap": (
        {"tissue.cells": [{"region": {"table": PACKED}}]},
        "start: 20 of 20 cells lie with their middle within another cell",
        "push each other apart",
    ),
}  # fmt: skip


def found(model: Model) -> list[str]:
    return warnings(Simulation(model, seed=1, threads=1))


def test_a_sound_model_has_no_warning() -> None:
    assert found(load(SMALL)) == []


@pytest.mark.parametrize("name", DOUBTFUL)
def test_what_is_doubtful_is_said_with_what_would_do(name: str) -> None:
    settings, begins, words = DOUBTFUL[name]
    model = load(SMALL).change(*(Set(path, value) for path, value in settings.items()))
    [text] = found(model)
    assert text.startswith(begins)
    assert words in text


def test_a_run_is_told_of_them() -> None:
    model = load(SMALL).change(Set("species.vesicles.tumour.decay_rate", "0.8 1/min"))
    assert found(model)[0] in Simulation(model, seed=1, threads=1).warnings()


@pytest.mark.parametrize("name", scenario_names())
def test_shipped_scenarios_have_sound_steps(name: str) -> None:
    assert found(load(name)) == []
