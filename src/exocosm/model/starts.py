"""Cells of a file that lie outside the block are left out; what became of all of them is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from exocosm.model.events import Event
from exocosm.model.faults import Fault, dotted
from exocosm.model.names import placements
from exocosm.model.parts.measured import DIGITS, Cell, table_of
from exocosm.model.parts.regions import Positions
from exocosm.model.parts.tissue import Placement, Tissue

if TYPE_CHECKING:
    from exocosm.model.model import Model


def within_block(model: Model) -> tuple[Tissue, tuple[Event, ...]]:
    """Tissue and events whose imported cells all lie in the block. Raises Fault where none is left."""
    tissue, events = model.tissue, list(model.events)
    cells, size = list(tissue.cells), [float(length) for length in tissue.geometry.size]
    for place, placement in placements(model):
        try:
            trimmed = _trimmed(placement, size)
        except Fault as fault:
            raise fault.inside(*place, "region") from None
        index = int(place[-1] if place[0] == "tissue" else place[1])
        if trimmed is placement:
            continue
        if place[0] == "tissue":
            cells[index] = trimmed
        else:
            events[index] = events[index].model_copy(update={"add": trimmed})
    if all(new is old for new, old in zip([*cells, *events], [*tissue.cells, *model.events], strict=True)):
        return tissue, model.events
    return tissue.model_copy(update={"cells": tuple(cells)}), tuple(events)


def _trimmed(placement: Placement, size: Sequence[float]) -> Placement:
    region = placement.region
    if not isinstance(region, Positions) or not region.notes:
        return placement
    rows, slack = region.rows(), 10.0**-DIGITS
    kept = [row for row in rows if all(-slack <= x <= s + slack for x, s in zip(row[:3], size, strict=True))]
    if len(kept) == len(rows):
        return placement
    if not kept:
        reach = [
            f"{a} {min(r[i] for r in rows):g} to {max(r[i] for r in rows):g}" for i, a in enumerate("xyz")
        ]
        limits = " x ".join(f"{length:g}" for length in size)
        wanted = f"a scale and shift that bring cells within 0 to {limits} um"
        raise Fault("all cells lie outside the tissue", found=", ".join(reach) + " um", wanted=wanted)
    lost = Counter(row[3] for row in rows) - Counter(row[3] for row in kept)
    notes = [f"left out {n:,} {kind}: outside the block" for kind, n in lost.most_common()]
    table = {"table": table_of([_held(row, size) for row in kept]), "notes": [*region.notes, *notes]}
    return placement.model_copy(update={"region": Positions.model_validate(table)})


def _held(row: Any, size: Sequence[float]) -> Cell:
    """A cell that rounding put beside the block, in the block."""
    x, y, z = (min(max(value, 0.0), length) for value, length in zip(row[:3], size, strict=True))
    return row[3], (x, y, z)


def starts_report(model: Model) -> list[str]:
    """For each placement from a file: how many cells it has, what was left out and why, what starts."""
    return [
        f"{dotted(place)}: " + "; ".join([*placement.region.notes, _started(placement.region)])
        for place, placement in placements(model)
        if isinstance(placement.region, Positions) and placement.region.notes
    ]


def _started(region: Positions) -> str:
    counts = Counter(row[3] for row in region.rows())
    return f"{counts.total():,} start: " + ", ".join(f"{n:,} {kind}" for kind, n in counts.most_common())
