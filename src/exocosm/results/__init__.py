"""Runs: `run` and `resume` leave a folder, `Run.open` reads it. Loaded lazily."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exocosm.results.interrupt import Stopped
    from exocosm.results.progress import Advance, display
    from exocosm.results.reading import Run
    from exocosm.results.running import Observer, resume, run

_HOMES = {
    "Advance": "progress",
    "display": "progress",
    "Observer": "running",
    "Run": "reading",
    "Stopped": "interrupt",
    "resume": "running",
    "run": "running",
}

__all__ = ["Advance", "Observer", "Run", "Stopped", "display", "resume", "run"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__} has no {name}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
