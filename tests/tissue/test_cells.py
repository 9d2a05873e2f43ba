"""The table of cells: what is put in comes out, in order, whatever rows are added and removed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exocosm.tissue.cells import COLUMNS, NAMES, Cells


def some_cells(n, seed=0):
    random = np.random.default_rng(seed)
    cells = Cells(n_populations=2, n_cargos=3, n_substrates=1, capacity=4)
    cells.append(
        key=random.integers(0, 2**63, n).astype(np.uint64),
        position=random.uniform(0, 100, (n, 3)),
        fluid=random.uniform(1, 1800, n),
        nuclear_solid=random.uniform(1, 100, n),
        vesicles=random.integers(0, 50, (n, 2)),
        substrate=random.uniform(0, 1, (n, 1)),
    )
    return cells


def test_columns_are_listed_once():
    assert len(set(NAMES)) == len(COLUMNS)


def test_radius_is_that_of_a_sphere_of_the_total_volume():
    cells = Cells()
    cells.append(fluid=[1870.5], nuclear_solid=[135.0], cytoplasmic_solid=[488.5])
    assert cells.total_volume()[0] == pytest.approx(2494.0)
    assert cells.radius()[0] == pytest.approx(8.412710547954228, rel=1e-12)


def test_arrays_grow_and_keep_what_they_held():
    cells = some_cells(3)
    before = {name: cells.view(name).copy() for name in NAMES}
    cells.append(key=np.arange(40, dtype=np.uint64))
    assert cells.n == 43
    for name in NAMES:
        assert np.array_equal(cells.view(name)[:3], before[name])


def test_unknown_and_uneven_columns_are_refused():
    cells = some_cells(2)
    with pytest.raises(KeyError, match="colour"):
        cells.append(colour=[1])
    with pytest.raises(ValueError, match="one length"):
        cells.append(key=[1, 2], fluid=[1.0])
    assert cells.n == 2


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 30), st.integers(0, 10**6))
def test_remove_keeps_order_and_permute_reorders(n, seed):
    cells = some_cells(n, seed)
    random = np.random.default_rng(seed)
    mask, keys = random.random(n) < 0.4, cells.view("key").copy()
    cells.remove(mask)
    assert np.array_equal(cells.view("key"), keys[~mask])
    order = random.permutation(cells.n)
    fluid = cells.view("fluid").copy()
    cells.permute(order)
    assert np.array_equal(cells.view("fluid"), fluid[order])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 30), st.integers(0, 10**6))
def test_arrays_round_trip_and_the_digest_sees_order(n, seed):
    cells = some_cells(n, seed)
    again = Cells.from_arrays(cells.to_arrays())
    assert again.digest() == cells.digest()
    if n > 1:
        again.permute(np.arange(n)[::-1])
        assert again.digest() != cells.digest()


def test_each_change_of_rows_gives_a_new_version():
    cells = some_cells(5)
    versions = [cells.version]
    cells.permute(np.arange(5))
    versions.append(cells.version)
    cells.remove(np.zeros(5, bool))
    versions.append(cells.version)
    versions.append(Cells.from_arrays(cells.to_arrays()).version)
    assert len(set(versions)) == 4
