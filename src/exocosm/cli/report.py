"""`exocosm report`: runs side by side in one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from exocosm.cli.asked import runs_in
from exocosm.cli.options import Folders


def report(
    folders: Folders,
    out: Annotated[Path | None, typer.Option(help="The HTML file to write.")] = None,
) -> None:
    """Write one self-contained HTML file that shows runs side by side."""
    from exocosm.view import write_report

    wanted = out or (folders[0] / "report.html" if len(folders) == 1 else Path("report.html"))
    typer.echo(f"report  {write_report(runs_in(folders), wanted)}")
