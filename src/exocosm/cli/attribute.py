"""`exocosm attribute`: what each cargo, sender or process did to an outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from exocosm.cli.asked import again, as_read, changes_of, model_of
from exocosm.cli.options import Out, Removals, Scenario, Settings, Threads
from exocosm.cli.telling import stop, warn

if TYPE_CHECKING:
    from exocosm.study import Attribution

Outcome = Annotated[
    str | None,
    typer.Option(help="Like viable_tumour, or a column of the summary; default: the primary outcome."),
]
Over = Annotated[str, typer.Option(help="cargos, senders or processes.")]
Only = Annotated[
    list[str],
    typer.Option(
        metavar="NAMES", help="Only these, with commas between them; of processes any --without TARGET."
    ),
]
Seeds = Annotated[int, typer.Option(min=1, max=10_000, help="Seeds 1 to this number, for all runs.")]
Orders = Annotated[
    int, typer.Option(min=0, help="Orders sampled for Shapley values of many; 0: no Shapley values.")
]
At = Annotated[
    str | None, typer.Option(metavar="TIME", help='Read the outcome then, like "48 h"; default: at the end.')
]


def attribute(
    scenario: Scenario,
    outcome: Outcome = None,
    over: Over = "cargos",
    only: Only = [],  # noqa: B006 - Typer reads it, nothing writes it
    settings: Settings = [],  # noqa: B006
    without: Removals = [],  # noqa: B006
    seeds: Seeds = 5,
    orders: Orders = 16,
    at: At = None,
    threads: Threads = None,
    out: Out = None,
) -> None:
    """Share an outcome out among cargos, senders or processes: what did each of them do?

    Runs the scenario without some or all of them, on the same random numbers. The number of runs and the time
    are told first. Asked again, finished runs are kept.
    """
    from exocosm.results import display
    from exocosm.study import attribute as study
    from exocosm.study.arms import StoppedComparison

    model = model_of(scenario, changes_of(settings, without))
    try:
        with display() as progress:
            found = study(
                model,
                outcome,
                over,
                only=[name.strip() for names in only for name in names.split(",") if name.strip()],
                seeds=range(1, seeds + 1),
                orders=orders,
                at=at,
                out=out,
                threads=threads,
                progress=progress,
                as_read=as_read(scenario),
                say=typer.echo,
            )
    except StoppedComparison as stopped:
        if not stopped.begun:
            raise
        asked: dict[str, object] = {"outcome": outcome, "over": over, "seeds": seeds, "orders": orders}
        asked |= {"at": at, "threads": threads, "only": only, "set": settings, "without": without}
        go_on = again("attribute", scenario, asked, stopped.folder)
        stop(f"stopped; finished runs are kept; go on: {go_on}", 130)
    tell(found, model.title or model.name)


def tell(found: Attribution, title: str) -> None:
    """The table of an attribution and what must be known to read it, its figure and its folder."""
    from rich.console import Console

    from exocosm.study.attribution.table import heading, remarks, table
    from exocosm.view.figure_attribution import shared_of, write_attribution

    console = Console(highlight=False)
    console.print(heading(found))
    console.print(table(found))
    for remark in remarks(found):
        console.print(remark)
    warn(found.baseline)
    picture = write_attribution(found.table, shared_of(found, title), found.path / f"{found.stem}.svg")
    typer.echo(f"table   {found.path / found.stem}.csv")
    typer.echo(f"figure  {picture}")
    typer.echo(f"folder  {found.path}")
