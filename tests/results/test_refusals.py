"""What cannot be written is told before it costs time, and nothing half-written stays behind."""

from __future__ import annotations

import errno
import os

import pytest
from stand_in import StandInModel, StandInSimulation

from exocosm.ground.errors import RunError
from exocosm.results import durable, resume, run
from exocosm.results.durable import sole_writer
from exocosm.results.tables import GrowingTable


def refuse(number):
    def refusing(*_, **__):
        raise OSError(number, os.strerror(number))

    return refusing


def test_a_folder_with_something_in_it_is_never_written_to(model, tmp_path):
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(RunError, match="it exists already"):
        run(model, out=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_may_be_used(model, tmp_path):
    assert run(model, "1 h", out=tmp_path).status == "complete"


def test_a_file_in_the_way_is_told(model, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="file: cannot make the run folder: a file of that name stands there"):
        run(model, out=tmp_path / "file" / "run")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EROFS, "the disk is read-only"),
        (errno.EACCES, "you may not"),
        (errno.ENOSPC, "the disk is full"),
    ],
)
def test_a_place_that_takes_no_files_is_told_and_left_clean(model, tmp_path, monkeypatch, number, words):
    monkeypatch.setattr(durable.os, "replace", refuse(number))
    with pytest.raises(RunError, match=words):
        run(model, out=tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_leaves_the_complete_records(model, tmp_path, monkeypatch):
    class Full:
        every = 360.0

        def observe(self, simulation):
            if simulation.tick == 60:
                monkeypatch.setattr(durable.os, "fsync", refuse(errno.ENOSPC))

    with pytest.raises(RunError, match="the disk is full"):
        run(model, out=tmp_path / "run", observers=[Full()])
    monkeypatch.undo()
    import stand_in

    stand_in.install(monkeypatch.setattr)
    assert resume(tmp_path / "run").digest == run(model, out=tmp_path / "whole").digest


def test_an_engine_that_does_not_start_leaves_no_folder(model, tmp_path, monkeypatch):
    from exocosm.results import engine

    monkeypatch.setattr(engine, "start", lambda *_: (_ for _ in ()).throw(RunError("no")))
    with pytest.raises(RunError, match="no"):
        run(model, out=tmp_path / "deep" / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_first_record_that_fails_leaves_no_folder(model, tmp_path, monkeypatch):
    monkeypatch.setattr(StandInSimulation, "cell_table", lambda self: {}["key"])
    with pytest.raises(KeyError):
        run(model, out=tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_two_processes_never_write_one_run(model, tmp_path):
    made = run(model, "1 h", out=tmp_path / "run")
    with sole_writer(made.path), pytest.raises(RunError, match="another process is writing this run"):
        resume(made.path, "2 h")


def test_runs_without_a_place_get_new_ones(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    short = StandInModel(duration=60.0, every=(("summary", 60),))
    assert [str(run(short).path) for _ in range(2)] == ["runs/stand-in", "runs/stand-in-2"]


def test_numbers_in_tables_come_back_as_the_same_doubles(tmp_path):
    import numpy as np

    table = GrowingTable(tmp_path / "t.csv")
    values = [0.1 + 0.2, np.float64(1) / 3, 5e-324, float("nan"), 1e300]
    part = [table.append([{"tick": i, "value": value}]) for i, value in enumerate(values)][-1]
    assert np.array_equal(table.read(part)["value"], values, equal_nan=True)


def test_columns_that_change_in_mid_run_are_an_error(tmp_path):
    table = GrowingTable(tmp_path / "t.csv")
    table.append([{"a": 1}])
    with pytest.raises(RunError, match="changed during the run: b"):
        table.append([{"a": 1, "b": 2}])
