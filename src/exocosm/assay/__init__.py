"""What a laboratory measured, in the words of a model: a user's own vesicles from size and cargo tables."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exocosm.assay.population import MeasuredPopulation, vesicle_population
    from exocosm.assay.size_tables import SizeTable, read_sizes
    from exocosm.assay.tables import TableError

_HOMES = {
    "MeasuredPopulation": "population",
    "SizeTable": "size_tables",
    "TableError": "tables",
    "read_sizes": "size_tables",
    "vesicle_population": "population",
}

__all__ = ["MeasuredPopulation", "SizeTable", "TableError", "read_sizes", "vesicle_population"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__} has no {name}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
