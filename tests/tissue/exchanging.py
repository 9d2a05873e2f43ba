"""Cells at random in one box with one field: what tests of vesicles and substrates start from."""

import numpy as np

from exocosm.ground.draws import Draw
from exocosm.ground.ledger import Ledger
from exocosm.tissue.carriers import Carrier
from exocosm.tissue.cells import Cells
from exocosm.tissue.clearance import footprint_width
from exocosm.tissue.delivery import Delivery
from exocosm.tissue.fields import Field
from exocosm.tissue.grid import Grid
from exocosm.tissue.manifest import Entry
from exocosm.tissue.space import ExtracellularSpace
from exocosm.tissue.state import State, Tallies
from exocosm.tissue.uptake import VesicleRates
from exocosm.tissue.vesicles import VesiclePopulation

RADIUS = 8.41
VOLUME = 4 / 3 * np.pi * RADIUS**3
DRAW = Draw(1)


def cells_in(positions, kind=0, life=0, cargos=0, volume=VOLUME):
    """Cells with carries at random, of one population and one substrate."""
    positions, n = np.asarray(positions, float), len(positions)
    random = np.random.default_rng(n)
    cells = Cells(1, cargos, 1)
    cells.append(
        key=np.arange(1, n + 1, dtype=np.uint64), position=positions, fluid=np.broadcast_to(volume, n),
        type=np.broadcast_to(kind, n), life=np.broadcast_to(life, n),
        vesicle_carry=random.random((n, 1)), cargo_carry=random.random((n, cargos)),
    )  # fmt: skip
    return cells


def state_of(grid, cells, name="vesicle", types=2, cargos=(), open_least=None, **field):
    """A state with one field; its extracellular share follows from the cells if `open_least` is given."""
    ledger = Ledger((name, *cargos))
    state = State(grid, cells, {name: Field(grid, **field)}, ledger, Tallies(types, 1, len(cargos), 1))
    ledger.move(name, "initial", "field", state.fields[name].total())
    if open_least is not None:
        ExtracellularSpace((name,), open_least, RADIUS, every=1).step(state, 0, DRAW, ledger)
    return state


def rates_of(*, release, clearance=(0, 0), efficiency=(0, 0), binds=None, off=0.0, internalisation=0.0):
    """Rates by cell type; all types bind alike or none does."""
    release, clearance, efficiency = (np.array(rate, float) for rate in (release, clearance, efficiency))
    none = np.zeros(len(release))
    return VesicleRates(
        release, np.where(efficiency > 0, efficiency, clearance), efficiency > 0, none,
        none > 0 if binds is None else np.array(binds, bool), none + off, none + internalisation, none > 0,
    )  # fmt: skip


def population(grid, *, minutes=1.0, manifest=(), matrix=None, riders=(), **rates):
    """The process of the population `vesicle`, of one size; manifest of (index, name, copies)."""
    width = footprint_width(grid, RADIUS)
    carriers = (Carrier("vesicle", "vesicle", 0, 0, 0.1, 1.0, 1.0),)
    entries = tuple(Entry(*entry) for entry in manifest)
    delivery = Delivery(carriers, tuple(riders), (entries,), ())
    return VesiclePopulation(
        "vesicle", carriers, 0.1, rates_of(**rates), width, delivery, matrix=matrix, every=1, tick=minutes
    )


def random_box(seed, layer=False, n=40):
    """A small grid, n cells of two types in it, some dead, of different sizes."""
    random = np.random.default_rng(seed)
    grid = Grid((6, 5, 1) if layer else (6, 5, 4), 20.0)
    positions = random.random((n, 3)) * grid.size
    life = np.where(random.random(n) < 0.2, random.integers(1, 4, n), 0)
    volume = VOLUME * random.uniform(0.5, 1.5, n)
    return grid, random, cells_in(positions, random.integers(0, 2, n), life, 2, volume)


def tighten(monkeypatch, *functions, tolerance=1e-12):
    """Let functions whose last default is a tolerance use a tight one."""
    for function in functions:
        monkeypatch.setattr(function, "__defaults__", (tolerance,))
