"""`exocosm resume`: a run taken further."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from exocosm.cli.options import Threads
from exocosm.cli.telling import tell


def resume(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a run.")],
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help="Go on to then; default: the end it was started with.")
    ] = None,
    threads: Threads = None,
) -> None:
    """Continue a run that was stopped or killed, bit for bit, or extend it with --until."""
    from exocosm.results import Run, display
    from exocosm.results import resume as go_on

    before = Run.open(folder)
    with display() as progress:
        made = go_on(folder, until, threads=threads, progress=progress)
    if before.status == "complete" and made.info["tick"] == before.info["tick"]:
        typer.echo(f"already at {made.time_h:g} h; nothing to do")
        typer.echo(f"folder  {made.path}")
        return
    tell(made)
