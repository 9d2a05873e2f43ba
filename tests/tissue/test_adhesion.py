"""Adhesion by type, and cells at rest, against the force between pairs and in small tissues."""

from __future__ import annotations

import numpy as np
import pytest
from tissues import cells_at

from exocosm.coupling import start
from exocosm.ground.draws import Draw
from exocosm.model import CellType, Mechanics, Model, Set, Volume
from exocosm.tissue.cell_types import mechanics_table
from exocosm.tissue.mechanics import Mechanics as Process
from exocosm.tissue.neighbours import NeighbourList
from exocosm.tissue.reference import mechanics as reference

RADIUS, REACH = 8.0, 1.5
REPULSION, ADHESION = 10.0, 4.0


def types(movable=True, **affinity):
    """Two types that push and hold alike, with affinities `a` and `b` of each for types by name."""
    return {
        name: CellType(
            volume=Volume(total="2000 um^3"),
            mechanics=Mechanics(
                repulsion=f"{REPULSION} um/min",
                adhesion=f"{ADHESION} um/min",
                relative_adhesion_distance=REACH,
                adhesion_affinity=affinity.get(name, {}),
                movable=movable or name == "a",
            ),
        )
        for name in ("a", "b")
    }


def resting_distance(affinity):
    """Where push and pull are equal: √ρ (1 - d/2R) = √(α aff) (1 - d/R_A)."""
    push, pull = np.sqrt(REPULSION), np.sqrt(ADHESION * affinity)
    return (push - pull) / (push / (2 * RADIUS) - pull / (2 * RADIUS * REACH))


@pytest.mark.parametrize(
    ("kinds", "affinity"),
    [((0, 0), 1.0), ((1, 1), 0.25), ((0, 1), np.sqrt(0.5 * 0.9)), ((1, 0), np.sqrt(0.45))],
)
def test_pairs_rest_where_push_and_pull_of_their_types_are_equal(kinds, affinity):
    table = mechanics_table(types(a={"b": 0.5}, b={"a": 0.9, "b": 0.25}))
    cells, process = (
        cells_at([[50, 50, 50], [62, 50, 50]], RADIUS),
        Process(table, (1e3,) * 3, every=1, dt=0.1),
    )
    cells.view("type")[:] = kinds
    for _ in range(6000):
        process.advance(cells, Draw(1))
    assert np.diff(cells.view("position")[:, 0])[0] == pytest.approx(resting_distance(affinity), rel=1e-6)
    assert cells.view("position").mean(axis=0) == pytest.approx([56, 50, 50])


def test_without_affinities_the_table_has_none_and_ones_change_no_bit():
    plain, ones = mechanics_table(types()), mechanics_table(types(a={"a": 1, "b": 1}))
    assert plain.affinity.size == plain.movable.size == 0
    assert ones.affinity.tolist() == [[1, 1], [1, 1]]
    found = []
    for table in (plain, ones):
        cells = cells_at(np.random.default_rng(1).uniform(0, 60, (60, 3)), RADIUS)
        cells.view("type")[::2] = 1
        process = Process(table, (60.0,) * 3, every=1, dt=0.1)
        for _ in range(20):
            process.advance(cells, Draw(1))
        found.append(cells.digest())
    assert found[0] == found[1]


def test_a_cell_at_rest_keeps_its_place_and_pushes_and_holds_others():
    table = mechanics_table(types(movable=False))
    cells, process = (
        cells_at([[50, 50, 50], [60, 50, 50]], RADIUS),
        Process(table, (1e3,) * 3, every=1, dt=0.1),
    )
    cells.view("type")[:] = [1, 0]
    process.drive = np.full((2, 3), 0.0)
    both = reference.velocities(cells, mechanics_table(types()), Draw(1).seed)
    process.advance(cells, Draw(1))
    assert cells.view("position")[1, 0] == pytest.approx(60 + 0.1 * both[1, 0])
    for _ in range(6000):
        process.advance(cells, Draw(1))
    assert cells.view("position")[0].tolist() == [50, 50, 50]
    assert cells.view("position")[1, 0] == pytest.approx(50 + resting_distance(1.0), rel=1e-6)
    process.drive[:] = [[5.0, 0, 0], [-0.05, 0, 0]]
    for _ in range(200):
        process.advance(cells, Draw(1))
    assert cells.view("position")[0].tolist() == [50, 50, 50]
    assert 55 < cells.view("position")[1, 0] < 50 + resting_distance(1.0)


SORTING = """
format: exocosm/1
name: sorting
duration: 1 d
tissue:
  geometry: {size: [240 um, 240 um, 20 um], voxel: 20 um}
  cell_types:
    a: &cell
      volume: {total: 2494 um^3}
      mechanics: {repulsion: 10 um/min, adhesion: 2 um/min, relative_adhesion_distance: 1.5}
      motility: {speed: 0.4 um/min, persistence_time: 5 min}
    b: *cell
  cells:
  - mixture: {a: 0.5, b: 0.5}
    region: {sphere: {center: [120 um, 120 um, 10 um], radius: 80 um}}
    spacing: 15 um
  steps: {tick: 1 min, mechanics: 1 min, phenotype: 6 min}
"""


def mixed(simulation):
    """Share of touching pairs that are of two types."""
    cells, near = simulation.state.cells, NeighbourList(skin=0.0)
    packed = np.zeros((cells.n, 8))
    packed[:, :3], packed[:, 7] = cells.view("position"), 1.2 * cells.radius()
    near.build(packed)
    kind, pairs = cells.view("type"), [(i, j) for i in range(cells.n) for j in near.rows[i, : near.counts[i]]]
    return np.mean([kind[i] != kind[j] for i, j in pairs])


def test_cells_that_hold_their_own_type_better_sort():
    # differential adhesion, Steinberg 1963, 10.1126/science.141.3579.401
    alike, path = Model.from_yaml(SORTING), "tissue.cell_types.{}.mechanics.adhesion_affinity"
    sorting = alike.change(Set(path.format("a"), {"b": 0.02}), Set(path.format("b"), {"a": 0.02}))
    shares = []
    for model in (alike, sorting):
        simulation = start(model, seed=1)
        simulation.advance(720)
        shares.append(mixed(simulation))
    # over twelve seeds 0.52 +- 0.03 and 0.13 +- 0.03: 0.3 is six standard deviations from either
    assert shares[1] < 0.3 < shares[0]
