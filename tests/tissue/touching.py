"""Cells in contact: models of cell types without species, and states with cells where a test wants them."""

from __future__ import annotations

from typing import Any

import numpy as np

from exocosm.ground.draws import Draw
from exocosm.model import Model
from exocosm.tissue.build import Tissue, empty_state
from exocosm.tissue.contacts import Contacts
from exocosm.tissue.interactions import interactions_of
from exocosm.tissue.placement import fill_keys
from exocosm.tissue.simulation import Simulation
from exocosm.tissue.state import State

VOLUME = {"total": "2000 um^3", "nuclear": "400 um^3", "fluid_fraction": 0.75}
DEATH = {
    "duration": "1000 h", "fluid_change_rate": "0 1/min", "cytoplasmic_biomass_change_rate": "0 1/min",
    "nuclear_biomass_change_rate": "0 1/min", "calcification_rate": "0 1/min", "relative_rupture_volume": 2,
}  # fmt: skip
APART = 100.0  # µm between groups of cells that do not touch


def types_model(types: dict[str, Any], step: float = 1.0, rules: Any = (), **more: Any) -> Model:
    """A tissue of these cell types (volumes are filled in) in a block of 4 mm, without species or forces."""
    tissue = {
        "geometry": {"size": ["4 mm"] * 3, "voxel": "1 mm"},
        "cell_types": {name: {"volume": VOLUME} | part for name, part in types.items()},
        "rules": list(rules),
        "steps": {"tick": f"{step} min", "mechanics": f"{step} min", "phenotype": f"{step} min"},
    }
    return Model(name="touching", duration=f"{1000 * step} min", tissue=tissue | more)


def keys(n: int) -> Any:
    """Keys as placements have them."""
    out = np.empty(n, np.uint64)
    fill_keys(np.uint64(77), out)
    return out


def put(model: Model, kinds: Any, position: Any) -> tuple[Tissue, State]:
    """A state with live cells of these types (names) at these places."""
    tissue = Tissue(model)
    state, types = empty_state(tissue), tissue.types
    kind = np.array([types.names.index(name) for name in kinds], np.int16)
    parts = {name: getattr(types, name)[kind] for name in ("fluid", "nuclear_solid", "cytoplasmic_solid")}
    target = (types.nuclear_solid + types.cytoplasmic_solid)[kind]
    state.cells.append(
        key=keys(len(kind)), type=kind, position=np.asarray(position, float), target_solid=target, **parts
    )
    return tissue, state


def groups(n: int, around: int = 1) -> np.ndarray:
    """Places of n groups, (n, 1 + around, 3): a first cell and others that touch it."""
    edge = int(np.ceil(n ** (1 / 3)))
    corner = APART * (1 + np.stack(np.unravel_index(np.arange(n), (edge,) * 3), axis=1))
    angle = 2 * np.pi * np.arange(around) / around
    ring = 14.0 * np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1)
    return corner[:, None] + np.vstack([np.zeros(3), ring])[None]


def grouped(model: Model, first: str, *others: str, n: int = 1) -> tuple[Tissue, State]:
    """n groups of a cell of type `first` and others around it, each group in rows of its own."""
    return put(model, [first, *others] * n, groups(n, len(others)).reshape(-1, 3))


class Stepper:
    """Only the interactions of a tissue, step after step."""

    def __init__(self, tissue: Tissue, state: State, seed: int = 1) -> None:
        (self.process,) = interactions_of(tissue, None)
        self.tissue, self.state, self.draw = tissue, state, Draw(seed)

    def step(self, steps: int = 1) -> None:
        """Some steps."""
        for _ in range(steps):
            self.state.tick += 1
            self.process.step(self.state, self.state.tick, self.draw, self.state.ledger)

    def view(self, column: str) -> Any:
        """A column of the cells."""
        return self.state.cells.view(column)


def simulation_of(model: Model, tissue_state: tuple[Tissue, State], seed: int = 1) -> Simulation:
    """A whole simulation that begins with these cells."""
    return Simulation(model, seed=seed, state=tissue_state[1], threads=1)


def pairs_by_key(tissue: Tissue, state: State) -> dict[int, list[int]]:
    """Who is in contact with whom."""
    key, contacts = state.cells.view("key"), Contacts.of(state, tissue)
    near: dict[int, list[int]] = {int(k): [] for k in key}
    for i, j in zip(contacts.cell, contacts.other, strict=True):
        near[int(key[i])].append(int(key[j]))
    return near


def cells_by_key(tissue: Tissue, state: State) -> dict[int, dict[str, Any]]:
    """Cells as the reference has them."""
    names = ("life", "damage", "attacked_time", "attack_left", "fluid", "nuclear_solid", "cytoplasmic_solid")
    found = {}
    for i, key in enumerate(state.cells.view("key")):
        cell = {name: state.cells.view(name)[i].item() for name in names}
        cell |= {"key": int(key), "attack_target": int(state.cells.view("attack_target")[i])}
        found[int(key)] = cell | {"kind": tissue.types.names[state.cells.view("type")[i]]}
    return found


def crowd(model: Model, n: int, seed: int, side: float = 80.0, dead: float = 0.2) -> tuple[Tissue, State]:
    """Cells at random in a cube, of all types, some of them dead."""
    random = np.random.default_rng(seed)
    names = tuple(model.tissue.cell_types)
    tissue, state = put(model, random.choice(names, n), 200.0 + random.uniform(0, side, (n, 3)))
    life = np.where(random.uniform(size=n) < dead, random.integers(1, 4, n), 0)
    state.cells.view("life")[:] = life
    state.cells.view("damage")[:] = random.uniform(0, 5, n)
    return tissue, state
