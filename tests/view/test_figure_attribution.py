"""The figure of an attribution: text as text, intervals where there are any, the same bytes again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas
import pytest

from exocosm.ground.errors import ExocosmError
from exocosm.view import write_attribution
from exocosm.view.figure_attribution import MOST, Shared, draw
from exocosm.view.words import number

SHARED = Shared(
    title="A model",
    outcome="tumour, live",
    unit="cells",
    time_h=72.0,
    seeds=(1, 2, 3),
    whole=1900.0,
    nobody=2000.0,
    total=(-100.0, -120.0, -80.0),
)


def table(players: int = 3, several: bool = True, shapley: bool = True) -> pandas.DataFrame:
    rows = []
    for i in range(players):
        row: dict[str, object] = {"player": f"cargo-{i}"}
        for kind in ("shapley", "leave_one_out", "add_one_in"):
            mean = -100.0 / (i + 1) if shapley or kind != "shapley" else np.nan
            half = 5.0 if several else np.nan
            row |= {kind: mean, f"{kind}_low": mean - half, f"{kind}_high": mean + half}
        rows.append(row)
    return pandas.DataFrame(rows)


def words_of(file: Path) -> str:
    """A caption without its line breaks; blanks within numbers stay as they are."""
    return file.read_text(encoding="utf-8").replace("\n", " ")


def test_text_stays_text_and_the_axis_has_a_unit(tmp_path: Path) -> None:
    drawn = write_attribution(table(), SHARED, tmp_path / "a.svg").read_text(encoding="utf-8")
    with_all = f"{number(1900)} cells with all"
    for text in ("cargo-2", "Shapley value", "leave one out", "after 72 h (cells)", with_all):
        assert text in drawn


def test_the_caption_says_baseline_seeds_and_interval(tmp_path: Path) -> None:
    write_attribution(table(), SHARED, tmp_path / "a.svg")
    caption = words_of(tmp_path / "a.txt")
    for words in (
        f"{number(1900)} cells with all and {number(2000)} cells with none",
        "n = 3 seeds",
        "95 % interval −120 to −80",
    ):
        assert words in caption


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
def test_the_same_table_gives_the_same_bytes(tmp_path: Path, ending: str) -> None:
    one = write_attribution(table(), SHARED, tmp_path / f"a.{ending}").read_bytes()
    assert write_attribution(table(), SHARED, tmp_path / f"b.{ending}").read_bytes() == one


def test_each_interval_is_drawn_where_it_is() -> None:
    axes = draw(table(), SHARED).axes[0]
    lines = [segment for c in axes.collections for segment in c.get_segments()]
    reaches = sorted((float(s[0][0]), float(s[1][0])) for s in lines)
    assert reaches[0] == (-105.0, -95.0)
    assert len(reaches) == 9
    assert axes.get_ylim()[0] > axes.get_ylim()[1]  # the first row on top


def test_one_seed_has_no_interval_and_no_orders_no_shapley_values() -> None:
    axes = draw(table(several=False, shapley=False), SHARED).axes[0]
    assert not axes.collections
    assert {line.get_label() for line in axes.lines} >= {"leave one out", "add one in"}
    assert "Shapley value" not in {line.get_label() for line in axes.lines}


def test_of_many_players_the_largest_are_drawn(tmp_path: Path) -> None:
    many = table(MOST + 5)
    assert len(draw(many, SHARED).axes[0].get_yticks()) == MOST
    write_attribution(many, SHARED, tmp_path / "a.svg")
    assert f"{MOST} largest of {MOST + 5}" in (tmp_path / "a.txt").read_text(encoding="utf-8").replace(
        "\n", " "
    )


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExocosmError, match="there is no format 'jpg'"):
        write_attribution(table(), SHARED, tmp_path / "a.jpg")
    assert list(tmp_path.iterdir()) == []
