"""Capillaries for the 3-D view: line segments with a radius, as blocks of 7 numbers a segment."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.view.arms import Arm
from exocosm.view.embed import Blocks


def vessels(arm: Arm, blocks: Blocks) -> list[dict[str, Any]]:
    """Capillaries of the model of an arm as line segments with a radius, by network; none without them."""
    model = arm.run.model
    if not getattr(getattr(model, "tissue", None), "capillaries", None):
        return []
    from importlib import import_module

    try:
        networks = import_module("exocosm.tissue.capillaries").segments(model)
    except (ImportError, AttributeError):
        return []
    return [_network(name, np.asarray(ends), radius, blocks) for name, (ends, radius) in networks.items()]


def _network(name: str, ends: NDArray[Any], radius: Any, blocks: Blocks) -> dict[str, Any]:
    """`ends` (n, 2, 3) in µm and one radius or n of them, in one block: 7 numbers a segment."""
    count = len(ends)
    wide = np.broadcast_to(np.asarray(radius, dtype=float), (count,))[:, None]
    block = blocks.add(np.hstack([ends.reshape(count, 6), wide]).astype("<f4"))
    return {"name": name, "n": count, "segments": block}
