"""The command: each error is one message and exit code 2, results on standard output, nothing half-made."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

import exocosm
from exocosm import Run
from exocosm.cli import app

COMMANDS = ("run", "compare", "attribute", "resume", "check", "scenarios", "report", "figure")


def call(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def real(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    sources = str(Path(exocosm.__file__).parents[1])
    command = [sys.executable, "-m", "exocosm", *arguments]
    environment = {**os.environ, "PYTHONPATH": sources}
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False, env=environment)


def test_help_lists_the_commands_within_a_second():
    def once() -> float:
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "exocosm", "--help"], capture_output=True, text=True, check=True
        )
        assert all(command in done.stdout for command in COMMANDS)
        return time.perf_counter() - start

    assert min(once() for _ in range(3)) < 1.0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "hcc-nodul"], ["there is no such scenario", "hcc-nodule"]),
        (["run", "two-cells", "--set", "duration"], ["path=value"]),
        (["run", "two-cells", "--set", "duration=24"], ["duration", "no unit"]),
        (["run", "two-cells", "--set", "durations=24 h"], ["durations", "duration"]),
        (["run", "two-cells", "--without", "vesicles:tumor"], ["tumor", "tumour"]),
        (["run", "two-cells", "--until", "24 mm"], ["until", "24 mm"]),
        (["run", "two-cells", "--until", "7 s"], ["no whole number of ticks"]),
        (["run", "two-cells", "--seed", "-1"], ["--seed", "greater than or equal to 0"]),
        (["run", "two-cells", "--seed", "9" * 23], ["seed: found 999", "0 to 18,446,744,073,709,551,615"]),
        (["compare", "two-cells", "--without", "vesicles:tumour", "--seeds", "9" * 23], ["--seeds"]),
        (["run", "two-cells", "--threads", "1000"], ["threads must lie between"]),
        (["run"], ["Missing argument"]),
        (["compare", "two-cells"], ["--without TARGET or --set PATH=VALUE"]),
        (["compare", "two-cells", "--without", "vesicle:tumour"], ["vesicle", "vesicles"]),
        (["attribute", "two-cells", "--outcome", "viable_tumor"], ["viable_tumor", "viable_tumour"]),
        (["attribute", "two-cells"], ["outcome: found none"]),
        (["attribute", "two-cells", "--outcome", "viable_tumour", "--over", "cargo"], ["cargo", "cargos"]),
        (["attribute", "two-cells", "--outcome", "viable_tumour", "--only", "PDL1"], ["PDL1", "PD-L1"]),
        (["attribute", "two-cells", "--outcome", "viable_tumour", "--at", "90 min"], ["nearest: 1 or 2 h"]),
        (["resume", "nowhere"], ["nowhere: there is no such run folder"]),
        (["report", "nowhere"], ["nowhere: there is no such run folder"]),
        (["report", "."], ["not a run folder"]),
        (["figure", "nowhere"], ["nowhere: there is no such run folder"]),
        (["check", "nowhere.yaml"], ["there is no such scenario"]),
        (["simulate"], ["No such command"]),
    ],
)
def test_an_error_is_one_message_on_standard_error(tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    done = call(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    message = done.stderr.replace("│", "").split()
    for word in words:
        assert word in " ".join(message)
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_broken_scenario_file_names_file_and_line(tmp_path):
    (tmp_path / "broken.yaml").write_text("format: exocosm/1\nname: x\nduration: [\n")
    done = call("check", str(tmp_path / "broken.yaml"))
    assert done.exit_code == 2
    assert "broken.yaml, line" in done.stderr


def test_check_says_what_the_numbers_stand_on():
    done = call("check", "two-cells", "--sources")
    assert done.exit_code == 0
    assert "two-cells: no faults" in done.stdout
    assert "evidence" in done.stdout


def test_scenarios_lists_what_ships():
    done = call("scenarios")
    assert done.exit_code == 0
    assert {"hcc-nodule", "two-cells"} <= {line.split()[0] for line in done.stdout.splitlines()}


def test_memory_that_runs_out_is_one_message_and_leaves_nothing(tmp_path, monkeypatch):
    from exocosm.results import engine

    def fail(*_):
        raise MemoryError("Unable to allocate 7 PiB")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(engine, "warm_up", lambda: None)
    monkeypatch.setattr(engine, "start", fail)
    done = call("run", "two-cells")
    assert done.exit_code == 2
    assert done.stderr == "this needs more memory than there is: Unable to allocate 7 PiB\n"
    assert list(tmp_path.iterdir()) == []


def test_a_stopped_comparison_says_the_whole_command_that_goes_on(monkeypatch):
    from exocosm import study
    from exocosm.study.arms import StoppedComparison

    def stop(*_, **__):
        raise StoppedComparison(Path("runs/a"), begun=True)

    monkeypatch.setattr(study, "compare", stop, raising=False)
    done = call("compare", "two-cells", "--set", "duration=2 h", "--seeds", "3", "--until", "1 h")
    assert done.exit_code == 130
    assert done.stderr == (
        "stopped; finished arms are kept; go on: exocosm compare two-cells --set 'duration=2 h' "
        "--seeds 3 --until '1 h' --out runs/a\n"
    )


@pytest.mark.slow
def test_a_stopped_attribution_says_the_whole_command_that_goes_on(monkeypatch):
    from exocosm.study.arms import StoppedComparison

    def stopped(*_, **__):
        raise StoppedComparison(Path("runs/a b"), begun=True)

    monkeypatch.setattr("exocosm.study.attribution.attributing.attribute", stopped)
    question = ["two-cells", "--outcome", "viable_tumour", "--only", "PD-L1,YWHAZ", "--at", "12 h"]
    done = call("attribute", *question, "--set", "duration=24 h", "--orders", "8")
    assert done.exit_code == 130
    assert (
        "go on: exocosm attribute two-cells --outcome viable_tumour --over cargos --seeds 5 --orders 8 "
        "--at '12 h' --only PD-L1,YWHAZ --set 'duration=24 h' --out 'runs/a b'"
    ) in done.stderr


def test_a_run_prints_its_digest_and_resumes_to_the_same(tmp_path):
    whole = real("run", "two-cells", "--until", "2 h", "--out", "whole", cwd=tmp_path)
    assert whole.returncode == 0, whole.stderr
    digest = re.search(r"^digest  ([0-9a-f]+)$", whole.stdout, re.M)
    assert digest
    assert re.search(r"^folder  whole$", whole.stdout, re.M)
    real("run", "two-cells", "--until", "70 min", "--threads", "1", "--out", "split", cwd=tmp_path)
    split = real("resume", "split", "--until", "2 h", "--threads", "2", cwd=tmp_path)
    assert digest[0] in split.stdout, split.stderr
    for until in ([], ["--until", "1 h"]):
        idle = real("resume", "whole", *until, cwd=tmp_path)
        assert idle.returncode == 0
        assert idle.stdout == "already at 2 h; nothing to do\nfolder  whole\n"
    made = Run.open(tmp_path / "whole")
    assert made.summary["vesicles.tumour.released"].iloc[-1] > 0
    assert (made.path / "model.yaml").read_text().startswith("extends: tumour-nodule")
    assert made.model.name == "two-cells"


@pytest.mark.slow
def test_a_comparison_ends_in_a_table_and_a_report(tmp_path):
    asked = ["compare", "two-cells", "--without", "vesicles:tumour", "--until", "1 h", "--out", "c"]
    done = real(*asked, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "from tumour: released" in done.stdout
    assert "a null for cells. Their numbers and states are identical in the one pair" in " ".join(
        done.stdout.split()
    )
    assert "report  c/report.html" in done.stdout
    assert (tmp_path / "c" / "report.html").stat().st_size > 10_000
    again = real("report", "c", "--out", "again.html", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "again.html").exists()
    figures = real("figure", "c", "--panel", "recipients", cwd=tmp_path)
    assert figures.stdout.split() == ["figure", "c/figures/recipients.svg"], figures.stderr
    wrong = real("figure", "c", "--panel", "recipient", cwd=tmp_path)
    assert (wrong.returncode, "did you mean: recipients" in wrong.stderr) == (2, True)
