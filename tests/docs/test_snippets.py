"""What the README and the docs tell a reader to type works, in the order in which they say it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


def _load_reader() -> ModuleType:
    path = Path(__file__).with_name("snippets.py")
    spec = importlib.util.spec_from_file_location("exocosm_docs_snippets", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


READER = _load_reader()
WITH_SNIPPETS = [page for page in READER.PAGES if READER.snippets(page)]


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
    for snippet in READER.snippets(page):
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
