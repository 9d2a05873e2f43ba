"""The command `exocosm`: one thin layer over the public API.

Results go to standard output, progress and errors to standard error. What a user can get wrong ends
in one message and exit code 2; Ctrl-C in 130, once the state is saved.
"""

from __future__ import annotations

import gc
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exocosm.cli.atlas import atlas
from exocosm.cli.attribute import attribute
from exocosm.cli.directions import directions
from exocosm.cli.dose import dose
from exocosm.cli.options import (
    Arms,
    Out,
    Pairs,
    Removals,
    Scenario,
    Seed,
    Settings,
    Threads,
    Tolerance,
    Until,
)
from exocosm.cli.pieces import pieces
from exocosm.cli.telling import PlainErrors, errors_in_words, stop, tell, tell_comparison
from exocosm.cli.vesicles import vesicles

if TYPE_CHECKING:
    from exocosm.model import Change, Model
    from exocosm.results import Run


app = typer.Typer(
    cls=PlainErrors,
    help="Exocosm: a laboratory in software for exosomes in hepatocellular carcinoma.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(directions)
app.command()(atlas)
app.command()(attribute)
app.command()(dose)
app.command()(pieces)
app.add_typer(vesicles, name="vesicles")


@app.command()
def run(
    scenario: Scenario,
    settings: Settings = [],  # noqa: B006 - Typer reads it, nothing writes it
    without: Removals = [],  # noqa: B006
    seed: Seed = 1,
    threads: Threads = None,
    until: Until = None,
    tolerance: Tolerance = None,
    out: Out = None,
) -> None:
    """Simulate a scenario and leave a run folder."""
    from exocosm.results import display
    from exocosm.results import run as simulate

    changes = [*_set(settings), *_without(without)]
    model = _load(scenario, changes)
    if tolerance is not None:
        shorter = _shorter_steps(model, tolerance, seed, threads)
        model, changes = model.change(*shorter), [*changes, *shorter]
    with display() as progress:
        made = simulate(
            model,
            until,
            seed=seed,
            threads=threads,
            out=out,
            progress=progress,
            changes=changes,
            as_read=_as_read(scenario),
        )
    tell(made)


@app.command()
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


@app.command()
def compare(
    scenario: Scenario,
    arms: Arms = [],  # noqa: B006
    without: Removals = [],  # noqa: B006
    settings: Settings = [],  # noqa: B006
    seeds: Pairs = 1,
    threads: Threads = None,
    until: Until = None,
    out: Out = None,
) -> None:
    """Run a scenario with and without something, on the same random numbers, and show what changed.

    Each --arm, --without and --set is an arm of its own beside the baseline; with none of them, all arms that
    the scenario names. Asked again, finished runs are kept.
    """
    from exocosm.results import display
    from exocosm.study import compare as study
    from exocosm.study.arms import StoppedComparison

    model = _load(scenario, [])
    if not (arms or without or settings):
        arms = list(model.arms)
    compared: dict[str, list[Change]] = {name: list(model.arm(name)) for name in arms}
    compared |= {f"without {t}": _without([t]) for t in without}
    compared |= {f"with {setting}": _set([setting]) for setting in settings}
    if not compared:
        stop("compare needs something to compare with: give --without TARGET or --set PATH=VALUE", 2)
    try:
        with display() as progress:
            made = study(
                model,
                compared,
                until=until,
                seeds=range(1, seeds + 1),
                out=out,
                threads=threads,
                progress=progress,
                as_read=_as_read(scenario),
            )
    except StoppedComparison as stopped:
        if not stopped.begun:
            raise
        again = _comparing(scenario, arms, without, settings, seeds, threads, until, stopped.folder)
        stop(f"stopped; finished arms are kept; go on: {again}", 130)
    tell_comparison(made)


@app.command()
def check(
    scenario: Scenario,
    settings: Settings = [],  # noqa: B006
    without: Removals = [],  # noqa: B006
    sources: Annotated[bool, typer.Option("--sources", help="Show what its numbers stand on.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="List all that is left out of what it takes from the library.")
    ] = False,
) -> None:
    """Say whether a scenario is free of faults, what it takes, and on what its numbers stand."""
    model = _load(scenario, [*_set(settings), *_without(without)])
    for name in model.arms:
        model.variant(name)
    typer.echo(f"{model.name}: no faults. {model.title}")
    for name, arm in model.arms.items():
        typer.echo(f"  arm {name}: {arm.title or ', '.join(map(str, arm.changes()))}")
    for line in [*_taken(scenario, verbose), *_starts(model)]:
        typer.echo(line)
    typer.echo(f"  stands on: {_standing(model)}")
    if sources:
        from exocosm.model import sources_report

        typer.echo(sources_report(model))


@app.command()
def steps(
    scenario: Scenario,
    settings: Settings = [],  # noqa: B006
    without: Removals = [],  # noqa: B006
    tolerance: Tolerance = 0.01,
    seed: Seed = 1,
    threads: Threads = None,
) -> None:
    """Estimate what the steps of a scenario cost in accuracy, and find steps that keep to a tolerance."""
    model = _load(scenario, [*_set(settings), *_without(without)])
    shorter = _shorter_steps(model, 0.01 if tolerance is None else tolerance, seed, threads)
    if not shorter:
        typer.echo("the steps of the scenario keep to it")


@app.command()
def rules(
    scenario: Scenario,
    settings: Settings = [],  # noqa: B006
    without: Removals = [],  # noqa: B006
    csv: Annotated[bool, typer.Option("--csv", help="Print PhysiCell's rules CSV (version 3).")] = False,
) -> None:
    """Say the rules of a scenario as sentences, or print them as a table that PhysiCell reads."""
    from exocosm.model.grammar import sentences, to_physicell_csv

    model = _load(scenario, [*_set(settings), *_without(without)])
    if csv:
        typer.echo(to_physicell_csv(model), nl=False)
        return
    told = sentences(model)
    typer.echo("\n".join(told) if told else f"{model.name}: no rules")


@app.command()
def scenarios(
    sources: Annotated[
        bool, typer.Option("--sources", help="Show beside each on what its numbers stand.")
    ] = False,
) -> None:
    """List the scenarios that ship with Exocosm."""
    from exocosm.library import scenario_names
    from exocosm.model import load

    for name in scenario_names():
        model = load(name)
        typer.echo(f"{name:<24}{_standing(model) if sources else model.title}")


@app.command()
def report(
    folders: Annotated[
        list[Path], typer.Argument(metavar="RUN...", help="Folders of runs, or of a comparison.")
    ],
    out: Annotated[Path | None, typer.Option(help="The HTML file to write.")] = None,
) -> None:
    """Write one self-contained HTML file that shows runs side by side."""
    from exocosm.view import write_report

    runs = [run for folder in folders for run in _runs(folder)]
    wanted = out or (folders[0] / "report.html" if len(folders) == 1 else Path("report.html"))
    typer.echo(f"report  {write_report(runs, wanted)}")


@app.command()
def figure(
    folders: Annotated[
        list[Path], typer.Argument(metavar="RUN...", help="Folders of runs, or of a comparison.")
    ],
    panels: Annotated[
        list[str],
        typer.Option(
            "--panel",
            metavar="NAME",
            help="sections, fields, cells, zones, states, vesicles, cargo, recipients, forest, ledger. "
            "Repeatable; default: all.",
        ),
    ] = [],  # noqa: B006 - Typer reads it, nothing writes it
    format: Annotated[str, typer.Option(help="svg, pdf or png.")] = "svg",
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where to; default: figures, in the run's folder.")
    ] = None,
) -> None:
    """Write figures for print, one for each panel of the report, each with its caption beside it."""
    from exocosm.view import write_figures

    runs = [run for folder in folders for run in _runs(folder)]
    wanted = out or (folders[0] / "figures" if len(folders) == 1 else Path("figures"))
    for path in write_figures(runs, wanted, panels or None, format):
        typer.echo(f"figure  {path}")


def _load(scenario: str, changes: list[Change]) -> Model:
    from exocosm.model import load

    return load(scenario, changes)


def _shorter_steps(model: Model, tolerance: float, seed: int, threads: int | None) -> list[Change]:
    """Changes of steps that keep to a tolerance, told on standard output with the errors that they leave."""
    from exocosm.coupling import steps_within
    from exocosm.results import engine

    engine.warm_up()
    changes, errors = steps_within(model, tolerance, seed=seed, threads=threads)
    for change in changes:
        typer.echo(f"step    {change}")
    typer.echo(f"errors  {errors_in_words(errors.as_data())}")
    return list(changes)


def _standing(model: Model) -> str:
    from exocosm.model import standing as stands

    return stands(model)


def _starts(model: Model) -> list[str]:
    from exocosm.model.starts import starts_report

    return starts_report(model)


def _taken(scenario: str, verbose: bool) -> list[str]:
    from exocosm.model.loading import takes
    from exocosm.model.taken_report import taken_report

    return taken_report(takes(scenario), verbose=verbose)


def _as_read(scenario: str) -> str:
    from exocosm.model.loading import find

    return find(scenario).read_text(encoding="utf-8")


def _set(settings: list[str]) -> list[Change]:
    from exocosm.model import Set

    return [Set.parse(setting) for setting in settings]


def _without(targets: list[str]) -> list[Change]:
    from exocosm.model import Without

    return [Without(target) for target in targets]


def _runs(folder: Path) -> list[Run]:
    """The run in `folder`, or all runs of the comparison there."""
    from exocosm.results import Run
    from exocosm.study import Comparison

    if (folder / "comparison.json").exists():
        return [run for runs in Comparison.open(folder).runs.values() for run in runs]
    return [Run.open(folder)]


def _comparing(
    scenario: str,
    arms: list[str],
    without: list[str],
    settings: list[str],
    seeds: int,
    threads: int | None,
    until: str | None,
    folder: Path,
) -> str:
    """The whole command that asks for this comparison in `folder`."""
    words = ["exocosm", "compare", scenario]
    words += [word for arm in arms for word in ("--arm", arm)]
    words += [word for target in without for word in ("--without", target)]
    words += [word for setting in settings for word in ("--set", setting)]
    words += ["--seeds", str(seeds)] if seeds > 1 else []
    words += ["--threads", str(threads)] if threads else []
    words += ["--until", until] if until else []
    return shlex.join([*words, "--out", str(folder)])


def main() -> None:
    """Entry point of the command."""
    # What a start imports and reads stays; to look through it for garbage as often as Python does by default
    # takes a sixth of the time to the first step.
    gc.set_threshold(100_000, 50, 100)
    app()
