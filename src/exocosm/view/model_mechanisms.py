"""The mechanisms of a model: those that its rules say they stand for, as an atlas of their own."""

from __future__ import annotations

from typing import Any

from exocosm.library import Atlas, mechanisms
from exocosm.view.atlas.picture import picture
from exocosm.view.atlas.shapes import COLOURS
from exocosm.view.atlas.svg import as_svg


def mechanisms_of(model: Any) -> Atlas:
    """The mechanisms that the rules of a model cite, in the order of the table."""
    rules = getattr(getattr(model, "tissue", None), "rules", ())
    cited = {id for rule in rules for id in getattr(rule, "evidence", ())}
    return Atlas(tuple(row for row in mechanisms() if row.id in cited), {})


def network_of(model: Any) -> dict[str, Any] | None:
    """The network of a model's mechanisms for its report; None where they join no two cells."""
    found = mechanisms_of(model)
    if not found.network.arrows:
        return None
    drawing = picture(found)
    return {
        "svg": as_svg(drawing),
        "families": [(family, COLOURS[family]) for family in drawing.families()],
        "mechanisms": len(found.rows),
        "sources": len(found.sources),
        "below": drawing.below,
    }
