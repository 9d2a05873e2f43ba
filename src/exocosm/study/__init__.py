"""Studies: questions asked over many runs. `compare` takes mechanisms out and reads what changed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exocosm.study.attribution import Attribution, attribute
    from exocosm.study.comparison import Comparison, compare

_HOMES = {
    "Attribution": "attribution",
    "Comparison": "comparison",
    "attribute": "attribution",
    "compare": "comparison",
}

__all__ = ["Attribution", "Comparison", "attribute", "compare"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__} has no {name}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
