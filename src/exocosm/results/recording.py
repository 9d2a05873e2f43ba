"""A run folder being written: what is where, in which order it becomes true, and how it is taken up again."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exocosm.ground.errors import RunError
from exocosm.results import well_formed
from exocosm.results.cells import as_anndata, write_cells
from exocosm.results.checkpoints import write_checkpoint
from exocosm.results.durable import TEMPORARY, file_fingerprint, fingerprint, sync, told_plainly, write_text
from exocosm.results.fields import FieldStore
from exocosm.results.index import NAME as INDEX
from exocosm.results.index import Record, append_record, read_index, rewrite_index
from exocosm.results.tables import GrowingTable
from exocosm.results.well_formed import check_entries, parsed

if TYPE_CHECKING:
    from exocosm.tissue import Simulation

FORMAT = "exocosm-run/1"
ABOUT, AS_READ, RESOLVED = "run.json", "model.yaml", "resolved.yaml"


def read_about(path: Path) -> dict[str, Any]:
    """`run.json` of a run folder; RunError if this is no run folder, or one of a later format."""
    if not (path / ABOUT).is_file():
        what = (
            "it holds no run.json, so it is not a run folder"
            if path.is_dir()
            else "there is no such run folder"
        )
        raise RunError(f"{path}: {what}")
    with told_plainly("read", path / ABOUT):
        content = (path / ABOUT).read_bytes()
    try:
        about = parsed(content)
    except ValueError as error:
        raise RunError(f"{path / ABOUT}: this is not readable JSON: {error}") from error
    found = about.get("format") if isinstance(about, dict) else None
    if found != FORMAT:
        raise RunError(f"{path / ABOUT}: found format {found}, and this version of Exocosm reads {FORMAT}")
    if about.pop("check", None) != _check(about):
        raise RunError(f"{path / ABOUT}: it was changed or damaged: its check sum does not fit its content")
    try:
        check_entries(about, well_formed.ABOUT, well_formed.ALSO)
    except ValueError as error:
        raise RunError(f"{path / ABOUT}: {error}") from None
    return dict(about)


def write_about(path: Path, about: Mapping[str, Any]) -> None:
    """Replace `run.json`."""
    content = {"format": FORMAT, **{name: value for name, value in about.items() if name != "check"}}
    write_text(path / ABOUT, json.dumps({**content, "check": _check(content)}, indent=2) + "\n")


def _check(content: Mapping[str, Any]) -> str:
    return fingerprint(json.dumps(content, sort_keys=True).encode())[:8]


def create(path: Path, as_read: str, resolved: str, about: Mapping[str, Any]) -> None:
    """Make a run folder without records; it appears under its name only when it is whole."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise RunError(
            f"{path}: it exists already; give another folder, or continue the run: exocosm resume {path}"
        )
    temporary = path.with_name(f"{TEMPORARY}{path.name}-{os.getpid()}")
    with told_plainly("make the run folder", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.mkdir()
            for folder in ("cells", "checkpoints"):
                (temporary / folder).mkdir()
            write_text(temporary / AS_READ, as_read)
            write_text(temporary / RESOLVED, resolved)
            write_text(temporary / INDEX, "")
            write_about(temporary, about)
            os.replace(temporary, path)
            sync(path.parent)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


class Recorder:
    """Writes records of a simulation into a run folder; it reads the simulation and never changes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.summary = GrowingTable(path / "summary.csv")
        self.ledger = GrowingTable(path / "ledger.csv")
        self.fields = FieldStore(path)
        self.records = read_index(path)

    def record(self, simulation: Simulation, kinds: Iterable[str], passing: bool = False) -> None:
        """Write these kinds for the present tick, then the line that makes them count."""
        parts: dict[str, Mapping[str, Any]] = {}
        for kind in kinds:
            parts |= getattr(self, f"_{kind}")(simulation)
        if not parts:
            return
        record = Record(int(simulation.tick), float(simulation.time), parts, passing)
        append_record(self.path, record)
        self.records.append(record)
        if record.has("checkpoint") and any(earlier.passing for earlier in self.records[:-1]):
            self._keep([*(earlier for earlier in self.records[:-1] if not earlier.passing), record])

    def rewind(self, checkpoint: Record | None) -> None:
        """Go back to `checkpoint` (None: the start) and drop what a run without the stop would not hold."""
        kept: list[Record] = []
        for record in self.records if checkpoint else []:
            if checkpoint and record.tick <= checkpoint.tick and not record.passing:
                kept.append(record)
        if checkpoint and checkpoint.passing:
            kept.append(checkpoint.only("checkpoint"))
        self._keep(kept)
        self._trim()

    def _keep(self, records: list[Record]) -> None:
        """Make the index list just these, then remove files that it no longer lists."""
        if records != self.records:
            rewrite_index(self.path, records)
            self.records = records
        listed = {str(part["file"]) for record in records for part in record.parts.values() if "file" in part}
        for folder in ("cells", "checkpoints"):
            for file in (self.path / folder).iterdir():
                if f"{folder}/{file.name}" not in listed:
                    file.unlink()

    def _trim(self) -> None:
        """Cut tables and fields back to what the index lists, and clear what a kill left."""
        for kind, table in (("summary", self.summary), ("ledger", self.ledger)):
            lengths = [int(record.parts[kind]["bytes"]) for record in self.records if record.has(kind)]
            table.truncate(lengths[-1] if lengths else 0)
        self.fields.shorten(sum(record.has("fields") for record in self.records))
        for leftover in [*self.path.rglob(f"{TEMPORARY}*"), *self.path.rglob("*.partial")]:
            leftover.unlink()

    def _summary(self, simulation: Simulation) -> dict[str, Mapping[str, Any]]:
        stamp = {"tick": int(simulation.tick), "time_h": float(simulation.time) / 60.0}
        row = {name: value for name, value in simulation.summary().items() if name not in stamp}
        parts: dict[str, Mapping[str, Any]] = {"summary": self.summary.append([stamp | row])}
        accounts = [stamp | dict(entry) for entry in simulation.ledger_table()]
        if accounts:
            parts["ledger"] = self.ledger.append(accounts)
        return parts

    def _cells(self, simulation: Simulation) -> dict[str, Mapping[str, Any]]:
        name = f"cells/{int(simulation.tick)}.h5ad"
        about = {
            "tick": int(simulation.tick),
            "time_h": float(simulation.time) / 60.0,
            "model": simulation.model.name,
        }
        cells = as_anndata(simulation.cell_table(), tuple(simulation.model.tissue.cell_types), about)
        return {"cells": {"file": name, "blake2b": write_cells(self.path / name, cells)}}

    def _fields(self, simulation: Simulation) -> dict[str, Mapping[str, Any]]:
        step = sum(record.has("fields") for record in self.records)
        voxel = float(simulation.model.tissue.geometry.voxel)
        hashes = self.fields.write(step, float(simulation.time) / 60.0, simulation.field_arrays(), voxel)
        return {"fields": {"step": step, "blake2b": hashes}}

    def _checkpoint(self, simulation: Simulation) -> dict[str, Mapping[str, Any]]:
        name = f"checkpoints/{int(simulation.tick)}.npz"
        write_checkpoint(self.path / name, simulation.checkpoint())
        fingerprint = file_fingerprint(self.path / name)
        return {"checkpoint": {"file": name, "blake2b": fingerprint, "digest": simulation.digest()}}
