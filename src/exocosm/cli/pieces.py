"""`exocosm pieces`: what scenarios can take from the library."""

from __future__ import annotations

from typing import Annotated

import typer

from exocosm.cli.telling import stop


def pieces(
    kind: Annotated[
        str | None, typer.Argument(help="substrates, vesicles, cells or cargos; all if not said.")
    ] = None,
) -> None:
    """List the cells, signals, vesicles and cargos that a scenario can take."""
    from exocosm.library import PIECES
    from exocosm.model.pieces_report import pieces_report

    if kind is not None and kind not in PIECES:
        stop(f"there is no such kind of piece: {kind}; wanted: one of: {', '.join(PIECES)}", 2)
    for one in (kind,) if kind else PIECES:
        typer.echo(f"{one}:")
        for line in pieces_report(one):
            typer.echo(line)
