"""What happens in a tick, process by process: the order of the model description."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.clock import Process
from exocosm.ground.draws import Draw
from exocosm.tissue.beginning import rules_process, sense, settle, space_process, states_process
from exocosm.tissue.build import Tissue
from exocosm.tissue.capture import captures_of
from exocosm.tissue.convection import convections_of
from exocosm.tissue.endosome import AFTER, BEFORE, endosomes_of
from exocosm.tissue.enzymes import enzymes_of
from exocosm.tissue.fenestrae import capillarisation_of
from exocosm.tissue.fibres import fibres_of
from exocosm.tissue.genesis import genesis_of
from exocosm.tissue.immigration import immigration_of
from exocosm.tissue.interactions import interactions_of
from exocosm.tissue.lifetimes import Lifetimes
from exocosm.tissue.mechanics import Mechanics, SortInSpace
from exocosm.tissue.membranes import shedding_of
from exocosm.tissue.motility import motility_of
from exocosm.tissue.phenotype import Phenotype
from exocosm.tissue.pools import pools_of
from exocosm.tissue.state import State
from exocosm.tissue.substrates import ExchangeRates, Substrate
from exocosm.tissue.vesicle_tables import population_of

Array = NDArray[np.float64]
SORT_EVERY_MINUTES = 60.0


def processes(tissue: Tissue) -> list[Process]:
    """All processes of a tissue in the order in which they act, each on what those before it left."""
    mechanics = mechanics_of(tissue)
    rules = rules_process(tissue) if tissue.rules else None
    return [
        *([space] if (space := space_process(tissue)) else []),
        *substrates_of(tissue),
        *genesis_of(tissue),
        *endosomes_of(tissue, BEFORE),
        *fibres_of(tissue),
        *capillarisation_of(tissue),
        *populations_of(tissue),
        *endosomes_of(tissue, AFTER),
        *shedding_of(tissue),
        *captures_of(tissue),
        *enzymes_of(tissue),
        *motility_of(tissue, mechanics),
        mechanics,
        *pools_of(tissue),
        *([rules] if rules else []),
        *([states_process(tissue)] if tissue.states else []),
        *interactions_of(tissue, rules),
        phenotype_of(tissue),
        *immigration_of(tissue, arrival_in(tissue)),
        Lifetimes(every=tissue.phenotype_every, tick=tissue.clock.length),
        SortInSpace(every=max(1, round(SORT_EVERY_MINUTES / tissue.clock.length))),
    ]


def substrates_of(tissue: Tissue) -> list[Process]:
    """Each substrate, after the flow that carries it."""
    carried, found = convections_of(tissue), list[Process]()
    for i, name in enumerate(tissue.substrates):
        found += [*carried.get(name, ()), _substrate(tissue, i, name)]
    return found


def populations_of(tissue: Tissue) -> list[Process]:
    """Each population of vesicles, after the flow that carries it."""
    carried, found = convections_of(tissue), list[Process]()
    for name in tissue.vesicles:
        found += [*carried.get(name, ()), population_of(tissue, name)]
    return found


def mechanics_of(tissue: Tissue) -> Mechanics:
    """Pushing and holding of all cells."""
    step = tissue.model.tissue.steps.mechanics
    return Mechanics(
        tissue.types.mechanics,
        tuple(tissue.grid.size),
        every=tissue.every(step),
        dt=float(step),
        planar=tissue.grid.is_planar,
        skin=skin_of(tissue.model),
    )


def phenotype_of(tissue: Tissue) -> Phenotype:
    """Volume, cycle, division and death of all cells."""
    return Phenotype(tissue.types, tissue.holdings, every=tissue.phenotype_every, tick=tissue.clock.length)


def arrival_in(tissue: Tissue) -> Any:
    """What gives cells that arrive all that cells have, and tells them what they see."""

    def arrive(state: State, rows: slice, draw: Draw) -> None:
        settle(state, tissue, rows, draw)
        sense(state, tissue, rows)

    return arrive


def skin_of(model: Any) -> float:
    """Skin (µm) of the lists of neighbours: wider where migrants push others about. It changes no result."""
    migrants = any(part.motility is not None for part in model.tissue.cell_types.values())
    return 4.0 if migrants else 2.0


def _substrate(tissue: Tissue, index: int, name: str) -> Substrate:
    part = tissue.model.species.substrates[name]
    exchanges = [t.exchange.get(name) for t in tissue.model.tissue.cell_types.values()]
    rates = ExchangeRates(
        _column(exchanges, "secretion_rate"),
        _column(exchanges, "uptake_rate"),
        _column(exchanges, "max_uptake"),
        _column(exchanges, "half_saturation", 1.0),
    )
    return Substrate(
        name,
        index,
        rates,
        tissue.width,
        every=tissue.every(part.every),
        tick=tissue.clock.length,
        steady=tissue.is_steady(name),
        behaviours=tissue.behaviours,
    )


def _column(parts: list[Any], attribute: str, default: float = 0.0) -> Array:
    values = [getattr(part, attribute, None) for part in parts]
    return np.array([default if value is None else float(value) for value in values])
