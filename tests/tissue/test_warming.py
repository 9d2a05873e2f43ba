"""Compiling before the first run: told, once, by one process at a time, and never for ever."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from exocosm.ground.compiled import KEPT
from exocosm.tissue import warming
from exocosm.tissue.exercise import WHEN_NEEDED

STARTING = """
from exocosm.tissue import warm_up
seconds = warm_up()
from exocosm.ground.compiled import CACHE_DIRECTORY, KEPT
from exocosm.tissue.exercise import WHEN_NEEDED
there = len(list(CACHE_DIRECTORY.glob("*/*.nbi")))
print("kernels", there, "of", sum(kernel.__name__ not in WHEN_NEEDED for kernel in KEPT))
"""

EXERCISING = """
from exocosm.ground.compiled import KEPT
from exocosm.tissue.exercise import exercise
exercise()
print(*(kernel.__name__ for kernel in KEPT if not kernel.signatures))
"""


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """An empty cache, and no compilation: an exercise that only counts how often it is done."""
    done: list[object] = []
    monkeypatch.setattr(warming, "CACHE_DIRECTORY", tmp_path)
    monkeypatch.setattr(warming, "REFUSAL", None)
    monkeypatch.setattr(warming, "_in_two_processes", lambda: None)
    monkeypatch.setattr(warming, "exercise", done.append)
    return done


def test_the_first_start_says_what_it_does_and_the_next_does_nothing(empty):
    said: list[str] = []
    assert warming.warm_up(said.append, threads=2) > 0
    assert [text.split()[:2] for text in said] == [["compiling", "kernels:"], ["kernels", "compiled"]]
    assert warming.warm_up(pytest.fail) == 0
    assert empty == [2]


def test_a_start_that_waited_for_another_does_not_compile_again(empty, monkeypatch, tmp_path):
    said: list[str] = []
    looks = iter([False, False, True])

    def taken(descriptor: int) -> bool:
        free = next(looks)
        if free:
            (tmp_path / warming.MARKER).touch()
        return free

    monkeypatch.setattr("exocosm.ground.turns._taken", taken)
    warming.warm_up(said.append)
    assert said == ["another process is compiling the kernels; waiting for it ..."]
    assert empty == []


def test_ctrl_c_ends_it_with_a_message_and_the_next_start_goes_on(empty, monkeypatch):
    def interrupt(threads: int | None) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(warming, "exercise", interrupt)
        with pytest.raises(KeyboardInterrupt, match="stopped while kernels were compiled; the next start"):
            warming.warm_up(lambda text: None)
    assert warming.warm_up(lambda text: None) > 0
    assert empty == [None]


def test_a_cache_that_cannot_be_written_is_told(empty, monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(warming, "REFUSAL", PermissionError(13, "Permission denied"))
    warming.warm_up(said.append)
    assert "cannot be kept there: Permission denied" in said[0]
    assert "EXOCOSM_CACHE" in said[1]
    assert "kept in" not in said[-1]


def test_the_time_left_follows_from_the_kernels_compiled_so_far():
    needed = sum(kernel.__name__ not in WHEN_NEEDED for kernel in KEPT)
    assert warming.progress(0, 2, 3.0) == warming.Compiled(2, needed, None)
    assert warming.progress(0, 10, 5.0) == warming.Compiled(10, needed, (needed - 10) / 2)
    assert warming.progress(5, 10, 5.0).left == needed - 10


def test_the_exercise_calls_every_kernel_but_those_that_it_names():
    done = subprocess.run([sys.executable, "-c", EXERCISING], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == WHEN_NEEDED


def start(cache) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", STARTING],
        env=dict(os.environ, EXOCOSM_CACHE=str(cache)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.validation
def test_four_starts_at_once_compile_once_and_all_end_right(tmp_path):
    told = [process.communicate(timeout=600)[0] for process in [start(tmp_path) for _ in range(4)]]
    assert sum("kernels compiled in" in text for text in told) == 1
    assert sum("waiting for it" in text for text in told) == 3
    for text in told:
        _, there, _, needed = text.splitlines()[-1].split()
        assert there == needed, text


@pytest.mark.validation
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9")
def test_a_start_killed_while_it_compiles_holds_nobody_up(tmp_path):
    first = start(tmp_path)
    while not list(tmp_path.glob("*/*/*.nbi")):
        time.sleep(0.1)
    started = psutil.Process(first.pid).children(recursive=True)
    second = start(tmp_path)
    first.kill()
    first.wait()
    assert not psutil.wait_procs(started, timeout=20)[1]
    told = second.communicate(timeout=600)[0]
    assert second.returncode == 0
    _, there, _, needed = told.splitlines()[-1].split()
    assert there == needed, told
