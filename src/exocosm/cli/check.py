"""`exocosm check`: whether a scenario is free of faults, what it takes and on what it stands."""

from __future__ import annotations

from typing import Annotated

import typer

from exocosm.cli.asked import changes_of, model_of
from exocosm.cli.options import Removals, Scenario, Settings


def check(
    scenario: Scenario,
    settings: Settings = [],  # noqa: B006 - Typer reads it, nothing writes it
    without: Removals = [],  # noqa: B006
    sources: Annotated[bool, typer.Option("--sources", help="Show what its numbers stand on.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="List all that is left out of what it takes from the library.")
    ] = False,
) -> None:
    """Say whether a scenario is free of faults, what it takes, and on what its numbers stand."""
    from exocosm.model import sources_report, standing
    from exocosm.model.loading import takes
    from exocosm.model.starts import starts_report
    from exocosm.model.taken_report import taken_report

    model = model_of(scenario, changes_of(settings, without))
    for name in model.arms:
        model.variant(name)
    typer.echo(f"{model.name}: no faults. {model.title}")
    for name, arm in model.arms.items():
        typer.echo(f"  arm {name}: {arm.title or ', '.join(map(str, arm.changes()))}")
    for line in [*taken_report(takes(scenario), verbose=verbose), *starts_report(model)]:
        typer.echo(line)
    typer.echo(f"  stands on: {standing(model)}")
    if sources:
        typer.echo(sources_report(model))
