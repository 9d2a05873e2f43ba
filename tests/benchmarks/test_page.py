"""The page of the benchmark from a made-up summary: what was asked, what is missing, what is met."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kept import Kept
from page import BEGIN, END, PAGE, report
from picture import draw
from two_threads import gains
from verdicts import pair_ratios, per_cell, ratio, verdicts

ROOT = Path(__file__).parents[2]
ABOUT = {"machine": "a machine", "date": "2000-01-01"}
OXYGEN = {
    "everywhere": 0.01,
    "in_ball": 0.02,
    "in_ball_at_end": 0.03,
    "lowest": 20.0,
    "lowest_reference": 20.0,
}
SLOW = {"field": 0.04, "late": 0.05, "amount": -0.01}


def run(seconds: float, memory: float = 250.0, sources: str = "one") -> dict[str, Any]:
    """A measurement of one side."""
    return {
        "seconds_per_hour": seconds,
        "memory_mb": memory,
        "memory_of_libraries_mb": 200.0,
        "cells": 2000,
        "sources": sources,
    }


def case(ours: list[float], peer: list[float], slow: bool = False, memory: float = 250.0) -> dict[str, Any]:
    """The summary of a case."""
    errors = {"oxygen": OXYGEN} | ({"slow": SLOW} if slow else {})
    return {
        "title": "some cells",
        "aim": 15.0,
        "minutes": 60.0,
        "runs": {"exocosm": [run(s, memory) for s in ours], "pyphysicell": [run(s) for s in peer]},
        "errors": {"exocosm": errors, "pyphysicell": errors},
        **ABOUT,
    }


def verdict(found: dict[str, dict[str, Any]], words: str) -> tuple[str, bool]:
    """What was found, and whether it is met, in the one row that asks for this."""
    rows = [(got, met) for asked, got, met in verdicts(found) if words in asked]
    assert len(rows) == 1
    return rows[0]


def test_ratio_is_that_of_medians_and_its_range_that_of_pairs() -> None:
    summary = case([1.0, 2.0, 4.0], [30.0, 24.0, 20.0])
    assert ratio(summary) == 12.0
    assert pair_ratios(summary) == [30.0, 12.0, 5.0]


def test_what_is_short_of_must_and_aim_is_told() -> None:
    found = {"A": case([2.0], [24.0]), "B": case([3.0], [24.0], slow=True)}
    assert verdict(found, "A: 10 times") == ("12.0 times", True)
    assert verdict(found, "A: the aim") == ("12.0 times", False)
    assert verdict(found, "B: 10 times") == ("8.0 times", False)
    text = report(found)
    assert "| B: 10 times as fast as pyphysicell | 8.0 times | **no** |" in text
    assert "| B | slow substrates, when solved | 4.00 | 4.00 |" in text
    assert "A million cells" not in text


def test_speed_counts_at_the_same_accuracy_only() -> None:
    found = {"B": case([2.0], [24.0], slow=True)}
    found["B"]["errors"] = {"exocosm": {"oxygen": OXYGEN, "slow": SLOW | {"field": 0.06}}} | {
        "pyphysicell": {"oxygen": OXYGEN | {"in_ball": 0.05}, "slow": SLOW}
    }
    assert verdict(found, "oxygen no less exact") == ("2.00 % against 5.00 %", True)
    assert verdict(found, "slow substrates no less exact") == ("6.00 % against 4.00 %", False)


def test_memory_is_that_beyond_the_libraries() -> None:
    assert verdict({"E100": case([1.0], [20.0], memory=370.0)}, "at most half") == ("170 MB", True)
    assert verdict({"E100": case([1.0], [20.0], memory=371.0)}, "at most half") == ("171 MB", False)


def test_cost_of_a_cell_is_compared_between_sizes() -> None:
    def ball(cells: int, cost: float) -> dict[str, Any]:
        more = {"size": 940.0, "set_up": 1.0, "costs": {"mechanics": 3.0, "oxygen": 1.0}}
        return run(60.0, 2900.0) | {"microseconds_per_cell_minute": cost, **more, "cells": cells}

    found = {"million": {"large": ball(10**6, 2.6), "small": [ball(10**5, 1.9), ball(10**5, 2.1)], **ABOUT}}
    assert per_cell(found["million"]) == pytest.approx(1.3)
    assert verdict(found, "under 3 GB")[1]
    assert "mechanics 75 %" in report(found)


def test_gain_of_the_second_thread_by_process() -> None:
    one = [{"seconds_per_hour": 10.0, "costs": {"mechanics": 4.0, "oxygen": 1.0, "lifetimes": 0.0}}]
    two = [{"seconds_per_hour": 6.0, "costs": {"mechanics": 2.0, "oxygen": 0.9, "lifetimes": 0.0}}]
    rows = {row["process"]: row for row in gains(one, two, minutes=30.0)}
    assert list(rows) == ["mechanics", "oxygen", "others", "all"]
    assert rows["mechanics"]["gain"] == pytest.approx(2.0)
    assert rows["mechanics"]["share"] == pytest.approx(4.0 / 6.0)
    assert rows["all"]["gain"] == pytest.approx(10.0 / 6.0)


def test_page_says_when_its_figures_are_of_several_sources() -> None:
    found = {"A": case([2.0], [24.0])}
    assert "states of the sources" not in report(found)
    found["A"]["runs"]["exocosm"][0]["sources"] = "another"
    assert "2 states of the sources" in report(found)


def test_figure_is_drawn_of_what_is_there(tmp_path: Path) -> None:
    draw({"A": case([2.0], [24.0]), "B": case([3.0], [24.0], slow=True)}, tmp_path / "bench.png")
    assert (tmp_path / "bench.png").stat().st_size > 10_000


def test_page_has_its_markers_once() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.count(BEGIN) == page.count(END) == 1


def test_measurements_are_kept_until_their_settings_change(tmp_path: Path, monkeypatch: Any) -> None:
    calls: list[list[str]] = []

    def fresh(script: str, arguments: list[str]) -> dict[str, Any]:
        calls.append(arguments)
        return {"value": len(calls)}

    monkeypatch.setattr("kept._fresh", fresh)
    kept = Kept(tmp_path)
    assert kept.run("one", "script.py", "--minutes", 6)["value"] == 1
    assert Kept(tmp_path).run("one", "script.py", "--minutes", 6)["value"] == 1
    assert Kept(tmp_path).run("one", "script.py", "--minutes", 12)["value"] == 2
    assert Kept(tmp_path, again=True).run("one", "script.py", "--minutes", 12)["value"] == 3
    assert calls == [["--minutes", "6"], ["--minutes", "12"], ["--minutes", "12"]]


@pytest.mark.validation
def test_cases_a_and_b_are_ten_times_as_fast_and_not_less_exact() -> None:
    """One pair of short runs; `make bench` measures it properly."""
    pytest.importorskip("pyphysicell")
    command = [sys.executable, str(ROOT / "benchmarks" / "bench.py"), "--quick", "--again", "A", "B"]
    subprocess.run(command, check=True, cwd=ROOT)
    for name in ("A", "B"):
        summary = json.loads((ROOT / "build" / "bench-quick" / f"{name}.json").read_text())
        assert ratio(summary) >= 10.0
        ours, peer = (summary["errors"][side]["oxygen"] for side in ("exocosm", "pyphysicell"))
        assert ours["everywhere"] <= peer["everywhere"]
        assert ours["in_ball"] <= peer["in_ball"]
