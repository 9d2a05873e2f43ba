"""Studies: questions asked over many runs or samples.

`compare` takes mechanisms out and reads what changed; `dose` asks whether enough of a cargo arrives.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exocosm.study.attribution.attributing import Attribution, attribute
    from exocosm.study.comparison import Comparison, compare
    from exocosm.study.delivery.delivered import Dose, dose

_HOMES = {
    "Attribution": "attribution.attributing",
    "Comparison": "comparison",
    "Dose": "delivery.delivered",
    "attribute": "attribution.attributing",
    "compare": "comparison",
    "dose": "delivery.delivered",
}

__all__ = ["Attribution", "Comparison", "Dose", "attribute", "compare", "dose"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__} has no {name}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
