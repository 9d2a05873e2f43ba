"""Compiling the kernels before a run, once for each version of their sources on a machine.

Numba keeps what it compiled in the cache directory; a marker written at the end says that all is there. One
process at a time compiles and others wait for it, for two that add to one cache do the same work twice.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from exocosm.ground.compiled import CACHE_DIRECTORY, KEPT, REFUSAL, WANTED_DIRECTORY
from exocosm.ground.turns import one_at_a_time
from exocosm.tissue.exercise import HALVES, WHEN_NEEDED, exercise, exercise_half

MARKER = "complete"
LOOK_EVERY = 0.25
"""Seconds between looks at how many kernels are there."""


@dataclass(frozen=True)
class Compiled:
    """How far the compilation is: kernels there and needed, seconds left; None: not known yet."""

    done: int
    needed: int
    left: float | None


def warm_up(
    announce: Callable[[str], None] = print,
    *,
    threads: int | None = None,
    watch: Callable[[Compiled], None] = lambda compiled: None,
) -> float:
    """Make sure that all kernels are compiled; returns the seconds it took, 0 if they were there already.

    `announce` gets what happens in words, `watch` a few times per second how far it is. Ctrl-C ends it with
    a message; what was compiled by then is kept.
    """
    marker = CACHE_DIRECTORY / MARKER
    if marker.exists():
        return 0.0
    start = time.perf_counter()
    marker.parent.mkdir(parents=True, exist_ok=True)
    waited: list[str] = []
    with _told_of_ctrl_c(), _watched(watch):
        importlib.import_module("exocosm.tissue.simulation")  # all kernels make themselves known
        with one_at_a_time(CACHE_DIRECTORY / "lock", lambda: _say_once(waited, announce)):
            if not marker.exists():
                _compile(announce, threads)
                with contextlib.suppress(OSError):  # a full disk is no reason not to run
                    marker.touch()
    return time.perf_counter() - start


def _compile(announce: Callable[[str], None], threads: int | None) -> None:
    start = time.perf_counter()
    if REFUSAL:
        why = REFUSAL.strerror or REFUSAL
        announce(f"{WANTED_DIRECTORY}: compiled kernels cannot be kept there: {why}")
        announce("the next start compiles again; EXOCOSM_CACHE names another folder for them")
    announce("compiling kernels: once on this machine, less than a minute ...")
    if _cores() > 1 and sys.executable and not getattr(sys, "frozen", False):
        with contextlib.suppress(OSError):  # no process can be started: all is compiled here
            _in_two_processes()
    exercise(threads)  # loads what is there, compiles the rest, and says what is wrong if anything is
    kept = "" if REFUSAL else f", kept in {CACHE_DIRECTORY}"
    announce(f"kernels compiled in {time.perf_counter() - start:.0f} s{kept}")


def _say_once(said: list[str], announce: Callable[[str], None]) -> None:
    if not said:
        said.append("another process is compiling the kernels; waiting for it ...")
        announce(said[0])


@contextlib.contextmanager
def _told_of_ctrl_c() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        kept = "" if REFUSAL else "; the next start goes on from there"
        raise KeyboardInterrupt(f"stopped while kernels were compiled{kept}") from None


@contextlib.contextmanager
def _watched(watch: Callable[[Compiled], None]) -> Iterator[None]:
    """Call `watch` from a thread inside the block, whichever process compiles."""
    ended = threading.Event()

    def look() -> None:
        begun, first = time.perf_counter(), _there()
        while not ended.wait(LOOK_EVERY):
            watch(progress(first, _there(), time.perf_counter() - begun))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def progress(first: int, done: int, seconds: float) -> Compiled:
    """`done` kernels are there, `first` of them since before, after `seconds`."""
    needed = max(sum(kernel.__name__ not in WHEN_NEEDED for kernel in KEPT), done)
    pace = (done - first) / seconds
    return Compiled(done, needed, (needed - done) / pace if done > first + 2 else None)


def _there() -> int:
    """Kernels in the cache: Numba writes an index file for each."""
    return sum(1 for _ in CACHE_DIRECTORY.glob("*/*.nbi"))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_HALF = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from exocosm.tissue.warming import compile_half
compile_half(sys.argv[2])
"""


def _in_two_processes() -> None:
    """Fill the cache with a process for each half; what they leave undone is compiled afterwards.

    Threads would not do: Numba compiles one kernel at a time in a process.
    """
    place = dict(os.environ, EXOCOSM_CACHE=str(CACHE_DIRECTORY.parent))
    with contextlib.ExitStack() as stack:
        started = [stack.enter_context(_process(half, place)) for half in HALVES]
        for process in started:
            process.wait()


@contextlib.contextmanager
def _process(half: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process out of reach of Ctrl-C, which ends with the block, and with this process however it ends."""
    command = [sys.executable, "-c", _HALF, json.dumps(sys.path), half]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, env=environment, start_new_session=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def compile_half(half: str) -> None:
    """What each of the two processes does; it ends when its standard input does."""

    def end_with_parent() -> None:
        os.read(0, 1)
        os._exit(1)

    threading.Thread(target=end_with_parent, daemon=True).start()
    exercise_half(half)
