"""The first hours of macrophage-polarisation: what is given, what enters, and which way states go."""

from __future__ import annotations

from functools import cache

import pytest

from exocosm.coupling import start
from exocosm.model import Set, load

HOURS = 4
SHALLOW = (
    Set("tissue.geometry.size", ["160 um", "160 um", "320 um"]),  # a tenth of the medium, for speed
    Set("tissue.culture.transwell.height", "160 um"),
    Set("arms", {}),
    Set("expectation", []),
)


@cache
def after(arm: str = "") -> dict[str, float]:
    model = load("macrophage-polarisation")
    model = (model.variant(arm) if arm else model).change(*SHALLOW)
    simulation = start(model, seed=1)
    simulation.advance(round(HOURS * 60 / simulation.tissue.clock.length))
    return dict(simulation.summary())


def test_naive_macrophages_stay_naive() -> None:
    naive = after("no-vesicles")
    assert naive["state.M1.macrophage"] == naive["state.M2.macrophage"] == naive["IL-10.mean"] == 0.0


def test_the_controls_go_their_way_at_the_rates_of_the_library() -> None:
    """At much lipopolysaccharide the rise is 0.5 per day and the fall 0.25: s = 2/3 (1 - exp(-0.75 t))."""
    first, second = after("M1-control"), after("M2-control")
    assert first["state.M1.macrophage"] == pytest.approx(0.0784, rel=0.03)
    assert second["state.M2.macrophage"] == pytest.approx(0.0409, rel=0.03)
    assert first["state.M2.macrophage"] == 0.0


def test_vesicles_that_enter_make_interleukins_and_turn_macrophages() -> None:
    given, blocked = after(), after("uptake-blocked")
    each = given["vesicles.HCC-exosomes.injected"] / given["cells.macrophage.live"]
    assert 0.01 * each < given["vesicles.HCC-exosomes.entered_each.macrophage"] < each
    assert min(given["state.M2.macrophage"], given["IL-6.mean"], given["IL-10.mean"]) > 0
    assert blocked["state.M2.macrophage"] == blocked["IL-10.mean"] == 0.0


def test_counted_copies_are_too_few_and_a_copy_in_each_vesicle_is_enough() -> None:
    few = after("microRNA-alone-as-counted")["state.M2.macrophage"]
    rich = after("microRNA-alone")["state.M2.macrophage"]
    assert 0 <= few < 0.01 * rich
