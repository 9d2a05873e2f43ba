"""What the page says of several arms with several seeds: sentences, forests, groups, recipients."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from exocosm.results.paired import interval
from exocosm.study.differences import differences
from exocosm.view import report, svg
from exocosm.view.again import costs
from exocosm.view.arms import read_arms
from exocosm.view.asked import answer, question
from exocosm.view.columns import read_column
from exocosm.view.conditions import difference, group, names
from exocosm.view.embed import Blocks
from exocosm.view.flows import mean_flows
from exocosm.view.outcomes import forests, main, outcomes
from exocosm.view.palette import arm_colours
from exocosm.view.recipients import deliveries
from exocosm.view.scene_vessels import vessels
from exocosm.view.series import time_courses
from exocosm.view.telling import each_arm, effects, lead
from exocosm.view.tissue_scene import MOST_RUNS, embedded, tissue_scene
from exocosm.view.words import ends


def test_differences_are_those_of_a_comparison(several: list[Any]) -> None:
    first, other = several[:3], several[3:6]
    table = differences(first, {"without vesicles:tumour": other}).set_index("column")
    conditions = group(read_arms(several))
    for column in ("state.M2.macrophage", "cargo.miR-21-5p.per_cell_per_day.tumour", "cells.tumour.live"):
        found = difference(conditions[0], conditions[1], column, 72.0)
        assert found.mean == table.loc[column, "difference"]
        assert found.interval == (table.loc[column, "low"], table.loc[column, "high"])


def test_the_answer_is_one_sentence_on_the_most_telling_outcome_of_cells(several: list[Any]) -> None:
    text = answer(group(read_arms(several)))
    assert text == (
        "When no cell releases tumour vesicles, M2 of macrophage cells is 0.0200 instead of 0.220 "
        "(difference −0.200, 95 % interval −0.200 to −0.200, 3 paired seeds) after 72 h."
    )


def test_an_arm_with_a_title_is_told_by_its_name_and_ends_of_intervals_can_be_told_apart(
    several: list[Any],
) -> None:
    conditions = group(read_arms(several))
    titled = replace(conditions[1].arms[0], title="naive macrophages, nothing is given")
    condition = replace(conditions[1], arms=[titled, *conditions[1].arms[1:]])
    assert lead(condition) == f"In {condition.label} (naive macrophages, nothing is given)"
    assert ends(-0.370253, -0.370087) == ("−0.3703", "−0.3701")
    assert ends(-1.0, -1.0) == ("−1", "−1")


def test_the_arms_of_the_largest_assay_have_a_colour_each() -> None:
    assert len(set(arm_colours(14))) == 14


def test_ticks_are_round() -> None:
    assert [svg._tick(value) for value in (-0.5, 0.1 * 3, 50.0, 0.0)] == ["−0.5", "+0.3", "+50", "0"]


def test_many_changes_make_a_short_question_and_a_model_may_have_its_own(synthetic: ModuleType) -> None:
    runs = synthetic.several(seeds=1)
    assert question(group(read_arms(runs))) == "What does each of 4 changes do in this tissue within 72 h?"
    for run in runs:
        run.model.question = "What do the exosomes do\nin this tumour?"
    assert question(group(read_arms(runs))) == "What do the exosomes do in this tumour?"


def test_each_arm_is_told_by_what_it_did(several: list[Any]) -> None:
    did = each_arm(group(read_arms(several)))
    assert did["without vesicles:tumour"].startswith("M2 of macrophage cells is 0.0200 instead of")
    assert "CD8 cells in the margin are 134" in did["with duration=10 h"]
    assert did["without cargo:miR-21-5p"] == (
        "Not one cell differs at any recorded time, and no delivery changes."
    )


def test_what_a_change_took_away_is_no_finding(several: list[Any]) -> None:
    gone = [e for e in effects(group(read_arms(several))) if e.condition.label == "without cells:macrophage"]
    assert gone == []


def test_a_dead_cell_more_does_not_hide_what_a_state_did(synthetic: ModuleType) -> None:
    runs = synthetic.several(seeds=1)[:2]
    before = runs[0].summary["cells.tumour.apoptotic"].iloc[-1]
    runs[1].summary.loc[72.0, "cells.tumour.apoptotic"] = before + 1
    found = effects(group(read_arms(runs)))
    assert found[0].column.key == "state.M2.macrophage"
    assert any(e.column.key == "cells.tumour.apoptotic" for e in found)


def test_one_seed_has_no_interval_and_the_answer_says_so(synthetic: ModuleType) -> None:
    text = answer(group(read_arms(synthetic.several(seeds=1))))
    assert "one seed, so no interval" in text
    assert "95 %" not in text


def test_an_interval_over_zero_is_not_told_as_an_effect(synthetic: ModuleType) -> None:
    runs = [r for r in synthetic.several() if r.info["label"] in ("baseline", "without cargo:miR-21-5p")]
    for run, gap in zip(runs[3:], (1.0, -2.0, 3.0), strict=True):
        run.summary["cells.tumour.live"] += gap
    low, high = interval([1.0, -2.0, 3.0])
    assert low < 0 < high
    text = answer(group(read_arms(runs)))
    assert text == (
        "After 72 h, no outcome of cells changes clearly in 3 pairs of seeds: a null within its intervals."
    )


def test_groups_of_outcomes_and_unknown_columns_under_their_own_name(several: list[Any]) -> None:
    groups = {
        g["heading"]: [row["words"] for row in g["rows"]]
        for g in outcomes(group(read_arms(several)))["groups"]
    }
    assert groups["Tumour"] == ["viable fraction of tumour"]
    assert groups["Density of cells"] == ["CD8 cells in the margin"]
    assert groups["Shares of cells"] == ["M2-like share of macrophage cells"]
    assert groups["Other"] == ["a new thing.of_some.kind"]
    assert "offered to each cell in the assay in which the effect was measured" in groups["Cargo"]
    assert read_column("oxygen.supply") is None


def test_forests_hold_what_cells_did_and_no_cells_are_said_to_be_none(several: list[Any]) -> None:
    conditions = group(read_arms(several))
    found = {f.column.key: f for f in main(forests(conditions))}
    assert found["state.M2.macrophage"].differs
    assert not found["viable_fraction.tumour"].differs
    drawn = svg.forest(found["state.M2.macrophage"], len(conditions))
    assert "no such cells in this arm" in drawn
    assert "−0.200" in drawn


@pytest.mark.parametrize(("low", "high"), [(-1.0, 3.0), (0.0, 1e-7), (-250.0, -3.0), (12.0, 13.0)])
def test_ticks_are_round_and_inside(low: float, high: float) -> None:
    ticks = svg.nice(low, high)
    assert 2 <= len(ticks) <= 6
    assert all(low <= tick <= high * (1 + 1e-12) for tick in ticks)
    assert 0.0 in ticks or low > 0 or high < 0


def test_small_numbers_beside_a_forest_are_about_nothing() -> None:
    assert svg.numbers(-2e-5, (-4e-4, 3e-4)) == "≈ 0"
    assert svg.numbers(4.37, (3.88, 4.86)) == "+4.37 [+3.88, +4.86]"
    assert svg.numbers(-38.0, (float("nan"), float("nan"))) == "−38"


def test_recipients_carry_ceiling_and_assay(several: list[Any]) -> None:
    conditions = group(read_arms(several))
    rows = {(row.cargo, row.cell): row for row in deliveries(conditions)}
    row = rows["miR-21-5p", "macrophage"]
    assert row.assay == 5e4
    assert rows["miR-146a-5p", "macrophage"].assay is None
    last = several[0].summary.iloc[-1]
    assert row.values[0][0] == last["cargo.miR-21-5p.per_cell_per_day.macrophage"]
    assert row.ceiling[1] == 0.0
    drawn = svg.recipients(list(rows.values()), names(conditions))
    assert "copies per cell per day" in drawn
    assert drawn.count("l6 7l-6 7l-6 -7z") == 1  # the diamond of the one dose


def test_lines_that_coincide_take_turns(several: list[Any]) -> None:
    courses = time_courses(group(read_arms(several)), [])
    panel = next(p for p in courses["cells"] if p["title"] == "Live cells: tumour")
    assert [line["turn"] for line in panel["lines"]] == [(k, 5) for k in range(5)]
    assert [line["name"] for line in panel["lines"]] == ["tumour"] * 5
    assert {p["title"] for p in courses["tissue"]} >= {"In the margin: CD8", "Viable fraction: tumour"}


def test_flows_are_means_over_seeds(several: list[Any]) -> None:
    conditions = group(read_arms(several))
    pictures = mean_flows(conditions)
    assert [p["condition"] for p in pictures] == [0, 2, 3, 4]
    released = [run.ledger.loc[0, "released"] for run in several[:3]]
    assert pictures[0]["inputs"][0]["amount"] == pytest.approx(np.mean(released), rel=1e-12)


def test_a_page_holds_whole_rounds_of_runs_and_says_so(several: list[Any]) -> None:
    held = embedded(read_arms(several))
    assert len(held) == 10 <= MOST_RUNS
    assert {arm.seed for _, arm in held} == {"1", "2"}
    scene = tissue_scene(read_arms(several), Blocks())
    assert scene is not None
    assert "10 of the 15 runs" in scene["note"]
    assert [arm["condition"] for arm in scene["arms"]] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_capillaries_travel_as_segments_with_a_radius(
    synthetic: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = synthetic.SyntheticRun(n_start=20)
    arm = read_arms([run])[0]
    assert vessels(arm, Blocks()) == []
    run.model.tissue.capillaries = ("sinusoids",)
    ends = np.arange(12.0).reshape(2, 2, 3)
    module = SimpleNamespace(segments=lambda model: {"sinusoids": (ends, 4.0)})
    monkeypatch.setitem(sys.modules, "exocosm.tissue.capillaries", module)
    blocks = Blocks()
    found = vessels(arm, blocks)
    assert [(v["name"], v["n"]) for v in found] == [("sinusoids", 2)]
    import base64
    import zlib

    raw = np.frombuffer(zlib.decompress(base64.b64decode(blocks.text[found[0]["segments"]])), dtype="<f4")
    np.testing.assert_array_equal(raw.reshape(2, 7), np.hstack([ends.reshape(2, 6), [[4.0], [4.0]]]))


def test_warnings_that_differ_in_numbers_are_told_once(several: list[Any]) -> None:
    texts = ["within 22.7 um of 11 um", "within 25.8 um of 13 um", "something else"]
    arms = [SimpleNamespace(run=SimpleNamespace(info={"warnings": texts}))]
    found = report.warnings(arms)  # type: ignore[arg-type]
    assert [(w["text"], len(w["others"])) for w in found] == [
        ("within 22.7 µm of 11 µm", 1),
        ("something else", 0),
    ]


def test_costs_are_shares_of_all_arms(several: list[Any]) -> None:
    parts = costs(read_arms(several))
    assert [part["name"] for part in parts] == ["mechanics", "fields", "vesicles"]
    assert sum(part["share"] for part in parts) == pytest.approx(1.0)
