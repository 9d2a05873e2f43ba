"""Promises over whole models in which all happens at once: births, deaths, contacts, events, a relay.

Every promise is tried on some models of its own (`busy_models`); the first test counts what happened in
its models and fails if anything that cells can do did not happen, so that none of this can become vacuous.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from busy_models import HAPPENINGS, MINUTES, busy_models, happenings
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from test_generated_models import assert_sound

from exocosm.coupling import restore, start
from exocosm.ground.ledger import SINKS, SOURCES
from exocosm.model import Model, Set
from exocosm.results import run
from exocosm.tissue import Simulation

END = 60  # ticks of half a minute
NEVER = ("phase_threshold", "rupture_volume")  # infinite where a cell never gets there
SEEDS = st.integers(0, 2**64 - 1)


def some(examples: int) -> settings:
    """So many models, the same on every machine, that are not made smaller when one fails."""
    few = {"max_examples": examples, "derandomize": True, "deadline": None, "phases": [Phase.generate]}
    return settings(**few, suppress_health_check=list(HealthCheck))


def digest(model: Model, seed: int, threads: int = 1) -> str:
    """The state after half an hour of a run that nobody looks at or interrupts."""
    simulation = start(model, seed=seed, threads=threads)
    simulation.advance(END)
    return simulation.digest()


def look(simulation: Simulation) -> None:
    """Read off all that can be recorded."""
    simulation.summary(), simulation.cell_table(), simulation.field_arrays(), simulation.ledger_table()
    simulation.warnings(), simulation.checkpoint(), simulation.costs()


def assert_whole(simulation: Simulation) -> None:
    """Books close, supply is use, nothing is negative, and no number in the state is not a number."""
    assert_sound(simulation)
    for name, array in simulation.checkpoint().items():
        if array.dtype.kind == "f" and not name.endswith(("faces", *NEVER)):
            assert np.isfinite(array).all(), name
    for inflow, secreted, outflow, decayed, used, residual in simulation.state.tallies.turnover:
        supply, use = inflow + secreted, outflow + decayed + used
        assert abs(supply - use) <= residual + 1e-9 * use
    ledger, lent = simulation.state.ledger, "rounding"
    for species in ledger.species:
        least = -1e-12 * ledger.throughput(species)
        for account in (*SOURCES, *SINKS):
            assert account == lent or ledger.balance(species, account) >= least, (species, account)


def test_books_close_and_nothing_is_negative_whatever_happens():
    seen: Counter[str] = Counter()

    @some(14)
    @given(busy_models(), SEEDS)
    def check(model: Model, seed: int) -> None:
        simulation = start(model, seed=seed, threads=1)
        for _ in range(4):
            simulation.advance(END // 4)
            assert_whole(simulation)
        happened = happenings(simulation)
        seen.update(happened)
        for name in +happened:
            event(name)

    check()
    assert not [name for name in HAPPENINGS if not seen[name]], seen


@some(8)
@given(busy_models(), SEEDS)
def test_two_threads_give_the_same_bits(model: Model, seed: int) -> None:
    assert digest(model, seed, threads=2) == digest(model, seed)


def test_four_threads_give_the_same_bits(tmp_path: Path) -> None:
    """One model with all surroundings of cells: a process of its own, as threads are counted at its start."""
    models: list[Model] = []

    @some(6)
    @given(busy_models())
    def collect(model: Model) -> None:
        models.append(model)

    collect()
    model = max(models, key=lambda one: len(one.to_yaml()))
    (tmp_path / "model.yaml").write_text(model.to_yaml(), encoding="utf-8")
    code = (
        "import sys\nfrom exocosm.coupling import start\nfrom exocosm.model import load\n"
        "simulation = start(load(sys.argv[1]), seed=5, threads=4)\n"
        f"simulation.advance({END})\nprint(simulation.threads, simulation.digest())"
    )
    environment = os.environ | {"NUMBA_NUM_THREADS": "4", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, str(tmp_path / "model.yaml")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.stdout.split() == ["4", digest(model, 5)], done.stderr


@some(8)
@given(busy_models(), SEEDS, st.integers(0, END - 1))
def test_resuming_at_any_tick_is_going_on(model: Model, seed: int, at: int) -> None:
    simulation = start(model, seed=seed, threads=1)
    simulation.advance(at)
    again = restore(model, simulation.checkpoint(), threads=2)
    again.advance(END - at)
    assert again.digest() == digest(model, seed)


@some(8)
@given(busy_models(), SEEDS, st.lists(st.integers(1, END - 1), max_size=5, unique=True).map(sorted))
def test_splitting_and_looking_change_no_bit(model: Model, seed: int, splits: list[int]) -> None:
    simulation = start(model, seed=seed, threads=1)
    for tick in [*splits, END]:
        simulation.advance(tick - simulation.tick)
        look(simulation)
    assert simulation.digest() == digest(model, seed)


@some(3)
@given(busy_models(), st.integers(0, 2**32), st.sampled_from([1, 3, 10]), st.sampled_from([2, 7, 30]))
def test_what_is_recorded_changes_no_bit(
    tmp_path_factory, model: Model, seed: int, often: int, seldom: int
) -> None:
    every = {"summary": often, "cells": seldom, "fields": seldom, "checkpoint": 2 * often}
    recorded = model.change(*(Set(f"record.{kind}", f"{minutes} min") for kind, minutes in every.items()))
    folder = tmp_path_factory.mktemp("recorded") / "run"
    made = run(recorded, MINUTES, seed=seed, threads=1, out=folder)
    assert made.digest == digest(model, seed)


@some(6)
@given(busy_models(), SEEDS, SEEDS, st.integers(1, END // 2))
def test_a_branch_repeats_the_future_and_another_seed_does_not(
    model: Model, seed: int, other: int, at: int
) -> None:
    simulation = start(model, seed=seed, threads=1)
    simulation.advance(at)
    same, different = simulation.branch(), simulation.branch(seed=other)
    for each in (simulation, same, different):
        each.advance(END - at)
    assert same.digest() == simulation.digest()
    assert other == seed or different.digest() != simulation.digest()
    assert_whole(different)
