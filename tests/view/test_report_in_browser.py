"""The report as a person meets it: a file opened in a browser without a network."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.image as image
import numpy as np
import pytest

pytestmark = pytest.mark.browser

LOCAL = ("file:", "data:", "blob:")


@pytest.fixture(scope="module")
def page(browser: Any, report: Path) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    page = context.new_page()
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: page.said.append(f"error: {error}"))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(report.as_uri())
    page.wait_for_selector("html[data-ready=yes]", timeout=60_000)
    page.wait_for_selector("#stage[data-drawn]", timeout=60_000)
    yield page
    context.close()


def pixels(page: Any) -> np.ndarray:
    """The canvas as drawn, height x width x 3, without what lies over it."""
    settle(page)
    page.evaluate(
        "document.getElementById('panes').style.opacity = 0; document.getElementById('tip').hidden = true"
    )
    taken = page.locator("#canvas").screenshot()
    page.evaluate("document.getElementById('panes').style.opacity = 1")
    return image.imread(io.BytesIO(taken), format="png")[:, :, :3]


def counts(page: Any) -> str:
    """What the first pane says of the cells in view, without its thin spaces."""
    settle(page)
    return page.inner_text(".pane .count >> nth=0").replace("\u202f", "")


def settle(page: Any) -> None:
    """Wait until nothing new has been drawn for a while."""
    drawn = None
    while drawn != (now := page.get_attribute("#stage", "data-drawn")):
        drawn = now
        page.wait_for_timeout(220)


def changed(before: np.ndarray, after: np.ndarray) -> float:
    """Share of pixels that differ visibly."""
    return float((np.abs(before - after).max(axis=2) > 0.08).mean())


def test_the_tissue_is_drawn_in_its_colours(page: Any) -> None:
    page.select_option("#field", "-1")
    picture = pixels(page)
    red, green, blue = picture[..., 0], picture[..., 1], picture[..., 2]
    tumour = (red > 0.5) & (red > blue + 0.25) & (red > green + 0.1)
    macrophage = (blue > 0.35) & (blue > red + 0.2)
    assert tumour.mean() > 0.05
    assert macrophage.mean() > 0.002


def test_both_arms_are_drawn_from_the_same_side(page: Any) -> None:
    picture = pixels(page)
    half = picture.shape[1] // 2
    assert changed(picture[:, : half - 2], picture[:, half : 2 * half - 2]) < 0.06


def test_dragging_turns_it(page: Any) -> None:
    before = pixels(page)
    box = page.locator("#canvas").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 320, box["y"] + 230, steps=4)
    page.mouse.up()
    assert changed(before, pixels(page)) > 0.02


def test_keys_turn_it(page: Any) -> None:
    before = pixels(page)
    page.focus("#stage")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    assert changed(before, pixels(page)) > 0.02


def test_the_slider_changes_time(page: Any) -> None:
    assert page.inner_text("#time-text") == "72 h"
    before = counts(page)
    page.locator("#time").fill("0")
    settle(page)
    assert page.inner_text("#time-text") == "0 h"
    assert counts(page) != before


def test_the_play_button_moves_time_on(page: Any) -> None:
    page.locator("#time").fill("0")
    page.click("#play")
    for _ in range(100):
        page.wait_for_timeout(100)
        if int(page.input_value("#time")) >= 2:
            break
    page.click("#play")
    assert 2 <= int(page.input_value("#time")) <= 12
    assert page.get_attribute("#play", "aria-label") == "Play"


def test_a_cut_hides_half_and_whole_shows_all(page: Any) -> None:
    page.locator("#time").fill("0")
    page.click("[data-axis='-1']")
    assert "700 of 700 cells" in counts(page)
    page.click("[data-axis='0']")
    settle(page)
    shown = int(counts(page).split(" of")[0])
    assert 250 < shown < 600


def test_hiding_a_type_hides_its_cells(page: Any) -> None:
    page.click("[data-axis='-1']")
    page.uncheck("input[aria-label='show tumour cells']")
    settle(page)
    shown = int(counts(page).split(" of")[0])
    assert 0 < shown < 200
    page.check("input[aria-label='show tumour cells']")


def test_the_field_is_painted_on_the_slice_of_the_arm_that_has_it(page: Any) -> None:
    page.locator("#time").fill("12")
    page.click("[data-axis='1']")
    page.select_option("#field", label="tumour vesicles")
    page.click("#reset")
    picture = pixels(page)
    half = picture.shape[1] // 2
    violet = (picture[..., 2] > picture[..., 1] + 0.15) & (picture[..., 0] > picture[..., 1] + 0.1)
    assert violet[:, :half].mean() > 0.05
    assert violet[:, half:].mean() < 0.01
    assert "particle/µm³" in page.inner_text("#field-key")


def test_pointing_at_a_cell_tells_about_it(page: Any) -> None:
    page.click("#reset")
    settle(page)
    box = page.locator("#stage").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    page.wait_for_timeout(120)
    page.mouse.move(box["x"] + box["width"] / 4 + 2, box["y"] + box["height"] / 2 + 2)
    page.wait_for_selector("#tip:not([hidden])", state="attached", timeout=5_000)
    told = page.text_content("#tip")
    assert "radius" in told
    assert "miR-21-5p" in told


def test_charts_and_flow_have_axes_and_units(page: Any) -> None:
    page.evaluate("Exocosm.drawAll()")
    titles = page.eval_on_selector_all(".chart .g-ytitle, .chart .g-xtitle", "e => e.map(t => t.textContent)")
    assert titles.count("time, h") == page.locator(".chart").count() >= 10
    assert {"cells", "particles", "copies per cell per day"} <= set(titles)
    assert page.locator(".flow .sankey-node").count() == 7


def test_sources_filter_and_sort(page: Any) -> None:
    page.fill("#source-filter", "oxygen")
    assert page.inner_text("#source-count") == "1 of 4 numbers"
    page.fill("#source-filter", "")
    page.click("#source-table thead th:nth-child(3) button")
    kinds = page.eval_on_selector_all("#source-table tbody tr", "rows => rows.map(r => r.dataset.kind)")
    assert kinds == sorted(kinds)


def test_nothing_overflows_sideways_at_either_width(page: Any) -> None:
    for width in (1920, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_console_stays_silent_and_nothing_is_requested(page: Any) -> None:
    assert page.said == []
    assert [url for url in page.asked if not url.startswith(LOCAL)] == []


def test_tissues_of_different_size_are_each_cut_where_their_cells_are(
    browser: Any, synthetic: Any, tmp_path: Path
) -> None:
    from exocosm.view import write_report

    one, two = synthetic.pair(n_start=60)
    one.model.tissue.geometry.size = (3000.0, 3000.0, 3000.0)
    two.info |= {"label": "other", "model": "other"}
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(write_report([one, two], tmp_path / "two.html").as_uri())
    page.wait_for_selector("#stage[data-drawn]", timeout=60_000)
    settle(page)
    for flipped in (False, True):
        if flipped:
            page.click("#flip")
            settle(page)
        said = page.locator(".pane .count").all_inner_texts()
        assert len(said) == 2
        assert not any(text.startswith("0 of") for text in said), said
    page.close()
