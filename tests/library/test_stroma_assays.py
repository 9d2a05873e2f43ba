"""The assays of stroma and release: stellate cells, stiff matrix, and cells whose release is blocked."""

from __future__ import annotations

import math
from functools import cache

import pytest

from exocosm.coupling import start
from exocosm.model import load


@cache
def after(scenario: str, arm: str, hours: float) -> dict[str, float]:
    model = load(scenario)
    simulation = start(model.variant(arm) if arm else model, seed=1)
    simulation.advance(round(hours * 60 / simulation.tissue.clock.length))
    return dict(simulation.summary())


def test_TGF_beta_on_vesicles_turns_stellate_cells_and_nothing_else_is_there_to_do_it() -> None:
    activation = {
        arm: after("stellate-activation", arm, 6)["state.activation.stellate"]
        for arm in ("", "no-vesicles", "uptake-blocked", "no-TGFB1-on-vesicles", "TGF-beta-control")
    }
    assert activation["no-vesicles"] == activation["uptake-blocked"] == 0.0
    assert 100 * activation["no-TGFB1-on-vesicles"] < activation[""] < activation["TGF-beta-control"]


def test_a_copy_of_miR_21_5p_in_each_vesicle_is_enough_and_one_in_a_hundred_is_not() -> None:
    counted = after("stellate-activation", "no-TGFB1-on-vesicles", 24)
    rich = after("stellate-activation", "miR-21-5p-alone-rich", 24)
    inside = "cargo.miR-21-5p.inside_each.stellate"
    assert counted[inside] < 10
    assert rich[inside] > 1000  # where repression is seen (phys-P-GEN-059)
    assert rich["state.activation.stellate"] > 0.2 > 0.001 > counted["state.activation.stellate"]


def test_stiff_matrix_raises_the_formation_of_vesicles_as_the_rule_says() -> None:
    """Some 3200 bodies form in 12 h in each arm: 13 % are more than five standard errors of the ratio."""
    made = [f"vesicles.HCC-exosomes.{account}" for account in ("released", "unreleased", "bodies")]
    formed = [
        sum(
            after("stiffness-loop", arm, 12)[account] - after("stiffness-loop", arm, 0)[account]
            for account in made
        )
        for arm in ("stiff", "soft")
    ]
    wanted = [208 + 208 * (modulus / 10) ** 2 / (1 + (modulus / 10) ** 2) for modulus in (21.0, 0.5)]
    assert formed[0] / formed[1] == pytest.approx(wanted[0] / wanted[1], rel=0.13)


def test_stiffness_alone_turns_stellate_cells_at_the_rate_of_the_rule() -> None:
    drive = (4.8 / 7.75) ** 4
    rise, fall = drive / (1 + drive), 0.05  # per day
    wanted = rise / (rise + fall) * (1 - math.exp(-(rise + fall) / 2))
    seen = after("stiffness-loop", "no-soluble-TGF-beta-no-release", 12)["state.activation.stellate"]
    assert seen == pytest.approx(wanted, rel=0.03)  # steps of 12 min; hardly any collagen is laid yet


def test_what_is_laid_does_not_stiffen_where_the_loop_is_open() -> None:
    laid = [after("stiffness-loop", arm, 12)["collagen.mean"] for arm in ("", "loop-open-at-collagen")]
    assert laid[0] > laid[1] == 0.0


def test_blocked_release_raises_EMT_of_the_donor_in_one_corner_and_lowers_it_in_the_other() -> None:
    """40 cells; the pool of each has thousands of copies, and the states follow smoothly."""
    EMT = {
        arm: after("release-paradox", arm, 48)["state.EMT.HCC"]
        for arm in ("", "Rab27a", "GW4869", "autocrine", "autocrine-Rab27a")
    }
    assert EMT["GW4869"] > EMT["Rab27a"] > 1.05 * EMT[""]
    assert EMT["autocrine-Rab27a"] < 0.7 * EMT["autocrine"]


def test_without_full_bodies_that_hold_formation_loss_of_Rab27a_fills_lysosomes_not_the_pool() -> None:
    base, lost = (after("release-paradox", arm, 48) for arm in ("no-hold-up", "no-hold-up-Rab27a"))
    pool, bodies = "cargo.ERK-driver.inside_each.HCC", "cargo.ERK-driver.in_bodies_each.HCC"
    assert lost[pool] == pytest.approx(base[pool], rel=0.02)
    assert lost[bodies] > 2 * base[bodies]


def test_GW4869_and_Rab27a_block_release_and_differ_in_what_the_donor_keeps() -> None:
    base, inhibited, lost = (after("release-block", arm, 12) for arm in ("", "GW4869", "Rab27a"))
    released = "vesicles.exosomes.released"
    assert max(inhibited[released], lost[released]) < 0.5 * base[released]
    assert inhibited["cargo.PD-L1.in_bodies_each.hepatoma"] < base["cargo.PD-L1.in_bodies_each.hepatoma"]
    assert lost["cargo.PD-L1.in_bodies_each.hepatoma"] > base["cargo.PD-L1.in_bodies_each.hepatoma"]


def test_where_stiffness_is_not_felt_fibroblasts_go_back_unless_their_own_TGF_beta_holds_them() -> None:
    felt, blocked = (
        after("stiffness-loop", arm, 12) for arm in ("fibrotic-liver", "fibrotic-liver-ROCK-blocked")
    )
    assert felt["cells.HCC.live"] == blocked["cells.HCC.live"] == 0
    turned = "state.activation.stellate"
    assert math.exp(-0.05 / 2) < blocked[turned] < felt[turned] < 1.0  # the fall alone, 0.05 per day
    assert 0.0 < blocked["collagen.mean"] < felt["collagen.mean"]
