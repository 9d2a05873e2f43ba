"""The promises on the whole tissue: same seed same bits, resume equals continue, all matter accounted for."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import small_model

from exocosm.coupling import restore, start
from exocosm.model import Without
from exocosm.tissue.stocks import stocks

END = 240  # ticks of 1 min


@cache
def uninterrupted() -> str:
    simulation = start(small_model(), seed=3, threads=1)
    simulation.advance(END)
    return simulation.digest()


def test_the_small_tissue_has_births_and_deaths():
    simulation = start(small_model(), seed=3, threads=1)
    before = simulation.state.cells.n
    keys = set(simulation.state.cells.view("key").tolist())
    simulation.advance(END)
    now = set(simulation.state.cells.view("key").tolist())
    assert len(now - keys) >= 5
    assert len(keys - now) >= 3
    assert simulation.state.cells.n != before


def test_two_threads_give_the_same_bits():
    simulation = start(small_model(), seed=3, threads=2)
    simulation.advance(END)
    assert simulation.digest() == uninterrupted()


def test_four_threads_give_the_same_bits():
    code = (
        "from small import small_model\nfrom exocosm.coupling import start\n"
        f"s = start(small_model(), seed=3, threads=4)\ns.advance({END})\nprint(s.digest())"
    )
    environment = os.environ | {"NUMBA_NUM_THREADS": "4", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.stdout.strip() == uninterrupted(), done.stderr


@given(st.lists(st.integers(1, END - 1), min_size=1, max_size=2, unique=True))
@settings(max_examples=5)
def test_restoring_at_any_tick_changes_nothing(ticks):
    simulation = start(small_model(), seed=3, threads=1)
    for tick in sorted(ticks):
        simulation.advance(tick - simulation.tick)
        simulation = restore(small_model(), simulation.checkpoint(), threads=1)
    simulation.advance(END - simulation.tick)
    assert simulation.digest() == uninterrupted()


def test_looking_changes_nothing():
    simulation = start(small_model(), seed=3, threads=1)
    for _ in range(8):
        simulation.advance(END // 8)
        simulation.summary(), simulation.cell_table(), simulation.field_arrays(), simulation.ledger_table()
    assert simulation.digest() == uninterrupted()


def test_a_branch_repeats_the_future_and_another_seed_does_not():
    simulation = start(small_model(), seed=3, threads=1)
    simulation.advance(60)
    same, other = simulation.branch(), simulation.branch(seed=4)
    for each in (simulation, same, other):
        each.advance(120)
    assert same.digest() == simulation.digest()
    assert other.digest() != simulation.digest()


def test_another_seed_is_another_run():
    simulation = start(small_model(), seed=4, threads=1)
    simulation.advance(END)
    assert simulation.digest() != uninterrupted()


def test_without_vesicles_the_cells_are_the_same_on_the_same_random_numbers():
    """Vesicles act on nothing in this version: the arms of a pair share every birth, death and position."""
    arms = [
        start(model, seed=3, threads=1)
        for model in (small_model(), small_model().change(Without("vesicles:tumour")))
    ]
    for arm in arms:
        arm.advance(END)
    tables = [arm.cell_table() for arm in arms]
    for column in ("key", "x", "y", "z", "volume", "state"):
        assert np.array_equal(tables[0][column], tables[1][column])
    assert arms[0].summary()["vesicles.tumour.released"] > 0
    assert arms[1].summary()["vesicles.tumour.released"] == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_every_vesicle_copy_and_molecule_is_accounted_for(seed):
    simulation = start(small_model(), seed=seed, threads=1)
    for _ in range(6):
        simulation.advance(50)
        held = stocks(simulation.state, simulation.tissue)
        assert set(held) == {"tumour", "miR-21-5p", "miR-146a-5p", "PD-L1", "YWHAZ", "cytokine"}
        for species, accounts in held.items():
            assert simulation.state.ledger.imbalance(species, accounts) <= 1e-9
    ledger = simulation.state.ledger
    assert ledger.balance("tumour", "died") > 0
    assert ledger.balance("cytokine", "died") > 0
    assert sum(ledger.balances.sum(axis=1)) == pytest.approx(0.0, abs=1e-6 * ledger.throughput("tumour"))


def test_nothing_is_negative_and_nothing_is_not_a_number():
    simulation = start(small_model(), seed=5, threads=1)
    for _ in range(4):
        simulation.advance(60)
        for name, array in simulation.checkpoint().items():
            if array.dtype.kind == "f" and "faces" not in name:
                assert np.isfinite(array).all() or name.endswith("rupture_volume"), name
            if name.startswith("fields/") and name.endswith("values"):
                assert array.min() >= 0.0, name


def test_quasi_steady_oxygen_is_supplied_as_it_is_used():
    simulation = start(small_model(), seed=3, threads=1)
    simulation.advance(END)
    row = simulation.summary()
    assert row["oxygen.supply"] == pytest.approx(row["oxygen.use"], rel=1e-5)
    assert row["oxygen.residual"] <= 1e-5 * row["oxygen.use"]


def test_events_add_cells_and_change_boundaries():
    region = {"sphere": {"center": ["40 um"] * 3, "radius": "20 um"}}
    events = [
        {"at": "1 h", "add": {"type": "macrophage", "region": region, "spacing": "16 um"}},
        {"at": "2 h", "boundary": {"species": "oxygen", "face": "all", "value": "10 mmHg"}},
        {"at": "3 h", "boundary": {"species": "oxygen", "face": "x_low", "value": "no-flux"}},
    ]
    simulation = start(small_model(events=events), seed=3, threads=1)
    simulation.advance(59)
    before = simulation.summary()["cells.macrophage.live"]
    simulation.advance(1)
    assert simulation.summary()["cells.macrophage.live"] > before
    simulation.advance(63)
    assert simulation.summary()["oxygen.max"] <= 10.0
    restored = restore(small_model(events=events), simulation.checkpoint(), threads=1)
    for each in (simulation, restored):
        each.advance(100)
    assert simulation.digest() == restored.digest()


def test_a_tissue_without_cells_runs():
    model = small_model().change(Without("cells:tumour"), Without("cells:macrophage"))
    simulation = start(model, seed=1, threads=1)
    simulation.advance(30)
    assert simulation.state.cells.n == 0
    assert simulation.summary()["oxygen.min"] == pytest.approx(35.0)
