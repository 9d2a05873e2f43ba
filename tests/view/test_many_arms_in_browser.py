"""The controls for several arms, as a person meets them: two side by side, one time, slices, tabs, keys."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import matplotlib.image as image
import numpy as np
import pytest

from exocosm.view import write_report

pytestmark = pytest.mark.browser


def settle(page: Any, selector: str = "#stage") -> None:
    """Wait until nothing new has been drawn for a while."""
    drawn = None
    while drawn != (now := page.get_attribute(selector, "data-drawn")):
        drawn = now
        page.wait_for_timeout(220)


@pytest.fixture(scope="module")
def page(browser: Any, synthetic: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    runs = synthetic.several(n_start=60, seeds=2)
    for run in runs:
        run.model.tissue.capillaries = ("sinusoid",)
    # One capillary of 25 µm across, beside the cells, along all of x.
    ends = np.array([[[0.0, 150.0, 300.0], [600.0, 150.0, 300.0]]])
    module = SimpleNamespace(segments=lambda model: {"sinusoid": (ends, 12.5)})
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "exocosm.tissue.capillaries", module)
        report = write_report(runs, tmp_path_factory.mktemp("many") / "report.html")
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.said = []
    page.on("console", lambda message: page.said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: page.said.append(f"error: {error}"))
    page.goto(report.as_uri())
    page.wait_for_selector("html[data-ready=yes]", timeout=60_000)
    page.wait_for_selector("#stage[data-drawn]", timeout=60_000)
    page.wait_for_selector("#slices[data-drawn]", timeout=60_000)
    yield page
    page.close()


def counts(page: Any) -> list[str]:
    settle(page)
    return [text.replace("\u202f", "") for text in page.locator(".pane .count").all_inner_texts()]


def chosen(page: Any) -> list[str]:
    return page.eval_on_selector_all(".pane select", "all => all.map(s => s.selectedOptions[0].textContent)")


def test_two_arms_with_their_seeds_stand_side_by_side(page: Any) -> None:
    assert chosen(page) == ["baseline", "seed 1", "no tumour vesicles", "seed 1"]
    page.select_option("[aria-label='Seed shown left']", label="seed 2")
    page.select_option("[aria-label='Arm shown right']", label="no macrophage cells")
    settle(page, "#slices")
    assert chosen(page) == ["baseline", "seed 2", "no macrophage cells", "seed 1"]
    titles = page.locator(".slice h3").all_inner_texts()
    assert titles == ["baseline, seed 2", "no macrophage cells, seed 1", "right minus left"]


def test_one_slider_moves_both_tissues_and_both_slices(page: Any) -> None:
    page.click("[data-axis='-1']")
    before, drawn = counts(page), int(page.get_attribute("#slices", "data-drawn"))
    page.locator("#time").fill("0")
    after = counts(page)
    settle(page, "#slices")
    assert all(text.startswith("60 of 60 cells") for text in after)
    assert all(one != two for one, two in zip(before, after, strict=True))
    assert int(page.get_attribute("#slices", "data-drawn")) > drawn
    page.locator("#time").fill("12")


def test_the_slider_stays_in_view_over_tissue_and_slices(page: Any) -> None:
    for part in ("tissue", "fields"):
        page.evaluate(f"document.getElementById('{part}').scrollIntoView({{behavior: 'instant'}})")
        page.wait_for_timeout(150)
        box = page.locator("#timebar").bounding_box()
        assert box["y"] + box["height"] <= 801, part


def test_slices_have_one_scale_with_a_unit_and_read_out_values(page: Any) -> None:
    page.select_option("#slice-field", label="oxygen")
    settle(page, "#slices")
    bars = page.locator(".slice .colourbar").all_inner_texts()
    assert bars[0] == bars[1]
    assert "oxygen, mmHg" in bars[0]
    assert bars[2].startswith("difference, mmHg")
    canvas = page.locator(".slice canvas >> nth=0")
    canvas.scroll_into_view_if_needed()
    canvas.hover(position={"x": 180, "y": 120})
    assert page.locator(".slice .read >> nth=0").inner_text().endswith(" mmHg")


def test_capillaries_are_drawn_and_can_be_hidden(page: Any) -> None:
    page.evaluate("document.getElementById('tissue').scrollIntoView({behavior: 'instant'})")
    page.select_option("#field", "-1")
    page.click("[data-axis='-1']")

    def red() -> float:
        settle(page)
        taken = image.imread(io.BytesIO(page.locator("#canvas").screenshot()), format="png")
        r, g, b = (taken[..., k] for k in range(3))
        return float(((r > 0.25) & (g < 0.2) & (b < 0.3) & (r > b + 0.1)).mean())

    assert red() > 0.005
    page.uncheck("input[aria-label='show capillaries']")
    assert red() < 0.001
    page.check("input[aria-label='show capillaries']")


def test_tabs_choose_the_arm_of_the_table_by_mouse_and_keys(page: Any) -> None:
    shown = "[...document.querySelectorAll('[role=tabpanel]')].filter(p => !p.hidden).map(p => p.id)"
    assert page.evaluate(shown) == ["table-1"]
    page.click("#tab-3")
    assert page.evaluate(shown) == ["table-3"]
    page.keyboard.press("ArrowRight")
    assert page.evaluate(shown) == ["table-4"]
    assert page.evaluate("document.activeElement.id") == "tab-4"


def test_an_arm_can_be_hidden_in_all_charts(page: Any) -> None:
    page.evaluate("Exocosm.drawAll()")
    visible = "document.querySelector('.chart').data.map(t => t.visible)"
    assert all(page.evaluate(visible))
    page.uncheck("input[aria-label='show no tumour vesicles in all charts']")
    assert page.evaluate(visible).count(False) >= 1
    page.check("input[aria-label='show no tumour vesicles in all charts']")


def test_flows_are_shown_for_the_arm_that_is_chosen(page: Any) -> None:
    page.click("#flow-arms button >> nth=1")
    assert page.locator("#flows h3").inner_text() == "tumour vesicles: no macrophage cells"


def test_the_contents_mark_the_part_that_is_read(page: Any) -> None:
    page.evaluate("document.getElementById('courses').scrollIntoView()")
    page.wait_for_timeout(900)
    assert page.locator("nav a[aria-current]").all_inner_texts() == ["Time courses"]


def test_nothing_overflows_sideways(page: Any) -> None:
    for width in (1920, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_print_shows_the_tables_of_all_arms_without_controls(page: Any) -> None:
    page.emulate_media(media="print")
    assert page.locator("#timebar").is_hidden()
    assert all(page.locator(f"#table-{k}").is_visible() for k in range(1, 5))
    page.emulate_media(media="screen")


def test_the_console_stays_silent(page: Any) -> None:
    assert page.said == []
