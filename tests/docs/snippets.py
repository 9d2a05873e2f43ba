"""Reads the fenced blocks of a Markdown page that a `<!-- test -->` line announces."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])

BLOCK = re.compile(
    r"^<!-- test -->\n+```(?P<language>\w+)\n(?P<text>.*?)^```$", flags=re.MULTILINE | re.DOTALL
)
MARK = re.compile(r"^<!-- test -->$", flags=re.MULTILINE)


@dataclass(frozen=True)
class Snippet:
    """One block: its language, its text and the line where the text starts."""

    language: str
    text: str
    line: int


def snippets(page: Path) -> list[Snippet]:
    """The marked blocks of `page` in order; a mark without a block is an error."""
    source = page.read_text(encoding="utf-8")
    found = [
        Snippet(match["language"], match["text"], source.count("\n", 0, match.start("text")) + 1)
        for match in BLOCK.finditer(source)
    ]
    if len(found) != len(MARK.findall(source)):
        raise ValueError(f"{page.name}: a <!-- test --> line stands without a closed block below it")
    return found
