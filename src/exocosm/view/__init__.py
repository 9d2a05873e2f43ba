"""What a run looks like: one offline HTML report of one or several runs, and static figures.

Names are loaded on first use, so that importing Exocosm does not load matplotlib or Plotly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exocosm.view.atlas.figure import write_atlas_figure
    from exocosm.view.atlas.page import write_atlas
    from exocosm.view.figure_attribution import write_attribution
    from exocosm.view.figures import write_figures
    from exocosm.view.overview import figure
    from exocosm.view.report import write_report

__all__ = [
    "figure",
    "write_atlas",
    "write_atlas_figure",
    "write_attribution",
    "write_figures",
    "write_report",
]

_HOMES = {
    "figure": "exocosm.view.overview",
    "write_atlas": "exocosm.view.atlas.page",
    "write_atlas_figure": "exocosm.view.atlas.figure",
    "write_attribution": "exocosm.view.figure_attribution",
    "write_figures": "exocosm.view.figures",
    "write_report": "exocosm.view.report",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
