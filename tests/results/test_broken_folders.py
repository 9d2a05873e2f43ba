"""Each fault of a run folder gets one error that names the file and the reason, whatever is asked of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from broken_folders import CASES
from stand_in import StandInModel

from exocosm.ground.errors import RunError
from exocosm.results import Run, resume, run


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import stand_in

    with pytest.MonkeyPatch.context() as patch:
        stand_in.install(patch.setattr)
        return run(StandInModel(duration=240.0), out=tmp_path_factory.mktemp("whole") / "run").path


def read_everything(folder: Path) -> None:
    """Touch all that a run folder offers, the way to go on included."""
    opened = Run.open(folder)
    _ = opened.model, opened.label, opened.seed, opened.time_h, opened.summary, opened.ledger
    for hour in opened.cell_times:
        opened.cells(hour)
    opened.fields.load()
    resume(folder, 300.0)


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_told_with_the_file_and_the_reason(whole: Path, tmp_path: Path, name: str) -> None:
    harm, file, words = CASES[name]
    folder = tmp_path / "run"
    shutil.copytree(whole, folder)
    harm(folder)
    with pytest.raises(RunError) as caught:
        read_everything(folder)
    message = str(caught.value)
    assert message.startswith(f"{folder / file}")
    assert words in message
    assert len(message) < 1000


def test_the_whole_folder_has_no_fault(whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path / "run")
    read_everything(tmp_path / "run")


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 90
