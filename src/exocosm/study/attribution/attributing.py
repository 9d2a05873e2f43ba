"""`attribute`: what did each cargo, sender or process do to an outcome, and how much of it together?

Coalitions of players are run on the same random numbers, each with the others taken out, and the outcome is
shared out in three ways: see `estimates`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from exocosm.ground.errors import RunError
from exocosm.results import Run, engine
from exocosm.results.progress import Watcher
from exocosm.results.running import end_tick, refuse_seed, slug
from exocosm.study.attribution import runs
from exocosm.study.attribution.design import Design, design
from exocosm.study.attribution.estimates import Estimate, Floats, over_seeds, variances
from exocosm.study.attribution.outcomes import Measure, measure
from exocosm.study.attribution.plan import Plan, time_per_run
from exocosm.study.attribution.players import Player, players
from exocosm.study.attribution.rows import coalition_rows, player_rows, write

if TYPE_CHECKING:
    import pandas

    from exocosm.model import Model

ORDERS = 16
"""Orders sampled for Shapley values if the question does not say."""


@dataclass(frozen=True)
class Attribution:
    """What an attribution found.

    `table` has a row per player, the largest Shapley value first: each estimate with its 95 % interval, the
    two parts of its standard error, and the variance of the paired difference beside that of unpaired runs.
    Estimates say what the presence of a player adds to the outcome. `outcomes` has the outcome of each
    coalition and seed. `total` is v(all) - v(nobody), `pairing` the variance of this difference and that of
    unpaired runs; `idle` are players without which the model is the same; `baseline` the runs with all.
    """

    path: Path
    over: str
    measure: Measure
    time_h: float
    seeds: tuple[int, ...]
    plan: Design
    table: pandas.DataFrame
    outcomes: pandas.DataFrame
    total: Estimate
    whole: float
    nobody: float
    pairing: tuple[float, float]
    idle: tuple[str, ...]
    baseline: tuple[Run, ...]

    @property
    def stem(self) -> str:
        """Name of the files of this question, without an ending."""
        return slug(f"{self.over}-{self.measure.column}-{self.time_h:g}h")


@engine.enough_memory()
def attribute(
    model: Model,
    outcome: str | None = None,
    over: str = "cargos",
    *,
    only: Sequence[str] = (),
    seeds: Sequence[int] = (1, 2, 3, 4, 5),
    orders: int = ORDERS,
    order_seed: int = 1,
    at: float | str | None = None,
    out: str | Path | None = None,
    executor: Executor | None = None,
    threads: int | None = None,
    progress: Watcher | None = None,
    as_read: str | None = None,
    say: Callable[[str], None] | None = None,
) -> Attribution:
    """Share an outcome of `model` out among its cargos, senders or processes.

    `outcome` is a plain name such as viable_tumour or a column of the summary; None takes the primary outcome
    of the model. `only` names the players. All runs of all coalitions use the same `seeds`. `orders` are
    sampled for Shapley values where running all coalitions would cost more; 0 leaves Shapley values out.
    `at` is the time at which the outcome is read ("48 h", or min), the end if None. `say` is told the number
    of runs and their time before any is made.

    Runs go to processes or to `executor`, and stay in the folder `out`: asked again, or asked otherwise of
    the same model, those that are there are not made again. Ctrl-C ends in `StoppedComparison`, all saved.

    Raises ModelError and RunError before anything is written, and RunError where a run fails or its outcome
    has no value.
    """
    ticks, chosen = _time(model, at), _seeds(seeds)
    name = outcome or str(model.primary_outcome)
    if not name:
        like = next((f"viable_{cell_type}" for cell_type in model.tissue.cell_types), "a column")
        raise RunError(
            f"outcome: found none, wanted one, as this model has no primary_outcome; like {like}, "
            "or any column of the summary"
        )
    light = runs.lean(model)
    taking_part, idle = _without_idle(light, players(light, over, only))
    plan = design(len(taking_part), orders, order_seed)
    made = runs.versions(light, taking_part, plan.coalitions)
    asked = runs.work(runs.cache_folder(light, out), made, chosen, ticks)
    per_run, columns = time_per_run(asked, light, threads)
    what = measure(name, columns)
    if say:
        say(Plan(over, len(taking_part), plan, asked, len(chosen), per_run, executor).in_words())
    runs.make(asked, light, executor=executor, threads=threads, progress=progress, as_read=as_read)
    values = {c: _values(asked, version, chosen, what.column) for c, version in made.items()}
    found = _found(asked, over, what, chosen, plan, taking_part, idle, values, made[plan.whole], light)
    write(found)
    return found


def _found(
    asked: runs.Work,
    over: str,
    what: Measure,
    seeds: tuple[int, ...],
    plan: Design,
    taking_part: list[Player],
    idle: list[Player],
    values: Mapping[int, Floats],
    all_there: runs.Version,
    model: Model,
) -> Attribution:
    whole, nobody = values[plan.whole], values[0]
    return Attribution(
        path=asked.folder,
        over=over,
        measure=what,
        time_h=asked.ticks * float(model.tissue.steps.tick) / 60,
        seeds=seeds,
        plan=plan,
        table=player_rows(values, plan, taking_part, idle),
        outcomes=coalition_rows(values, taking_part, seeds),
        total=over_seeds(whole - nobody),
        whole=float(whole.mean()),
        nobody=float(nobody.mean()),
        pairing=variances(whole, nobody),
        idle=tuple(player.name for player in idle),
        baseline=tuple(Run.open(runs.run_folder(asked.folder, *pair)) for pair in asked.of(all_there)),
    )


def _time(model: Model, at: float | str | None) -> int:
    """The tick of the outcome: the end, or one at which the summary is recorded."""
    ticks = end_tick(model, at)
    every = model.record.summary
    if at is not None and every is not None and ticks != end_tick(model, None):
        between = round(float(every) / float(model.tissue.steps.tick))
        if ticks % between:
            tick_h = float(model.tissue.steps.tick) / 60
            below = ticks // between * between * tick_h
            near = f"{below:g} or {below + between * tick_h:g} h"
            raise RunError(f"at: found {at}, wanted a time at which the summary is recorded; nearest: {near}")
    return ticks


def _seeds(seeds: Sequence[int]) -> tuple[int, ...]:
    chosen = tuple(dict.fromkeys(int(seed) for seed in seeds))
    if not chosen:
        raise RunError("seeds: found none, wanted at least one")
    for seed in chosen:
        refuse_seed(seed)
    return chosen


def _without_idle(model: Model, found: list[Player]) -> tuple[list[Player], list[Player]]:
    """Those that take part, and those without which the model is the same, alone and among all."""
    plan = Design(len(found))
    made = runs.versions(model, found, plan.coalitions)
    same = [
        made[plan.whole].key == made[plan.whole ^ 1 << i].key and made[0].key == made[1 << i].key
        for i in range(len(found))
    ]
    taking_part = [player for player, idle in zip(found, same, strict=True) if not idle]
    if not taking_part:
        names = ", ".join(player.name for player in found)
        raise RunError(f"nothing to attribute: this model is the same without {names}")
    return taking_part, [player for player, idle in zip(found, same, strict=True) if idle]


def _values(asked: runs.Work, version: runs.Version, seeds: Sequence[int], column: str) -> Floats:
    """The outcome for each seed, (seeds,); what was taken out with its column counts as nothing."""
    found = []
    for seed in seeds:
        run = Run.open(runs.run_folder(asked.folder, version, seed))
        row = run.summary[run.summary["tick"] == asked.ticks].iloc[0]
        value = float(row.get(column, 0.0))
        if math.isnan(value):
            where = f"{version.label}, seed {seed}"
            raise RunError(f"{column} has no value in {where}, as no cell is left; take another")
        found.append(value)
    return np.array(found)
