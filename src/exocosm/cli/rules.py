"""`exocosm rules`: the rules of a scenario as sentences or as a table."""

from __future__ import annotations

from typing import Annotated

import typer

from exocosm.cli.asked import changes_of, model_of
from exocosm.cli.options import Removals, Scenario, Settings


def rules(
    scenario: Scenario,
    settings: Settings = [],  # noqa: B006 - Typer reads it, nothing writes it
    without: Removals = [],  # noqa: B006
    csv: Annotated[bool, typer.Option("--csv", help="Print PhysiCell's rules CSV (version 3).")] = False,
) -> None:
    """Say the rules of a scenario as sentences, or print them as a table that PhysiCell reads."""
    from exocosm.model.grammar import sentences, to_physicell_csv

    model = model_of(scenario, changes_of(settings, without))
    if csv:
        typer.echo(to_physicell_csv(model), nl=False)
        return
    told = sentences(model)
    typer.echo("\n".join(told) if told else f"{model.name}: no rules")
