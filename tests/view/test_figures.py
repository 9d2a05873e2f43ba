"""Figures for print: every panel, text as text, the same bytes again, captions that say what is shown."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from exocosm.ground.errors import ExocosmError
from exocosm.view import write_figures
from exocosm.view.figures import PANELS

MM = 72 / 25.4


@pytest.fixture(scope="module")
def made(several: list[Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    paths = write_figures(several, tmp_path_factory.mktemp("figures"))
    return {path.stem: path for path in paths}


def test_every_panel_is_made_with_a_caption(made: dict[str, Path]) -> None:
    panels = {re.sub(r"-\d+$", "", name) for name in made}
    assert panels == set(PANELS)
    assert all(path.with_suffix(".txt").exists() for path in made.values())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cells", ["time, h", "Live cells: tumour"]),
        ("zones", ["cells/mm³", "In the margin: CD8"]),
        ("recipients", ["copies per cell per day", "dose of the assay", "miR-21-5p to macrophage"]),
        ("forest", ["no tumour vesicles", "difference, cells/mm³"]),
        ("ledger", ["Inside macrophage cells", "share of all vesicles that came in, %"]),
        ("sections-1", ["x, µm", "baseline, 72 h", "Tumour vesicles in the fluid, particle/µm³"]),
        ("fields-1", ["x, µm", "baseline, 72 h", "mmHg"]),
    ],
)
def test_text_stays_text_and_axes_have_units(made: dict[str, Path], name: str, words: list[str]) -> None:
    drawn = made[name].read_text(encoding="utf-8")
    assert "<text" in drawn
    for text in words:
        assert text in drawn
    assert "<dc:date>" not in drawn


def test_widths_are_those_of_columns(made: dict[str, Path]) -> None:
    for path in made.values():
        found = re.search(r'<svg[^>]* width="([\d.]+)pt"', path.read_text(encoding="utf-8"))
        assert found is not None
        width = float(found[1]) / MM
        assert any(width == pytest.approx(w, abs=0.1) for w in (85, 110.5, 180)), path.name


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
def test_the_same_runs_give_the_same_bytes(several: list[Any], tmp_path: Path, ending: str) -> None:
    one, two = (write_figures(several, tmp_path / f, ["forest"], ending)[0] for f in ("a", "b"))
    assert one.read_bytes() == two.read_bytes()
    if ending == "pdf":
        assert b"CreationDate" not in one.read_bytes()
        assert b"/Type3" not in one.read_bytes()


def test_a_caption_says_what_n_interval_model_and_command(made: dict[str, Path]) -> None:
    text = made["forest"].with_suffix(".txt").read_text(encoding="utf-8")
    for words in (
        "n = 3 seeds (1, 2, 3) of 5 arms",
        "95 %, Student’s t over the paired",
        "hash",
        "exocosm compare",
    ):
        assert words in text


def test_one_run_makes_the_panels_that_it_can(synthetic: ModuleType, tmp_path: Path) -> None:
    run = synthetic.SyntheticRun(n_start=60)
    names = {path.stem for path in write_figures([run], tmp_path / "all")}
    assert names == {"sections", "fields-1", "fields-2", "cells", "vesicles", "cargo", "recipients", "ledger"}
    with pytest.raises(ExocosmError, match="panel forest: these runs hold nothing for it"):
        write_figures([run], tmp_path / "none", ["forest"])
    assert not (tmp_path / "none").exists()


def test_unknown_names_get_the_nearest(several: list[Any], tmp_path: Path) -> None:
    with pytest.raises(ExocosmError, match=r"there is no panel 'forrest'[\s\S]*did you mean: forest"):
        write_figures(several, tmp_path / "x", ["forrest"])
    with pytest.raises(ExocosmError, match=r"there is no format 'svgz'[\s\S]*did you mean: svg"):
        write_figures(several, tmp_path / "x", ["forest"], "svgz")
    assert not (tmp_path / "x").exists()
