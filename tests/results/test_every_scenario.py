"""The promises of the engine, held by every scenario that ships, in each of its arms' beginnings.

What is promised of generated models (`tests/tissue/test_busy_models.py`) is asked here of those that people
start from: the books close, nothing is negative or not a number, one thread and two give the same bits, and a
run that was saved half-way goes on as if it had not been.
"""

from __future__ import annotations

from functools import cache

import pytest
from test_busy_models import assert_whole

from exocosm.coupling import restore, start
from exocosm.library import scenario_names
from exocosm.model import Model, load
from exocosm.tissue import Simulation

SHOWN = 60.0
"""Minutes that each scenario runs: long enough for every one of its processes to be due."""


@cache
def beginning(name: str) -> tuple[Model, Simulation, str]:
    """A scenario, its first hour on one thread without a stop, and the digest at the end."""
    model = load(name)
    simulation = start(model, seed=11, threads=1)
    simulation.advance(half(model) * 2)
    return model, simulation, simulation.digest()


def half(model: Model) -> int:
    """Ticks of half of the hour, or of half of a shorter experiment."""
    return int(min(SHOWN, float(model.duration)) / 2.0 / float(model.tissue.steps.tick))


@pytest.mark.parametrize("name", scenario_names())
def test_books_close_and_nothing_is_negative(name: str) -> None:
    assert_whole(beginning(name)[1])


@pytest.mark.parametrize("name", scenario_names())
def test_two_threads_and_a_restart_half_way_give_the_same_bits(name: str) -> None:
    model, _, whole = beginning(name)
    first = start(model, seed=11, threads=2)
    first.advance(half(model))
    second = restore(model, first.checkpoint(), threads=2)
    second.advance(half(model))
    assert second.digest() == whole


@pytest.mark.parametrize("name", scenario_names())
def test_every_arm_starts_and_goes_on(name: str) -> None:
    model = load(name)
    for arm in model.arms:
        simulation = start(model.change(*model.arm(arm)), seed=11, threads=1)
        simulation.advance(2)
        assert_whole(simulation)
