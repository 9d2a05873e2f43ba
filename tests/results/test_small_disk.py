"""A disk that is full, read-only or fails at any call: one clear error, nothing corrupted, the same run then.

A real small disk is a tmpfs in a mount namespace, where the system lets a test make one (as root, or by user
namespaces); permission bits would not do, as they do not bind root. Everywhere, files are limited in size
(RLIMIT_FSIZE), and any call of the operating system that writes is made to fail.
"""

from __future__ import annotations

import errno
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import small_disk
from stand_in import StandInModel

import exocosm
from exocosm.ground.errors import RunError
from exocosm.results import Run, durable, resume, run
from exocosm.results.tables import os as tables_os

UNSHARE = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(exocosm.__file__).parents[1])}
MODEL = StandInModel(duration=240.0)


def may_mount(place: Path) -> bool:
    command = f"mount -t tmpfs -o size=4k none {place} && mount -o remount,ro {place}"
    try:
        return (
            subprocess.run([*UNSHARE, "sh", "-c", command], capture_output=True, check=False).returncode == 0
        )
    except OSError:
        return False


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What happened on the small disks."""
    place = tmp_path_factory.mktemp("disk")
    if not may_mount(place):
        pytest.skip("this system lets a test mount nothing")
    command = [*UNSHARE, sys.executable, small_disk.__file__, str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Run:
    import stand_in

    with pytest.MonkeyPatch.context() as patch:
        stand_in.install(patch.setattr)
        return run(small_disk.MODEL, out=tmp_path_factory.mktemp("whole") / "run")


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> str:
    import stand_in

    with pytest.MonkeyPatch.context() as patch:
        stand_in.install(patch.setattr)
        return str(run(MODEL, out=tmp_path_factory.mktemp("short") / "run").digest)


def test_a_full_disk_is_told_and_what_was_complete_stays(tried: list[dict[str, Any]], whole: Run) -> None:
    *full, _ = tried
    files = sorted(str(path.relative_to(whole.path)) for path in whole.path.rglob("*"))
    for found in full:
        assert found["message"], f"{found['size']} KiB were enough"
        assert "the disk is full" in found["message"]
        assert "\n" not in found["message"]
        assert found["left"] in ([], ["run"])
        assert found["digest"] == whole.digest
        assert found["files"] == files
        if found["ticks"] is not None:
            assert "the disk is full" in found["again"]
            assert found["ticks_again"] is not None
    reached = [found["ticks"] for found in full]
    assert reached[0] is None
    assert reached[-1] > 20


def test_a_read_only_disk_is_told_and_can_be_read(tried: list[dict[str, Any]], whole: Run) -> None:
    found = tried[-1]
    for message in (found["message"], found["begun"]):
        assert message.endswith(": the disk is read-only")
        assert "\n" not in message
    assert found["same"]
    assert found["digest"] == whole.digest


LIMITED = """
import resource, sys
sys.path[:0] = [{tests!r}]
import stand_in
from pathlib import Path
from exocosm.ground.errors import RunError
from exocosm.results import run
stand_in.install()
import anndata, zarr, pandas
for limit in {limits}:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        run(stand_in.StandInModel(duration=240.0), out=Path({out!r}) / str(limit))
    except RunError as error:
        print(str(error).replace(chr(10), "|"))
    else:
        print("enough")
"""
LIMITS = (100, 1_000, 3_000, 8_000, 14_000, 20_000, 1_000_000)


def test_a_limit_on_the_size_of_files_is_told(tmp_path: Path, uninterrupted: str) -> None:
    code = LIMITED.format(tests=str(Path(__file__).parent), limits=LIMITS, out=str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=ENVIRONMENT
    )
    assert done.returncode == 0, done.stderr
    *short, enough = done.stdout.splitlines()
    assert len(short) == len(LIMITS) - 1
    assert enough == "enough"
    for limit, message in zip(LIMITS, short, strict=False):
        assert "larger than this system allows" in message
        assert "|" not in message
        folder = tmp_path / str(limit)
        made = resume(folder) if folder.exists() else run(MODEL, out=folder)
        assert made.digest == uninterrupted


class Failing:
    """Calls of the operating system of which one fails, counted over all of them."""

    CALLS = ("fsync", "replace", "open", "truncate", "mkdir")

    def __init__(self, number: int, after: int, patch: pytest.MonkeyPatch) -> None:
        self.left, self.number = after, number
        for name in self.CALLS:
            patch.setattr(os, name, self.wrapped(getattr(os, name)))

    def wrapped(self, call: Any) -> Any:
        def counted(*arguments: Any, **named: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                raise OSError(self.number, os.strerror(self.number), str(arguments[0]))
            return call(*arguments, **named)

        return counted


MOMENTS = random.Random(7)
FAILURES = [
    (number, MOMENTS.randint(1, 150)) for number in (errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT) * 8
]


@pytest.mark.parametrize(("number", "after"), FAILURES)
def test_any_call_that_fails_is_told_and_nothing_is_corrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uninterrupted: str, number: int, after: int
) -> None:
    assert durable.os is tables_os is os
    message = None
    with monkeypatch.context() as patch:
        Failing(number, after, patch)
        try:
            run(MODEL, out=tmp_path / "run")
        except RunError as error:
            message = str(error)
    if message is None:  # the call was one that may fail: of a folder that is there already, or none so late
        assert Run.open(tmp_path / "run").status == "complete"
    else:
        assert durable.REASONS[number] in message
        assert "\n" not in message
    assert [path.name for path in tmp_path.iterdir()] in ([], ["run"])
    if (tmp_path / "run").exists():
        small_disk.read_all(tmp_path / "run")
        made = resume(tmp_path / "run")
    else:
        made = run(MODEL, out=tmp_path / "run")
    assert made.digest == uninterrupted
