"""The first hours of the immune assays: vesicles reach receptors, antibody reaches vesicles."""

from __future__ import annotations

from functools import cache

import pytest

from exocosm.coupling import start
from exocosm.model import Set, load

HOURS = 3
SHALLOW = Set("tissue.geometry.size", ["240 um", "240 um", "320 um"])  # a tenth of the medium, for speed


@cache
def after(scenario: str, arm: str = "") -> dict[str, float]:
    model = load(scenario)
    model = (model.variant(arm) if arm else model).change(SHALLOW)
    simulation = start(model, seed=1)
    simulation.advance(round(HOURS * 60 / simulation.tissue.clock.length))
    return dict(simulation.summary())


def test_PD_1_is_occupied_by_PD_L1_on_vesicles_and_antibodies_free_it() -> None:
    occupied = {
        arm: after("t-cell-exhaustion", arm)["occupancy.PD-1.CD8"]
        for arm in ("no-PD-L1-on-vesicles", "", "IFN-gamma-vesicles", "anti-PD-1", "anti-PD-L1")
    }
    assert occupied["no-PD-L1-on-vesicles"] == 0.0  # no cancer cell is there yet
    # copies on bound vesicles are few beside receptors: the share follows the copies
    assert occupied["IFN-gamma-vesicles"] / occupied[""] == pytest.approx(16 / 2.7, rel=0.1)
    assert occupied["anti-PD-1"] < 0.5 * occupied["IFN-gamma-vesicles"]
    assert occupied["anti-PD-L1"] < 0.1 * occupied["IFN-gamma-vesicles"]


def test_vesicles_soak_up_an_antibody_that_is_short_and_little_of_much() -> None:
    much, little = (
        after("t-cell-exhaustion", arm)["captured.anti-PD-L1.vesicles"]
        for arm in ("anti-PD-L1", "little-anti-PD-L1")
    )
    # 16 copies on 0.16 particles/µm³ are 4.25 nM of sites, beside 67 and 0.67 nM of antibody at Kd 0.4 nM
    assert much == pytest.approx(4.25 / 67, rel=0.15)
    assert 0.8 < little < 1.0
    assert (
        after("t-cell-exhaustion", "little-anti-PD-L1-bare-vesicles")["captured.anti-PD-L1.vesicles"] == 0.0
    )


def test_HMGB1_on_vesicles_turns_B_cells_by_TLR4() -> None:
    turned, lacking = after("breg-treg")["state.Breg.B"], after("breg-treg", "no-HMGB1")["state.Breg.B"]
    assert turned > lacking == 0.0


def test_rich_vesicles_take_NKG2D_and_bring_circUHRF1() -> None:
    few, rich = after("nk-suppression"), after("nk-suppression", "rich")
    assert rich["cargo.NKG2D.inside_each.NK"] < 0.98 * few["cargo.NKG2D.inside_each.NK"]
    assert rich["cargo.circUHRF1.inside_each.NK"] > 100 * few["cargo.circUHRF1.inside_each.NK"] + 10
    assert rich["cargo.miR-449c-5p.inside_each.NK"] < few["cargo.miR-449c-5p.inside_each.NK"]
