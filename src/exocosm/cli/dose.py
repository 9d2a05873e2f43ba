"""The command `exocosm dose`: is it enough?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exocosm.cli.asked import changes_of, check_figure
from exocosm.cli.options import Removals, Seed, Settings

if TYPE_CHECKING:
    from exocosm.study import Dose

MOST_INPUTS = 6


def dose(
    cargo: Annotated[str, typer.Argument(help="A cargo of the scenario, like miR-21-5p.")],
    sender: Annotated[str, typer.Option("--from", metavar="TYPE", help="The cell type that releases it.")],
    recipient: Annotated[str, typer.Option("--to", metavar="TYPE", help="The cell type that receives it.")],
    scenario: Annotated[
        str, typer.Option(metavar="SCENARIO", help="A scenario file, or the name of one that ships.")
    ] = "hcc-nodule",
    settings: Settings = [],  # noqa: B006 - Typer reads it, nothing writes it
    without: Removals = [],  # noqa: B006
    samples: Annotated[int, typer.Option(metavar="N", help="Draws from the ranges of all numbers.")] = 10_000,
    seed: Seed = 1,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print the steps as CSV.")] = False,
    figure: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the steps to an SVG, PDF or PNG file.")
    ] = None,
) -> None:
    """Say how many copies of a cargo reach each recipient cell per day, and whether that is enough.

    In closed form from genesis to the recipient's pool, with the ranges of all numbers sampled, beside the
    mass balance and the dose of the assay in which the effect was seen.
    """
    from exocosm.study import dose as work_out

    check_figure(figure)
    changes = changes_of(settings, without)
    found = work_out(scenario, cargo, sender, recipient, samples=samples, seed=seed, changes=changes)
    if json:
        import json as plain

        typer.echo(plain.dumps(found.as_data(), indent=1, ensure_ascii=False))
    elif csv:
        typer.echo(found.table.to_csv(index=False), nl=False)
    else:
        _tell(found)
    if figure is not None:
        from exocosm.study.delivery.telling import rungs
        from exocosm.view.figure_dose import write_dose_figure

        title = f"{cargo} from {sender} to {recipient} cells, {found.scenario}"
        typer.echo(f"figure  {write_dose_figure(rungs(found), title, figure)}", err=json or csv)


def _tell(found: Dose) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    console.print(found.answer, markup=False)
    console.print(_steps(found))
    if found.influences:
        console.print(_inputs(found))
    if found.assay is not None:
        console.print(f"The assay's dose: {found.assay.source} ({found.assay.range})", markup=False)
    for line in found.measured:
        console.print(f"Measured: {line}", markup=False)
    console.print(
        f"{found.senders:,} {found.sender} and {found.recipients:,} {found.recipient} cells at the start, "
        f"nearest at {found.distance:.0f} um on average; {found.samples:,} samples, seed {found.seed}.",
        markup=False,
    )
    for note in found.notes:
        console.print(f"Note: {note}.", markup=False)


def _steps(found: Dose) -> object:
    from rich import box
    from rich.table import Table

    from exocosm.study.delivery.telling import number

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("step", "what"):
        table.add_column(heading, overflow="fold")
    for heading in ("model", "95 % of samples"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("unit", overflow="fold")
    last = ""
    for row in found.table.to_dict("records"):
        same = row["low"] == row["high"]
        span = "the same" if same else f"{number(row['low'])} to {number(row['high'])}"
        step = "" if row["step"] == last else row["step"]
        table.add_row(step, row["what"], number(row["value"]), span, row["unit"])
        last = row["step"]
    return table


def _inputs(found: Dose) -> object:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, title_justify="left")
    copies = "copies on what binds" if found.on_surface else "copies delivered"
    table.title = f"What matters most (rank correlation with {copies})"
    for heading, justify in (("rank", "right"), ("input", "left"), ("value", "right"), ("range", "left")):
        table.add_column(heading, justify=justify, overflow="fold")  # type: ignore[arg-type]
    table.add_column("source", overflow="fold")
    for drawn, rank in found.influences[:MOST_INPUTS]:
        path = drawn.path.removeprefix("tissue.cell_types.").removeprefix("species.")
        table.add_row(f"{rank:+.2f}", *map(escape, (path, drawn.quantity.text, drawn.range, drawn.source)))
    return table
