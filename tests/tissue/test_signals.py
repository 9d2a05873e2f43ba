"""What cells sense: contacts, pressure, gradients, vesicles and cargo."""

from types import SimpleNamespace

import numpy as np
import pytest
from small import small_model
from tissues import PHYSICELL, cells_at, random_tissue

from exocosm.tissue.cells import APOPTOTIC, LIVE, LYSED
from exocosm.tissue.contacts import CLOSE_PACKING
from exocosm.tissue.rules import behaviours_of
from exocosm.tissue.signals import sampled
from exocosm.tissue.simulation import Simulation


def sense(cells, words, **more):
    """Values of signals (kind, target) in cells of types a and b, without fields."""
    types = SimpleNamespace(mechanics=PHYSICELL, names=("a", "b"))
    table = PHYSICELL._replace(relative_adhesion_distance=np.array([1.25, 1.25]))
    types.mechanics = table
    tissue = SimpleNamespace(types=types, behaviours=behaviours_of([], ()), **more)
    signals = [SimpleNamespace(kind=kind, target=target) for kind, target in words]
    return sampled(signals, SimpleNamespace(cells=cells), tissue, 0)


def test_contacts_count_neighbours_that_touch_or_are_in_reach_of_adhesion():
    cells = cells_at([[0, 0, 0], [15, 0, 0], [30, 0, 0], [54, 0, 0], [80, 0, 0]], 8.0)
    cells.view("type")[:] = [0, 1, 0, 1, 0]
    cells.view("life")[:] = [LIVE, APOPTOTIC, LIVE, LIVE, LYSED]
    words = [("contact", "a"), ("contact", "b"), ("contact live", ""), ("contact dead", "")]
    found = sense(cells, [*words, ("contact apoptotic", ""), ("contact necrotic", "")])
    assert found.T.tolist() == [
        [0, 2, 0, 0, 0], [1, 0, 1, 0, 0], [0, 2, 0, 0, 0], [1, 0, 1, 0, 0], [1, 0, 1, 0, 0], [0, 0, 0, 0, 0],
    ]  # fmt: skip


def test_pressure_is_one_with_twelve_neighbours_of_a_close_packing():
    spread = 2 * 8.0 * np.sqrt(np.pi / (2 * np.sqrt(3)))
    ends = [[x, y, 0] for x in (-1, 1) for y in (-1, 1)]
    twelve = np.array([np.roll(end, k) for end in ends for k in range(3)]) / np.sqrt(2) * spread
    found = sense(cells_at(np.vstack([[0, 0, 0], twelve]), 8.0), [("pressure", "")])
    assert found[0, 0] == pytest.approx(1.0)
    assert pytest.approx(0.027288820670331) == CLOSE_PACKING


def test_contacts_agree_with_all_pairs():
    cells = random_tissue(200, side=90.0, types=2)
    position, radius = cells.view("position"), cells.radius()
    distance = np.linalg.norm(position[:, None] - position[None], axis=2)
    near = distance < 1.25 * (radius[:, None] + radius[None])
    np.fill_diagonal(near, False)
    found = sense(cells, [("contact", "a"), ("contact live", "")])
    assert (found[:, 0] == (near & (cells.view("type") == 0)).sum(axis=1)).all()
    assert (found[:, 1] == near.sum(axis=1)).all()


def test_the_gradient_of_a_linear_field_is_its_slope():
    simulation = Simulation(small_model(), seed=1)
    x, y, _ = np.moveaxis(simulation.tissue.grid.mesh(), -1, 0)
    simulation.state.fields["cytokine"].values[...] = 0.03 * x - 0.04 * y
    signal = SimpleNamespace(kind="gradient", target="cytokine")
    assert sampled([signal], simulation.state, simulation.tissue, 0) == pytest.approx(0.05)


def test_vesicles_and_cargo_are_sensed_as_they_are_held():
    simulation = Simulation(small_model(), seed=1)
    cells = simulation.state.cells
    cells.view("bound")[:, 0], cells.view("vesicles")[:, 0], cells.view("bodies")[:, 0] = 2.5, 7, 3
    cells.view("cargo")[:, 1] = 11
    simulation.state.fields["tumour"].values[...] = 4e-6
    cargo = simulation.tissue.cargos[1]
    copies = simulation.model.species.vesicles["tumour"].copies(cargo)
    words = {
        ("vesicles on", "tumour"): 2.5, ("vesicles inside", "tumour"): 7.0, ("bodies", "tumour"): 3.0,
        ("vesicles outside", "tumour"): 4e-6, ("cargo inside", cargo): 11.0,
        ("cargo on", cargo): 2.5 * copies,
    }  # fmt: skip
    signals = [SimpleNamespace(kind=kind, target=target) for kind, target in words]
    found = sampled(signals, simulation.state, simulation.tissue, 0)
    assert found[0] == pytest.approx(list(words.values()))
