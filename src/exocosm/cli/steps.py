"""`exocosm steps`: what the steps of a scenario cost in accuracy, and shorter ones within a tolerance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from exocosm.cli.asked import changes_of, model_of
from exocosm.cli.options import Removals, Scenario, Seed, Settings, Threads, Tolerance
from exocosm.cli.telling import errors_in_words

if TYPE_CHECKING:
    from exocosm.model import Change, Model


def steps(
    scenario: Scenario,
    settings: Settings = [],  # noqa: B006 - Typer reads it, nothing writes it
    without: Removals = [],  # noqa: B006
    tolerance: Tolerance = 0.01,
    seed: Seed = 1,
    threads: Threads = None,
) -> None:
    """Estimate what the steps of a scenario cost in accuracy, and find steps that keep to a tolerance."""
    model = model_of(scenario, changes_of(settings, without))
    shorter = shorter_steps(model, 0.01 if tolerance is None else tolerance, seed, threads)
    if not shorter:
        typer.echo("the steps of the scenario keep to it")


def shorter_steps(model: Model, tolerance: float, seed: int, threads: int | None) -> list[Change]:
    """Changes of steps that keep to a tolerance, told on standard output with the errors that they leave."""
    from exocosm.coupling import steps_within
    from exocosm.results import engine

    engine.warm_up()
    changes, errors = steps_within(model, tolerance, seed=seed, threads=threads)
    for change in changes:
        typer.echo(f"step    {change}")
    typer.echo(f"errors  {errors_in_words(errors.as_data())}")
    return list(changes)
