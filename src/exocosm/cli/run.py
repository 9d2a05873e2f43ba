"""`exocosm run`: one scenario, one run folder."""

from __future__ import annotations

from exocosm.cli.asked import as_read, changes_of, model_of
from exocosm.cli.options import Out, Removals, Scenario, Seed, Settings, Threads, Tolerance, Until
from exocosm.cli.steps import shorter_steps
from exocosm.cli.telling import tell


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

    changes = changes_of(settings, without)
    model = model_of(scenario, changes)
    if tolerance is not None:
        shorter = shorter_steps(model, tolerance, seed, threads)
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
            as_read=as_read(scenario),
        )
    tell(made)
