"""The command `exocosm`: one thin layer over the public API, with a file for each command.

Results go to standard output, progress and errors to standard error. What a user can get wrong ends
in one message and exit code 2; Ctrl-C in 130, once the state is saved.
"""

from __future__ import annotations

import gc

import typer

from exocosm.cli.atlas import atlas
from exocosm.cli.attribute import attribute
from exocosm.cli.check import check
from exocosm.cli.compare import compare
from exocosm.cli.directions import directions
from exocosm.cli.dose import dose
from exocosm.cli.figure import figure
from exocosm.cli.pieces import pieces
from exocosm.cli.report import report
from exocosm.cli.resume import resume
from exocosm.cli.rules import rules
from exocosm.cli.run import run
from exocosm.cli.scenarios import scenarios
from exocosm.cli.steps import steps
from exocosm.cli.telling import PlainErrors
from exocosm.cli.vesicles import vesicles

app = typer.Typer(
    cls=PlainErrors,
    help="Exocosm: a laboratory in software for exosomes in hepatocellular carcinoma.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(run)
app.command()(resume)
app.command()(compare)
app.command()(attribute)
app.command()(dose)
app.command()(directions)
app.command()(check)
app.command()(steps)
app.command()(rules)
app.command()(scenarios)
app.command()(pieces)
app.command()(atlas)
app.add_typer(vesicles, name="vesicles")
app.command()(report)
app.command()(figure)


def main() -> None:
    """Entry point of the command."""
    # What a start imports and reads stays; to look through it for garbage as often as Python does by default
    # takes a sixth of the time to the first step.
    gc.set_threshold(100_000, 50, 100)
    app()
