"""Exocosm: a laboratory in software for exosomes in hepatocellular carcinoma.

The names below are the public face; each is loaded when it is first used, so that `import exocosm` is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exocosm.ground.errors import ConservationError, ExocosmError, ModelError, RunError
    from exocosm.model import Add, Model, Set, Without, load
    from exocosm.results import Run, Stopped, resume, run
    from exocosm.study import Comparison, attribute, compare
    from exocosm.view import write_report as report

    __version__: str

_HOMES = {
    "Add": "exocosm.model",
    "Comparison": "exocosm.study",
    "ConservationError": "exocosm.ground.errors",
    "ExocosmError": "exocosm.ground.errors",
    "Model": "exocosm.model",
    "ModelError": "exocosm.ground.errors",
    "Run": "exocosm.results",
    "RunError": "exocosm.ground.errors",
    "Set": "exocosm.model",
    "Stopped": "exocosm.results",
    "Without": "exocosm.model",
    "attribute": "exocosm.study",
    "compare": "exocosm.study",
    "load": "exocosm.model",
    "report": "exocosm.view",
    "resume": "exocosm.results",
    "run": "exocosm.results",
}

_NAMED_OTHERWISE = {"report": "write_report"}

__all__ = [
    "Add",
    "Comparison",
    "ConservationError",
    "ExocosmError",
    "Model",
    "ModelError",
    "Run",
    "RunError",
    "Set",
    "Stopped",
    "Without",
    "__version__",
    "attribute",
    "compare",
    "load",
    "report",
    "resume",
    "run",
]


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("exocosm")
    except PackageNotFoundError:
        return "0+source"


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return _version()
    if name not in _HOMES:
        raise AttributeError(f"module 'exocosm' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), _NAMED_OTHERWISE.get(name, name))


def __dir__() -> list[str]:
    return sorted(__all__)
