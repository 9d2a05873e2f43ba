"""`exocosm directions`: the signs of the mechanisms against those that follow from the table of pathways."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from exocosm.study.directions import Directions

Rows = Annotated[
    list[str], typer.Option("--row", metavar="ID", help="A mechanism row. Repeatable; default: all.")
]
SECONDS_A_RUN = 0.3


def directions(
    rows: Rows = [],  # noqa: B006 - Typer reads it, nothing writes it
    recipient: Annotated[
        str | None, typer.Option(metavar="CELL", help="Rows with this recipient only.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="CSV", help="Write one line for each effect.")] = None,
    controls: Annotated[int, typer.Option(min=0, metavar="N", help="Also tables with shuffled signs.")] = 0,
    processes: Annotated[int, typer.Option(min=1, help="Processes that run dishes.")] = 1,
    cache: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where runs are kept.")] = None,
) -> None:
    """Compare published directions with those that emerge in dishes.

    The direction of a row is never an input. Runs are kept by content: asked again, only new ones are run.
    """
    from exocosm.library import mechanism, mechanisms, pathways
    from exocosm.study.directions import directions as ask
    from exocosm.study.directions import shuffled
    from exocosm.study.directions.answering import CACHE
    from exocosm.study.directions.tables import write_table

    chosen = [mechanism(id) for id in rows] or list(mechanisms())
    if recipient is not None:
        chosen = [row for row in chosen if recipient in row.recipients]
    folder = cache or CACHE
    found = ask(chosen, cache=folder, processes=processes, progress=Progress(processes))
    _tell(found, each=bool(rows))
    if out is not None:
        write_table(found, out)
        typer.echo(f"table   {out}")
    for seed in range(1, controls + 1):
        made = ask(
            chosen,
            shuffled(pathways(), seed),
            cache=folder,
            processes=processes,
            tissue=False,
            progress=Progress(processes),
        )
        _tell(made, name=f"control {seed:<3}")


class Progress:
    """Says once how many dishes there are to run and how long that may take, then how far it is."""

    def __init__(self, processes: int) -> None:
        self.processes, self.began, self.shown = processes, 0.0, 0.0

    def __call__(self, done: int, jobs: int, seeds: int) -> None:
        """Tell how many of the models are done; at first also how many runs are left."""
        now = time.monotonic()
        if not self.began:
            self.began = now
            left = (jobs - done) * seeds
            minutes = left * SECONDS_A_RUN / self.processes / 60
            typer.echo(
                f"{jobs:,} models, {done:,} kept; {left:,} runs to make, about {minutes:.1f} min", err=True
            )
        elif now - self.shown > 5 or done == jobs:
            self.shown = now
            typer.echo(f"  {done:,} of {jobs:,} models, {now - self.began:.0f} s", err=True)


def _tell(found: Directions, *, name: str = "", each: bool = False) -> None:
    from exocosm.study.directions.tables import lines, reasons

    counts, counted = found.counts, sum(found.counts.values())
    word = "passes" if found.passes else "does not pass"
    told = f"{counts['agrees']} of {counted} rows agree, {counts['disagrees']} disagree"
    typer.echo(f"{name or 'table':<12}{told}, {counts['no change']} do not move; {word}")
    if each:
        for line in lines(found):
            outcome = line["verdict"] or line["why_not"]
            typer.echo(
                f"  {line['row']}  {line['effect']} in {line['recipient']}: {outcome}  {line['arrows']}"
            )
    if not name:
        for reason, number in reasons(found).most_common():
            typer.echo(f"  {number:>4} not counted: {reason}")
