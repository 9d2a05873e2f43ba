"""Attributions of scenarios in which it is known what each cargo does.

All coalitions of a seed see the same random numbers: where cargos do nothing, runs with and without them are
the same bit by bit, so that exact zeros fail by chance never. Other bounds say how often they would.
"""

from __future__ import annotations

import math
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from exocosm.ground.errors import ModelError, RunError
from exocosm.library import scenario_names
from exocosm.model import Set, load
from exocosm.results import Run
from exocosm.study import attribute
from exocosm.study.arms import StoppedComparison
from exocosm.study.attribution.outcomes import measure, plain_names
from exocosm.study.attribution.plan import in_time
from exocosm.study.attribution.players import KINDS, players, removal
from exocosm.study.attribution.runs import lean, versions
from exocosm.study.attribution.table import heading, remarks, table

SCENARIOS = Path(__file__).parent / "scenarios"
CELLS = 24


def asked(name, out, outcome="viable_recipient", **question):
    model = load(SCENARIOS / f"{name}.yaml") if isinstance(name, str) else name
    with ThreadPoolExecutor(1) as executor:
        return attribute(model, outcome, out=out, executor=executor, threads=1, **question)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("attributions")


@pytest.fixture(scope="module")
def one_of_five(folder):
    return asked("one-of-five", folder / "one", seeds=(1, 2, 3))


@pytest.fixture(scope="module")
def either(folder):
    return asked("either-suffices", folder / "either", seeds=(1, 2, 3, 4))


@pytest.fixture(scope="module")
def both(folder):
    return asked("both-needed", folder / "both", seeds=(1, 2, 3, 4))


def rows(found):
    return found.table.set_index("player")


def test_the_one_that_acts_gets_the_whole_effect(one_of_five):
    row = rows(one_of_five).loc["deadly"]
    assert one_of_five.total.high < 0
    for kind in ("shapley", "leave_one_out", "add_one_in"):
        assert row[f"{kind}_low"] <= one_of_five.total.mean <= row[f"{kind}_high"] < 0
    assert one_of_five.table["player"].iloc[0] == "deadly"


def test_those_that_do_nothing_get_nothing(one_of_five):
    """Exactly: their runs are the same. Wandering changes chance alone.

    Were the runs not even paired, the live cells with and without it would be sums over 3 seeds of 24 cells
    that live or die, each on its own: by Hoeffding's bound the mean difference of a seed then is above 10.8
    cells with a chance below 1e-6.
    """
    found = rows(one_of_five)
    idle = found.loc[["idle-1", "idle-2", "idle-3"]]
    for kind in ("shapley", "leave_one_out", "add_one_in"):
        assert (idle[[kind, f"{kind}_low", f"{kind}_high"]] == 0).all(axis=None)
    bound = math.sqrt(2 * 3 * CELLS * math.log(2 / 1e-6) / 2) / 3
    assert abs(found.loc["restless", "shapley"]) < bound < abs(found.loc["deadly", "shapley"])


def test_two_of_which_either_suffices_share_the_effect(either):
    """The dose of one vesicle is far above what kills at the full rate, with one cargo or two."""
    found, total = rows(either), either.total.mean
    assert either.total.high < 0
    for name in ("this", "that"):
        row = found.loc[name]
        assert abs(row["leave_one_out"]) < 0.1 * abs(total)
        assert row["add_one_in"] == pytest.approx(total, rel=0.1)
        assert row["shapley_low"] <= total / 2 <= row["shapley_high"] < 0
    assert "stand in for each other" in " ".join(remarks(either))


def test_two_that_need_each_other_share_the_effect(both):
    found, total = rows(both), both.total.mean
    assert both.total.high < 0
    for name in ("key", "charge"):
        row = found.loc[name]
        assert row["leave_one_out"] == total
        assert row["add_one_in"] == row["add_one_in_low"] == row["add_one_in_high"] == 0
        assert row["shapley_low"] <= total / 2 <= row["shapley_high"] < 0
    assert "some need each other" in " ".join(remarks(both))


def test_shapley_values_add_up_to_the_whole_effect(one_of_five, either, both):
    for found in (one_of_five, either, both):
        assert found.table["shapley"].sum() == pytest.approx(found.total.mean, abs=1e-9)
        assert found.whole - found.nobody == pytest.approx(found.total.mean, abs=1e-9)


def test_the_outcome_is_that_of_the_runs(both):
    first = both.outcomes.iloc[0]
    assert first[["key", "charge"]].tolist() == [1, 1]
    texts = {run.resolved_text(): run for run in every_run(both.path) if run.seed == 2}
    whole = texts[lean(load(SCENARIOS / "both-needed.yaml")).to_yaml()]
    assert first["seed 2"] == whole.summary["cells.recipient.live"].iloc[-1]
    assert (both.path / "cargos-cells.recipient.live-8h.csv").exists()


def every_run(path):
    return [Run.open(file.parent) for file in sorted(path.glob("runs/*/seed-*/run.json"))]


def test_asked_again_nothing_is_run_and_other_questions_share_the_runs(both):
    begun = {run.path: run.info["started"] for run in every_run(both.path)}
    said = []
    again = asked("both-needed", both.path, seeds=(1, 2, 3, 4), say=said.append)
    assert "16 of them there already" in said[0]
    assert "nothing to run" in said[0]
    assert again.table.equals(both.table)
    other = asked("both-needed", both.path, "primed_of_recipient", seeds=(2, 3), at="4 h", say=said.append)
    assert "nothing to run" in said[1]
    assert other.time_h == 4
    assert rows(other).loc["key", "shapley"] > 0.5
    assert abs(rows(other).loc["charge", "shapley"]) < 1e-3  # which primed cells live shifts their mean
    assert {run.path: run.info["started"] for run in every_run(both.path)} == begun
    senders = asked("both-needed", both.path, over="senders", seeds=(1,), say=said.append)
    assert "2 runs, 1 of them there already" in said[2]
    assert math.isnan(senders.total.low)


def test_a_question_of_another_model_in_the_folder_is_refused(both):
    model = load(SCENARIOS / "both-needed.yaml").change(Set("duration", "4 h"))
    with pytest.raises(RunError, match="runs of another model; give another folder"):
        asked(model, both.path)


def test_a_stop_keeps_finished_runs_and_asking_again_goes_on(either, tmp_path):
    told = []

    def stop(advance):
        told.append(advance)
        if len(told) == 2:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(StoppedComparison, match="go on by asking again"):
        asked("either-suffices", tmp_path / "a", seeds=(1, 2, 3, 4), progress=stop)
    assert len(every_run(tmp_path / "a")) < 16
    assert not (tmp_path / "a" / ".progress").exists()
    again = asked("either-suffices", tmp_path / "a", seeds=(1, 2, 3, 4))
    assert again.table.equals(either.table)


def test_a_run_that_was_read_early_goes_on_to_a_later_time(both, tmp_path):
    early = asked("both-needed", tmp_path / "a", seeds=(1,), at="4 h")
    assert {run.time_h for run in every_run(early.path)} == {4}
    late = asked("both-needed", early.path, seeds=(1,))
    assert late.outcomes["seed 1"].equals(both.outcomes["seed 1"])


def test_many_players_are_sampled_and_of_one_seed_no_interval_is_told(both):
    """Six that all need each other, none of which can be missing."""
    only = (
        "constant release",
        "uptake",
        "key-primes",
        "charge-kills",
        "rule:primed-cells-open",
        "state:primed",
    )
    found = asked("both-needed", both.path, over="processes", only=only, seeds=(1,), orders=8)
    assert len(found.plan.orders) == 8
    assert found.table["shapley"].sum() == pytest.approx(found.total.mean)
    assert (found.table["leave_one_out"] == found.total.mean).all()
    assert found.table["shapley_low"].isna().all()
    assert "One seed: no interval." in " ".join(remarks(found))


def test_a_cargo_that_nothing_carries_is_exactly_nothing_and_costs_no_run(both, tmp_path):
    model = load(SCENARIOS / "both-needed.yaml").change(Set("species.cargos.unused", {"kind": "lipid"}))
    said = []
    found = asked(model, tmp_path / "a", seeds=(1,), say=said.append)
    assert "4 models with 1 seed: 4 runs" in said[0]
    assert found.idle == ("unused",)
    assert rows(found).loc["unused", "shapley"] == 0
    assert "same without unused" in " ".join(remarks(found))


@pytest.mark.parametrize(
    ("question", "error", "words"),
    [
        ({"outcome": "viable_recipent"}, ModelError, "did you mean: viable_recipient"),
        ({"only": ("kee",)}, ModelError, "did you mean: key"),
        ({"over": "cargo"}, ModelError, "did you mean: cargos"),
        ({"at": "5 h"}, RunError, "no whole number of ticks"),
        ({"at": "3.2 h"}, RunError, "nearest: 2 or 4 h"),
        ({"outcome": None}, RunError, "no primary_outcome"),
        ({"seeds": ()}, RunError, "at least one"),
        ({"over": "processes", "only": ("docking:key",)}, ModelError, "unknown cell type"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_before_anything_is_written(
    question, error, words, tmp_path
):
    with pytest.raises(error, match=words):
        asked("both-needed", tmp_path / "a", **question)
    assert not (tmp_path / "a").exists()


def test_a_scenario_without_cargos_has_nothing_to_attribute(tmp_path):
    with pytest.raises(ModelError, match="no cargos"):
        asked("sent-and-received", tmp_path / "a")


def test_an_outcome_without_a_value_is_told_plainly(tmp_path):
    deadly = Set("tissue.rules.charge-kills.saturation", "60 1/h")
    model = load(SCENARIOS / "both-needed.yaml").change(deadly)
    with pytest.raises(RunError, match=r"state.primed.recipient has no value in all, seed 1"):
        asked(model, tmp_path / "a", "primed_of_recipient", seeds=(1,))


@pytest.mark.parametrize("over", KINDS)
def test_all_that_the_nodule_offers_can_be_left_out_together_and_one_by_one(over):
    model = lean(load("hcc-nodule"))
    found = players(model, over)
    whole = (1 << len(found)) - 1
    less = [whole ^ 1 << i for i in range(len(found))]
    made = versions(model, found, [whole, 0, *less])
    assert {made[coalition].key for coalition in (0, *less)}.isdisjoint({made[whole].key})


def test_scenarios_with_vesicles_have_processes():
    for name in scenario_names():
        model = load(name)
        if model.species.vesicles:
            assert players(model, "processes"), name


def test_rules_go_first_and_no_target_twice():
    model = load("hcc-nodule")
    found = players(model, "processes", ("uptake", "YWHAZ-exhausts", "uptake:CD8"))
    targets = [change.target for change in removal(found, 0)]
    assert targets[0] == "rule:YWHAZ-exhausts"
    assert len(targets) == len(set(targets)) == 6
    assert removal(found, 7) == ()


def test_doses_are_senders():
    assert [player.targets for player in players(load("uptake-assay"), "senders")] == [("doses:labelled",)]


def test_time_is_told_in_its_unit():
    assert [in_time(s) for s in (0.34, 12.4, 75, 4000)] == ["0.3 s", "12 s", "1:15 min", "1:06:40 h"]


def test_plain_names_of_outcomes():
    columns = ["cells.tumour.live", "state.M2.macrophage", "viable_fraction.tumour", "oxygen.mean"]
    assert plain_names(columns) == {
        "viable_tumour": "cells.tumour.live",
        "M2_of_macrophage": "state.M2.macrophage",
        "viable_share_tumour": "viable_fraction.tumour",
    }
    assert measure("viable_tumour", columns).unit == "cells"
    assert measure("oxygen.mean", columns).column == "oxygen.mean"


def test_the_table_and_what_is_said_of_it(both):
    import io

    from rich.console import Console

    text = io.StringIO()
    Console(file=text, width=100).print(table(both))
    assert heading(both) == "What each adds to: recipient, live, cells, after 8 h"
    assert "key" in text.getvalue()
    assert "±" in text.getvalue()
    said = " ".join(remarks(both))
    paired, unpaired = (
        np.var(both.outcomes.iloc[0][["seed 1", "seed 2", "seed 3", "seed 4"]], ddof=1),
        both.pairing,
    )
    assert unpaired == pytest.approx((paired, paired))
    assert "the variance of the paired difference" in said
