"""The atlas drawn: labels name cargos, heads tell signs, a small search is small, the page stands alone."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from exocosm.library import Atlas, atlas, mechanism
from exocosm.view import write_atlas, write_atlas_figure
from exocosm.view.atlas.page import address, render
from exocosm.view.atlas.picture import bounds, picture
from exocosm.view.atlas.shapes import COLOURS, LABEL_SIZE, Strand, point, text_width


def test_a_small_search_is_drawn_as_chains() -> None:
    drawing = picture(atlas(cargo="miR-21-5p"))
    assert len(drawing.strands) <= 5
    assert {"HCC", "macrophage", "stellate"} <= {each.name for each in drawing.pills}
    assert "miR-21-5p" in {strand.label for strand in drawing.strands}
    assert any("M2 polarisation" in words.text and "RHOB ↓" in words.text for words in drawing.words)


def test_the_whole_atlas_has_the_cell_of_most_rows_in_the_middle() -> None:
    drawing = picture(atlas())
    (hub,) = [each for each in drawing.pills if each.hub]
    assert (hub.name, hub.x, hub.y) == ("HCC", 0, 0)
    assert len(drawing.pills) <= 18
    assert len(drawing.strands) < 110
    assert re.fullmatch(
        r"Not drawn: \d+ rows of \d+ cells .* and \d+ rows that name no two cells\.", drawing.left_out
    )


@pytest.mark.parametrize("words", [{}, {"cargo": "miR-21-5p"}, {"sender": "macrophage"}, {"recipient": "NK"}])
def test_pills_do_not_touch_and_all_stays_inside(words: dict[str, str]) -> None:
    drawing = picture(atlas(**words))
    pills = sorted(drawing.pills, key=lambda each: each.y)
    for i, one in enumerate(pills):
        for other in pills[i + 1 :]:
            across = abs(one.x - other.x) >= (one.width + other.width) / 2
            upright = abs(one.y - other.y) >= (one.height + other.height) / 2 - 1e-9
            assert across or upright, (one.name, other.name)
    left, bottom, right, top = bounds(drawing)
    for strand in drawing.strands:
        for t in range(11):
            x, y = point(strand.curve, t / 10)
            assert left <= x <= right
            assert bottom <= y <= top


@pytest.mark.parametrize(
    "words",
    [
        {"sender": "MSC"},
        {"sender": "stellate"},
        {"sender": "endothelium"},
        {"effect": "T-cell function"},
        {"effect": "sorafenib resistance"},
    ],
)
def test_no_label_of_a_chain_covers_a_strand_that_is_not_its_own(words: dict[str, str]) -> None:
    """Before labels looked for strands, these five pictures had 25 strands under labels of others."""
    strands = picture(atlas(**words)).strands
    assert len(strands) > 4
    for strand in strands:
        under = [other.arrow.cargos for other in strands if other is not strand and covers(strand, other)]
        assert not under, (strand.label, under)


def covers(strand: Strand, other: Strand) -> bool:
    """Whether the other strand passes under the label of a strand whose label is level."""
    (x, y), angle = strand.label_place()
    assert angle == 0
    wide, high = text_width(strand.label, LABEL_SIZE), LABEL_SIZE * 1.2 / 72
    places = [point(other.curve, t / 400) for t in range(401)]
    return any(abs(px - x) < wide / 2 and abs(py - y) < high / 2 for px, py in places)


def test_no_cell_is_drawn_without_an_arrow() -> None:
    drawing = picture(atlas(process="therapy"))
    assert any(each.hub for each in drawing.pills)
    ends = {end for strand in drawing.strands for end in (strand.arrow.sender, strand.arrow.recipient)}
    assert {each.name for each in drawing.pills} == ends


def test_a_bar_stands_before_the_cell_that_it_points_at() -> None:
    drawing = picture(atlas(process="therapy"))
    (hub,) = [each for each in drawing.pills if each.hub]
    bars = [s.head() for s in drawing.strands if s.arrow.lowers and s.arrow.recipient == hub.name]
    assert bars
    assert all(math.dist((0, 0), corner) > hub.width / 2 for bar in bars for corner in bar)


def test_what_the_loss_of_a_cargo_does_is_drawn_turned_round() -> None:
    drawing = picture(atlas(cargo="miR-320a", sender="CAF"))
    assert all(words.text.startswith("▼") for words in drawing.words if words.rows)
    assert drawing.below.startswith("Rows that tell what the loss of a cargo does count turned round.")


def test_a_head_tells_whether_the_effect_rises() -> None:
    row = mechanism("imm-IM030")
    for direction, corners in (("up", 3), ("down", 2)):
        (strand,) = picture(Atlas((replace(row, direction=direction),), {})).strands
        assert len(strand.head()) == corners
        assert strand.head()[0] != strand.head()[1]


def test_every_family_of_processes_has_a_colour_of_its_own() -> None:
    drawn = {strand.arrow.family for strand in picture(atlas()).strands}
    assert drawn <= set(COLOURS)
    assert len(set(COLOURS.values())) == len(COLOURS)


@pytest.mark.parametrize("ending", ["svg", "png", "pdf"])
def test_a_figure_is_written_the_same_each_time(tmp_path: Path, ending: str) -> None:
    found = atlas(recipient="NK")
    one = write_atlas_figure(found, tmp_path / f"one.{ending}")
    other = write_atlas_figure(found, tmp_path / f"other.{ending}")
    assert one.read_bytes() == other.read_bytes()
    if ending == "svg":
        assert "circUHRF1" in "".join(ElementTree.parse(one).getroot().itertext())


def test_the_page_stands_alone_and_shows_each_row(tmp_path: Path) -> None:
    found = atlas(cargo="miR-32-5p")
    text = write_atlas(found, tmp_path / "page.html").read_text(encoding="utf-8")
    assert not re.search(r'(?:src|href)="(?:https?:)?//[^"]+\.(?:js|css|png)"', text)
    assert "default-src 'none'" in text
    assert all(f'id="{row.id}"' in text for row in found.rows)
    assert text.count('class="retracted"') == 2


def test_the_page_shows_what_was_measured_of_what_was_asked() -> None:
    found = atlas(cargo="PD-L1")
    text = render(found)
    assert all(f'<tr id="{row.id}"' in text for row in found.numbers)
    assert "PD-L1 molecules per EV: 2.7 molecules/vesicle" in text
    assert 'id="numbers"' not in render(atlas())
    assert "200 numbers of what was asked for, the nearest of " in render(atlas(sender="HCC"))


def test_the_page_of_the_whole_atlas_names_the_rows_of_each_strand() -> None:
    found = atlas()
    text = render(found)
    rows = set(re.findall(r'<tr id="([^"]+)"', text))
    assert rows == {row.id for row in found.rows}
    named = {id for ids in re.findall(r'class="strand[^>]*data-rows="([^"]+)"', text) for id in ids.split()}
    assert named <= rows
    assert not named & {row.id for row in found.rows if row.retracted}


def test_text_of_a_row_cannot_end_its_place_in_the_page() -> None:
    row = replace(mechanism("imm-IM030"), author_year="<script>alert(1)</script>", note='"><b>x')
    text = render(Atlas((row,), {}), title="<i>title")
    assert "<script>alert" not in text
    assert "<b>x" not in text
    assert "<i>title" not in text


def test_a_source_is_a_link_where_its_form_is_known() -> None:
    assert address("10.3390/ijms24054593") == "https://doi.org/10.3390/ijms24054593"
    assert address("PMC7047039") == "https://pmc.ncbi.nlm.nih.gov/articles/PMC7047039/"
    assert address("PMID 27649887") == "https://pubmed.ncbi.nlm.nih.gov/27649887/"
    assert address("https://example.org/a") == "https://example.org/a"
    assert address("a book") == ""


def test_loops_of_the_middle_hang_one_in_the_other() -> None:
    drawing = picture(atlas())
    depths = [point(s.curve, 0.5)[1] for s in drawing.strands if s.arrow.sender == s.arrow.recipient == "HCC"]
    assert len(depths) > 3
    assert all(below < above - 0.3 for above, below in pairwise(depths))
