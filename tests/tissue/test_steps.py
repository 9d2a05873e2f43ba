"""What the steps that `hcc-nodule` ships with cost against finer ones. Run by `make validate`."""

from __future__ import annotations

import pytest

from exocosm.coupling import start
from exocosm.model import Set, load

HOURS = 6


def end(*changes: Set) -> dict[str, float]:
    simulation = start(load("hcc-nodule").change(*changes), seed=1)
    simulation.advance(round(HOURS * 60 / simulation.tick_length))
    return simulation.summary()


@pytest.mark.validation
def test_fields_every_six_minutes_are_within_half_a_percent_of_every_minute():
    fine = end(Set("species.substrates.oxygen.every", "1 min"), Set("species.vesicles.tumour.every", "1 min"))
    shipped = end()
    for key in ("oxygen.min", "vesicles.tumour.field", "vesicles.tumour.inside", "vesicles.tumour.left"):
        assert shipped[key] == pytest.approx(fine[key], rel=0.005), key


@pytest.mark.validation
def test_mechanics_every_half_minute_is_within_one_percent_of_every_tenth():
    steps = {"tick": "0.1 min", "mechanics": "0.1 min", "phenotype": "6 min"}
    fine, shipped = end(Set("tissue.steps", steps)), end()
    for key in ("cells.tumour.live", "cells.tumour.volume", "oxygen.min", "vesicles.tumour.inside"):
        assert shipped[key] == pytest.approx(fine[key], rel=0.01), key
