"""The docs say what is true of the repository: commands, links, promises and their tests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\((?!https?:|#|mailto:)(?P<target>[^)#\s]+)[^)]*\)")
TARGET = re.compile(r"`make (\w+)`|^make (\w+)$", flags=re.MULTILINE)
TEST_NAME = re.compile(r"`(?P<path>tests/[\w/]+\.py)`")
CODE_NAME = re.compile(r"`(?P<path>(?:ground|physics|model|tissue)/[\w/]+\.py)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_files_lead_somewhere(page: Path) -> None:
    targets = [match["target"] for match in LINK.finditer(page.read_text(encoding="utf-8"))]
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_tests_that_a_page_names_exist(page: Path) -> None:
    named = TEST_NAME.findall(page.read_text(encoding="utf-8"))
    assert not [path for path in named if not (ROOT / path).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_of_code_that_a_page_names_exist(page: Path) -> None:
    named = CODE_NAME.findall(page.read_text(encoding="utf-8"))
    assert not [path for path in named if not (ROOT / "src" / "exocosm" / path).exists()]


def test_files_that_the_map_names_exist() -> None:
    text = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")
    steps = text.split("## Where each step of a vesicle's life is", 1)[1].split("##", 1)[0]
    named = re.findall(r"`(\w+\.py)`", steps)
    assert named
    assert not [name for name in named if not (ROOT / "src" / "exocosm" / "tissue" / name).exists()]


def test_every_target_that_the_docs_name_is_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in PAGES:
        for target in TARGET.findall(page.read_text(encoding="utf-8")):
            name = next(filter(None, target))
            assert re.search(rf"^{name}:", makefile, re.MULTILINE), f"{page.name}: make {name}"


def test_the_map_of_the_code_names_every_package() -> None:
    text = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")
    packages = [path.name for path in (ROOT / "src" / "exocosm").iterdir() if (path / "__init__.py").exists()]
    assert not [name for name in packages if f"`{name}/`" not in text]
