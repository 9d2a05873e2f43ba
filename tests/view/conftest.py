"""The synthetic run, its report, and a browser that looks at it."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from exocosm.view import write_report

FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


def _load_synthetic() -> ModuleType:
    name = "view_synthetic"
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("synthetic.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def synthetic() -> ModuleType:
    return _load_synthetic()


@pytest.fixture(scope="session")
def pair(synthetic: ModuleType) -> list[Any]:
    """A run and the same without tumour vesicles: equal cells, no cargo delivered."""
    return synthetic.pair(n_start=700)


@pytest.fixture(scope="session")
def several(synthetic: ModuleType) -> list[Any]:
    """Five conditions with three seeds each and columns of every group."""
    return synthetic.several()


@pytest.fixture(scope="session")
def report(pair: list[Any], synthetic: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from exocosm.view import sources

    rows = [sources.read_row(row) for row in synthetic.source_rows()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "source_rows", lambda model: rows)
        return write_report(pair, tmp_path_factory.mktemp("report") / "report.html")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium that renders in software; skipped with the reason where there is none."""
    api = pytest.importorskip("playwright.sync_api", reason="the playwright package is not installed")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    with api.sync_playwright() as play:
        started = play.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()
