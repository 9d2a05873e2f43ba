"""Run folders with one fault each: how a whole one is harmed, which file an error must name, and its words.

A whole folder is a run of the stand-in to tick 40 with records of all kinds. Harm that comes with the right
check sums stands for a folder that another program wrote, or wrote wrongly.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from exocosm.results.checkpoints import write_checkpoint
from exocosm.results.durable import file_fingerprint, fingerprint

Harm = Callable[[Path], Any]
CELLS, STATE, CHUNK = "cells/30.h5ad", "checkpoints/40.npz", "fields.zarr/oxygen/c/1/0/0/0"


def gone(name: str) -> Harm:
    def harm(folder: Path) -> None:
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return harm


def written(name: str, content: bytes) -> Harm:
    return lambda folder: (folder / name).write_bytes(content)


def cut(name: str, length: int) -> Harm:
    return lambda folder: os.truncate(folder / name, length)


def changed(name: str, old: bytes, new: bytes) -> Harm:
    def harm(folder: Path) -> None:
        content = (folder / name).read_bytes()
        assert old in content
        (folder / name).write_bytes(content.replace(old, new, 1))

    return harm


def flipped(name: str, place: float) -> Harm:
    """One bit of a file, at a share of its length."""

    def harm(folder: Path) -> None:
        content = bytearray((folder / name).read_bytes())
        content[int(place * (len(content) - 1))] ^= 4
        (folder / name).write_bytes(content)

    return harm


def made_folder(name: str) -> Harm:
    """A folder where a file should be."""

    def harm(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).mkdir()

    return harm


def sealed(content: dict[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in content.items() if name != "check"}
    return plain | {"check": fingerprint(json.dumps(plain, sort_keys=True).encode())[:8]}


def about(**changes: Any) -> Harm:
    """Another run.json with the right check sum; None takes an entry out."""

    def harm(folder: Path) -> None:
        content = json.loads((folder / "run.json").read_text()) | changes
        content = {name: value for name, value in content.items() if value is not ...}
        (folder / "run.json").write_text(json.dumps(sealed(content)))

    return harm


def record(kind: str, **changes: Any) -> Harm:
    """Another entry of a kind in the last line of the index that has one, with the right check sum."""

    def harm(folder: Path) -> None:
        lines = [json.loads(line) for line in (folder / "index.jsonl").read_text().splitlines()]
        line = [line for line in lines if kind in line][-1]
        if isinstance(line[kind], dict):
            line[kind] = {name: value for name, value in (line[kind] | changes).items() if value is not ...}
        else:
            line[kind] = changes["value"]
        (folder / "index.jsonl").write_text("".join(json.dumps(sealed(one)) + "\n" for one in lines))

    return harm


def entry(kind: str, value: Any) -> Harm:
    """Something else in place of a whole entry of the index."""

    def harm(folder: Path) -> None:
        lines = [json.loads(line) for line in (folder / "index.jsonl").read_text().splitlines()]
        [line for line in lines if kind in line][-1][kind] = value
        (folder / "index.jsonl").write_text("".join(json.dumps(sealed(one)) + "\n" for one in lines))

    return harm


def lines(change: Callable[[list[str]], list[str]]) -> Harm:
    def harm(folder: Path) -> None:
        path = folder / "index.jsonl"
        path.write_text("".join(change(path.read_text().splitlines(keepends=True))))

    return harm


def state(**arrays: Any) -> Harm:
    """Another checkpoint, whole and listed in the index."""

    def harm(folder: Path) -> None:
        write_checkpoint(folder / STATE, arrays)
        record("checkpoint", blake2b=file_fingerprint(folder / STATE))(folder)

    return harm


def other_state(content: bytes) -> Harm:
    def harm(folder: Path) -> None:
        (folder / STATE).write_bytes(content)
        record("checkpoint", blake2b=fingerprint(content))(folder)

    return harm


def other_cells(content: bytes) -> Harm:
    def harm(folder: Path) -> None:
        file = json.loads((folder / "index.jsonl").read_text().splitlines()[-1])["cells"]["file"]
        (folder / file).write_bytes(content)
        record("cells", blake2b=fingerprint(content))(folder)

    return harm


def cells_of_others(folder: Path) -> None:
    """A whole .h5ad of another program in place of the record."""
    import anndata

    file = folder / json.loads((folder / "index.jsonl").read_text().splitlines()[-1])["cells"]["file"]
    anndata.AnnData(np.zeros((3, 1))).write_h5ad(file)
    record("cells", blake2b=file_fingerprint(file))(folder)


def other_model(text: str) -> Harm:
    def harm(folder: Path) -> None:
        (folder / "resolved.yaml").write_text(text)
        about(model_hash=fingerprint(text.encode()))(folder)

    return harm


CASES: dict[str, tuple[Harm, str, str]] = {
    "no run.json": (gone("run.json"), "", "it holds no run.json"),
    "run.json is a folder": (made_folder("run.json"), "", "it holds no run.json"),
    "run.json empty": (written("run.json", b""), "run.json", "not readable JSON"),
    "run.json cut": (cut("run.json", 99), "run.json", "not readable JSON"),
    "run.json binary": (written("run.json", b"\xff\xfe\x00"), "run.json", "not readable JSON"),
    "run.json a list": (written("run.json", b"[1, 2]"), "run.json", "found format None"),
    "run.json nested deeply": (written("run.json", b"[" * 100_000), "run.json", "not readable JSON"),
    "run.json with a huge number": (
        written("run.json", b'{"format": ' + b"9" * 5000 + b"}"),
        "run.json",
        "not readable JSON",
    ),
    "run.json of another seed": (changed("run.json", b'"seed": 1', b'"seed": 2'), "run.json", "check sum"),
    "run.json without a check": (changed("run.json", b'"check"', b'"chack"'), "run.json", "check sum"),
    "run.json flipped": (flipped("run.json", 0.5), "run.json", ""),
    "a later format": (changed("run.json", b"run/1", b"run/9"), "run.json", "exocosm-run/9"),
    "no seed": (about(seed=...), "run.json", "seed"),
    "seed as a word": (about(seed="one"), "run.json", "seed"),
    "seed negative": (about(seed=-1), "run.json", "seed"),
    "seed as a decimal": (about(seed=1.5), "run.json", "seed"),
    "no status": (about(status=...), "run.json", "status"),
    "unknown status": (about(status="fine"), "run.json", "status"),
    "no end": (about(until_tick=...), "run.json", "until_tick"),
    "end as a word": (about(status="stopped", until_tick="soon"), "run.json", "until_tick"),
    "end as nothing": (about(status="stopped", until_tick=None), "run.json", "until_tick"),
    "end negative": (about(until_tick=-5), "run.json", "until_tick"),
    "no tick": (about(tick=...), "run.json", "tick"),
    "tick as a list": (about(tick=[40]), "run.json", "tick"),
    "no hash of the model": (about(model_hash=...), "run.json", "model_hash"),
    "time spent as a word": (about(wall_s="long"), "run.json", "wall_s"),
    "costs as a list": (about(costs_s=[1]), "run.json", "costs_s"),
    "warnings as a number": (about(warnings=3), "run.json", "warnings"),
    "label as a list": (about(label=["a"]), "run.json", "label"),
    "no index": (gone("index.jsonl"), "index.jsonl", "it does not exist"),
    "index is a folder": (made_folder("index.jsonl"), "index.jsonl", ""),
    "index binary": (written("index.jsonl", b"\xff\x00\n"), "index.jsonl, line 1", "damaged"),
    "index line no JSON": (changed("index.jsonl", b"{", b"["), "index.jsonl, line 1", "damaged"),
    "index line a number": (written("index.jsonl", b"3\n"), "index.jsonl, line 1", "check sum"),
    "index line nested deeply": (
        written("index.jsonl", b"[" * 100_000 + b"\n"),
        "index.jsonl, line 1",
        "damaged",
    ),
    "index line empty": (lines(lambda all: [*all[:1], "\n", *all[1:]]), "index.jsonl, line 2", "damaged"),
    "index tick changed": (
        changed("index.jsonl", b'"tick": 10', b'"tick": 11'),
        "index.jsonl",
        "check sum",
    ),
    "index reversed": (lines(lambda all: all[::-1]), "index.jsonl", "out of order"),
    "index flipped": (flipped("index.jsonl", 0.4), "index.jsonl", "damaged"),
    "tick of a record as a word": (entry("tick", "ten"), "index.jsonl", "damaged"),
    "tick of a record negative": (entry("tick", -3), "index.jsonl", ""),
    "time of a record not finite": (entry("time_min", float("nan")), "index.jsonl", ""),
    "time of a record as a list": (entry("time_min", [1]), "index.jsonl", "damaged"),
    "entry as a number": (entry("summary", 7), "index.jsonl", "damaged"),
    "length as a word": (record("summary", bytes="many"), "index.jsonl", "damaged"),
    "length negative": (record("summary", bytes=-1), "index.jsonl", "damaged"),
    "no length": (record("ledger", bytes=...), "index.jsonl", "damaged"),
    "no hash": (record("summary", blake2b=...), "index.jsonl", "damaged"),
    "no file of cells": (record("cells", file=...), "index.jsonl", "damaged"),
    "file of cells elsewhere": (record("cells", file="../../cells.h5ad"), "index.jsonl", "damaged"),
    "file of cells from the root": (record("cells", file="/etc/passwd"), "index.jsonl", "damaged"),
    "file of cells as a list": (record("cells", file=[1]), "index.jsonl", "damaged"),
    "state elsewhere": (record("checkpoint", file="../x.npz"), "index.jsonl", "damaged"),
    "hashes of fields as text": (record("fields", blake2b="abc"), "index.jsonl", "damaged"),
    "no hashes of fields": (record("fields", blake2b=...), "index.jsonl", "damaged"),
    "chunk elsewhere": (record("fields", blake2b={"../../x": "0"}), "index.jsonl", "damaged"),
    "no summary": (gone("summary.csv"), "summary.csv", "it does not exist"),
    "summary a folder": (made_folder("summary.csv"), "summary.csv", ""),
    "summary cut": (cut("summary.csv", 50), "summary.csv", "ends after 50 of the"),
    "summary empty": (cut("summary.csv", 0), "summary.csv", "ends after 0 of the"),
    "summary flipped": (flipped("summary.csv", 0.5), "summary.csv", "not the table that was written"),
    "no ledger": (gone("ledger.csv"), "ledger.csv", "it does not exist"),
    "ledger cut": (cut("ledger.csv", 10), "ledger.csv", "ends after 10 of the"),
    "ledger flipped": (flipped("ledger.csv", 0.9), "ledger.csv", "not the table that was written"),
    "no cells": (gone(CELLS), CELLS, "it does not exist"),
    "no folder of cells": (gone("cells"), "cells/", "it does not exist"),
    "cells empty": (cut(CELLS, 0), CELLS, "the file is damaged"),
    "cells flipped": (flipped(CELLS, 0.5), CELLS, "the file is damaged"),
    "cells no HDF5": (other_cells(b"no HDF5"), "cells/40.h5ad", "not a readable record of cells"),
    "cells of another program": (cells_of_others, "cells/40.h5ad", "exocosm-cells/1"),
    "no state": (gone(STATE), STATE, "it does not exist"),
    "no folder of states": (gone("checkpoints"), "checkpoints/", "it does not exist"),
    "state cut": (cut(STATE, 99), STATE, "the checkpoint is damaged"),
    "state flipped": (flipped(STATE, 0.3), STATE, "the checkpoint is damaged"),
    "state no archive": (other_state(b"PK no"), STATE, "not a readable checkpoint"),
    "state empty": (other_state(b""), STATE, "not a readable checkpoint"),
    "state of another model": (state(clock=np.array([1, 40])), STATE, "the state does not fit the model"),
    "state without a clock": (state(key=np.zeros(3)), STATE, "the state does not fit the model"),
    "digest of another state": (record("checkpoint", digest="0"), STATE, "not the one saved"),
    "no digest": (record("checkpoint", digest=...), "index.jsonl", "damaged"),
    "no fields": (gone("fields.zarr"), "fields.zarr", ""),
    "fields a file": (
        lambda folder: (shutil.rmtree(folder / "fields.zarr"), (folder / "fields.zarr").write_text("")),
        "fields.zarr",
        "",
    ),
    "fields without metadata": (gone("fields.zarr/zarr.json"), "fields.zarr", ""),
    "metadata no JSON": (written("fields.zarr/zarr.json", b"?"), "fields.zarr", "not a readable store"),
    "metadata nested deeply": (
        written("fields.zarr/zarr.json", b"[" * 100_000),
        "fields.zarr",
        "not a readable store",
    ),
    "metadata of an array": (
        changed("fields.zarr/zarr.json", b'"float64"', b'"float65"'),
        "fields.zarr",
        "not a readable store",
    ),
    "fewer steps": (
        changed("fields.zarr/zarr.json", b'"shape": [\n', b'"shope": [\n'),
        "fields.zarr",
        "not a readable store",
    ),
    "no chunk": (gone(CHUNK), CHUNK, "it is missing"),
    "chunk cut": (cut(CHUNK, 5), CHUNK, "the file is damaged"),
    "chunk flipped": (flipped(CHUNK, 0.5), CHUNK, "the file is damaged"),
    "no model": (gone("resolved.yaml"), "resolved.yaml", "it does not exist"),
    "model changed": (changed("resolved.yaml", b"{", b"{ "), "resolved.yaml", "changed afterwards"),
    "model emptied": (cut("resolved.yaml", 0), "resolved.yaml", "changed afterwards"),
    "model binary": (written("resolved.yaml", b"\xff\xfe"), "resolved.yaml", "changed afterwards"),
}
