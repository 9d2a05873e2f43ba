"""Arms that a model names: made in order, run by `compare`, refused by name; what pairing gains."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from exocosm import ModelError
from exocosm.model import Model, Set, load
from exocosm.study import compare
from exocosm.study.table import remarks

RECORDED = Path(__file__).parents[1] / "model" / "recorded.yaml"


def test_an_arm_makes_its_changes_in_order() -> None:
    model = load(RECORDED)
    warm = model.change(*model.arm("warm"))
    assert float(warm.tissue.medium.temperature) == pytest.approx(311.15)
    blocked = model.change(*model.arm("blocked"))
    assert float(blocked.tissue.cell_types["tumour"].genesis["tumour"].docking) == 0
    assert Model.from_yaml(model.to_yaml()).arms == model.arms


def test_an_unknown_arm_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ModelError, match="did you mean: blocked"):
        load(RECORDED).arm("blokced")
    done = subprocess.run(
        [sys.executable, "-m", "exocosm", "compare", str(RECORDED), "--arm", "blokced"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "did you mean: blocked" in done.stderr


def test_compare_runs_the_arms_of_a_model_and_says_what_pairing_gained(tmp_path, here) -> None:
    made = compare(
        load(RECORDED), until="2 h", seeds=(1, 2, 3), out=tmp_path / "arms", executor=here, threads=1
    )
    assert list(made.runs) == ["baseline", "blocked", "warm"]
    table = made.table.set_index(["column", "arm"])
    released = table.loc[("vesicles.tumour.released", "blocked")]
    assert released["value"] == 0
    before = [float(run.summary["vesicles.tumour.released"].iloc[-1]) for run in made.runs["baseline"]]
    assert released["variance"] == pytest.approx(np.var(before, ddof=1))
    assert released["unpaired_variance"] == pytest.approx(np.var(before, ddof=1))  # the other arm has none
    assay = table.loc[("cargo.miR-21-5p.assay_per_cell.macrophage", "warm")]
    assert assay["baseline"] == pytest.approx(2640.0)
    assert any("Intervals" in text for text in remarks(made))


def test_check_makes_every_arm_and_tells_its_fault(tmp_path) -> None:
    text = RECORDED.read_text().replace("docking:tumour", "docking:tumor")
    path = tmp_path / "wrong.yaml"
    path.write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "exocosm", "check", str(path)], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "arms.blocked" in done.stderr
    assert "did you mean: tumour" in done.stderr


def test_arms_do_not_change_what_a_run_does() -> None:
    from exocosm.coupling import start

    model = load(RECORDED)
    plain, armed = model.change(Set("arms", {})), model
    first, second = start(plain, seed=1), start(armed, seed=1)
    first.advance(20)
    second.advance(20)
    assert first.digest() == second.digest()


def test_a_null_is_told_where_a_zone_is_empty(tmp_path, here) -> None:
    """Densities in a zone that one cell does not have are no numbers, and no difference either."""
    same = {"recorded more often": [Set("record.cells", "1 h")]}
    for seeds in ((1,), (1, 2)):
        out = tmp_path / str(len(seeds))
        made = compare(load(RECORDED), same, until="2 h", seeds=seeds, out=out, executor=here, threads=1)
        assert made.table["baseline"].isna().any()
        assert any("a null for cells" in text for text in remarks(made))


def test_pairs_without_a_value_are_left_out_of_a_difference() -> None:
    from types import SimpleNamespace

    import pandas

    from exocosm.study.differences import differences

    def runs(*values: float) -> list[SimpleNamespace]:
        return [SimpleNamespace(summary=pandas.DataFrame({"state.M2.x": [value]})) for value in values]

    table = differences(runs(0.5, 0.4, float("nan")), {"arm": runs(0.3, 0.1, 0.2)})
    row = table.iloc[0]
    assert row["baseline"] == pytest.approx(0.45)
    assert row["difference"] == pytest.approx(-0.25)
    assert row["low"] < -0.25 < row["high"]
