"""A process that has loaded engine and libraries once and forks a run for each folder that it reads.

A kill then meets a run and not an import. A line on standard input is the path of a run folder: the run is
begun there, or gone on with. The next line is "kill" or "wait"; then how the run ended (0: well) is printed.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

SEED = 5


def real_model() -> object:
    """A dozen dividing cells with vesicles and oxygen; something is recorded at nearly every tick."""
    from exocosm.model import Set, load

    region = {"sphere": {"center": ["40 um"] * 3, "radius": "24 um"}}
    mixture = {"tumour": "0.7", "macrophage": "0.3"}
    return load("tumour-nodule").change(
        Set("duration", "2 h"),
        Set("tissue.geometry.size", ["80 um"] * 3),
        Set("tissue.cells", [{"mixture": mixture, "region": region, "count": 12}]),
        Set("tissue.steps", {"tick": "2 min", "mechanics": "2 min", "phenotype": "6 min"}),
        Set("tissue.cell_types.tumour.cycle.phases[0].duration.exponential", "0.3 1/h"),
        Set("record", {"summary": "2 min", "cells": "6 min", "fields": "4 min", "checkpoint": "10 min"}),
    )


def warm() -> None:
    """Load all that a run needs, kernels included, in a form that a fork inherits."""
    import anndata  # noqa: F401
    import pandas  # noqa: F401
    import xarray  # noqa: F401
    import zarr  # noqa: F401

    from exocosm.tissue import Simulation

    simulation = Simulation(real_model(), seed=1, threads=1)
    simulation.advance(6)
    Simulation.restore(simulation.model, simulation.checkpoint(), threads=1).digest()


def begin_or_go_on(folder: Path) -> None:
    """The body of a fork."""
    from exocosm.results import resume, run

    resume(folder, threads=1) if folder.exists() else run(real_model(), out=folder, seed=SEED, threads=1)


def serve() -> None:
    """Fork a run for each line, until the input ends."""
    warm()
    print("ready", flush=True)
    while line := sys.stdin.readline():
        process = os.fork()
        if process == 0:
            try:
                begin_or_go_on(Path(line.strip()))
                os._exit(0)
            except BaseException as error:  # told by the status; a fork must never go on with the loop
                print(repr(error), file=sys.stderr, flush=True)
                os._exit(1)
        if sys.stdin.readline().strip() == "kill":
            os.kill(process, signal.SIGKILL)  # not yet waited for, so that the id cannot be another's
        print(os.waitpid(process, 0)[1], flush=True)


if __name__ == "__main__":
    serve()
