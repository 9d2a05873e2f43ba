"""`exocosm directions`: the signs of the mechanisms against those that follow from the table of pathways."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exocosm.cli.telling import stop

if TYPE_CHECKING:
    from exocosm.library import Mechanism
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
    from exocosm.library import EvidenceError, pathways
    from exocosm.study.directions import directions as ask
    from exocosm.study.directions import shuffled
    from exocosm.study.directions.answering import CACHE
    from exocosm.study.directions.tables import write_table

    try:
        chosen, table = _chosen(rows, recipient), pathways()
    except EvidenceError as error:
        stop(str(error), 2)
    folder, whole = cache or CACHE, not rows and recipient is None
    found = ask(chosen, cache=folder, processes=processes, progress=Progress(processes))
    _tell(found, "table", judged=whole)
    _tell_each(found) if rows else _tell_reasons(found)
    if out is not None:
        write_table(found, out)
        typer.echo(f"table   {out}")
    for seed in range(1, controls + 1):
        made = ask(
            chosen,
            shuffled(table, seed),
            cache=folder,
            processes=processes,
            tissue=False,
            progress=Progress(processes),
        )
        _tell(made, f"control {seed}", judged=whole)


def _chosen(rows: list[str], recipient: str | None) -> list[Mechanism]:
    """The rows that are asked. Raises EvidenceError for an id or a cell that no table has."""
    from exocosm.library import mechanism, mechanisms, term

    chosen = [mechanism(id) for id in rows] or list(mechanisms())
    if recipient is None:
        return chosen
    name = term("cells", recipient).name
    return [row for row in chosen if name in row.recipients]


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


def _tell(found: Directions, name: str, *, judged: bool) -> None:
    """The counts, and whether the whole table passes: a part of it is not judged."""
    counts, counted = found.counts, sum(found.counts.values())
    told = f"{counts['agrees']} of {counted} rows agree, {counts['disagrees']} disagree"
    word = ("; passes" if found.passes else "; does not pass") if judged else ""
    typer.echo(f"{name:<12}{told}, {counts['no change']} do not move{word}")


def _tell_each(found: Directions) -> None:
    from exocosm.study.directions.tables import lines

    for line in lines(found):
        outcome = line["verdict"] or line["why_not"]
        typer.echo(f"  {line['row']}  {line['effect']} in {line['recipient']}: {outcome}  {line['arrows']}")


def _tell_reasons(found: Directions) -> None:
    from exocosm.study.directions.tables import reasons

    for reason, number in reasons(found).most_common():
        typer.echo(f"  {number:>4} not counted: {reason}")
