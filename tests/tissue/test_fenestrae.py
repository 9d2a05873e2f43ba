"""Fenestrae that answer to the endothelium: both ends, size selectivity, books, restarts, and faults."""

from __future__ import annotations

import numpy as np
import pytest
from test_generated_models import assert_sound
from vessels import TEXT

from exocosm.coupling import restore, start
from exocosm.ground.errors import ModelError
from exocosm.model import Model, Set
from exocosm.physics import membrane_permeability
from exocosm.tissue.fenestrae import Capillarisation, permeability

OPEN = {"diameter": "110 nm", "density": "9 1/um^2", "thickness": "0.2 um"}
CLOSED = {"cell_type": "endothelium", "state": "capillarisation", "diameter": "60 nm", "density": "2 1/um^2"}
LINING = """
    endothelium:
      volume: {total: 500 um^3, nuclear: 100 um^3, fluid_fraction: 0.75}
      mechanics: {movable: false}
      states: {capillarisation: {initial: STATE}}
"""


def lined(state: float, fenestrae: dict | None = None, count: int = 300) -> Model:
    """The block with vessels of `vessels.py`, full of endothelial cells of one state."""
    text = TEXT.replace("  cell_types:\n", "  cell_types:" + LINING.replace("STATE", str(state)), 1)
    model = Model.from_yaml(text)
    cells = [part.written() if hasattr(part, "written") else part for part in model.tissue.cells]
    everywhere = {"box": {"low": ["0 um"] * 3, "high": ["120 um"] * 3}}
    lining = {"type": "endothelium", "region": everywhere, "count": count}
    return model.change(
        Set("tissue.cells", [*cells, lining]),
        Set("tissue.capillaries.sinusoids.fenestrae", fenestrae or (OPEN | {"capillarised": CLOSED})),
        Set("tissue.immigration", []),
    )


def ended(model: Model, ticks: int = 40):
    simulation = start(model, seed=4, threads=1)
    simulation.advance(ticks)
    return simulation


def process(simulation) -> Capillarisation:
    return next(p for p in simulation.processes if isinstance(p, Capillarisation))


def test_an_open_endothelium_changes_nothing():
    assert ended(lined(0.0)).digest() == ended(lined(0.0, OPEN)).digest()


def test_a_capillarised_one_is_that_of_its_own_openings():
    closed = OPEN | {"diameter": "60 nm", "density": "2 1/um^2"}
    assert ended(lined(1.0)).digest() == ended(lined(1.0, closed)).digest()


def test_large_vesicles_are_held_back_first():
    fenestrae = lined(0.0).tissue.capillaries["sinusoids"].fenestrae
    small, large = (
        np.array([permeability(fenestrae, s, 300.0, d) for s in (0.0, 0.5, 0.9, 1.0)]) for d in (0.03, 0.055)
    )
    assert small[0] == pytest.approx(membrane_permeability(300.0, 0.03, 0.11, 9.0, 0.2))
    assert small[-1] == pytest.approx(membrane_permeability(300.0, 0.03, 0.06, 2.0, 0.2))
    assert small[1] == pytest.approx(membrane_permeability(300.0, 0.03, 0.085, 5.5, 0.2))
    assert (np.diff(small) < 0).all()
    assert (np.diff(large / small) < 0).all()
    assert permeability(fenestrae, 1.0, 300.0, 0.08) == 0.0


def test_less_leaves_by_a_capillarised_wall():
    left = [ended(lined(s)).state.ledger.balance("ev", "left") for s in (0.0, 0.5, 1.0)]
    assert left[0] > left[1] > left[2]


def test_a_place_has_the_mean_of_the_cells_that_share_its_voxels():
    simulation = start(lined(0.0, count=40), seed=9, threads=1)
    gate, cells = process(simulation), simulation.state.cells
    mine = np.flatnonzero(cells.view("type") == gate.kind)
    cells.view("state")[mine, gate.column] = np.linspace(0.0, 1.0, len(mine))
    nodes = gate.nodes
    width = nodes.network.width(nodes.grid)
    feet = nodes.foot.of(cells.view("position")[mine], nodes.grid, width)
    each = np.zeros((len(mine), *nodes.grid.shape))
    for cell in range(len(mine)):
        feet.spread(np.eye(len(mine))[cell], each[cell])
    shares = np.array([nodes.foot.sample(field) for field in each])
    states, total = np.linspace(0.0, 1.0, len(mine)), shares.sum(axis=0)
    wanted = np.where(total > 0, states @ shares / np.where(total > 0, total, 1.0), 0.0)
    assert gate.states_at_nodes(simulation.state) == pytest.approx(wanted, abs=1e-12)


def test_without_endothelium_the_wall_is_open():
    simulation = start(lined(1.0, count=1), seed=9, threads=1)
    gate, cells = process(simulation), simulation.state.cells
    cells.view("life")[cells.view("type") == gate.kind] = 1
    assert not gate.states_at_nodes(simulation.state).any()


def test_books_close_and_a_restart_goes_on_with_the_same_bits():
    model = lined(0.3).change(
        Set("tissue.cell_types.endothelium.states.capillarisation", {"initial": 0.3, "rise": "2 1/h"})
    )
    whole = ended(model)
    assert_sound(whole)
    first = start(model, seed=4, threads=1)
    first.advance(17)
    second = restore(model, first.checkpoint(), threads=2)
    second.advance(23)
    assert second.digest() == whole.digest()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cell_type": "endotelium"}, "did you mean: endothelium"),
        ({"state": "capilarisation"}, "did you mean: capillarisation"),
        ({"density": "900 1/um^2"}, "cover the whole wall"),
    ],
)
def test_faults_are_told(change: dict, words: str):
    with pytest.raises(ModelError, match=words):
        lined(0.0, OPEN | {"capillarised": CLOSED | change})
