"""Broken input through the command: exit code 2, one message that says where, no output, and nothing left."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

import broken_folders
import broken_sections
import pytest
import stand_in
from ruamel.yaml import YAML
from typer.testing import CliRunner

from exocosm.cli import app
from exocosm.results import run

MODELS = Path(__file__).parent / "model"
SMALL = (MODELS / "small.yaml").read_text()
CELLS = SMALL[SMALL.index("  - mixture") : SMALL.index("  steps:")]
RULES = "  rules:\n  - csv: rules.csv\n  cells:\n"
OF_SCENARIOS = (["check"], ["run"], ["compare", "--without", "vesicles:tumour"], ["rules"])


def corpus(name: str) -> dict:
    return YAML(typ="safe").load(MODELS / f"{name}.yaml")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(command: list[str], folder: Path, *words: str) -> str:
    """The one message of a command that is refused; the folder is as it was."""
    before = contents(folder)
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert contents(folder) == before
    for word in words:
        assert word in done.stderr
    return done.stderr


def scenarios() -> dict[str, dict[str, str]]:
    """A sample of all corpora of broken input of a model: the files that make each up."""
    found = {}
    for name, case in list(corpus("malformed").items())[::7]:
        found[f"scenario {name}"] = {"small.yaml": SMALL.replace(case["replace"], case["by"], 1)}
    for name, case in list(corpus("senseless").items())[::5]:
        text = (MODELS / case["file"]).read_text()
        for old, new in case["replace"]:
            text = text.replace(old, new, 1)
        found[f"sense {name}"] = {"small.yaml": text}
    for name, case in list(corpus("malformed_rules").items())[::8]:
        text = case["table"] if "table" in case else f"// rules\n\n{case['row']}\n"
        found[f"rules {name}"] = {"small.yaml": SMALL.replace("  cells:\n", RULES, 1), "rules.csv": text}
    for name, case in list(corpus("malformed_cells").items())[::8]:
        files = {
            f"{file}.csv": case[file].replace("{LONG}", "x" * 200_000)
            for file in ("cells", "types")
            if file in case
        }
        found[f"cells {name}"] = {
            "small.yaml": SMALL.replace(CELLS, f"  - region: {case['region']}\n"),
            **files,
        }
    return found


SCENARIOS = scenarios()


@pytest.mark.parametrize("command", OF_SCENARIOS, ids=lambda command: command[0])
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_broken_model_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, command: list[str]
) -> None:
    for file, text in SCENARIOS[name].items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    said = refused([command[0], "small.yaml", *command[1:]], tmp_path, "small.yaml, line ")
    assert said.startswith("small.yaml, line ")
    assert len(said.splitlines()) <= 5


@pytest.mark.parametrize("name", ["text", "cut to a half", "no places"])
def test_a_broken_section_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    import anndata
    import numpy as np

    anndata.AnnData(np.zeros((8, 1)), obsm={"spatial": np.ones((8, 3))}).write_h5ad(tmp_path / "cells.h5ad")
    broken_sections.CASES[name][0](tmp_path / "cells.h5ad")
    (tmp_path / "small.yaml").write_text(SMALL.replace(CELLS, "  - region: {h5ad: cells.h5ad}\n"))
    monkeypatch.chdir(tmp_path)
    refused(["run", "small.yaml"], tmp_path, "small.yaml, line 51")


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (["--set", "duration=-1 h"], "duration"),
        (["--set", "tissue.cell_types.tumor.volume.total=1 um^3"], "tumour"),
        (["--set", "tissue.geometry.voxel=400 um"], "the voxel is larger than the tissue"),
        (["--set", "a=b=c"], "a"),
        (["--set", "=1"], "path"),
        (["--set", "tissue.cells[99].spacing=16 um"], "tissue.cells"),
        (["--set", "tissue..cells=1"], "path"),
        (["--without", "cells:nobody"], "nobody"),
        (["--without", ":"], ":"),
        (["--until", "soon"], "until"),
        (["--until", "-3 h"], "until"),
        (["--until", "nan h"], "until"),
    ],
)
def test_a_broken_setting_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: list[str], words: str
) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    monkeypatch.chdir(tmp_path)
    refused(["run", "small.yaml", *option], tmp_path, words)
    refused(["compare", "small.yaml", "--arm", "none", *option], tmp_path, "")


@pytest.mark.parametrize("arm", ["nobody", "", "a\x1b[31m", "x" * 300])
def test_an_arm_that_is_not_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arm: str
) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    monkeypatch.chdir(tmp_path)
    assert "\x1b" not in refused(["compare", "small.yaml", "--arm", arm], tmp_path, "unknown arm")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        stand_in.install(patch.setattr)
        made = run(stand_in.StandInModel(duration=240.0), out=tmp_path_factory.mktemp("whole") / "run")
    return made.path


# What resuming reads, and what every command does: it opens the folder.
RESUMED = [
    "model changed",
    "no model",
    "state flipped",
    "no state",
    "state of another model",
    "digest of another state",
]
OPENED = [
    name for name, (_, file, _) in broken_folders.CASES.items() if file[:9] in ("run.json", "index.jso")
]


ASKED = [(name, command) for name in OPENED for command in ("resume", "report", "figure")]


@pytest.mark.parametrize(("name", "command"), [*ASKED, *((name, "resume") for name in RESUMED)])
def test_a_broken_run_folder_is_refused(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, command: str
) -> None:
    harm, file, words = broken_folders.CASES[name]
    shutil.copytree(whole, tmp_path / "run")
    harm(tmp_path / "run")
    monkeypatch.chdir(tmp_path)
    stand_in.install(monkeypatch.setattr)
    until = ["--until", "5 h"] if command == "resume" else []
    said = refused([command, "run", *until], tmp_path, words)
    assert said.startswith(f"{Path('run') / file}")
    assert len(said.splitlines()) == 1


REQUEST = {"format": "exocosm-comparison/1", "seeds": [1], "arms": {"baseline": {}, "other": {}}}
COMPARISONS = {
    "empty": (b"", "not readable JSON"),
    "binary": (b"\xff\xfe", "not readable JSON"),
    "nested deeply": (b"[" * 100_000, "nested too deeply"),
    "a list": (b"[]", "not a comparison"),
    "a later format": (json.dumps(REQUEST | {"format": "exocosm-comparison/9"}).encode(), "not a comparison"),
    "no seeds": (json.dumps(REQUEST | {"seeds": []}).encode(), "seeds"),
    "seeds as words": (json.dumps(REQUEST | {"seeds": ["one"]}).encode(), "seeds"),
    "a negative seed": (json.dumps(REQUEST | {"seeds": [-1]}).encode(), "seeds"),
    "arms as a list": (json.dumps(REQUEST | {"arms": ["baseline"]}).encode(), "arms"),
    "no baseline": (json.dumps(REQUEST | {"arms": {"other": {}}}).encode(), "arms"),
    "no runs": (json.dumps(REQUEST).encode(), "there is no such run folder"),
}


@pytest.mark.parametrize("command", ["report", "figure"])
@pytest.mark.parametrize("name", COMPARISONS)
def test_a_broken_comparison_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, command: str
) -> None:
    content, words = COMPARISONS[name]
    (tmp_path / "compared").mkdir()
    (tmp_path / "compared" / "comparison.json").write_bytes(content)
    monkeypatch.chdir(tmp_path)
    assert refused([command, "compared"], tmp_path, words).startswith("compared/")


def refusing(number: int):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


NO_ROOM = [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "the disk is read-only")]


@pytest.mark.parametrize(("number", "words"), NO_ROOM)
def test_no_room_for_a_run_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refusing(number))
        said = refused(["run", "two-cells", "--until", "6 min", "--out", "mine"], tmp_path, words)
    assert len(said.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("number", "words"), NO_ROOM)
def test_no_room_to_go_on_is_told_and_the_run_goes_on_later(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    shutil.copytree(whole, tmp_path / "run")
    monkeypatch.chdir(tmp_path)
    stand_in.install(monkeypatch.setattr)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refusing(number))
        done = CliRunner().invoke(app, ["resume", "run", "--until", "6 h"])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert words in done.stderr
    assert done.stderr.startswith("run/")
    made = run(stand_in.StandInModel(duration=360.0), out=tmp_path / "other")
    again = CliRunner().invoke(app, ["resume", "run", "--until", "6 h"])
    assert again.exit_code == 0, again.stderr
    assert f"digest  {made.digest}" in again.stdout
