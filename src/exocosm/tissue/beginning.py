"""How a run begins: fields and cells at tick 0, and what cells have that are new at any time."""

from __future__ import annotations

from typing import Any

import numpy as np

from exocosm.ground.draws import Draw
from exocosm.tissue.build import Tissue, empty_state
from exocosm.tissue.contents import Contents
from exocosm.tissue.genesis import genesis_of
from exocosm.tissue.placement import place
from exocosm.tissue.pools import pools_of
from exocosm.tissue.rules import Rules
from exocosm.tissue.space import ExtracellularSpace
from exocosm.tissue.state import State
from exocosm.tissue.states import States


def initial_state(tissue: Tissue, draw: Draw) -> State:
    """Fields and cells at tick 0, with what they hold on the books."""
    state = empty_state(tissue)
    ledger = state.ledger
    for name in ledger.species:
        if name in state.fields and name not in tissue.vesicles:
            ledger.move(name, "initial", "field", state.fields[name].total())
    for placement in tissue.model.tissue.cells:
        add_cells(state, tissue, placement, draw)
    space = space_process(tissue)
    if space:
        space.step(state, 0, draw, ledger)
    sense(state, tissue)
    return state


def add_cells(state: State, tissue: Tissue, placement: Any, draw: Draw) -> slice:
    """Put the cells of a placement into the state and lend them their carries; returns their rows."""
    rows = place(state, tissue.types, placement, draw)
    settle(state, tissue, rows, draw)
    return rows


def settle(state: State, tissue: Tissue, rows: slice, draw: Draw) -> None:
    """Give new cells their carries, what they hold and their states."""
    Contents(state.cells, tissue.holdings, state.ledger).lend_carries(rows, draw)
    fill(state, tissue, rows, draw)
    states_process(tissue).begin(state, rows)


def fill(state: State, tissue: Tissue, rows: slice, draw: Draw) -> None:
    """Give new cells their pools, and bodies as in a steady state with these pools."""
    initial = np.zeros((len(tissue.types.names), len(tissue.cargos)))
    for pool in pools_of(tissue):
        pool.start(state, rows, draw, state.ledger)
        initial[:, pool.index] = pool.initial
    for genesis in genesis_of(tissue):
        genesis.start(state, rows, initial, draw, state.ledger)


def sense(state: State, tissue: Tissue, rows: slice = slice(None)) -> None:
    """Tell cells the concentrations that they see, and what rules make of it."""
    foot = state.footprint(tissue.width)
    for i, name in enumerate(tissue.substrates):
        state.cells.view("signals")[rows, i] = foot.sample(state.fields[name].c, 1)[rows]
    rules_process(tissue).evaluate(state, state.tick, rows)


def rules_process(tissue: Tissue) -> Rules:
    """The process of the rules."""
    return Rules(tissue, every=tissue.phenotype_every)


def states_process(tissue: Tissue) -> States:
    """The process of the states."""
    return States(tissue, every=tissue.phenotype_every)


def space_process(tissue: Tissue) -> ExtracellularSpace | None:
    """The process of the extracellular share, where there are vesicles."""
    if not tissue.vesicles:
        return None
    least = float(tissue.model.tissue.medium.minimum_extracellular_fraction)
    return ExtracellularSpace(tissue.moving, least, tissue.radius, every=tissue.phenotype_every)
