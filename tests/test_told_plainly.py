"""What a run says where it records nothing, or is asked for more threads than there are."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from exocosm.cli import app
from exocosm.ground.errors import RunError
from exocosm.model import load
from exocosm.results import resume, run

SILENT = """
format: exocosm/1
name: silent
duration: 2 h
takes: {cells: [macrophage], vesicles: [HCC-exosomes], cargos: [miR-21-5p]}
tissue:
  geometry: {size: [100 um, 100 um, 100 um], voxel: 20 um}
  medium: {temperature: 37 degC, viscosity: 0.7 mPa*s, tortuosity: 1.6, minimum_extracellular_fraction: 0.2}
  steps: {tick: 0.5 min, mechanics: 0.5 min, phenotype: 6 min}
"""


def test_a_run_that_records_nothing_says_how_to_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "silent.yaml").write_text(SILENT)
    ran = CliRunner().invoke(app, ["run", "silent.yaml", "--until", "1 min", "--out", "silent"])
    assert "record: {summary: 1 h}" in ran.output
    told = CliRunner().invoke(app, ["report", "silent", "--out", "none.html"])
    assert told.exit_code == 2
    assert "record: {summary: 1 h}" in told.output
    assert not (tmp_path / "none.html").exists()


def test_more_threads_than_there_are_are_not_blamed_on_the_saved_state(tmp_path: Path) -> None:
    run(load("two-cells"), "2 min", out=tmp_path / "made")
    with pytest.raises(RunError, match="this run cannot go on: threads must lie"):
        resume(tmp_path / "made", "4 min", threads=999)
