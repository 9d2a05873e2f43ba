"""A run of the real engine, killed at random moments: the folder opens each time, and goes on bit for bit."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import exocosm
from exocosm.results import Run

SERVER = Path(__file__).with_name("fork_server.py")
BEGINNING, WRITING = 1.0, 0.4
"""Seconds: a quarter of the kills come this long after the start of the process, while it loads and takes up
what is there, or nothing yet; the others this long after the first new record."""


def length(path: Path) -> int:
    """Bytes of a file; -1 where there is none yet."""
    return path.stat().st_size if path.exists() else -1


class Runs:
    """The process that forks runs."""

    def __init__(self) -> None:
        sources = str(Path(exocosm.__file__).parents[1])
        # Of Numba's thread layers this one may be forked; results do not depend on it.
        environment = {**os.environ, "PYTHONPATH": sources, "NUMBA_THREADING_LAYER": "workqueue"}
        command = [sys.executable, str(SERVER)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        assert self.line() == "ready"

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def say(self, line: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def killed(self, folder: Path, moments: random.Random) -> bool:
        """Whether a run that was begun or gone on with was still going when it was killed."""
        before = length(folder / "index.jsonl")
        self.say(folder)
        if moments.random() < 0.25:
            time.sleep(moments.uniform(0.0, BEGINNING))
        else:
            deadline = time.monotonic() + 60
            while length(folder / "index.jsonl") == before and time.monotonic() < deadline:
                if before >= 0 and Run.open(folder).status == "complete":
                    break
                time.sleep(0.01)
            time.sleep(moments.uniform(0.0, WRITING))
        self.say("kill")
        status = int(self.line())
        assert status in (0, signal.SIGKILL)
        return status == signal.SIGKILL

    def finished(self, folder: Path) -> Run:
        """A run that nobody kills."""
        self.say(folder)
        self.say("wait")
        assert self.line() == "0"
        return Run.open(folder)


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    made = Runs()
    yield made
    assert made.process.stdin is not None
    made.process.stdin.close()
    made.process.wait(30)


def opens(folder: Path) -> Run | None:
    """The run in a folder, its last records read and checked; None if it was killed before there was one."""
    if not folder.exists():
        return None
    opened = Run.open(folder)
    assert opened.status in ("unfinished", "complete")
    assert list(opened.summary["tick"]) == [r.tick for r in opened.records if r.has("summary")]
    if opened.cell_times:
        assert opened.cells().n_obs > 0
    if opened.fields.data_vars:
        assert not opened.fields["oxygen"][-1].isnull().any()
    opened.last_checkpoint()
    return opened


def same(one: Path, other: Path) -> None:
    """All files are the same bytes, but for run.json, which tells wall time."""
    names = {path.relative_to(one) for path in one.rglob("*")}
    assert names == {path.relative_to(other) for path in other.rglob("*")}
    for name in names:
        if (one / name).is_file() and name.name != "run.json":
            assert (one / name).read_bytes() == (other / name).read_bytes(), name


@pytest.mark.slow
@pytest.mark.parametrize("kills", [15, pytest.param(100, marks=pytest.mark.validation)])
def test_a_run_killed_at_random_moments_is_the_uninterrupted_run(
    runs: Runs, tmp_path: Path, kills: int
) -> None:
    whole = runs.finished(tmp_path / "whole")
    moments, number, killed, reached = random.Random(20261126), 0, 0, []
    while killed < kills:
        folder = tmp_path / f"killed-{number}"
        if runs.killed(folder, moments):
            killed += 1
        else:
            assert Run.open(folder).digest == whole.digest
            number += 1
        opened = opens(folder)
        reached.append(opened.time_h if opened else 0.0)
    assert max(reached) > 0
    last = tmp_path / f"killed-{number}"
    assert runs.finished(last).digest == whole.digest
    same(last, whole.path)
