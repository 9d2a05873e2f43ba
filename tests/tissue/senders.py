"""Many cells that make, take apart and send vesicles, without a space around them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from exocosm.ground.draws import Draw
from exocosm.ground.ledger import Ledger
from exocosm.tissue.cells import Cells
from exocosm.tissue.genesis import Genesis, GenesisRates
from exocosm.tissue.loading import Loading
from exocosm.tissue.manifest import Entry
from exocosm.tissue.state import Tallies

DRAW = Draw(5)
MANIFEST = (Entry(0, "fixed", 0.25),)


def cells_of(n, types=1, life=0):
    """A state of n cells with one population in one size, a fixed and a loaded cargo, and its ledger."""
    cells = Cells(1, 2, 1, loads=1, riders=1, fractions=0)
    cells.append(
        key=np.arange(1, n + 1, dtype=np.uint64),
        type=np.arange(n) % types,
        life=np.broadcast_to(life, n),
    )
    return SimpleNamespace(
        cells=cells, tick=0, ledger=Ledger(("vesicle", "fixed", "loaded")), tallies=Tallies(types, 1, 2, 1)
    )


def genesis(formation, per_body, docking, lysosomal, budding, share=0.0, minutes=1.0):
    """The process of the population `vesicle`, all numbers of one cell type."""
    rates = GenesisRates(*(np.array([x], float) for x in (formation, per_body, docking, lysosomal, budding)))
    loading = Loading("vesicle", "loaded", 0, 1, np.array([share], float), ((0, 1.0),))
    return Genesis(
        "vesicle",
        0,
        rates,
        carriers=((0, 1.0),),
        manifest=MANIFEST,
        loadings=(loading,),
        every=1,
        tick=minutes,
    )


def begin(state, process, pool=0):
    """Start cells in a steady state, their pools full."""
    state.cells.view("cargo")[:, 1] = pool
    state.ledger.move("loaded", "initial", "inside", float(pool * state.cells.n))
    process.start(state, slice(0, state.cells.n), np.array([[0.0, float(pool)]]), DRAW, state.ledger)


def steps(state, process, count):
    """Let a process act in the next `count` ticks."""
    for _ in range(count):
        state.tick += 1
        process.step(state, state.tick, DRAW, state.ledger)


def check_books(state):
    """Books and state agree to 1e-9, for vesicles and both cargos."""
    cells, ledger = state.cells, state.ledger
    total = {name: float(cells.view(name).sum()) for name in ("body_vesicles", "outgoing", "vesicles")}
    ledger.check(
        "vesicle",
        {"bodies": total["body_vesicles"], "field": total["outgoing"], "inside": total["vesicles"]},
    )
    fixed = MANIFEST[0].copies
    inside = {
        "inside": float(cells.view("cargo")[:, 0].sum()),
        "pending": float(cells.view("cargo_carry")[:, 0].sum()),
    }
    waiting = {"bodies": fixed * total["body_vesicles"], "field": fixed * total["outgoing"]}
    ledger.check("fixed", waiting | inside | {"endosome": fixed * total["vesicles"]})
    loaded = {
        "bodies": float(cells.view("body_cargo").sum()),
        "field": float(cells.view("outgoing_riders").sum()),
        "endosome": float(cells.view("vesicle_riders").sum()),
        "inside": float(cells.view("cargo")[:, 1].sum()),
    }
    ledger.check("loaded", loaded)


def near(found, mean, variance=None, sigmas=5.5):
    """Sample mean (and variance) agree with those expected within 5.5 standard errors (4e-8 each)."""
    found = np.asarray(found, float)
    gap = found - found.mean()
    assert abs(found.mean() - mean) <= sigmas * found.std() / np.sqrt(len(found)) + 1e-12
    if variance is not None:
        error = np.sqrt((np.mean(gap**4) - found.var() ** 2) / len(found))
        assert abs(found.var() - variance) <= sigmas * error + 1e-12
