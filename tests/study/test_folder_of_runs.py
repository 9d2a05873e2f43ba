"""The folder of a study is there while its runs are made, and stays only where one of them was begun."""

from __future__ import annotations

from pathlib import Path

import pytest

from exocosm.ground.errors import RunError
from exocosm.study.arms import StoppedComparison
from exocosm.study.folder_of_runs import NEWS, making_runs


def begin(folder: Path) -> Path:
    """What the first run of a study records first."""
    record = folder / "runs" / "baseline" / "seed-1" / "run.json"
    record.parent.mkdir(parents=True)
    record.write_text("{}")
    return record


def stop_in(folder: Path, begun: bool) -> None:
    """Ctrl-C in a study."""
    with making_runs(folder, "attribution"):
        if begun:
            begin(folder)
        raise KeyboardInterrupt


def test_a_new_folder_in_which_nothing_was_begun_goes_away(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "study"
    with making_runs(folder, "comparison"):
        assert (folder / NEWS).is_dir()
    assert not folder.exists()


def test_what_was_begun_stays_without_the_news_of_it(tmp_path: Path) -> None:
    with making_runs(tmp_path / "study", "comparison"):
        record = begin(tmp_path / "study")
    assert record.exists()
    assert not (tmp_path / "study" / NEWS).exists()


def test_a_folder_that_was_there_stays_though_nothing_was_begun(tmp_path: Path) -> None:
    with making_runs(tmp_path, "comparison"):
        (tmp_path / "mine.txt").write_text("kept")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("begun", [True, False])
def test_a_stop_says_whether_anything_was_begun(tmp_path: Path, begun: bool) -> None:
    folder = tmp_path / "study"
    with pytest.raises(StoppedComparison) as stopped:
        stop_in(folder, begun)
    assert ("go on by asking again" in str(stopped.value)) == begun
    assert folder.exists() == begun


def test_a_folder_that_cannot_be_made_is_one_plain_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(RunError, match="cannot make the folder of the comparison"),
        making_runs(tmp_path / "file" / "study", "comparison"),
    ):
        pass
