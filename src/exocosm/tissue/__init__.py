"""The 3-D tissue engine: fields, cells, mechanics, phenotype, vesicles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exocosm.tissue.simulation import Simulation
    from exocosm.tissue.warming import warm_up

_HOME = {"Simulation": "simulation", "warm_up": "warming"}

__all__ = ["Simulation", "warm_up"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
