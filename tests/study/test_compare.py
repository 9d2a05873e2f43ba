"""With and without, on the same random numbers: folders, differences, what is said of them."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import stand_in
from rich.console import Console

from exocosm.ground.errors import RunError
from exocosm.results import Run
from exocosm.study import Comparison, compare
from exocosm.study.differences import interval
from exocosm.study.outcomes import outcomes
from exocosm.study.table import interval_in_words, number, remarks, tables, times

MODEL = stand_in.StandInModel(duration=360.0)
WITHOUT = {"without growth": ["without growth"]}


@pytest.fixture(autouse=True)
def engine(monkeypatch):
    stand_in.install(monkeypatch.setattr)


@pytest.fixture
def executor():
    with ThreadPoolExecutor(2) as threads:
        yield threads


def printed(comparison, width=100):
    text = io.StringIO()
    for table in tables(comparison):
        Console(file=text, width=width).print(table)
    return text.getvalue()


def test_pairs_share_seeds_and_the_table_is_their_difference(tmp_path, executor):
    made = compare(MODEL, WITHOUT, seeds=(1, 2, 3), out=tmp_path / "c", executor=executor)
    assert made.seeds == (1, 2, 3)
    assert [run.seed for run in made.runs["without growth"]] == [1, 2, 3]
    row = made.table.set_index("column").loc["cells.tumour.live"]
    live = {
        label: [run.summary["cells.tumour.live"].iloc[-1] for run in runs]
        for label, runs in made.runs.items()
    }
    gaps = np.subtract(live["without growth"], live["baseline"])
    assert row["difference"] == gaps.mean()
    assert row["low"] <= row["difference"] <= row["high"]
    assert made.runs["without growth"][0].info["changes"] == ["without growth"]
    assert made.runs["baseline"][0].info["changes"] == []


def test_a_comparison_is_kept_and_opened_again(tmp_path, executor):
    made = compare(MODEL, WITHOUT, out=tmp_path / "c", executor=executor)
    assert sorted(path.name for path in made.path.iterdir()) == [
        "baseline",
        "comparison.csv",
        "comparison.json",
        "without-growth",
    ]
    opened = Comparison.open(made.path)
    assert opened.table.equals(made.table)
    request = json.loads((made.path / "comparison.json").read_text())
    assert request["arms"]["baseline"]["runs"] == ["baseline/seed-1"]


def test_finished_arms_are_kept_and_missing_ones_made(tmp_path, executor):
    import shutil

    made = compare(MODEL, WITHOUT, out=tmp_path / "c", executor=executor)
    started = made.runs["baseline"][0].info["started"]
    digest = made.runs["without growth"][0].digest
    shutil.rmtree(tmp_path / "c" / "without-growth")
    again = compare(MODEL, WITHOUT, out=tmp_path / "c", executor=executor)
    assert again.runs["baseline"][0].info["started"] == started
    assert again.runs["without growth"][0].digest == digest


def test_another_question_in_the_same_folder_is_refused(tmp_path, executor):
    compare(MODEL, WITHOUT, out=tmp_path / "c", executor=executor)
    with pytest.raises(RunError, match="holds something else"):
        compare(MODEL, WITHOUT, seeds=(1, 2), out=tmp_path / "c", executor=executor)


def test_a_stop_saves_all_arms_and_asking_again_goes_on(tmp_path, executor):
    slow = stand_in.StandInModel(duration=720.0, pause=0.03, every=(("summary", 60),))
    whole = compare(slow, WITHOUT, out=tmp_path / "whole", executor=executor)
    asked = []

    def stop(advance):
        asked.append(advance)
        import os
        import signal

        if len(asked) == 3:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt, match="finished arms are kept") as stopped:
        compare(slow, WITHOUT, out=tmp_path / "c", executor=executor, progress=stop)
    assert stopped.value.folder == tmp_path / "c"
    assert Run.open(tmp_path / "c" / "baseline" / "seed-1").status == "stopped"
    again = compare(slow, WITHOUT, out=tmp_path / "c", executor=executor)
    assert [runs[0].digest for runs in again.runs.values()] == [
        runs[0].digest for runs in whole.runs.values()
    ]


def test_an_arm_that_fails_is_named_and_leaves_no_folder(tmp_path, executor, monkeypatch):
    from exocosm.results import engine

    def fail(*_):
        raise RunError("no engine here")

    monkeypatch.setattr(engine, "start", fail)
    with pytest.raises(RunError, match="without growth, seed 1: no engine here"):
        compare(MODEL, WITHOUT, out=tmp_path / "c", executor=executor)
    assert not (tmp_path / "c").exists()


def test_memory_that_runs_out_is_told_plainly_and_leaves_no_folder(tmp_path, executor, monkeypatch):
    from exocosm.results import engine

    def fail(*_):
        raise MemoryError("Unable to allocate 7 PiB")

    monkeypatch.setattr(engine, "start", fail)
    with pytest.raises(RunError, match="more memory than there is: Unable to allocate 7 PiB"):
        compare(MODEL, WITHOUT, out=tmp_path / "c", executor=executor)
    assert not (tmp_path / "c").exists()


def test_a_seed_beyond_64_bits_is_refused(tmp_path):
    with pytest.raises(RunError, match="seed: found 18446744073709551616"):
        compare(MODEL, WITHOUT, seeds=(2**64,), out=tmp_path / "c")


def test_the_table_keeps_names_and_numbers_at_80_columns(tmp_path, executor):
    label = "with tissue.cell_types.tumour.release.tumour=1200 particle/h"
    made = compare(MODEL, {label: ["without growth"]}, seeds=(1, 2), out=tmp_path / "c", executor=executor)
    made.table[["baseline", "value"]] = 8_765_432.0
    made.table[["difference", "low", "high"]] = [-7_654_321.0, -9_999_999.0, -5_308_643.0]
    lines = printed(made, width=80).splitlines()
    assert all(len(line) <= 80 for line in lines)
    heading = next(line for line in lines if line.lstrip().startswith("outcome"))
    assert heading.split()[:4] == ["outcome", "baseline", "changed", "difference"]
    row = next(line for line in lines if "tumour, live" in line)
    assert row.split()[-5:] == ["8,765,432", "8,765,432", "-7,654,321", "±", "2,345,678"]
    assert "particle/h against" in " ".join(" ".join(lines).split())


def test_labels_that_would_share_a_folder_are_refused(tmp_path):
    with pytest.raises(RunError, match="share a folder"):
        compare(MODEL, {"a b": ["x"], "a-b": ["x"]}, out=tmp_path / "c")


def test_the_interval_is_students_t():
    # Mean 2, standard deviation 1, n = 3: 2 ± 4.302653 · 1/√3.
    assert interval([1.0, 2.0, 3.0]) == pytest.approx((-0.48413771, 4.48413771))
    assert np.isnan(interval([1.0])).all()


def test_the_table_has_groups_units_and_intervals_only_with_seeds(tmp_path, executor):
    one = compare(MODEL, WITHOUT, out=tmp_path / "one", executor=executor)
    assert "95 %" not in printed(one)
    assert "One seed: no interval" in remarks(one)[0]
    two = printed(compare(MODEL, WITHOUT, seeds=(1, 2), out=tmp_path / "two", executor=executor))
    for words in (
        "95 % interval",
        "Vesicles, particles",
        "copies per cell per day",
        "miR-21-5p to macrophage",
    ):
        assert words in two


def test_a_null_is_reported_as_a_finding(tmp_path, executor, monkeypatch):
    monkeypatch.setattr(stand_in.StandInModel, "change", lambda self, *changes: self)
    made = compare(MODEL, WITHOUT, out=tmp_path / "c", executor=executor)
    assert remarks(made)[-1].startswith("without growth: a null for cells.")


def test_outcomes_come_in_reading_order_and_the_rest_stays_out():
    names = [
        "oxygen.mean",
        "oxygen.max",
        "cargo.miR.per_cell_per_day.b",
        "vesicles.a.left",
        "vesicles.a.released",
        "cells.a.live",
    ]
    columns = [name.column for name in outcomes(names)]
    assert columns == [
        "cells.a.live",
        "vesicles.a.released",
        "vesicles.a.left",
        "cargo.miR.per_cell_per_day.b",
        "oxygen.mean",
    ]


def test_numbers_are_written_for_people():
    assert [number(value) for value in (0, 7, 12345.6, 0.012345, float("nan"))] == [
        "0",
        "7",
        "12,346",
        "0.0123",
        "–",
    ]
    assert number(-2.0, signed=True) == "-2"
    assert number(0.5, signed=True) == "+0.5"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-0.5, 0.25, "-0.5 to +0.25"),
        (-0.370253, -0.370087, "-0.3703 to -0.3701"),
        (1_234.2, 1_234.4, "+1,234.2 to +1,234.4"),
        (-1.0, -1.0, "-1 to -1"),
    ],
)
def test_the_ends_of_an_interval_can_be_told_apart(low, high, words):
    assert interval_in_words(low, high) == words


def test_a_gain_of_pairing_is_said_for_people():
    assert [times(gain) for gain in (4.0, 1.01, 0.5)] == [
        *("4 times smaller", "about as large", "2 times larger"),
    ]
