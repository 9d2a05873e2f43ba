"""The assay of escape: the dose is that of the experiment, and cells are green where enough has opened."""

from __future__ import annotations

from functools import cache

import pytest

from exocosm.coupling import start
from exocosm.model import Set, load

HOURS = 3
SHALLOW = Set("tissue.geometry.size", ["160 um", "160 um", "400 um"])  # what comes in 3 h lies near


@cache
def after(arm: str = "", hours: float = HOURS) -> dict[str, float]:
    model = load("escape-assay")
    simulation = start((model.variant(arm) if arm else model).change(SHALLOW), seed=1)
    simulation.advance(round(hours * 60 / simulation.tissue.clock.length))
    return dict(simulation.summary())


def test_a_cell_gets_a_hundred_thousand_exosomes() -> None:
    model = load("escape-assay")
    well = 1e-12 * 160 * 160 * 3120  # mL
    cells = start(model, seed=1).summary()["cells.acceptor.live"]
    assert model.events[0].dose.concentration * 1e12 * well / cells == pytest.approx(1e5, rel=2e-3)


def test_its_rates_are_those_of_the_uptake_assay() -> None:
    taken = load("escape-assay").tissue.cell_types["acceptor"].uptake["exosomes"]
    other = load("uptake-assay").tissue.cell_types["Huh7"].uptake["labelled"]
    assert taken.efficiency == other.efficiency
    assert float(taken.binding.off) == float(other.binding.off)
    assert taken.fate == other.fate


def test_every_opened_exosome_brings_its_seventy_strands_and_none_without() -> None:
    seen = after()
    assert seen["vesicles.exosomes.consumed"] > 100
    assert seen["cargo.GFP11.delivered.acceptor"] == 70 * seen["vesicles.exosomes.consumed"]
    closed = after("nothing-opens")
    assert closed["vesicles.exosomes.taken_up.acceptor"] > 0
    assert closed["cargo.GFP11.delivered.acceptor"] == closed["fraction.green.acceptor"] == 0.0


def test_a_cell_is_green_from_the_limit_on() -> None:
    """The same exosomes open in both arms, on the same random numbers; only the limit differs."""
    base, dim = after(), after("dim")
    held = "cargo.GFP11.inside_each.acceptor"
    assert base[held] == dim[held]
    assert 500 < base[held] < 3000  # about the limit of 1000, far below that of 10,000
    assert dim["fraction.green.acceptor"] == 0.0 < base["fraction.green.acceptor"] < 1.0
    first = after("little-escape-all-seen")["fraction.green.acceptor"]
    assert after("little-escape")["fraction.green.acceptor"] == 0.0 < first < 1.0
