"""Who holds an antibody: the shares on vesicles and on the membranes of cells, for the summary of a run."""

from __future__ import annotations

from typing import Any

from exocosm.tissue.delivery import COPIES_PER_AMOUNT
from exocosm.tissue.state import State


def captured_summary(state: State, tissue: Any) -> dict[str, float]:
    """The shares of each antibody outside cells that vesicles and that membranes of cells hold."""
    row: dict[str, float] = {}
    antibodies = [r.species for r in tissue.riders if r.captor is not None]
    antibodies += [name for membrane in tissue.membranes.values() for name in membrane.held]
    for name in dict.fromkeys(antibodies):
        places = ("field", "matrix", "surface")
        there = sum(state.ledger.balance(name, place) for place in places) * COPIES_PER_AMOUNT
        held = {"vesicles": antibody_on_vesicles(state, tissue, name), "membranes": 0.0}
        for membrane in tissue.membranes.values():
            if name in membrane.held:
                held["membranes"] += float(state.cells.view("membrane_held")[:, membrane.held[name]].sum())
        row |= {f"captured.{name}.{what}": n / there if there else 0.0 for what, n in held.items()}
    return row


def antibody_on_vesicles(state: State, tissue: Any, name: str) -> float:
    """Copies of an antibody on vesicles in the fluid, on matrix and on cells."""
    total = 0.0
    for i, rider in enumerate(tissue.riders):
        if rider.captor is not None and rider.species == name:
            total += state.fields[rider.name].total() + float(state.cells.view("bound_riders")[:, i].sum())
            if rider.name in state.matrix:
                total += float(state.matrix[rider.name].sum())
    return total
