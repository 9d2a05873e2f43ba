"""The corpus of broken input is as large as the page of promises says, and as large as was promised."""

from __future__ import annotations

import re
from pathlib import Path

import broken_folders
import broken_sections
from ruamel.yaml import YAML

TESTS = Path(__file__).parents[1]
PROMISES = TESTS.parent / "docs" / "promises.md"
LEAST = 200
TABLES = ("malformed_rules", "malformed_cells")


def cases(name: str) -> int:
    return len(YAML(typ="safe").load(TESTS / "model" / f"{name}.yaml"))


def comparisons() -> int:
    text = (TESTS / "test_cli_broken.py").read_text()
    return len(re.findall(r"^    \"[^\"]+\": \(", text[text.index("COMPARISONS = {") :], re.M))


def corpus() -> dict[str, int]:
    scenarios = [path.stem for path in (TESTS / "model").glob("malformed*.yaml") if path.stem not in TABLES]
    return {
        "malformed scenarios": sum(map(cases, scenarios)),
        "senseless ones": cases("senseless"),
        "tables of rules": cases("malformed_rules"),
        "tables of cells": cases("malformed_cells"),
        "sections": len(broken_sections.CASES),
        "run folders": len(broken_folders.CASES),
        "comparisons": comparisons(),
    }


def test_the_numbers_on_the_page_of_promises_are_those_of_the_corpus() -> None:
    found = corpus()
    told = ", ".join(f"{number} {kind}" for kind, number in found.items())
    assert f"{sum(found.values())} broken inputs: {told}" in PROMISES.read_text()


def test_the_corpus_is_as_large_as_promised() -> None:
    assert sum(corpus().values()) >= LEAST
    assert min(number for kind, number in corpus().items() if kind != "comparisons") >= 50
