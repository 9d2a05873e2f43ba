"""`exocosm atlas`: one message and code 2 for a word that is not known, files whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from exocosm.cli import app
from exocosm.library import mechanisms


def call(*arguments: str):
    return CliRunner().invoke(app, ["atlas", *arguments])


def test_a_search_lists_chains_with_their_evidence():
    done = call("--cargo", "mir-21-5p", "--recipient", "macrophage")
    assert done.exit_code == 0
    assert "imm-IM030      C  HCC → miR-21-5p → macrophage: M2 polarisation ↑ (RHOB ↓)" in done.output
    assert "small EV · 2023 study (IJMS 24:4593) · abstract" in done.output


def test_what_was_measured_stands_below_with_its_source_and_no_flood():
    done = call("--cargo", "PD-L1")
    measured = done.output.partition("Measured: ")[2].splitlines()
    assert measured[0].endswith(" numbers")
    assert any("PD-L1 molecules per EV: 2.7 molecules/vesicle" in line for line in measured)
    assert any("melanoma cell line EVs · Reynolds 2023 · abstract" in line for line in measured)
    assert len(measured) < 20
    assert "more; --numbers FILE.csv writes all" in measured[-1]


def test_numbers_are_found_where_no_mechanism_is(tmp_path: Path):
    done = call("--cargo", "lenvatinib", "--numbers", str(tmp_path / "lenvatinib.csv"))
    assert done.exit_code == 0
    assert "no mechanism has all of that" in done.output
    assert "lenvatinib terminal half-life: 28 h" in done.output
    assert "prog-P054" in (tmp_path / "lenvatinib.csv").read_text(encoding="utf-8")


def test_a_list_says_what_a_word_was_taken_for_and_under_what_a_row_was_seen():
    done = call("--process", "metastasis", "--cargo", "CLEC3B")
    assert done.output.startswith("process: invasion (asked: metastasis)\n")
    assert "HCC → CLEC3B → HCC + endothelium: migration, invasion, EMT ↑ (AMPK), under loss" in done.output


def test_a_scenario_whose_rules_cite_nothing_is_told_as_such():
    assert call("--scenario", "two-cells").output == "the rules of two-cells cite no mechanism\n"


def test_a_list_says_once_through_what_a_row_acts():
    assert call("--cargo", "PD-L1").output.count("PD-L1 expression ↑ (CD274 ↑)\n") == 1


def test_an_id_tells_the_whole_chain():
    done = call("imm-IM088")
    assert "HCC (Rab27a knock-down) -> whole vesicle -> HCC -> more migration + metastasis" in done.output
    assert "(the source says: exosome)" in done.output
    assert "lowers it: imm-IM088 (Chen 2018)" in done.output


def test_a_retracted_row_says_so():
    assert "RETRACTED" in call("prog-M001").output
    assert "2 of them retracted and inert" in call("--cargo", "miR-32-5p").output


def test_without_a_word_it_tells_what_there_is():
    done = call()
    assert done.output.startswith(f"{len(mechanisms())} mechanisms from ")
    assert "macrophage polarisation" in done.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--cargo", "mir-21-5q"), ("'mir-21-5q'", "did you mean: miR-21-5p")),
        (("imm-IM03",), ("'imm-IM03'", "did you mean: imm-IM")),
        (("imm-IM030", "--cargo", "miR-21"), ("either an id or a search",)),
        (("--figure", "net.gif"), ("--figure net.gif", ".svg, .pdf, .png")),
        (("--cargo", "vWF", "--sender", "NK", "--csv", "none.csv"), ("nothing was written",)),
        (
            ("--process", "invasion", "--report", "page.html", "--numbers", "none.csv"),
            ("nothing was written",),
        ),
        (("imm-IM020", "--numbers", "none.csv"), ("nothing was written", "--numbers wants a search by")),
        (
            ("--cargo", "vWF", "--csv", "no/such/folder/a.csv"),
            ("no/such/folder/a.csv: cannot write: its folder",),
        ),
    ],
)
def test_what_cannot_be_is_one_message_and_code_2(arguments, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call(*arguments)
    assert done.exit_code == 2
    assert all(words in done.output for words in told), done.output
    assert not list(tmp_path.iterdir())


def test_all_files_are_written(tmp_path: Path):
    paths = {kind: tmp_path / f"nk.{kind}" for kind in ("svg", "html", "csv", "graphml")}
    options = {"svg": "--figure", "html": "--report", "csv": "--csv", "graphml": "--graphml"}
    asked = [word for kind, path in paths.items() for word in (options[kind], str(path))]
    done = call("--recipient", "NK", *asked)
    assert done.exit_code == 0
    assert all(path.stat().st_size > 1000 and str(path) in done.output for path in paths.values())
