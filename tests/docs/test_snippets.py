"""What the README and the docs tell a reader to type works, in the order in which they say it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])

# A block that is run stands under a line `<!-- test -->`.
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


WITH_SNIPPETS = [page for page in PAGES if snippets(page)]


def run_bash(text: str, folder: Path) -> None:
    """Run a block as a reader would, with the environment's `exocosm` first on the path."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"$ {text}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("page", WITH_SNIPPETS, ids=lambda page: page.stem)
def test_snippets_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All marked blocks of a page, in order, in one folder and one Python namespace."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "__docs__"}
    for snippet in snippets(page):
        if snippet.language == "python":
            code = "\n" * (snippet.line - 1) + snippet.text
            exec(compile(code, str(page), "exec"), names)
        elif snippet.language == "bash":
            run_bash(snippet.text, tmp_path)
        elif snippet.language == "yaml":
            (tmp_path / "scenario.yaml").write_text(snippet.text, encoding="utf-8")
        else:
            pytest.fail(f"{page.name}, line {snippet.line}: no way to run a block of {snippet.language}")


def test_the_tutorial_and_the_readme_have_snippets() -> None:
    """The test above must not pass because nothing is marked."""
    assert {"README", "tutorial"} <= {page.stem for page in WITH_SNIPPETS}
