"""What a model expects of its arms: read, checked by name, judged after the runs, printed and reported."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from exocosm import ModelError
from exocosm.coupling import start
from exocosm.ground.errors import RunError
from exocosm.library import scenario_names
from exocosm.model import Model, load
from exocosm.model.expectations import Expectation
from exocosm.results.expected import judged
from exocosm.results.running import refuse_outcomes
from exocosm.study import compare
from exocosm.study.table import expectations
from exocosm.view import write_report

RECORDED = (Path(__file__).parents[1] / "model" / "recorded.yaml").read_text()
RELEASED = "vesicles.tumour.released"
STATED = f"""expectation:
- {{arm: blocked, outcome: {RELEASED}, direction: down, fold: [0, 0.1], because: bodies must dock}}
- {{arm: warm, outcome: {RELEASED}, direction: up, because: it does not}}
- {{arm: blocked, against: warm, outcome: cells.tumour.live, direction: same, evidence: phys-P-GEN-001}}
"""


def stated(text: str = STATED, was: str = "", now: str = "") -> Model:
    # the tests of recorded.yaml stand beside the file that it extends
    text = (
        RECORDED.replace("extends: small.yaml", f"extends: {Path(__file__).parents[1]}/model/small.yaml")
        + text
    )
    assert was in text
    return Model.from_yaml(text.replace(was, now, 1) if was else text, file="expected.yaml")


def test_expectations_survive_the_file() -> None:
    model = stated()
    assert len(model.expectation) == 3
    assert model.expectation[1].against == "baseline"
    assert Model.from_yaml(model.to_yaml()).expectation == model.expectation


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("arm: blocked, out", "arm: bloked, out", "did you mean: blocked"),
        ("against: warm", "against: wram", "did you mean: warm"),
        ("against: warm", "against: blocked", "an arm is compared with itself"),
        ("direction: up", "direction: higher", "direction"),
        (", because: it does not", "", "an expectation without a reason"),
        ("phys-P-GEN-001", "phys-P-GEN-01", "did you mean: phys-P-GEN-0"),
        ("[0, 0.1]", "[1, 0.1]", "two numbers, low and high"),
    ],
)
def test_a_faulty_expectation_is_refused_with_its_place(was: str, now: str, said: str) -> None:
    with pytest.raises(ModelError) as caught:
        stated(was=was, now=now)
    assert said in str(caught.value)
    assert "expectation[" in str(caught.value)


def test_an_outcome_that_no_run_has_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    model = stated(was=f"warm, outcome: {RELEASED}", now="warm, outcome: vesicles.tumour.relesed")
    with pytest.raises(RunError, match=r"expectation\[1\].outcome.*did you mean vesicles.tumour.released"):
        compare(model, until="1 h", out=tmp_path / "arms")
    assert not (tmp_path / "arms").exists()


def test_a_comparison_judges_prints_and_reports_them(tmp_path: Path, here: Executor) -> None:
    made = compare(stated(), until="2 h", out=tmp_path / "arms", executor=here, threads=1)
    verdicts = [found.verdict for found in judged(made.runs["baseline"][0].model, made.runs)]
    assert verdicts == ["met", "not met", "met"]
    told = expectations(made)
    assert told[0] == "Expected before the run: 2 met, 1 not met."
    assert told[1].startswith(f"  met: blocked against baseline lowers {RELEASED} to 0–0.1 times: ")
    assert told[3].endswith("(0). phys-P-GEN-001")
    page = write_report([run for runs in made.runs.values() for run in runs], tmp_path / "r.html").read_text()
    assert "Expected, and what came" in page
    assert 'class="not-met">not met' in page


def runs_of(*values: float) -> list[SimpleNamespace]:
    return [SimpleNamespace(seed=i, summary=pd.DataFrame({"x": [v]})) for i, v in enumerate(values)]


@pytest.mark.parametrize(
    ("direction", "before", "after", "verdict"),
    [
        ("up", (1.0, 1.0, 1.0), (2.0, 2.1, 2.0), "met"),
        ("up", (1.0, 1.0, 1.0), (0.5, 0.4, 0.5), "not met"),
        ("up", (1.0, 1.0, 1.0), (0.5, 1.6, 1.2), "undecided"),
        ("down", (1.0,), (0.9,), "met"),
        ("down", (1.0,), (1.0,), "not met"),
        ("down", (1.0,), (0.995,), "too small"),
        ("up", (1.0, 1.0, 1.0), (1.005, 1.006, 1.005), "too small"),
        ("up", (0.0,), (1e-9,), "met"),
        ("same", (100.0,), (104.0,), "met"),
        ("same", (100.0,), (106.0,), "not met"),
        ("same", (100.0, 100.0), (101.0, 130.0), "undecided"),
    ],
)
def test_the_verdict(direction: str, before: tuple, after: tuple, verdict: str) -> None:
    wanted = Expectation(arm="a", outcome="x", direction=direction, because="a test")
    model = SimpleNamespace(expectation=(wanted,))
    (found,) = judged(model, {"baseline": runs_of(*before), "a": runs_of(*after)})
    assert found.verdict == verdict


# What the first two do was in the validation page before scenarios could say what is expected of them, and
# the third puts two arms of which something is expected together: an expectation written now would be none.
KNOWN_BEFORE = {"release-block": {"no-formation", "no-docking", "both"}}


@pytest.mark.parametrize("name", [name for name in scenario_names() if load(name).expectation])
def test_what_shipped_scenarios_expect_can_be_read_off_a_run(name: str) -> None:
    model = load(name)
    refuse_outcomes(model, start(model, seed=1))
    spoken_of = {arm for expected in model.expectation for arm in (expected.arm, expected.against)}
    assert spoken_of - {"baseline"} == set(model.arms) - KNOWN_BEFORE.get(name, set())
