"""The folder in which a study makes its runs: there while they are made, gone if it was made for nothing."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from exocosm.results.durable import told_plainly
from exocosm.study.arms import StoppedComparison

NEWS = ".progress"
"""Name of the folder in it from which the parent reads how far the runs are."""


@contextlib.contextmanager
def making_runs(folder: Path, of: str) -> Iterator[None]:
    """Make the `folder` of a study, a comparison or an attribution, and its news while runs are made in it.

    Ctrl-C becomes `StoppedComparison`. A new folder in which no run was begun goes away again.
    """
    new = not folder.exists()
    with told_plainly(f"make the folder of the {of}", folder):
        (folder / NEWS).mkdir(parents=True, exist_ok=True)
    try:
        yield
    except KeyboardInterrupt:
        raise StoppedComparison(folder, _begun(folder)) from None
    finally:
        shutil.rmtree(folder / NEWS, ignore_errors=True)
        if new and not _begun(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _begun(folder: Path) -> bool:
    """Whether any run of the study has recorded something."""
    return any(folder.rglob("seed-*/run.json"))
