"""`exocosm compare`: a scenario with and without something, on the same random numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exocosm.cli.asked import again, as_read, changes_of, model_of
from exocosm.cli.options import Arms, Out, Pairs, Removals, Scenario, Settings, Threads, Until
from exocosm.cli.telling import stop, tell_comparison

if TYPE_CHECKING:
    from exocosm.model import Change, Model


def compare(
    scenario: Scenario,
    arms: Arms = [],  # noqa: B006 - Typer reads it, nothing writes it
    without: Removals = [],  # noqa: B006
    settings: Settings = [],  # noqa: B006
    seeds: Pairs = 1,
    threads: Threads = None,
    until: Until = None,
    out: Out = None,
) -> None:
    """Run a scenario with and without something, on the same random numbers, and show what changed.

    Each --arm, --without and --set is an arm of its own beside the baseline; with none of them, all arms that
    the scenario names. Asked again, finished runs are kept.
    """
    from exocosm.results import display
    from exocosm.study import compare as study
    from exocosm.study.arms import StoppedComparison

    model = model_of(scenario)
    compared = _arms(model, arms, without, settings)
    try:
        with display() as progress:
            made = study(
                model,
                compared,
                until=until,
                seeds=range(1, seeds + 1),
                out=out,
                threads=threads,
                progress=progress,
                as_read=as_read(scenario),
            )
    except StoppedComparison as stopped:
        if not stopped.begun:
            raise
        asked: dict[str, object] = {
            "arm": arms,
            "without": without,
            "set": settings,
            "seeds": seeds if seeds > 1 else None,
        }
        asked |= {"threads": threads, "until": until}
        go_on = again("compare", scenario, asked, stopped.folder)
        stop(f"stopped; finished arms are kept; go on: {go_on}", 130)
    tell_comparison(made)


def _arms(model: Model, arms: list[str], without: list[str], settings: list[str]) -> dict[str, list[Change]]:
    """The arms that are asked for, by label; without any, all that the model names."""
    if not (arms or without or settings):
        arms = list(model.arms)
    compared: dict[str, list[Change]] = {name: list(model.arm(name)) for name in arms}
    compared |= {f"without {target}": changes_of([], [target]) for target in without}
    compared |= {f"with {setting}": changes_of([setting]) for setting in settings}
    if not compared:
        stop("compare needs something to compare with: give --without TARGET or --set PATH=VALUE", 2)
    return compared
