"""Runs of the stand-in engine, for tests of folders rather than of physics."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import stand_in


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in.install(monkeypatch.setattr)


@pytest.fixture
def model() -> stand_in.StandInModel:
    return stand_in.StandInModel()
