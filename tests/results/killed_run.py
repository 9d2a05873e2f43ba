"""A run in a process of its own, slow enough to be killed in the middle."""

from __future__ import annotations

from pathlib import Path

import stand_in

MODEL = stand_in.StandInModel(
    duration=720.0,
    every=(("summary", 12), ("cells", 24), ("fields", 18), ("checkpoint", 60)),
    growth=0.01,
    pause=0.004,
)


def start_or_go_on(folder: Path) -> None:
    """The body of the process."""
    from exocosm.results import resume, run

    stand_in.install()
    resume(folder) if folder.exists() else run(MODEL, out=folder)
