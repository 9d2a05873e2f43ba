"""What the page says and how it carries its data, read without a browser."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from exocosm.ground.errors import ExocosmError
from exocosm.view import figure, sources, write_report
from exocosm.view.again import command
from exocosm.view.arms import phrase, read_arms, short
from exocosm.view.asked import answer, question
from exocosm.view.columns import read_column
from exocosm.view.conditions import group
from exocosm.view.embed import Blocks, quantise, script_json
from exocosm.view.flows import closure, flows
from exocosm.view.outcomes import outcomes
from exocosm.view.tissue_scene import tissue_scene
from exocosm.view.words import number, percent, units


def read_json(page: str, name: str) -> Any:
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def inflate(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text))


def test_cells_come_out_of_the_page_as_they_went_in(report: Path, pair: list[Any]) -> None:
    page = report.read_text(encoding="utf-8")
    scene, blocks = read_json(page, "data")["scene"], read_json(page, "blocks")
    frame, cells = scene["arms"][0]["frames"][-1], pair[0].cells(72.0)
    raw, n = inflate(blocks[frame["cells"]]), frame["n"]
    assert n == cells.n_obs
    steps = np.frombuffer(raw[: 8 * n], dtype="<u2").reshape(4, n) / 65535
    span = np.subtract(scene["high"], scene["low"])
    places = np.array(scene["low"]) + steps[:3].T * span
    # 16 bits of a 600 µm block: half a step is 0.005 µm.
    np.testing.assert_allclose(places, cells.obsm["spatial"], atol=0.006)
    np.testing.assert_allclose(steps[3] * scene["radius"], cells.obs["radius"], atol=2e-4)
    counts = np.frombuffer(inflate(blocks[frame["counts"]])[: 2 * n], dtype="<u2")
    np.testing.assert_array_equal(counts, cells.obs["vesicles.tumour"])


def test_what_arms_share_is_stored_once(report: Path) -> None:
    arms = read_json(report.read_text(encoding="utf-8"), "data")["scene"]["arms"]
    one, two = ([frame["cells"] for frame in arm["frames"]] for arm in arms)
    assert one == two


def test_a_large_tissue_is_thinned_and_the_page_says_so(pair: list[Any]) -> None:
    scene = tissue_scene(read_arms(pair), Blocks(), budget=200_000)
    assert scene is not None
    shown = scene["arms"][0]["frames"][-1]["n"]
    assert 150 < shown < 700
    assert "of the cells" in scene["note"]


def test_hostile_text_stays_text(report: Path, synthetic: ModuleType, tmp_path: Path) -> None:
    run = synthetic.SyntheticRun(n_start=50)
    run.model.title = "</script><script>alert(1)</script>"
    run.model.description = "<img src=x onerror=alert(1)>"
    page = write_report([run], tmp_path / "hostile.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "macrophage &lt;/script&gt;&lt;b&gt;" in report.read_text(encoding="utf-8")
    assert "<" not in script_json({"a": "</script>", "b": "\u2028"})


def test_nothing_in_the_page_is_loaded_from_elsewhere(report: Path) -> None:
    page = report.read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert not re.search(r'<(?:script|img|link|iframe)[^>]*(?:src|href)="(?!data:)', page)
    assert len(page) < 25e6


def test_the_answer_is_honest_when_no_cell_differs(pair: list[Any]) -> None:
    conditions = group(read_arms(pair))
    text = answer(conditions)
    assert "each macrophage cell receives 0 instead of" in text
    assert "not one cell differs" in text
    assert "at any recorded time" in text
    assert question(conditions) == "What changes within 72 h when no cell releases tumour vesicles?"


def test_the_answer_tells_the_paired_difference_where_cells_differ(synthetic: ModuleType) -> None:
    runs = synthetic.pair(n_start=200)
    runs[1].summary["cells.tumour.live"] *= 0.5
    text = answer(group(read_arms(runs)))
    assert "not one cell differs" not in text
    before = runs[0].summary["cells.tumour.live"].iloc[-1]
    assert f"{number(before / 2)} instead of {number(before)}" in text
    assert "one seed, so no interval" in text


def test_unrelated_runs_stand_side_by_side_without_differences(synthetic: ModuleType, tmp_path: Path) -> None:
    one, two = synthetic.pair(n_start=60)
    two.model.name = "two-cells"
    two.info |= {"label": "two-cells", "changes": []}
    two.model.tissue.geometry.size = (900.0, 900.0, 900.0)
    arms = read_arms([one, two])
    conditions = group(arms)
    assert question(conditions) == "2 runs side by side, up to 72 h"
    assert "instead of" not in answer(conditions)
    assert command(arms) == "exocosm run hcc-nodule --seed 1 && exocosm run two-cells --seed 1"
    table = outcomes(conditions)
    assert table["others"] == []
    assert not any(row["differences"] for part in table["groups"] for row in part["rows"])
    page = write_report([one, two], tmp_path / "two.html").read_text(encoding="utf-8")
    assert "same random numbers" not in page
    assert [arm["box"][0] for arm in read_json(page, "data")["scene"]["arms"]] == [600.0, 900.0]


def test_other_seeds_are_no_pair(synthetic: ModuleType) -> None:
    runs = synthetic.pair(n_start=60)
    runs[1].info["seed"] = 2
    assert outcomes(group(read_arms(runs)))["others"] == []


def test_seeds_of_one_condition_are_paired(synthetic: ModuleType) -> None:
    runs = [r for seed in (1, 2) for r in synthetic.pair(n_start=100)]
    for i, run in enumerate(runs):
        run.seed = run.info["seed"] = 1 + i // 2
    runs[2].summary.loc[72.0, "cells.tumour.live"] += 10
    conditions = group(read_arms(runs))
    assert [len(c.arms) for c in conditions] == [2, 2]
    rows = outcomes(conditions)["groups"][0]["rows"]
    live = next(row for row in rows if row["key"] == "cells.tumour.live")
    assert live["differences"][0]["text"] == "−5"
    # Student's t with one degree of freedom: 12.7062 times the standard error of 0 and -10.
    assert live["differences"][0]["interval"] == "−68.5 to +58.5"


def test_flows_carry_all_that_was_released(pair: list[Any]) -> None:
    pictures = flows(read_arms(pair))
    assert [picture["arm"] for picture in pictures] == ["baseline"]
    given = sum(branch["amount"] for branch in pictures[0]["inputs"])
    assert sum(branch["amount"] for branch in pictures[0]["outputs"]) == pytest.approx(given, rel=1e-12)


def test_the_closure_names_a_breach(synthetic: ModuleType) -> None:
    run = synthetic.SyntheticRun(n_start=50)
    assert closure(read_arms([run]))["counted"]["closes"]
    run.ledger.loc[0, "imbalance"] = 1e-6
    found = closure(read_arms([run]))["counted"]
    assert not found["closes"]
    assert found["species"] == "tumour"


def test_sources_are_read_with_ids_ranges_and_links(synthetic: ModuleType) -> None:
    rows = [sources.read_row(row) for row in synthetic.source_rows()]
    assert rows[0]["link"] == "https://doi.org/10.1000/example"
    assert rows[3]["range"] == "0.01 to 1"
    assert {s["kind"]: s["share"] for s in sources.shares(rows)} == {
        "evidence": 0.5,
        "derived": 0.25,
        "assumed": 0.25,
    }


def test_no_run_or_an_empty_run_is_an_error_and_leaves_no_file(synthetic: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(ExocosmError, match="at least one run"):
        write_report([], tmp_path / "none.html")
    run = synthetic.SyntheticRun(n_start=50)
    run.summary = run.summary.iloc[:0]
    with pytest.raises(ExocosmError, match="no complete record"):
        write_report([run], tmp_path / "none.html")
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_how_to_run_it_again(pair: list[Any]) -> None:
    assert command(read_arms(pair)) == "exocosm compare hcc-nodule --without vesicles:tumour"
    assert command(read_arms(pair[:1])) == "exocosm run hcc-nodule --seed 1"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("without vesicles:tumour", "no cell releases tumour vesicles"),
        ("without cargo:miR-21-5p", "no vesicle carries miR-21-5p"),
        ("tissue.medium.tortuosity=2", "tortuosity of the medium is 2"),
        (
            "species.vesicles.tumour.manifest.miR-21-5p=10 copies/particle",
            "miR-21-5p per tumour vesicle is 10 copies/particle",
        ),
        ("tissue.cell_types.macrophage.states.M2.fall=0.1 1/h", "fall of M2 of macrophage cells is 0.1 1/h"),
        ("duration=2 h", "duration is 2 h"),
    ],
)
def test_changes_in_words(change: str, words: str) -> None:
    assert phrase(change) == words


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("without vesicles:tumour", "no tumour vesicles"),
        ("without cells:T cell", "no T cell cells"),
        ("without rule:calm", "no rule of calm"),
        ("with tissue.medium.tortuosity=2", "tortuosity of the medium = 2"),
        ("baseline", "baseline"),
    ],
)
def test_labels_in_a_few_words(label: str, words: str) -> None:
    assert short(label) == words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1234567, "1\u202f234\u202f567"),
        (0.4217, "0.422"),
        (2.5e-7, "2.50×10⁻⁷"),
        (float("nan"), "–"),
        (-3, "−3"),
    ],
)
def test_numbers_as_people_write_them(value: float, text: str) -> None:
    assert number(value) == text


def test_small_shares_are_not_shown_as_nothing() -> None:
    assert percent(1e-5) == "<0.1\u202f%"


def test_columns_with_dots_and_dashes_in_names() -> None:
    column = read_column("cargo.14-3-3ζ.per_cell_per_day.CD8 T cell")
    assert column is not None
    assert (column.name, column.cell, column.unit) == ("14-3-3ζ", "CD8 T cell", "copies per cell per day")
    assert read_column("time_min") is None


def test_quantised_values_stay_within_half_a_step() -> None:
    values = np.linspace(-3.0, 9.0, 1001)
    back = quantise(values, -3.0, 9.0) / 65535 * 12.0 - 3.0
    assert np.abs(back - values).max() <= 0.5001 * 12.0 / 65535


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_the_still_picture_is_drawn(synthetic: ModuleType, tmp_path: Path, ending: str) -> None:
    path = figure(synthetic.SyntheticRun(n_start=200), tmp_path / f"run.{ending}")
    assert path.stat().st_size > 20_000


def test_units_are_printed_as_they_are_read() -> None:
    assert units("100000 um**2/min") == "100000 µm²/min"
    assert units("particle/um^3") == "particle/µm³"
    assert units("1.3 uM/mmHg") == "1.3 µM/mmHg"


def test_the_report_says_once_what_the_grids_cannot_tell(synthetic: ModuleType, tmp_path: Path) -> None:
    runs = synthetic.pair(n_start=60)
    for run in runs:
        run.info["warnings"] = ["tumour: voxels are too wide"]
    page = write_report(runs, tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count('<p class="warning">tumour: voxels are too wide</p>') == 1
