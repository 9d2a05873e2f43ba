"""What is not touched by a change sees the same random numbers: arms differ by what was changed alone."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from small import living_model

from exocosm.ground.draws import mark_of
from exocosm.model.loading import from_tree
from exocosm.model.reading import Tree
from exocosm.model.writing import to_tree
from exocosm.tissue.simulation import Simulation

TICKS = 36  # of a minute
TUMOUR = "tissue.cell_types.tumour"
BY_NAME = {
    "bodies": "vesicles", "body_vesicles": "vesicles", "cargo": "cargos", "cargo_carry": "cargos",
    "vesicles": "carriers", "vesicle_carry": "carriers", "outgoing": "carriers", "body_cargo": "loads",
    "vesicle_riders": "riders", "rider_carry": "riders",
}  # fmt: skip
BUSY = {
    f"{TUMOUR}.cycle.phases[0].duration.exponential": "1 1/h",
    f"{TUMOUR}.uptake.buds": {"efficiency": "0.3"},
}


def another(data):
    """One more cargo that tumour cells make and load, one more population: each the first in the file."""
    species, tumour = data["species"], data["tissue"]["cell_types"]["tumour"]
    species["cargos"] = {"another": {"kind": "mRNA"}} | species["cargos"]
    tumour["pools"] = {"another": {"initial": "300 copies", "synthesis": "50 copies/h"}} | tumour["pools"]
    loading = tumour["genesis"]["tumour"]["loading"]
    tumour["genesis"]["tumour"]["loading"] = {"another": "1e-3 1/particle"} | loading
    part = {"origin": "nowhere else", "route": "ectosome", "every": "3 min",
            "diameter": {"median": "90 nm", "geometric_sd": "1.2"}}  # fmt: skip
    species["vesicles"] = {"others": part} | species["vesicles"]
    fate = {"rate": "2 1/h", "escape_fraction": "0.5", "recycled_fraction": "0.1"}
    genesis = {"others": {"budding": "30 particle/h", "loading": {"another": "1e-3 1/particle"}}}
    tumour["genesis"] = genesis | tumour["genesis"]
    tumour["uptake"] = {"others": {"efficiency": "0.3", "fate": fate}} | tumour["uptake"]


def other_bins(data):
    """The second population in two sizes instead of three."""
    data["species"]["vesicles"]["buds"]["size_bins"] = 2


@cache
def columns(change=None):
    """What cells hold after a while, by column and name, and what was secreted of each species."""
    data = to_tree(living_model(**BUSY))
    if change is not None:
        change(data)
    simulation = Simulation(from_tree(Tree(data, "model")), seed=3)
    simulation.advance(TICKS)
    tissue, cells, found = simulation.tissue, simulation.state.cells, {}
    order = np.argsort(cells.view("key"))
    for column, kind in BY_NAME.items():
        for index, part in enumerate(getattr(tissue, kind)):
            name = (part.cargo, part.population) if kind == "loads" else getattr(part, "name", part)
            found[column, name] = cells.view(column)[order, index]
    ledger = simulation.state.ledger
    for species in tissue.ledger_species():
        found["secreted", species] = ledger.balance(species, "secreted")
    return found


@pytest.mark.parametrize(
    ("change", "added", "touched"),
    [(another, "others", ("another",)), (other_bins, "buds@", ("buds", "rare", "loaded"))],
)
def test_others_are_the_same_bit_for_bit(change, added, touched):
    before, after = columns(), columns(change)
    assert any(added in str(key) for key in after)
    kept = [key for key in before if not any(word in str(key) for word in touched)]
    assert len(kept) > 8
    for key in kept:
        assert np.array_equal(before[key], after[key]), key
    assert all(np.sum(before[column, "tumour"]) > 0 for column in ("bodies", "secreted", "vesicles"))
    assert np.sum(before["cargo", "loaded"]) > 0


def test_marks_of_names_are_the_same_in_all_runs_and_differ():
    assert int(mark_of(("tumour", "old"))) == 8533338921987576447
    names = [(f"population {i}", step) for i in range(1000) for step in ("old", "new")]
    assert len({int(mark_of(name)) for name in names}) == len(names)
