"""What the steps that `tumour-nodule` ships with cost against finer ones. Run by `make validate`."""

from __future__ import annotations

import pytest

from exocosm.coupling import start
from exocosm.model import Set, Without, load

HOURS = 6


# Bursts of release differ with the step, as their random numbers do: compared is an even release.
EVEN = (
    Without("genesis:tumour"),
    Set("tissue.cell_types.tumour.release.tumour", "62.5 particle/h"),
)


def end(*changes: Set | Without) -> dict[str, float]:
    simulation = start(load("tumour-nodule").change(*EVEN, *changes), seed=1)
    simulation.advance(round(HOURS * 60 / simulation.tick_length))
    return simulation.summary()


@pytest.mark.validation
def test_fields_every_six_minutes_are_within_half_a_percent_of_every_minute():
    fine = end(Set("species.substrates.oxygen.every", "1 min"), Set("species.vesicles.tumour.every", "1 min"))
    shipped = end()
    entered = tuple(f"vesicles.tumour.taken_up.{kind}" for kind in ("tumour", "macrophage"))
    moving = tuple(f"vesicles.tumour.{where}" for where in ("field", "surface", "inside", "left"))
    for key in ("oxygen.min", *moving, *entered):
        assert shipped[key] == pytest.approx(fine[key], rel=0.005), key


@pytest.mark.validation
def test_mechanics_every_half_minute_is_within_one_percent_of_every_tenth():
    steps = {"tick": "0.1 min", "mechanics": "0.1 min", "phenotype": "6 min"}
    fine, shipped = end(Set("tissue.steps", steps)), end()
    for key in ("cells.tumour.live", "cells.tumour.volume", "oxygen.min", "vesicles.tumour.inside"):
        assert shipped[key] == pytest.approx(fine[key], rel=0.01), key
