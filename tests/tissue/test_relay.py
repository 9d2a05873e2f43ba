"""A relay of cargo in a nearly mixed block: counts against the linear rate equations of the mixed limit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from exocosm.model import Without, load
from exocosm.physics import diffusion_to_sphere
from exocosm.tissue import Simulation

HOURS = 48.0
SEEDS = (1, 2, 3, 4)
CELLS = 10  # of each kind
CLUMPS = {"sender": 24.0, "relay": 8.0, "recipient": 3.0}


def mixed_limit(model: Any, sim: Simulation) -> dict[str, float]:
    """Mean copies in each cell's pool at the end, from nine linear equations.

    Per sender and relay: pool, copies in bodies; per population: in the fluid; per taker: in endosomes.
    """
    types, name = model.tissue.cell_types, "miR-21-5p"
    genesis, uptake = types["sender"].genesis["from-senders"], types["relay"].uptake["from-senders"]
    field = sim.state.fields["from-senders"]
    volume = float(field.stock.sum())
    radius = float(sim.state.cells.radius()[0])
    diffusion = float(field.diffusivity.mean())
    clearance = 1.0 / (1.0 / float(uptake.clearance) + 1.0 / diffusion_to_sphere(radius, diffusion))
    taken, decay = CELLS * clearance / volume, field.decay_rate
    vesicles = float(
        genesis.vesicles_per_body
    )  # form at once, so that a body's vesicles share one look at the pool
    load_rate = float(genesis.formation) / vesicles * -np.expm1(-vesicles * float(genesis.loading[name]))
    fusing, ending = float(genesis.docking), float(genesis.docking + genesis.lysosomal_degradation)
    leaving, escaping = float(uptake.fate.rate), float(uptake.fate.escape_fraction)
    made, lost = float(types["sender"].pools[name].synthesis), float(types["sender"].pools[name].degradation)

    def rates(_: float, y: np.ndarray) -> list[float]:
        pool_a, bodies_a, fluid_a, endo_b, pool_b, bodies_b, fluid_b, endo_c, pool_c = y
        return [
            made - (lost + load_rate) * pool_a,
            load_rate * pool_a - ending * bodies_a,
            fusing * bodies_a - (taken + decay) * fluid_a,
            taken * fluid_a - leaving * endo_b,
            leaving * escaping * endo_b - (lost + load_rate) * pool_b,
            load_rate * pool_b - ending * bodies_b,
            fusing * bodies_b - (taken + decay) * fluid_b,
            taken * fluid_b - leaving * endo_c,
            leaving * escaping * endo_c - lost * pool_c,
        ]

    pool = float(types["sender"].pools[name].initial)
    start = [pool, load_rate * pool / ending, *[0.0] * 7]  # bodies begin in their steady state
    found = solve_ivp(rates, (0.0, 60.0 * HOURS), start, rtol=1e-10, atol=1e-8, method="LSODA")
    end = found.y[:, -1]
    return {"sender": end[0], "relay": end[4], "recipient": end[8]}


def held(sim: Simulation) -> np.ndarray:
    """Copies in the pools of all cells of each type."""
    kind, cargo = sim.state.cells.view("type"), sim.state.cells.view("cargo")[:, 0]
    return np.bincount(kind, weights=cargo, minlength=3)


@pytest.fixture(scope="module")
def simulations() -> list[Simulation]:
    model = load("relay")
    sims = [Simulation(model, seed=seed) for seed in SEEDS]
    for sim in sims:
        sim.advance(round(60 * HOURS))
    return sims


def test_copies_arrive_as_in_the_mixed_limit(simulations: list[Simulation]) -> None:
    """Within 3 % for the block's unevenness and the steps, plus six standard errors over the seeds.

    Copies come in clumps, several in a vesicle, dozens of vesicles in a body: their counts have CLUMPS times
    the variance of Poisson counts (above what 24 seeds showed). A false alarm is then rarer than 1e-6.
    """
    expected = mixed_limit(load("relay"), simulations[0])
    totals = np.sum([held(sim) for sim in simulations], axis=0)
    for kind, (name, clump) in enumerate(CLUMPS.items()):
        mean = expected[name] * CELLS * len(SEEDS)
        allowed = 0.03 * mean + 6.0 * np.sqrt(clump * mean)
        assert abs(totals[kind] - mean) < allowed, (name, totals[kind], mean)


def test_nothing_arrives_when_relays_cannot_load() -> None:
    model = load("relay").change(Without("tissue.cell_types.relay.genesis.from-relays.loading"))
    sim = Simulation(model, seed=1)
    sim.advance(round(30 * HOURS))
    sender, relay, recipient = held(sim)
    assert sender > 0
    assert relay > 0
    assert recipient == 0
    assert sim.state.ledger.balance("from-relays", "released") > 0  # empty vesicles still go out
