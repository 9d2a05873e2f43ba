"""Arms of a study: runs in folders of their own, in processes of their own, each taken up where it was left.

An arm travels to its process as the text of its resolved model, so any `concurrent.futures` executor will do.
While it runs it keeps a small file up to date from which the parent shows how far it is, and looks for a file
by which the parent asks it to stop.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from pathlib import Path

from exocosm.ground.errors import ExocosmError, RunError
from exocosm.results import Advance, Run, Stopped
from exocosm.results.interrupt import stop_requests
from exocosm.results.progress import Watcher

STOP = "stop"
"""Name of the file, beside the news, that asks all arms to stop."""

LOOK_EVERY = 0.25
"""Seconds between two looks at how far the arms are."""


@dataclass(frozen=True)
class Arm:
    """One run to be made: `resolved` is the model as text, `as_read` what to keep beside it."""

    label: str
    seed: int
    folder: str
    resolved: str
    until: float
    threads: int
    news: str
    changes: tuple[str, ...] = ()
    as_read: str | None = None

    @property
    def name(self) -> str:
        """What its progress line says."""
        return f"{self.label}, seed {self.seed}"


@dataclass(frozen=True)
class Outcome:
    """How an arm ended: "complete", "stopped", or "failed" with the message of the error."""

    status: str
    message: str = ""


class StoppedComparison(KeyboardInterrupt):
    """A comparison was asked to stop; `folder` is where to go on, `begun` whether anything is there."""

    def __init__(self, folder: Path, begun: bool) -> None:
        self.folder, self.begun = folder, begun
        kept = f"finished arms are kept; go on by asking again with out={str(folder)!r}"
        super().__init__(f"stopped; {kept}" if begun else "stopped before anything was recorded")


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_arm(arm: Arm) -> Outcome:
    """Make one arm, or go on with it; errors come back as text, for they cross a process border."""
    from exocosm.results import engine, resume, run

    try:
        if (Path(arm.folder) / "run.json").exists():
            resume(arm.folder, arm.until, threads=arm.threads, progress=_news(arm))
        else:
            run(
                engine.read_model(arm.resolved),
                arm.until,
                seed=arm.seed,
                threads=arm.threads,
                out=arm.folder,
                label=arm.label,
                progress=_news(arm),
                changes=arm.changes,
                as_read=arm.as_read,
            )
    except Stopped:
        return Outcome("stopped")
    except ExocosmError as error:
        return Outcome("failed", str(error))
    except MemoryError as error:
        return Outcome("failed", engine.no_memory(error))
    return Outcome("complete")


def _news(arm: Arm) -> Watcher:
    """A watcher that writes the latest advance to the arm's news file, and passes on the wish to stop."""
    last, stop = 0.0, Path(arm.news).with_name(STOP)

    def tell(advance: Advance) -> bool:
        nonlocal last
        if time.perf_counter() - last > LOOK_EVERY or advance.share >= 1:
            last = time.perf_counter()
            with contextlib.suppress(OSError):  # a full disk stops what is recorded, not what is told of it
                temporary = Path(f"{arm.news}.new")
                temporary.write_text(json.dumps(asdict(advance)))
                os.replace(temporary, arm.news)
        return stop.exists()

    return tell


def run_arms(arms: Sequence[Arm], executor: Executor | None, progress: Watcher | None) -> list[Run]:
    """All arms, in the order given.

    Raises RunError if one fails, KeyboardInterrupt once all have saved themselves after a stop was asked for.
    """
    with contextlib.ExitStack() as stack:
        stop = stack.enter_context(stop_requests())
        if executor is None:
            executor = stack.enter_context(_processes(len(arms)))
        with _born_deaf():
            futures = {executor.submit(run_arm, arm): arm for arm in arms}
        for _ in _looks(futures):
            if stop:
                _ask_to_stop(futures)
            _show(arms, progress)
        outcomes = {arm.name: _outcome(future) for future, arm in futures.items()}
    failed = [
        f"{name}: {outcome.message}" for name, outcome in outcomes.items() if outcome.status == "failed"
    ]
    if failed:
        raise RunError("\n".join(failed))
    if any(outcome.status == "stopped" for outcome in outcomes.values()):
        raise KeyboardInterrupt
    return [Run.open(arm.folder) for arm in arms]


def _ask_to_stop(futures: dict[Future[Outcome], Arm]) -> None:
    for future, arm in futures.items():
        future.cancel()
        Path(arm.news).with_name(STOP).touch()


def _processes(arms: int) -> ProcessPoolExecutor:
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(min(arms, cores()), mp_context=spawn, initializer=_deaf_to_the_terminal)


def _deaf_to_the_terminal() -> None:
    """Ctrl-C reaches every process of a terminal; here the parent alone decides."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextlib.contextmanager
def _born_deaf() -> Iterator[None]:
    """Processes started in here ignore Ctrl-C from birth: it may come while they still load."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _looks(futures: dict[Future[Outcome], Arm]) -> Iterator[None]:
    """Yield every `LOOK_EVERY` seconds until all are done."""
    waiting = set(futures)
    while waiting:
        waiting = wait(waiting, timeout=LOOK_EVERY).not_done
        yield


def _show(arms: Sequence[Arm], progress: Watcher | None) -> None:
    for arm in arms if progress else ():
        with contextlib.suppress(OSError, ValueError, TypeError):
            news = json.loads(Path(arm.news).read_text())
            assert progress is not None
            progress(Advance(**{**news, "label": arm.name}))


def _outcome(future: Future[Outcome]) -> Outcome:
    if future.cancelled():
        return Outcome("stopped")
    try:
        return future.result()
    except BrokenProcessPool:
        hint = 'a script that compares must do so below `if __name__ == "__main__":`'
        return Outcome("failed", f"its process ended abruptly (killed, or out of memory); {hint}")
