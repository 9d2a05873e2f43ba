"""Small tissues for tests."""

from types import SimpleNamespace

import numpy as np

from exocosm.ground.draws import Draw, Purpose
from exocosm.ground.ledger import Ledger
from exocosm.model import Mechanics
from exocosm.tissue.cell_types import CellTypes, MechanicsTable
from exocosm.tissue.cells import Cells
from exocosm.tissue.cycle import start_cycle
from exocosm.tissue.grid import Grid
from exocosm.tissue.holdings import Holdings
from exocosm.tissue.phenotype import Phenotype
from exocosm.tissue.rows import Rows
from exocosm.tissue.state import Tallies

PHYSICELL = MechanicsTable(np.array([10.0**0.5]), np.array([0.4**0.5]), np.array([1.25]))


def random_tissue(n, side=60.0, seed=0, types=1):
    """Cells at random in a cube of `side` µm, some of them overlapping strongly."""
    random = np.random.default_rng(seed)
    cells = Cells()
    cells.append(
        key=random.integers(0, 2**63, n).astype(np.uint64),
        type=random.integers(0, types, n),
        position=random.uniform(0, side, (n, 3)),
        previous_velocity=random.normal(0, 1, (n, 3)),
        velocity_known=random.integers(0, 2, n),
        fluid=random.uniform(300, 2000, n),
        nuclear_solid=random.uniform(50, 200, n),
        cytoplasmic_solid=random.uniform(100, 400, n),
    )
    return cells


def cells_at(position, radius):
    """Cells of given centres and one radius, with keys 1, 2, ..."""
    position = np.asarray(position, float)
    n = len(position)
    cells = Cells()
    volume = 4 / 3 * np.pi * radius**3
    cells.append(key=np.arange(1, n + 1, dtype=np.uint64), position=position, fluid=np.full(n, volume))
    return cells


class Fixed:
    def __init__(self, mean):
        self.mean = mean


class Normal:
    def __init__(self, mean, sd):
        self.mean, self.sd = mean, sd


class Exponential:
    def __init__(self, rate):
        self.rate = rate


def phase(duration, doubles=False, divides=False, ramp=None, name="", next=None, exits=None):
    return SimpleNamespace(
        name=name, law=duration, next=next, exits=exits, doubles_volume=doubles, divides=divides,
        modulated_by=ramp,
    )  # fmt: skip


def ramp(zero_at, one_at, substrate="oxygen"):
    return SimpleNamespace(substrate=substrate, zero_at=zero_at, one_at=one_at)


def change_rates(fluid, cytoplasmic, nuclear, calcification=0.0):
    return SimpleNamespace(
        fluid_change_rate=fluid / 60,
        cytoplasmic_biomass_change_rate=cytoplasmic / 60,
        nuclear_biomass_change_rate=nuclear / 60,
        calcification_rate=calcification / 60,
    )


def death(rates, rate=0.0, duration=516.0, rupture=2.0, ramp=None, **more):
    own = vars(rates) if rates else {}
    return SimpleNamespace(
        rate=rate, duration=duration, relative_rupture_volume=rupture, modulated_by=ramp, **own, **more
    )


def physicell_type(
    phases=(), apoptosis=0.0, necrosis=0.0, total=2494.0, nuclear=540.0, ramps=(None, None), start="first"
):
    """A cell type with PhysiCell's default volumes and deaths (10.1371/journal.pcbi.1005991)."""
    volume = SimpleNamespace(
        total=total, nuclear=nuclear, fluid_fraction=0.75, relative_rupture_volume=2.0,
        **vars(change_rates(3.0, 0.27, 0.33)),
    )  # fmt: skip
    swelling = change_rates(0.67, 0.0032, 0.013, 0.0042)
    lysed = change_rates(0.05, 0.0032, 0.013, 0.0042)
    return SimpleNamespace(
        volume=volume,
        cycle=SimpleNamespace(phases=phases, start=start) if phases else None,
        apoptosis=death(change_rates(3.0, 1.0, 0.35), apoptosis, ramp=ramps[0]),
        necrosis=death(None, necrosis, 86400.0, ramp=ramps[1], swelling=swelling, lysed=lysed),
        mechanics=Mechanics(repulsion="10 um/min", adhesion="0.4 um/min", relative_adhesion_distance=1.25),
    )


class Tissue:
    """The state that cell processes need: cells, grid, ledger, tick; cells start at one place."""

    def __init__(self, types, kind, seed=0, shape=(50, 50, 50), contents=(0, 0, 0)):
        self.types = CellTypes.from_model(types, ("oxygen",))
        vesicles = tuple(f"vesicle {i}" for i in range(contents[0]))
        cargos = tuple(f"cargo {i}" for i in range(contents[1]))
        self.holdings = Holdings.plain(vesicles, cargos, ("oxygen",))
        self.ledger, self.grid, self.tick = Ledger((*vesicles, *cargos, "oxygen")), Grid(shape, 20.0), 0
        self.cells, self.draw = Cells(contents[0], contents[1], 1), Draw(seed)
        self.tallies = Tallies(len(self.types.names), *contents[:2], 1)
        kind = np.asarray(kind, np.int64)
        middle = np.broadcast_to(0.5 * self.grid.size, (len(kind), 3))
        keys = self.draw.uniform(Purpose.CELL_KEY, np.arange(len(kind), dtype=np.uint64), 0)
        keys = (keys * 2.0**53).astype(np.uint64)
        t = self.types
        self.cells.append(
            key=keys, type=kind, position=middle, fluid=t.fluid[kind], nuclear_solid=t.nuclear_solid[kind],
            cytoplasmic_solid=t.cytoplasmic_solid[kind], rupture_volume=np.full(len(kind), np.inf),
            target_solid=(t.nuclear_solid + t.cytoplasmic_solid)[kind], signals=np.full((len(kind), 1), 38.0),
        )  # fmt: skip
        rows = Rows.of(self.cells)
        start_cycle(self.draw.seed, 0, rows, t.phenotype)
        rows.write(self.cells)

    def live(self, minutes, step=6.0):
        """Let the cells live for a time in steps; yields at the end of each step."""
        phenotype = Phenotype(self.types, self.holdings, every=1, tick=step)
        for _ in range(round(minutes / step)):
            self.tick += 1
            phenotype.step(self, self.tick, self.draw, self.ledger)
            yield self.tick * step
