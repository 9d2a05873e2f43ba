"""A run killed at any moment leaves a folder that opens, up to its last complete record, and goes on."""

from __future__ import annotations

import multiprocessing
import random
import time
from pathlib import Path

import killed_run

from exocosm.results import Run, resume, run

# A server that has loaded the libraries once forks each run, so that a kill meets a run and not an import.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["anndata", "zarr", "pandas"])


def read_all(folder: Path) -> Run:
    """Open and read every part of every listed record."""
    opened = Run.open(folder)
    assert list(opened.summary["tick"]) == [r.tick for r in opened.records if r.has("summary")]
    for hour in opened.cell_times:
        assert opened.cells(hour).n_obs >= 8
    if opened.fields.data_vars:
        assert not opened.fields["oxygen"].isnull().any()
        assert len(opened.fields.time) == sum(r.has("fields") for r in opened.records)
    assert len(opened.ledger_over_time) == len(opened.summary)
    return opened


def test_a_run_killed_again_and_again_is_the_uninterrupted_run(tmp_path):
    folder = tmp_path / "killed"
    moments = random.Random(20240611)
    reached = []
    for _ in range(4):
        process = PROCESSES.Process(target=killed_run.start_or_go_on, args=(folder,))
        process.start()
        deadline = time.monotonic() + 30
        while not (folder / "index.jsonl").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(moments.uniform(0.0, 1.5))
        process.kill()
        process.join()
        reached.append(read_all(folder).time_h)
    assert max(reached) > 0
    made = resume(folder)
    whole = run(killed_run.MODEL, out=tmp_path / "whole")
    assert made.digest == whole.digest
    for name in ("index.jsonl", "summary.csv", "ledger.csv"):
        assert (folder / name).read_bytes() == (whole.path / name).read_bytes()
    left = {str(path.relative_to(folder)) for path in folder.rglob("*")}
    assert left == {str(path.relative_to(whole.path)) for path in whole.path.rglob("*")}
    read_all(folder)
