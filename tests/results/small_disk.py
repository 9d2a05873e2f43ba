"""Runs on a disk that is too small, or read-only: a tmpfs in a mount namespace of this process's own.

Called under `unshare` with a folder to mount on. It prints one JSON line for each thing that it tried.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import stand_in

MODEL = stand_in.StandInModel(
    duration=720.0, every=(("summary", 12), ("cells", 36), ("fields", 24), ("checkpoint", 60))
)
SIZES = (4, 24, 72, 148, 300, 600)
"""KiB, from too small for the folder to nearly enough for the run."""


def mount(place: Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(place)], check=True)


def remount(place: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(place)], check=True)


def unmount(place: Path) -> None:
    subprocess.run(["umount", "-l", str(place)], check=True)


def told(call: Callable[[], Any]) -> str | None:
    """What a RunError says; None if there was none. Anything else is a failure of the test."""
    from exocosm.ground.errors import RunError

    try:
        call()
    except RunError as error:
        return str(error)
    return None


def read_all(folder: Path) -> int:
    """The ticks that an opened folder has in full, every part of every record read."""
    from exocosm.results import Run

    opened = Run.open(folder)
    assert list(opened.summary["tick"]) == [r.tick for r in opened.records if r.has("summary")]
    assert len(opened.ledger_over_time) == len(opened.summary)
    for hour in opened.cell_times:
        opened.cells(hour)
    opened.fields.load()
    opened.last_checkpoint()
    return opened.records[-1].tick if opened.records else 0


def full(place: Path, size: int) -> dict[str, Any]:
    """A run on a disk of so many KiB, then gone on with on a larger one."""
    from exocosm.results import resume, run

    mount(place, f"size={size}k")
    folder = place / "run"
    message = told(lambda: run(MODEL, out=folder))
    left = sorted(path.name for path in place.iterdir())
    ticks = read_all(folder) if folder.exists() else None
    again = told(lambda: resume(folder)) if folder.exists() else None
    ticks_again = read_all(folder) if folder.exists() else None
    remount(place, "size=64m")
    made = resume(folder) if folder.exists() else run(MODEL, out=folder)
    read_all(folder)
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
    unmount(place)
    return {"size": size, "message": message, "left": left, "ticks": ticks, "again": again,
            "ticks_again": ticks_again, "digest": made.digest, "files": files}  # fmt: skip


def read_only(place: Path) -> dict[str, Any]:
    """A run whose disk becomes read-only, read and gone on with there, and then once it may be written to."""
    from exocosm.results import resume, run

    mount(place, "size=64m")
    folder = place / "run"
    run(MODEL, 360.0, out=folder)
    remount(place, "ro")
    ticks = read_all(folder)
    message, begun = told(lambda: resume(folder, 720.0)), told(lambda: run(MODEL, out=place / "other"))
    same = read_all(folder) == ticks
    remount(place, "rw")
    made = resume(folder, 720.0)
    unmount(place)
    return {"message": message, "begun": begun, "same": same, "digest": made.digest}


if __name__ == "__main__":
    stand_in.install()
    where = Path(sys.argv[1])
    for size in SIZES:
        print(json.dumps(full(where, size)), flush=True)
    print(json.dumps(read_only(where)), flush=True)
