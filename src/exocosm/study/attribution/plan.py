"""What an attribution will cost, told before it begins."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exocosm.results.progress import clock
from exocosm.study.arms import cores
from exocosm.study.attribution.design import Design
from exocosm.study.attribution.progress import seconds_a_run
from exocosm.study.attribution.runs import Work, finished, run_folder

if TYPE_CHECKING:
    from exocosm.model import Model

KNOWN = 4
"""Finished runs from which the time of one is taken."""


def time_per_run(asked: Work, model: Model, threads: int | None) -> tuple[float, list[str]]:
    """About how long a run takes (s), and the columns of its summary.

    From runs that are there, if that of the whole model is one of them, or else from a short stretch of it.
    """
    missing = set(asked.missing)
    there = [pair for pair in asked.wanted if pair not in missing][:KNOWN]
    if asked.wanted[0] in missing:
        seed = asked.wanted[0][1]
        seconds, summary = seconds_a_run(model, asked.ticks, seed, threads or 1)
        return seconds, list(summary)
    known = [run for pair in there if (run := finished(run_folder(asked.folder, *pair), asked.ticks))]
    shares = [float(run.info["wall_s"]) * asked.ticks / max(1, int(run.info["tick"])) for run in known]
    return sum(shares) / len(shares), list(dict.fromkeys(c for run in known for c in run.summary.columns))


def in_time(seconds: float) -> str:
    """0.3 -> 0.3 s; 75 -> 1:15 min; 4000 -> 1:06:40 h."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 60 else f"{clock(seconds)} {'min' if seconds < 3600 else 'h'}"


@dataclass(frozen=True)
class Plan:
    """Players, coalitions, runs and time (s, `per_run`) of a question."""

    over: str
    players: int
    design: Design
    asked: Work
    seeds: int
    per_run: float
    executor: Executor | None = None

    @property
    def workers(self) -> int:
        """Runs that go on at the same time."""
        most = getattr(self.executor, "_max_workers", None) or cores()
        return max(1, min(most, len(self.asked.missing)))

    @property
    def seconds(self) -> float:
        """About how long the runs take that are still to be made."""
        rounds = -(-len(self.asked.missing) // self.workers)
        return rounds * self.per_run

    def in_words(self) -> str:
        """Three lines: what is run, how many runs, how long."""
        return "\n".join((self._what(), self._runs(), self._time()))

    def _what(self) -> str:
        count = len(self.design.coalitions)
        of = f"{self.over}, {self.players}"
        if self.design.exact:
            return f"{of}: all {count} coalitions"
        if not self.design.orders:
            return f"{of}: {count} coalitions, without Shapley values"
        return f"{of}: {count} coalitions, at the steps of {len(self.design.orders)} orders and their ends"

    def _runs(self) -> str:
        every, missing = len(self.asked.wanted), len(self.asked.missing)
        models = every // self.seeds
        there = f", {every - missing} of them there already" if missing < every else ""
        return f"{models} models with {self.seeds} seed{'s' if self.seeds > 1 else ''}: {every} runs{there}"

    def _time(self) -> str:
        if not self.asked.missing:
            return "nothing to run"
        workers = f"{self.workers} at a time" if self.workers > 1 else "one at a time"
        return (
            f"{len(self.asked.missing)} to make, about {in_time(self.per_run)} each, {workers}: "
            f"about {in_time(self.seconds)} in all"
        )
