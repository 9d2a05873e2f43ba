"""`exocosm directions`: a row with its chain, a whole table, one message for what is not known."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from exocosm.cli import app
from exocosm.study.directions.tables import COLUMNS


def call(*arguments: str):
    return CliRunner().invoke(app, ["directions", *arguments])


def test_a_row_is_told_with_its_chain_and_written_as_a_table(tmp_path: Path):
    table, kept = tmp_path / "table.csv", tmp_path / "runs"
    done = call("--row", "phys-M-GEN-012", "--out", str(table), "--cache", str(kept), "--controls", "1")
    assert done.exit_code == 0
    assert "1 of 1 rows agree" in done.output
    assert "phys-M-GEN-012  vesicle release in HCC: agrees  - RAB27A; RAB27A -> docking" in done.output
    assert "control 1" in done.output
    assert "pass" not in done.output  # a part of the table is not judged
    with table.open(newline="", encoding="utf-8") as file:
        (line,) = csv.DictReader(file)
    assert tuple(line) == COLUMNS
    assert (line["published"], line["found"], line["verdict"]) == ("down", "down", "agrees")
    assert list(kept.glob("*.json"))


def test_what_cannot_be_modelled_is_told():
    done = call("--row", "imm-IM061")
    assert done.exit_code == 0
    assert "no dish reads 'antitumour immunity' in DC" in done.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--row", "imm-IM3x"], "no mechanism has the id 'imm-IM3x'"),
        (["--recipient", "Kupfer"], "did you mean: Kupffer"),
        (["--processes", "0"], "processes"),
    ],
)
def test_what_is_not_known_ends_in_one_message(arguments: list[str], told: str):
    done = call(*arguments)
    assert done.exit_code == 2
    assert told in done.output
    assert "Traceback" not in done.output
