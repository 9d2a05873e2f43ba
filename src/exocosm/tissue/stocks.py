"""What the state holds of each species on the books, by account: the other side of the ledger's check.

Vesicles and cargo that left a cell and wait for the next step of their field count as `field`. An antibody on
vesicles is counted where they are, that on membranes as `surface`, in µM·µm³. Vesicles that arrived beyond
whole ones are `pending`, and so are the copies that they carry, net of the random starts of the carries.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from exocosm.tissue.delivery import COPIES_PER_AMOUNT
from exocosm.tissue.manifest import manifests_of
from exocosm.tissue.state import State

Account = dict[str, float]


def stocks(state: State, tissue: Any) -> Mapping[str, Mapping[str, float]]:
    """Amounts by species and account."""
    populations = [_population(state, tissue, p) for p in range(len(tissue.vesicles))]
    found = dict(zip(tissue.vesicles, populations, strict=True))
    for i, cargo in enumerate(tissue.cargos):
        found[cargo] = _cargo(state, tissue, i, populations)
    for i, name in enumerate(tissue.substrates):
        if not tissue.is_steady(name):
            found[name] = _substrate(state, tissue, i, name)
    return found


def _outside(state: State, name: str, suffix: str, column: int) -> Account:
    """Of one carrier or rider: in its field, the matrix and on cells."""
    cells, matrix = state.cells, state.matrix.get(name)
    waiting = float(cells.view(f"outgoing{suffix}")[:, column].sum())
    return {
        "field": state.fields[name].total() + waiting,
        "matrix": 0.0 if matrix is None else float(matrix.sum()),
        "surface": float(cells.view(f"bound{suffix}")[:, column].sum()),
    }


def _population(state: State, tissue: Any, index: int) -> Account:
    cells, out = state.cells, dict.fromkeys(("field", "matrix", "surface"), 0.0)
    mine = [c for c in tissue.carriers if c.population_index == index]
    for carrier in mine:
        _add(out, _outside(state, carrier.name, "", carrier.index))
    columns = [c.index for c in mine]
    out["bodies"] = float(cells.view("body_vesicles")[:, index].sum())
    out["pending"] = float(cells.view("vesicle_carry")[:, columns].sum())
    out["inside"] = float(cells.view("vesicles")[:, columns].sum())
    return out


def _cargo(state: State, tissue: Any, index: int, populations: list[Account]) -> Account:
    cells = state.cells
    out = dict.fromkeys(("bodies", "field", "matrix", "surface", "endosome", "pending"), 0.0)
    for p, manifest in enumerate(manifests_of(tissue)):
        for entry in manifest:
            if entry.cargo == index:
                outside = {a: populations[p][a] for a in ("bodies", "field", "matrix", "surface")}
                _add(out, outside, entry.mean)
                waiting = populations[p]["pending"] - state.ledger.balance(tissue.vesicles[p], "rounding")
                out["pending"] += entry.mean * waiting
                out["endosome"] += entry.mean * _in_endosomes(state, tissue, p)
    for column, load in enumerate(tissue.loads):
        if load.cargo_index == index:
            out["bodies"] += float(cells.view("body_cargo")[:, column].sum())
    for r, rider in enumerate(tissue.riders):
        if rider.cargo_index == index:
            _add(out, _rider(state, rider.name, r))
    out["pending"] += float(cells.view("cargo_carry")[:, index].sum())
    for column, part in enumerate(tissue.fractions):
        if part.cargo_index == index:
            out["pending"] += part.copies * float(cells.view("loaded_carry")[:, column].sum())
    out["inside"] = float(cells.view("cargo")[:, index].sum())
    return out


def _rider(state: State, name: str, column: int) -> Account:
    out = _outside(state, name, "_riders", column)
    out["endosome"] = float(state.cells.view("vesicle_riders")[:, column].sum())
    out["pending"] = float(state.cells.view("rider_carry")[:, column].sum())
    return out


def _in_endosomes(state: State, tissue: Any, population: int) -> float:
    """Vesicles in cells of types where they wait in endosomes."""
    name, types = tissue.vesicles[population], tissue.model.tissue.cell_types.values()
    keeps = np.array([name in t.uptake and t.uptake[name].fate is not None for t in types], bool)
    columns = [c.index for c in tissue.carriers if c.population_index == population]
    held = state.cells.view("vesicles")[keeps[state.cells.view("type")]]
    return float(held[:, columns].sum())


def _substrate(state: State, tissue: Any, index: int, name: str) -> Account:
    out = {
        "field": state.fields[name].total(),
        "inside": float(state.cells.view("substrate")[:, index].sum()),
    }
    for r, rider in enumerate(tissue.riders):
        if rider.cargo_index < 0 and rider.species == name:
            _add(out, _rider(state, rider.name, r), 1.0 / COPIES_PER_AMOUNT)
    for membrane in tissue.membranes.values():
        if name in membrane.held:
            held = float(state.cells.view("membrane_held")[:, membrane.held[name]].sum())
            _add(out, {"surface": held}, 1.0 / COPIES_PER_AMOUNT)
    return out


def _add(total: Account, part: Account, factor: float = 1.0) -> None:
    for account, amount in part.items():
        total[account] = total.get(account, 0.0) + factor * amount
