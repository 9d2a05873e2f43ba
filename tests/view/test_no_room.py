"""A report or figures for which there is no room: one error with place and reason, nothing half-written."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from exocosm.ground.errors import RunError
from exocosm.view import write_figures, write_report


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "the disk is read-only")]
)
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_no_room_is_told(
    several: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, words: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    (tmp_path / "report.html").write_text("the one before")
    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(RunError, match=words) as caught:
        write_report(several, tmp_path / "report.html")
    assert str(tmp_path / "report.html") in str(caught.value)
    with pytest.raises(RunError, match=words) as caught:
        write_figures(several, tmp_path, ["ledger"])
    assert str(tmp_path) in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert (tmp_path / "report.html").read_text() == "the one before"


def test_a_file_in_the_way_is_told(several: list[Any], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match=r"a part of the path is a file|a file of that name stands there"):
        write_report(several, tmp_path / "file" / "report.html")
    with pytest.raises(RunError, match=r"a part of the path is a file|a file of that name stands there"):
        write_figures(several, tmp_path / "file", ["ledger"])
