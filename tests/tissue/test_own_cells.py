"""The recorded cells of a run as the start of another, and the report of a run from a file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from small import small_model
from typer.testing import CliRunner

from exocosm.cli import app
from exocosm.model import Set
from exocosm.results import run


def test_recorded_cells_start_another_run(tmp_path: Path) -> None:
    model = small_model(**{"record": {"cells": "1 h", "summary": "1 h"}, "duration": "1 h"})
    first = run(model, seed=2, out=tmp_path / "first")
    cells = first.cells(time_h=1.0)
    file = next(iter(sorted((tmp_path / "first").rglob("*.h5ad"), reverse=True)))
    region = {"h5ad": str(file), "label": "type"}
    again = model.change(Set("tissue.cells", [{"region": region}]))
    second = run(again, "6 min", seed=5, out=tmp_path / "second")
    start = second.cells(time_h=0.0)
    by_place = {tuple(np.round(place, 6)): str(kind) for place, kind in zip(
        cells.obsm["spatial"], cells.obs["type"], strict=True)}  # fmt: skip
    found = {tuple(np.round(place, 6)): str(kind) for place, kind in zip(
        start.obsm["spatial"], start.obs["type"], strict=True)}  # fmt: skip
    assert found == by_place
    told = json.loads((tmp_path / "second" / "run.json").read_text())["warnings"][0]
    assert told.startswith(f"tissue.cells[0]: {file.name}: {len(found):,} cells; {len(found):,} start:")
    (tmp_path / "again.yaml").write_text(again.to_yaml())
    checked = CliRunner().invoke(app, ["check", str(tmp_path / "again.yaml")])
    assert told in checked.output.replace("\n", " ")
