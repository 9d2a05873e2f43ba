"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Scenario = Annotated[
    str, typer.Argument(help="A scenario file, or the name of one that ships (exocosm scenarios).")
]
Settings = Annotated[
    list[str],
    typer.Option("--set", metavar="PATH=VALUE", help="Change a value: --set 'duration=24 h'. Repeatable."),
]
Removals = Annotated[
    list[str], typer.Option("--without", metavar="TARGET", help="Take out, like vesicles:tumour. Repeatable.")
]
Arms = Annotated[
    list[str], typer.Option("--arm", metavar="NAME", help="An arm that the scenario names. Repeatable.")
]
Threads = Annotated[int | None, typer.Option(min=1, help="Threads; any number gives the same result.")]
Until = Annotated[
    str | None, typer.Option(metavar="TIME", help='Stop then, like "24 h"; default: its duration.')
]
Seed = Annotated[int, typer.Option(min=0, help="Seed of all random numbers, 0 to 2**64 - 1.")]
Pairs = Annotated[int, typer.Option(min=1, max=10_000, help="Pairs to run: seeds 1 to this number.")]
Tolerance = Annotated[
    float | None,
    typer.Option(metavar="SHARE", help="Shorten steps until errors of fields and positions are within it."),
]
Out = Annotated[Path | None, typer.Option(help="Folder to make; default: a new one under runs/.")]
Folders = Annotated[list[Path], typer.Argument(metavar="RUN...", help="Folders of runs, or of a comparison.")]
