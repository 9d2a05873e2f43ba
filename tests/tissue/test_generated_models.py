"""Promises over whole models of vesicles drawn at random: books, bits, bounds, and each step taken out."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vesicle_models import targets, vesicle_models

from exocosm.coupling import restore, start
from exocosm.model import Model, Without
from exocosm.tissue import Simulation
from exocosm.tissue.cells import COLUMNS

MINUTES = 30.0
SOME = settings(
    max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
OPEN = (
    "position",
    "previous_velocity",
    "direction",
    "phase_threshold",
    "rupture_volume",
)  # signed, or never reached


def ticks(simulation: Simulation) -> int:
    """Ticks of the runs of this file."""
    return round(MINUTES / simulation.tick_length)


def assert_sound(simulation: Simulation) -> None:
    """Books close, nothing is negative and nothing is not a number."""
    simulation.check()
    for name, field in simulation.state.fields.items():
        assert np.isfinite(field.values).all(), name
        assert field.values.min() >= 0.0, name
    for column in COLUMNS:
        values = simulation.state.cells.view(column.name)
        if column.name not in OPEN and values.dtype.kind == "f":
            assert np.isfinite(values).all(), column.name
            assert values.size == 0 or values.min() >= 0.0, column.name
    states = simulation.state.cells.view("state")
    assert states.size == 0 or states.max() <= 1.0


@SOME
@given(vesicle_models(), st.integers(0, 2**32))
def test_books_close_and_nothing_is_negative(model: Model, seed: int) -> None:
    simulation = start(model, seed=seed, threads=1)
    for _ in range(3):
        simulation.advance(ticks(simulation) // 3)
        assert_sound(simulation)


@SOME
@given(vesicle_models(), st.integers(1, 59))
def test_splitting_and_resuming_change_no_bit(model: Model, at: int) -> None:
    whole = start(model, seed=7, threads=1)
    whole.advance(ticks(whole))
    part = start(model, seed=7, threads=1)
    part.advance(min(at, ticks(part)))
    part = restore(model, part.checkpoint(), threads=1)
    part.advance(ticks(part) - part.tick)
    assert part.digest() == whole.digest()


@SOME
@given(vesicle_models(), st.data())
def test_any_step_can_be_taken_out_and_the_books_still_close(model: Model, data: st.DataObject) -> None:
    target = data.draw(st.sampled_from(targets(model)))
    simulation = start(model.change(Without(target)), seed=11, threads=1)
    simulation.advance(ticks(simulation) // 2)
    assert_sound(simulation)
