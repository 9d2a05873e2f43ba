"""The examples of docs/formats.md are parts of a scenario that loads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from exocosm.model import load

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n((?:tissue|events):\n.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split()[1].strip("-:") or "events")
def test_an_example_extends_a_shipped_scenario(block: str, tmp_path: Path) -> None:
    (tmp_path / "section.csv").write_text("x,y,z,type\n10,20,30,tumour\n", encoding="utf-8")
    path = tmp_path / "example.yaml"
    path.write_text(f"extends: tumour-nodule\n{block}", encoding="utf-8")
    assert load(path).name == "tumour-nodule"


def test_there_are_examples() -> None:
    assert len(BLOCKS) >= 3
