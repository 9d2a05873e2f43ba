"""`exocosm scenarios`: what ships with Exocosm."""

from __future__ import annotations

from typing import Annotated

import typer

from exocosm.cli.asked import model_of


def scenarios(
    sources: Annotated[
        bool, typer.Option("--sources", help="Show beside each on what its numbers stand.")
    ] = False,
) -> None:
    """List the scenarios that ship with Exocosm."""
    from exocosm.library import scenario_names
    from exocosm.model import standing

    for name in scenario_names():
        model = model_of(name)
        typer.echo(f"{name:<24}{standing(model) if sources else model.title}")
