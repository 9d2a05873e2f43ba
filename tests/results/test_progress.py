"""What a person is told while waiting."""

from __future__ import annotations

import io

import pytest

from exocosm.results import Advance, run
from exocosm.results.progress import LiveLines, Pace, PlainLines, clock, describe


def test_a_line_says_time_cells_speed_and_time_left():
    advance = Advance("baseline", 720.0, 4320.0, 2381, 3.21, 18.7)
    assert describe(advance) == "12 of 72 h · 2,381 cells · 3.2 h/s · 0:19 left"


def test_times_read_like_a_clock():
    assert [clock(seconds) for seconds in (0.2, 19, 75, 3700)] == ["0:00", "0:19", "1:15", "1:01:40"]


def test_the_time_left_follows_from_the_speed():
    pace = Pace("run", 600.0)
    assert pace.at(30.0, 5).speed is None
    second = pace.at(60.0, 5)
    assert second.speed > 0
    assert second.left * second.speed == pytest.approx(9.0)
    assert pace.at(60.0, 5).speed == second.speed


def test_a_log_gets_a_line_a_quarter_and_no_more(model, tmp_path):
    log = io.StringIO()
    with PlainLines(log) as lines:
        run(model, out=tmp_path / "run", progress=lines)
    written = log.getvalue().splitlines()
    assert 1 <= len(written) <= 4
    assert written[-1].startswith("stand-in: 12 of 12 h")


def test_a_terminal_gets_one_line_an_arm():
    stream = io.StringIO()
    with LiveLines(stream) as lines:
        lines(Advance("a", 60.0, 600.0, 5, 1.0, 9.0))
        lines(Advance("b", 60.0, 600.0, 5, 1.0, 9.0))
        lines(Advance("a", 600.0, 600.0, 5, 1.0, 0.0))
    assert list(lines.tasks) == ["a", "b"]
