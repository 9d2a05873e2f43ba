"""`exocosm figure`: figures of runs for print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from exocosm.cli.asked import runs_in
from exocosm.cli.options import Folders


def figure(
    folders: Folders,
    panels: Annotated[
        list[str],
        typer.Option(
            "--panel",
            metavar="NAME",
            help="sections, fields, cells, zones, states, vesicles, cargo, recipients, forest, ledger. "
            "Repeatable; default: all.",
        ),
    ] = [],  # noqa: B006 - Typer reads it, nothing writes it
    format: Annotated[str, typer.Option(help="svg, pdf or png.")] = "svg",
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where to; default: figures, in the run's folder.")
    ] = None,
) -> None:
    """Write figures for print, one for each panel of the report, each with its caption beside it."""
    from exocosm.view import write_figures

    wanted = out or (folders[0] / "figures" if len(folders) == 1 else Path("figures"))
    for path in write_figures(runs_in(folders), wanted, panels or None, format):
        typer.echo(f"figure  {path}")
