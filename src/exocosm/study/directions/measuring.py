"""Runs of dishes, kept by what was run: equal models are run once, and a stopped study goes on where it was.

What is kept of a run is the summary at its end and how far cells came; the file's name is a hash of the
model's plain data, of the rows of evidence that it names and of the program that runs it, so that a changed
row or program never meets an old number.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import astuple, dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import exocosm
from exocosm.library import evidence
from exocosm.results.durable import fingerprint, write_text
from exocosm.study.directions.dishes import Data

SOURCES = Path(exocosm.__file__).parent
PACKAGES = ("physics", "ground", "model", "tissue", "coupling", "study/directions")
"""Those whose code a run goes through."""

SPREAD, SPROUTS = "spread", "sprouts"
"""Of live cells of a type: their mean distance from the middle of the dish, in um, and the sum of it."""

Measured = dict[str, list[float]]
"""Of each column the values at the end, one for each seed."""


@dataclass(frozen=True)
class Job:
    """One model, to be run with seeds 1 to `seeds`."""

    key: str
    text: str
    seeds: int


def job(tree: Data, seeds: int) -> Job:
    """The job of a model's plain data."""
    text = json.dumps(tree, sort_keys=True)
    numbers = [astuple(evidence(id)) for id in sorted(set(_named(tree)))]
    return Job(fingerprint(f"{made_by(SOURCES)}|{numbers}|{text}".encode()), text, seeds)


def _named(data: Any) -> Iterator[str]:
    """Ids of the rows of evidence that plain data name."""
    if isinstance(data, list | tuple):
        for item in data:
            yield from _named(item)
    elif isinstance(data, dict):
        ids = data.get("evidence", ())
        yield from (ids,) if isinstance(ids, str) else ids
        yield from _named(list(data.values()))


@lru_cache(maxsize=2)
def made_by(sources: Path) -> str:
    """A hash of the program below `sources` that a run goes through."""
    files = [path for package in PACKAGES for path in (sources / package).rglob("*.py")]
    return fingerprint(b"\0".join(path.read_bytes() for path in sorted(files)))


def measure(made: Job) -> Measured:
    """Run a job: the columns that every seed has, with its values in the order of the seeds."""
    import numpy as np

    from exocosm.coupling import start
    from exocosm.model import Model

    model = Model.model_validate(json.loads(made.text))
    rows = []
    for seed in range(1, made.seeds + 1):
        simulation = start(model, seed=seed, threads=1)
        simulation.advance(round(float(model.duration) / float(model.tissue.steps.tick)))
        table, row = simulation.cell_table(), dict(simulation.summary())
        middle = float(model.tissue.geometry.size[0]) / 2
        far = np.hypot(table["x"] - middle, table["y"] - middle)
        for name in simulation.type_names:
            mine = (table["type"] == name) & (table["state"] == "live")
            row[f"{SPREAD}.{name}"] = float(far[mine].mean()) if mine.any() else 0.0
            row[f"{SPROUTS}.{name}"] = float(far[mine].sum())
        rows.append({name: float(value) for name, value in row.items()})
    shared = [name for name in rows[0] if all(name in row and math.isfinite(row[name]) for row in rows)]
    return {name: [row[name] for row in rows] for name in shared}


def kept(folder: Path, made: Job) -> Measured | None:
    """What a folder keeps of a job; None if it was not run with as many seeds, or its file is not whole."""
    try:
        found: Any = json.loads((folder / f"{made.key}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(found, dict) or any(len(values) < made.seeds for values in found.values()):
        return None
    return {name: values[: made.seeds] for name, values in found.items()}


def measured(jobs: Sequence[Job], folder: Path, processes: int) -> Iterator[tuple[Job, Measured]]:
    """Run jobs and keep what they gave in a folder, as they finish."""
    for made, found in _run(jobs, processes):
        folder.mkdir(parents=True, exist_ok=True)
        write_text(folder / f"{made.key}.json", json.dumps(found))
        yield made, found


def _run(jobs: Sequence[Job], processes: int) -> Iterator[tuple[Job, Measured]]:
    if processes <= 1 or len(jobs) <= 1:
        for made in jobs:
            yield made, measure(made)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        futures = {pool.submit(measure, made): made for made in jobs}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
