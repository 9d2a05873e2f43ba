"""What can be read off a state: summaries, tables of cells, fields, the ledger. Nothing here writes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.ledger import ACCOUNTS
from exocosm.tissue.build import Tissue
from exocosm.tissue.captured import captured_summary
from exocosm.tissue.cells import APOPTOTIC, LIFE_NAMES, LIVE
from exocosm.tissue.receptors import occupancy
from exocosm.tissue.state import State
from exocosm.tissue.stocks import stocks
from exocosm.tissue.zones import share_summary, zone_summary

MINUTES_PER_DAY = 1440.0


def summary(state: State, tissue: Tissue) -> dict[str, float]:
    """Counts by type and state, fields, vesicles by fate, cargo delivered beside its ceiling."""
    row = {"time_min": tissue.clock.minutes(state.tick)}
    row |= _cells(state, tissue)
    for i, name in enumerate(tissue.substrates):
        row |= _substrate(state, tissue, i, name)
    for i, name in enumerate(tissue.vesicles):
        row |= _vesicles(state, tissue, i, name)
    for i, name in enumerate(tissue.cargos):
        row |= _cargo(state, tissue, i, name)
    row |= captured_summary(state, tissue)
    return row | _states(state, tissue) | zone_summary(state, tissue) | share_summary(state, tissue)


def _cells(state: State, tissue: Tissue) -> dict[str, float]:
    kind, life = state.cells.view("type"), state.cells.view("life")
    volume = state.cells.total_volume()
    row: dict[str, float] = {}
    for t, name in enumerate(tissue.types.names):
        states = np.bincount(life[kind == t], minlength=len(LIFE_NAMES))
        row[f"cells.{name}.live"] = float(states[0])
        row[f"cells.{name}.apoptotic"] = float(states[1])
        row[f"cells.{name}.necrotic"] = float(states[2:].sum())
        row[f"cells.{name}.volume"] = float(volume[kind == t].sum())
        part = tissue.model.tissue.cell_types[name]
        if part.apoptosis is not None or part.necrosis is not None:
            row[f"cells.{name}.died"] = float(state.tallies.died[t].sum())
        if part.necrosis is not None:
            row |= _viability(name, life[kind == t], volume[kind == t])
    return row | _contacts(state, tissue)


def _viability(name: str, life: NDArray[np.int8], volume: NDArray[np.float64]) -> dict[str, float]:
    """Live and necrotic share of the volume of the cells of a type, dead ones included."""
    whole = float(volume.sum())
    parts = {"viable": life == LIVE, "necrotic": life > APOPTOTIC}
    return {
        f"{what}_fraction.{name}": float(volume[mine].sum()) / whole if whole else float("nan")
        for what, mine in parts.items()
    }


def _contacts(state: State, tissue: Tissue) -> dict[str, float]:
    """The share of live cells that attack, of types that can; cells engulfed so far, where any can be."""
    row, types = {}, tissue.model.tissue.cell_types
    live, attacks = state.cells.view("life") == LIVE, state.cells.view("attack_target") != 0
    for t, (name, part) in enumerate(types.items()):
        if part.attack is not None:
            mine = attacks[live & (state.cells.view("type") == t)]
            row[f"cells.{name}.attacking"] = _mean(mine)
        if engulfs(tissue.model):
            row[f"cells.{name}.engulfed"] = float(state.tallies.engulfed[t])
        if any(entry.cell_type == name for entry in tissue.model.tissue.immigration):
            row[f"cells.{name}.immigrated"] = float(state.tallies.immigrated[t])
    return row


def engulfs(model: Any) -> bool:
    """Whether some cell type of a model engulfs others."""
    return any(part.phagocytosis is not None for part in model.tissue.cell_types.values())


def _substrate(state: State, tissue: Tissue, index: int, name: str) -> dict[str, float]:
    field = state.fields[name]
    free = field.values if field.held.all() else field.values[~field.held]
    row = {
        f"{name}.mean": float(free.mean()),
        f"{name}.min": float(free.min()),
        f"{name}.max": float(free.max()),
    }
    for t, kind in enumerate(tissue.types.names):
        mine = (state.cells.view("type") == t) & (state.cells.view("life") == LIVE)
        seen = state.cells.view("signals")[mine, index]
        row[f"{name}.at.{kind}"] = float(seen.mean()) if len(seen) else float("nan")
    if tissue.is_steady(name):
        inflow, secreted, outflow, decayed, used, residual = state.tallies.turnover[index]
        row |= {f"{name}.supply": float(inflow + secreted), f"{name}.use": float(outflow + decayed + used)}
        row[f"{name}.residual"] = float(residual)
    return row


def _vesicles(state: State, tissue: Tissue, index: int, name: str) -> dict[str, float]:
    """By fate, in particles; what a model has no mechanism for has no column."""
    ledger, held = state.ledger, of_population(state, tissue, "vesicles", name)
    row = {f"vesicles.{name}.{a}": ledger.balance(name, a) for a in vesicle_accounts(tissue.model, name)}
    row[f"vesicles.{name}.pending"] = ledger.balance(name, "pending") - ledger.balance(name, "rounding")
    bound = of_population(state, tissue, "bound", name)
    for t, kind in enumerate(tissue.types.names):
        mine = state.cells.view("type") == t
        row[f"vesicles.{name}.inside.{kind}"] = float(held[mine].sum())
        row[f"vesicles.{name}.taken_up.{kind}"] = float(state.tallies.internalised[t, index])
        if f"vesicles.{name}.surface" in row:
            row[f"vesicles.{name}.surface.{kind}"] = float(bound[mine].sum())
    return row | _vesicles_each(state, tissue, index, name)


def _vesicles_each(state: State, tissue: Tissue, index: int, name: str) -> dict[str, float]:
    """Per live cell of the types that take a population up: bound, inside, and entered so far.

    What entered is divided by the mean number of live cells since the start.
    """
    row, live = {}, state.cells.view("life") == LIVE
    elapsed = max(tissue.clock.minutes(state.tick), 1e-12)
    for t, (kind, part) in enumerate(tissue.model.tissue.cell_types.items()):
        mine = live & (state.cells.view("type") == t)
        uptake = part.uptake.get(name)
        if uptake is None:
            continue
        if uptake.binding is not None:
            held = of_population(state, tissue, "bound", name)[mine]
            row[f"vesicles.{name}.bound_each.{kind}"] = _mean(held)
        held = of_population(state, tissue, "vesicles", name)[mine]
        row[f"vesicles.{name}.inside_each.{kind}"] = _mean(held)
        cells = state.tallies.cell_minutes[t] / elapsed
        entered = float(state.tallies.internalised[t, index])
        row[f"vesicles.{name}.entered_each.{kind}"] = entered / cells if cells else 0.0
    return row


def _mean(values: NDArray[Any]) -> float:
    """The mean, which of nothing is not a number: a column stays when a type has no cells for a while."""
    return float(values.mean()) if len(values) else float("nan")


def vesicle_accounts(model: Any, population: str) -> list[str]:
    """Accounts of the ledger that a population can use in this model, in reading order."""
    types = model.tissue.cell_types.values()
    genesis = [t.genesis[population] for t in types if population in t.genesis]
    uptake = [t.uptake[population] for t in types if population in t.uptake]
    fates = [u.fate for u in uptake if u.fate is not None]
    doses = [e.dose for e in model.events if e.dose is not None and e.dose.species == population]
    formed = any(g.vesicles_per_body is not None for g in genesis)
    used = {
        "injected": bool(doses),
        "bodies": formed,
        "matrix": model.species.vesicles[population].matrix_binding is not None,
        "surface": any(u.binding is not None for u in uptake),
        "unreleased": formed,
        "lysosome": bool(fates),
        "consumed": bool(fates),
        "engulfed": engulfs(model),
        "re-released": any(fate.recycled_fraction > 0 for fate in fates),
    }
    every = ("released", "field", "inside", "decayed", "left", "died")
    return [a for a in ORDER if a in every or used.get(a, False)]


ORDER = (
    *("injected", "released", "re-released", "bodies", "unreleased", "field", "matrix", "surface", "inside"),
    *("consumed", "lysosome", "decayed", "left", "died", "engulfed"),
)


def of_population(state: State, tissue: Tissue, column: str, name: str) -> NDArray[np.float64]:
    """A column of carriers summed over the carriers of a population, (n,)."""
    mine = [carrier.index for carrier in tissue.carriers if carrier.population == name]
    return np.asarray(state.cells.view(column)[:, mine].sum(axis=1), float)


def _cargo(state: State, tissue: Tissue, index: int, name: str) -> dict[str, float]:
    """Copies delivered per live cell and day; the ceiling gives every released copy to that type alone."""
    ledger, live = state.ledger, state.cells.view("life") == LIVE
    released = ledger.balance(name, "released") + ledger.balance(name, "injected")
    row = {f"cargo.{name}.released": released}
    for t, kind in enumerate(tissue.types.names):
        days = state.tallies.cell_minutes[t] / MINUTES_PER_DAY
        delivered = float(state.tallies.delivered[t, index])
        held = state.cells.view("cargo")[live & (state.cells.view("type") == t), index]
        row[f"cargo.{name}.delivered.{kind}"] = delivered
        row[f"cargo.{name}.per_cell_per_day.{kind}"] = delivered / days if days else 0.0
        row[f"cargo.{name}.ceiling_per_cell_per_day.{kind}"] = released / days if days else 0.0
        row[f"cargo.{name}.inside_each.{kind}"] = float(held.mean()) if len(held) else float("nan")
        if name in tissue.model.tissue.cell_types[kind].surface:
            free = tissue.membranes[name].free(state.cells)
            mine = live & (state.cells.view("type") == t)
            row[f"cargo.{name}.on_membrane_each.{kind}"] = _mean(free[mine])
    for kind, dose in tissue.model.species.cargos[name].assay_doses.items():
        row[f"cargo.{name}.assay_per_cell.{kind}"] = MINUTES_PER_DAY * float(dose)
    return row | _in_bodies(state, tissue, index, name)


def _in_bodies(state: State, tissue: Tissue, index: int, name: str) -> dict[str, float]:
    """Mean copies of a cargo in the bodies of live cells, for types that load it from their pool."""
    row, live = {}, state.cells.view("life") == LIVE
    mine = [i for i, load in enumerate(tissue.loads) if load.cargo_index == index]
    for t, (kind, part) in enumerate(tissue.model.tissue.cell_types.items()):
        if any(name in genesis.loading for genesis in part.genesis.values()):
            held = state.cells.view("body_cargo")[live & (state.cells.view("type") == t)][:, mine].sum(axis=1)
            row[f"cargo.{name}.in_bodies_each.{kind}"] = float(held.mean()) if len(held) else float("nan")
    return row


def _states(state: State, tissue: Tissue) -> dict[str, float]:
    """Mean of each state over the live cells of the types that have it."""
    row, live = {}, state.cells.view("life") == LIVE
    for s, name in enumerate(tissue.states):
        for t, (kind, part) in enumerate(tissue.model.tissue.cell_types.items()):
            if name in part.states:
                values = state.cells.view("state")[live & (state.cells.view("type") == t), s]
                row[f"state.{name}.{kind}"] = float(values.mean()) if len(values) else float("nan")
    return row | _occupancies(state, tissue, live)


def _occupancies(state: State, tissue: Tissue, live: NDArray[np.bool_]) -> dict[str, float]:
    """Mean occupancy of each receptor over the live cells of the types that have it."""
    row = {}
    types = tissue.model.tissue.cell_types
    for name in dict.fromkeys(name for part in types.values() for name in part.receptors):
        occupied = occupancy(state, tissue, name)
        for t, (kind, part) in enumerate(types.items()):
            if name in part.receptors:
                values = occupied[live & (state.cells.view("type") == t)]
                row[f"occupancy.{name}.{kind}"] = float(values.mean()) if len(values) else float("nan")
    return row


def cell_table(state: State, tissue: Tissue) -> dict[str, NDArray[Any]]:
    """Columns of one row a cell: identity, place (µm), size, state, what it took up, what it sees."""
    cells = state.cells
    x, y, z = cells.view("position").T
    table: dict[str, NDArray[Any]] = {
        "key": cells.view("key").copy(),
        "type": np.array(tissue.types.names)[cells.view("type")],
        "x": x.copy(),
        "y": y.copy(),
        "z": z.copy(),
        "radius": cells.radius(),
        "volume": cells.total_volume(),
        "state": np.array(LIFE_NAMES)[cells.view("life")],
        "phase": cells.view("phase").copy(),
    }
    for v in tissue.vesicles:
        table[f"vesicles.{v}"] = of_population(state, tissue, "vesicles", v).astype(np.int64)
        accounts = vesicle_accounts(tissue.model, v)
        if "surface" in accounts:
            table[f"bound.{v}"] = of_population(state, tissue, "bound", v)
        if "bodies" in accounts:
            table[f"bodies.{v}"] = cells.view("bodies")[:, tissue.vesicles.index(v)].copy()
    table |= {f"cargo.{c}": cells.view("cargo")[:, i].copy() for i, c in enumerate(tissue.cargos)}
    table |= {f"state.{x}": cells.view("state")[:, i].copy() for i, x in enumerate(tissue.states)}
    if any(part.attack is not None for part in tissue.model.tissue.cell_types.values()):
        table |= {name: cells.view(name).copy() for name in ("damage", "attacked_time")}
        table["attacking"] = cells.view("attack_target") != 0
    table |= {s: cells.view("signals")[:, i].copy() for i, s in enumerate(tissue.substrates)}
    return table


def field_arrays(state: State, tissue: Tissue) -> dict[str, tuple[NDArray[np.float64], str]]:
    """Concentration and unit of each field; vesicles per µm³ of extracellular space."""
    units = {name: str(part.unit) for name, part in tissue.model.species.substrates.items()}
    units |= {rider.name: "copy/um^3" for rider in tissue.riders}
    return {
        name: (field.values.copy(), units.get(name, "particle/um^3")) for name, field in state.fields.items()
    }


def ledger_table(state: State, tissue: Tissue) -> list[dict[str, Any]]:
    """One row a species with the balance of each account and the relative gap between books and state.

    `pending` is what arrived at cells and is not yet a whole vesicle or copy. It is shown net of the random
    starts of the carries, and may therefore lie below zero by a fraction of one for each cell.
    """
    held = stocks(state, tissue)
    rows = []
    for species in state.ledger.species:
        kind = (
            "vesicle" if species in tissue.vesicles else "cargo" if species in tissue.cargos else "substrate"
        )
        unit = {"vesicle": "particles", "cargo": "copies"}.get(
            kind
        ) or f"{tissue.model.species.substrates[species].unit}*um^3"
        accounts = {account: state.ledger.balance(species, account) for account in ACCOUNTS}
        accounts["pending"] -= accounts.pop("rounding")
        rows.append(
            {"species": species, "kind": kind, "unit": unit}
            | accounts
            | {"imbalance": state.ledger.imbalance(species, held[species])}
        )
    return rows
