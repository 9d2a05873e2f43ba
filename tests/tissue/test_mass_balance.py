"""The case "Mass balance": nothing is lost between cells and fields while cells divide, die and vanish.

After PhysiCell's test of substrate internalisation: a layer of 1000 × 1000 × 20 µm, 324 cells on a spiral,
one substrate only taken up, one only secreted, one both, closed faces, no decay, 1440 min.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from exocosm.coupling import start
from exocosm.model import Model, Set, Without, load
from exocosm.tissue.simulation import Simulation
from exocosm.tissue.stocks import stocks

STEP = 6  # min, of fields and of life and death
SUBSTRATES = ("eaten", "made", "both")
INITIAL = {"eaten": 10.0, "made": 0.0, "both": 2.0}  # µM
SECRETION = {"eaten": 0.0, "made": 400.0, "both": 150.0}  # µM·µm³/min per live cell


def spiral() -> str:
    """324 cells on a Fermat spiral about the middle, as a table."""
    k = np.arange(324)
    radius, angle = 22.0 * np.sqrt(k + 0.5), k * np.pi * (3.0 - np.sqrt(5.0))
    rows = zip(500.0 + radius * np.cos(angle), 500.0 + radius * np.sin(angle), strict=True)
    return "x,y,z,type\n" + "\n".join(f"{x:.6f},{y:.6f},10,tumour" for x, y in rows)


def substrate(name: str) -> dict[str, str]:
    return {
        "unit": "uM", "diffusion_coefficient": "1000 um^2/min", "initial": f"{INITIAL[name]} uM",
        "regime": "transient", "every": f"{STEP} min",
    }  # fmt: skip


def model() -> Model:
    tumour = "tissue.cell_types.tumour"
    secretion = {name: {"secretion_rate": f"{rate} uM*um^3/min"} for name, rate in SECRETION.items() if rate}
    uptake = {"uptake_rate": "0.01 1/min", "max_uptake": "300 uM*um^3/min", "half_saturation": "1 uM"}
    exchange = {"eaten": uptake, "made": secretion["made"], "both": secretion["both"] | uptake}
    changes = {
        "duration": "1440 min",
        "species.substrates": {name: substrate(name) for name in SUBSTRATES},
        "tissue.geometry.size": ["1000 um", "1000 um", "20 um"],
        "tissue.boundaries": {},
        f"{tumour}.exchange": exchange,
        f"{tumour}.cycle.phases[0].duration.exponential": "0.05 1/h",
        f"{tumour}.apoptosis.rate": "0.03 1/h",
        f"{tumour}.apoptosis.duration": "3 h",
        "tissue.cells": [{"region": {"table": spiral()}}],
        "tissue.steps": {"tick": "1 min", "mechanics": "1 min", "phenotype": f"{STEP} min"},
    }
    left_out = (
        f"{tumour}.cycle.phases[0].modulated_by", f"{tumour}.necrosis", f"{tumour}.genesis",
        f"{tumour}.uptake", "tissue.rules", "tissue.cell_types.macrophage",
        "species.vesicles", "species.cargos",
    )  # fmt: skip
    sets = [Set(path, value) for path, value in changes.items()]
    return load("tumour-nodule").change(*map(Without, left_out), *sets)


@dataclass
class Books:
    """Amounts followed from outside: what live cells secreted, and what vanished with the dead."""

    secreted: dict[str, float] = field(default_factory=lambda: dict.fromkeys(SUBSTRATES, 0.0))
    died: dict[str, float] = field(default_factory=lambda: dict.fromkeys(SUBSTRATES, 0.0))
    births: int = 0
    deaths: int = 0

    def watch(self, simulation: Simulation) -> None:
        """Advance by one step of the fields; dead cells keep what they hold until they are removed."""
        before = simulation.state.cells.to_arrays()
        live = int((before["life"] == 0).sum())
        simulation.advance(STEP)
        now = simulation.state.cells.view("key")
        gone = ~np.isin(before["key"], now)
        assert (before["life"][gone] != 0).all()
        self.births += int((~np.isin(now, before["key"])).sum())
        self.deaths += int(gone.sum())
        for i, name in enumerate(SUBSTRATES):
            self.secreted[name] += SECRETION[name] * live * STEP
            self.died[name] += float(before["substrate"][gone, i].sum())


def checked() -> Iterator[tuple[Simulation, Books]]:
    """The tissue at eight times of its 1440 min."""
    simulation, books = start(model(), seed=1, threads=1), Books()
    for step in range(1, 1440 // STEP + 1):
        books.watch(simulation)
        if step % 30 == 0:
            yield simulation, books


def test_fields_and_cells_hold_what_was_there_and_what_was_secreted():
    box = 1000.0 * 1000.0 * 20.0
    for simulation, books in checked():
        state = simulation.state
        for i, name in enumerate(SUBSTRATES):
            in_field = float(state.fields[name].values.sum()) * 20.0**3
            inside = float(state.cells.view("substrate")[:, i].sum())
            given = INITIAL[name] * box + books.secreted[name]
            assert abs(in_field + inside + books.died[name] - given) <= 1e-9 * given
            ledger = state.ledger
            assert ledger.imbalance(name, stocks(state, simulation.tissue)[name]) <= 1e-9
            assert abs(ledger.balance(name, "released") - books.secreted[name]) <= 1e-9 * given
            assert abs(ledger.balance(name, "died") - books.died[name]) <= 1e-9 * given
            assert (inside > 0) == (name != "made")
    assert simulation.time == 1440.0
    assert books.births >= 100
    assert books.deaths >= 50
    assert books.died["eaten"] > 0
    assert books.died["both"] > 0
