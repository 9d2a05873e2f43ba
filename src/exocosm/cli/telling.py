"""What commands say at their end, and how an error of the user's ends: one message and a code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from exocosm.results import Run
    from exocosm.study import Comparison


class PlainErrors(TyperGroup):
    """Ends each error that Exocosm raises on purpose as a message, not as a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        from exocosm.ground.errors import ExocosmError

        try:
            return super().invoke(ctx)
        except ExocosmError as error:
            stop(str(error), 2)
        except KeyboardInterrupt as interrupt:
            stop(str(interrupt) or "stopped", 130)
        except MemoryError as error:
            from exocosm.results.engine import no_memory

            stop(no_memory(error), 2)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(1) from None
        except OSError as error:
            stop(f"{error.filename or 'file'}: {error.strerror or error}", 2)


def errors_in_words(errors: dict[str, Any]) -> str:
    """The estimated errors of a run's steps in one line."""
    from exocosm.results.step_errors import in_words

    return in_words(errors)


def warn(runs: Iterable[Run]) -> None:
    """What the runs say of their grids, each once."""
    from exocosm.results.cautions import grouped, in_one_line

    for kind in grouped(text for run in runs for text in run.info.get("warnings", ())):
        typer.echo(f"warning: {in_one_line(kind)}", err=True)


def tell(made: Run) -> None:
    """What a run came to, and where it lies."""
    warn([made])
    speed = f", {made.info['wall_s']:.1f} s" if made.info.get("wall_s") else ""
    typer.echo(f"{made.label}, seed {made.seed}: {made.time_h:g} h simulated{speed}")
    for column in made.summary.filter(regex=r"^numerical_diffusion\."):
        share = float(made.summary[column].iloc[-1])
        typer.echo(f"flow    {str(column).partition('.')[2]}: numerical diffusion {share:.2%} of diffusion")
    if made.info.get("step_errors"):
        typer.echo(f"errors  {errors_in_words(made.info['step_errors'])}")
    if not len(made.summary):
        typer.echo("record  nothing to report: state 'record: {summary: 1 h}' in the scenario for a summary")
    typer.echo(f"digest  {made.digest}")
    typer.echo(f"folder  {made.path}")


def tell_comparison(made: Comparison) -> None:
    """The tables of a comparison, its warnings and digests, and the report that is written of it."""
    from rich.console import Console

    from exocosm.study.table import expectations, remarks, tables
    from exocosm.view import write_report

    console = Console(highlight=False)
    for table in tables(made):
        console.print(table)
    for remark in remarks(made):
        console.print(remark)
    for line in expectations(made):
        console.print(line, markup=False)
    warn(run for runs in made.runs.values() for run in runs)
    for label, runs in made.runs.items():
        for run in runs:
            typer.echo(f"digest  {run.digest}  {label}, seed {run.seed}")
    typer.echo(f"folder  {made.path}")
    page = write_report([run for runs in made.runs.values() for run in runs], made.path / "report.html")
    typer.echo(f"report  {page}")


def stop(message: str, code: int) -> None:
    """End the command with a message on standard error and an exit code."""
    typer.echo(message, err=True)
    raise typer.Exit(code)
