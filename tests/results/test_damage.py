"""A broken run folder is told in plain words: which file, what is wrong."""

from __future__ import annotations

import contextlib
import io
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from stand_in import StandInModel

from exocosm.ground.errors import ExocosmError, RunError
from exocosm.results import Run, resume, run
from exocosm.results.checkpoints import read_checkpoint, write_checkpoint
from exocosm.results.durable import file_fingerprint
from exocosm.results.index import Record


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return run(StandInModel(duration=240.0), out=tmp_path / "run").path


def read_everything(folder: Path) -> None:
    """Touch all that a run folder offers, the way to go on included."""
    opened = Run.open(folder)
    _ = opened.model, opened.summary, opened.ledger
    for hour in opened.cell_times:
        opened.cells(hour)
    opened.fields.load()
    resume(folder, 300.0)


def overwrite(path: Path, old: bytes, new: bytes) -> None:
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, 1))


DAMAGE = {
    "no run.json": ("run.json", lambda p: p.unlink(), "not a run folder"),
    "run.json is no JSON": ("run.json", lambda p: p.write_text("{"), "not readable JSON"),
    "run.json edited": ("run.json", lambda p: overwrite(p, b'"seed": 1', b'"seed": 2'), "changed or damaged"),
    "a later format": ("run.json", lambda p: overwrite(p, b"run/1", b"run/9"), "exocosm-run/9"),
    "no index": ("index.jsonl", lambda p: p.unlink(), "does not exist"),
    "index line is no JSON": (
        "index.jsonl",
        lambda p: overwrite(p, b"{", b"["),
        "line 1: this record is damaged",
    ),
    "index value changed": ("index.jsonl", lambda p: overwrite(p, b'"tick": 10', b'"tick": 11'), "check sum"),
    "index is binary": ("index.jsonl", lambda p: p.write_bytes(b"\xff\x00\n"), "line 1"),
    "index reversed": (
        "index.jsonl",
        lambda p: p.write_text("".join(reversed(p.read_text().splitlines(keepends=True)))),
        "out of order",
    ),
    "summary cut": ("summary.csv", lambda p: p.write_bytes(p.read_bytes()[:50]), "ends after 50 of the"),
    "summary gone": ("summary.csv", lambda p: p.unlink(), "does not exist"),
    "summary binary": ("summary.csv", lambda p: p.write_bytes(b"\xff" * p.stat().st_size), "not the table"),
    "ledger cut": ("ledger.csv", lambda p: p.write_bytes(b""), "ends after 0 of the"),
    "cells gone": ("cells/30.h5ad", lambda p: p.unlink(), "does not exist"),
    "cells damaged": ("cells/30.h5ad", lambda p: p.write_bytes(b"no HDF5"), "is damaged"),
    "checkpoint gone": ("checkpoints/40.npz", lambda p: p.unlink(), "does not exist"),
    "checkpoint damaged": ("checkpoints/40.npz", lambda p: p.write_bytes(p.read_bytes()[:-9]), "is damaged"),
    "fields without metadata": ("fields.zarr/zarr.json", lambda p: p.write_text("?"), "not a readable store"),
    "field damaged": ("fields.zarr/oxygen/c/1/0/0/0", lambda p: p.write_bytes(b"?"), "is damaged"),
    "field gone": ("fields.zarr/oxygen/c/1/0/0/0", lambda p: p.unlink(), "is missing"),
    "model changed": ("resolved.yaml", lambda p: p.write_text(p.read_text() + " "), "changed afterwards"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_told_with_the_file_and_the_reason(folder, name):
    place, harm, words = DAMAGE[name]
    harm(folder / place)
    with pytest.raises(RunError) as error:
        read_everything(folder)
    assert words in str(error.value)
    assert place.split("/")[0] in str(error.value) or str(folder) in str(error.value)


@settings(max_examples=40, phases=[Phase.generate])
@given(data=st.data())
def test_flipped_bytes_never_end_in_a_traceback(tmp_path_factory, data):
    """Fuzzing: either the damage is told, or it lies where nothing is read."""
    folder = run(StandInModel(duration=60.0), out=tmp_path_factory.mktemp("fuzz") / "run").path
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
    path = data.draw(st.sampled_from(files))
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, 10**9)) % len(content)] ^= data.draw(st.integers(1, 255))
    path.write_bytes(bytes(content))
    with contextlib.suppress(ExocosmError):
        read_everything(folder)


def test_an_index_line_cut_short_is_no_record(folder):
    before = Run.open(folder).records
    with (folder / "index.jsonl").open("a") as file:
        file.write(Record(50, 300.0, {"summary": {"bytes": 9}}).line()[:-5])
    assert Run.open(folder).records == before


def test_no_folder_and_foreign_folders_are_told(tmp_path):
    with pytest.raises(RunError, match="there is no such run folder"):
        Run.open(tmp_path / "nothing")
    with pytest.raises(RunError, match="not a run folder"):
        Run.open(tmp_path)


def npz(**arrays: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def test_a_checkpoint_comes_back_bit_for_bit(tmp_path):
    arrays = {"a.b": np.arange(5.0), "key": np.array([2**63 + 1], np.uint64), "name": np.array(["x", "µm"])}
    write_checkpoint(tmp_path / "c.npz", arrays)
    back = read_checkpoint(tmp_path / "c.npz")
    assert set(back) == set(arrays)
    assert all(np.array_equal(back[name], arrays[name]) for name in arrays)


def test_a_hostile_checkpoint_runs_nothing(tmp_path):
    class Hostile:
        def __reduce__(self):
            return Path.touch, (tmp_path / "ran",)

    path = tmp_path / "c.npz"
    path.write_bytes(npz(state=np.array([Hostile()], dtype=object)))
    with pytest.raises(RunError, match="not a readable checkpoint"):
        read_checkpoint(path)
    path.write_bytes(pickle.dumps(Hostile()))
    with pytest.raises(RunError, match="not a readable checkpoint"):
        read_checkpoint(path)
    assert not (tmp_path / "ran").exists()


def test_a_checkpoint_that_would_unpack_to_more_than_its_size_is_refused(tmp_path):
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("state.npy", b"\0" * 10_000_000)
    with pytest.raises(RunError, match="compressed"):
        read_checkpoint(path)


def test_other_formats_and_wrong_hashes_are_refused(tmp_path):
    path = tmp_path / "c.npz"
    path.write_bytes(npz(a=np.zeros(2)))
    with pytest.raises(RunError, match="found no format"):
        read_checkpoint(path)
    path.write_bytes(npz(a=np.zeros(2), __format__=np.array("exocosm-checkpoint/1"), __hash__=np.array("0")))
    with pytest.raises(RunError, match="does not fit its hash"):
        read_checkpoint(path)


def test_a_checkpoint_of_another_model_does_not_restore(folder):
    index = folder / "index.jsonl"
    path = folder / "checkpoints" / "40.npz"
    write_checkpoint(path, {"clock": np.array([1, 40])})
    part = {"file": "checkpoints/40.npz", "blake2b": file_fingerprint(path), "digest": "0"}
    index.write_text(index.read_text() + Record(40, 240.0, {"checkpoint": part}).line())
    with pytest.raises(RunError, match="the state does not fit the model"):
        resume(folder, 300.0)
