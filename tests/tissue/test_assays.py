"""The shipped assays: uptake in a dish with inhibitors, and release blocked at two steps.

Directions are those of the evidence rows named beside each assertion; sizes are bounded by closed forms.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from exocosm.library import evidence
from exocosm.model import Set, Without, load
from exocosm.tissue import Simulation

HOURS = 2.0
SHALLOW = Set("tissue.geometry.size", ["160 um", "160 um", "1200 um"])  # vesicles come from 0.4 mm in 2 h


def assay(*changes: Any) -> Simulation:
    """The uptake assay under 1.2 mm of medium after two hours."""
    simulation = Simulation(load("uptake-assay").change(SHALLOW, *changes), seed=1)
    simulation.advance(round(60 * HOURS))
    return simulation


@pytest.fixture(scope="module")
def as_is() -> Simulation:
    return assay()


@pytest.fixture(scope="module")
def inhibited() -> Simulation:
    return assay(Set("species.substrates.EIPA.initial", "50 uM"))


def test_every_cell_is_reached_at_a_picomolar_dose(as_is: Simulation) -> None:
    assert evidence("phys-O-UPT-001").given() == 1.0
    assert (as_is.cell_table()["vesicles.labelled"] > 0).all()


def test_the_layer_takes_less_than_still_medium_can_bring(as_is: Simulation) -> None:
    """2 c sqrt(D t / π) per area is what a floor that absorbs all would catch (Crank 1975, eq. 3.15)."""
    dose, area = float(as_is.model.events[0].dose.concentration), 160.0**2
    ceiling = sum(
        2.0
        * dose
        / 3.0
        * area
        * math.sqrt(as_is.state.fields[c.name].diffusivity.mean() * 60 * HOURS / math.pi)
        for c in as_is.tissue.carriers
    )
    row = as_is.summary()
    caught = row["vesicles.labelled.taken_up.Huh7"] + row["vesicles.labelled.surface"]
    assert 0.3 * ceiling < caught < ceiling


def test_small_vesicles_arrive_first(as_is: Simulation) -> None:
    taken = as_is.state.cells.view("vesicles").sum(axis=0)
    diameters = [c.diameter for c in as_is.tissue.carriers]
    assert diameters == sorted(diameters)
    assert list(taken) == sorted(taken, reverse=True)


def test_blocked_macropinocytosis_keeps_vesicles_on_the_surface(
    as_is: Simulation, inhibited: Simulation
) -> None:
    assert evidence("phys-M-UPT-001").status == "ok"  # uptake falls
    free, blocked = as_is.summary(), inhibited.summary()
    assert blocked["vesicles.labelled.taken_up.Huh7"] < 0.9 * free["vesicles.labelled.taken_up.Huh7"]
    assert blocked["vesicles.labelled.surface"] > 1.1 * free["vesicles.labelled.surface"]


def test_without_escape_vesicles_enter_and_nothing_is_delivered(as_is: Simulation) -> None:
    closed = assay(Without("escape:Huh7"))
    free, none = as_is.summary(), closed.summary()
    assert none["vesicles.labelled.taken_up.Huh7"] == pytest.approx(
        free["vesicles.labelled.taken_up.Huh7"], rel=0.01
    )
    assert free["cargo.label.delivered.Huh7"] > 0
    assert none["cargo.label.delivered.Huh7"] == 0


BLOCKED = {"as it is": None, "formation": "formation:hepatoma", "docking": "docking:hepatoma"}


@pytest.fixture(scope="module")
def releases() -> dict[str, dict[str, float]]:
    """Summaries of release-block after twelve hours, ten times the life of a body."""
    ends = {}
    for name, target in BLOCKED.items():
        model = load("release-block").change(*([Without(target)] if target else []))
        simulation = Simulation(model, seed=1)
        simulation.advance(12 * 60)
        ends[name] = simulation.summary()
    return ends


def test_either_block_stops_release_and_delivery(releases: dict[str, dict[str, float]]) -> None:
    for block in ("formation", "docking"):
        assert releases[block]["vesicles.exosomes.released"] == 0
        assert releases[block]["cargo.PD-L1.delivered.macrophage"] == 0
    assert releases["as it is"]["cargo.PD-L1.delivered.macrophage"] > 0


def test_what_the_donor_keeps_tells_the_blocks_apart(releases: dict[str, dict[str, float]]) -> None:
    """Blocked formation raises the pool (nothing is loaded), blocked docking what the bodies hold.

    With docking blocked bodies live 1/0.56 h instead of 1/0.80 h and hold 1.43 times as much; the counts are
    means over 87 cells of about 500 copies each, so 5 % is more than six standard errors.
    """
    pool, bodies = "cargo.PD-L1.inside_each.hepatoma", "cargo.PD-L1.in_bodies_each.hepatoma"
    base, formation, docking = (releases[name] for name in BLOCKED)
    assert formation[pool] > 1.01 * base[pool]
    assert formation[bodies] == 0
    assert docking[pool] == pytest.approx(base[pool], rel=0.005)
    assert docking[bodies] / base[bodies] == pytest.approx(0.80 / 0.56, rel=0.05)
    assert evidence("imm-IO079").given() > 0  # the cell holds more after loss of Rab27a
    assert np.sign(docking[pool] + docking[bodies] - base[pool] - base[bodies]) == 1
