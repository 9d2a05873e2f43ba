"""Resume = continue: the same bits and the same folder, wherever the run was split."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stand_in import StandInModel

from exocosm.ground.errors import RunError
from exocosm.results import Run, Stopped, resume, run
from exocosm.results.recording import read_about, write_about

VOLATILE = {"run.json"}


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a run folder but those that tell wall time."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.name not in VOLATILE}


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    import stand_in

    with pytest.MonkeyPatch.context() as patch:
        stand_in.install(patch.setattr)
        return run(StandInModel(), out=tmp_path_factory.mktemp("whole") / "run")


@settings(max_examples=5, deadline=None)
@given(splits=st.lists(st.integers(1, 119), min_size=1, max_size=3, unique=True).map(sorted))
def test_a_split_run_is_the_uninterrupted_run(tmp_path_factory, uninterrupted, splits):
    folder = tmp_path_factory.mktemp("split") / "run"
    run(StandInModel(), splits[0] * 6.0, out=folder)
    for split in splits[1:]:
        resume(folder, split * 6.0)
    made = resume(folder, 720.0)
    assert made.digest == uninterrupted.digest
    assert contents(folder) == contents(uninterrupted.path)


@pytest.mark.parametrize("calls", [1, 2, 3, 5])
def test_a_stopped_run_saves_itself_and_goes_on(tmp_path, uninterrupted, calls):
    left = calls

    def stop_soon(advance):
        nonlocal left
        left -= 1
        return left == 0

    with pytest.raises(Stopped, match="exocosm resume") as stopped:
        run(StandInModel(), out=tmp_path / "run", progress=stop_soon)
    assert stopped.value.run.status == "stopped"
    assert stopped.value.run.last_checkpoint().tick * 6.0 == stopped.value.run.info["tick"] * 6.0
    made = resume(tmp_path / "run")
    assert made.status == "complete"
    assert contents(made.path) == contents(uninterrupted.path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_finishes_the_tick_and_saves(tmp_path, uninterrupted, number):
    class Interrupt:
        every = 240.0

        def observe(self, simulation):
            if simulation.tick == 40:
                os.kill(os.getpid(), number)

    with pytest.raises(Stopped):
        run(StandInModel(), out=tmp_path / "run", observers=[Interrupt()])
    assert Run.open(tmp_path / "run").last_checkpoint().tick >= 40
    assert resume(tmp_path / "run").digest == uninterrupted.digest


def test_a_finished_run_is_returned_as_it_is(uninterrupted):
    before = contents(uninterrupted.path)
    assert resume(uninterrupted.path).digest == uninterrupted.digest
    assert contents(uninterrupted.path) == before


def test_records_after_the_checkpoint_are_dropped_and_made_anew(tmp_path, uninterrupted):
    run(StandInModel(), out=tmp_path / "run")
    index = tmp_path / "run" / "index.jsonl"
    lines = index.read_text().splitlines(keepends=True)
    index.write_text("".join(lines[:8]))
    write_about(tmp_path / "run", read_about(tmp_path / "run") | {"status": "unfinished"})
    made = resume(tmp_path / "run")
    assert contents(made.path) == contents(uninterrupted.path)


def test_an_end_before_the_saved_state_is_refused(tmp_path):
    def stop_late(advance):
        return advance.time >= 300

    with pytest.raises(Stopped):
        run(StandInModel(), out=tmp_path / "run", progress=stop_late)
    with pytest.raises(RunError, match="after the wanted end"):
        resume(tmp_path / "run", 60.0)


def test_other_versions_are_told(tmp_path):
    run(StandInModel(), 240.0, out=tmp_path / "run")
    about = read_about(tmp_path / "run")
    write_about(tmp_path / "run", about | {"versions": about["versions"] | {"numba": "0.1"}})
    with pytest.warns(UserWarning, match="bits may differ"):
        resume(tmp_path / "run", 300.0)
