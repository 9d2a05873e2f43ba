"""The atlas' page as a person meets it: filters leave the rows asked for, a strand shows its rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from exocosm.library import atlas
from exocosm.view import write_atlas

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    path: Path = write_atlas(atlas(), tmp_path_factory.mktemp("atlas") / "atlas.html")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    page = context.new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.goto(path.as_uri())
    yield page
    context.close()


def shown(page: Any) -> set[str]:
    """Ids of the rows that are not hidden."""
    return set(page.eval_on_selector_all(".chains tbody tr:not([hidden])", "rows => rows.map(row => row.id)"))


def test_filters_leave_the_rows_that_were_asked_for(page: Any) -> None:
    page.click("#clear")
    assert shown(page) == {row.id for row in atlas().rows}
    page.select_option("[data-filter=sender]", "HCC")
    page.select_option("[data-filter=recipient]", "NK")
    wanted = {row.id for row in atlas().rows if "HCC" in row.senders and "NK" in row.recipients}
    assert shown(page) == wanted
    left = page.eval_on_selector_all(".strand:not(.off)", "all => all.map(each => each.dataset.rows)")
    assert wanted <= {id for ids in left for id in ids.split()}
    page.fill("#words", "mica")
    assert shown(page) == {"imm-IM060"}


def test_a_label_names_the_cargos_that_are_left(page: Any) -> None:
    page.click("#clear")
    page.select_option("[data-filter=cargo]", "MICA")
    assert page.text_content(".label:not(.off) .cargo") == "MICA"


def test_a_strand_and_a_family_show_their_rows(page: Any) -> None:
    page.click("#clear")
    strand = page.locator(".strand").first
    strand.focus()
    page.keyboard.press("Enter")
    assert shown(page) == set(strand.get_attribute("data-rows").split())
    page.click("#clear")
    page.click(".families button[data-family=macrophages]")
    drawn = page.eval_on_selector_all(
        ".strand[data-family=macrophages]", "all => all.flatMap(each => each.dataset.rows.split(' '))"
    )
    assert shown(page) == set(drawn)


def test_the_page_says_nothing_to_the_console(page: Any) -> None:
    assert page.said == []
