"""Observed orders of convergence in time, over four levels or more, of all that is not exact over a step.

Each asks for at least the theoretical order less 0.1. What is exact is in `test_exact_steps.py`; mechanics,
convection and the diffusion of fields have their orders in `test_mechanics.py`, `test_convection.py` and
`test_fields.py`, migration in `test_motility.py`. Two processes turn or take at most one cell a step: there
the process equals a chain of steps (stochastic, false alarms below 1e-6), and the chain has the order.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from converging import LARGE, observed_orders, use_means
from exchanging import tighten
from scipy.integrate import quad, solve_ivp
from scipy.linalg import expm
from senders import DRAW, cells_of, genesis
from test_binding import ENTRY, INTRINSIC, OFF, OFF_MATRIX, ON_MATRIX, START, after
from test_capture import FIELD, MATRIX, PER_VESICLE, capture, run, with_antibody
from test_capture import OFF as LEAVES
from test_capture import ON as BINDS
from test_convection import steady_error
from test_culture import two_chambers
from test_endosome import endosome, filled
from test_phagocytosis import eaters
from test_pools import pool
from test_transformation import lone
from tissues import Fixed, Tissue, phase, physicell_type, ramp
from touching import Stepper, grouped, types_model

from exocosm.tissue.capture import Moving
from exocosm.tissue.cells import APOPTOTIC, LIVE, LYSED
from exocosm.tissue.delivery import COPIES_PER_AMOUNT
from exocosm.tissue.endosome import AFTER, BEFORE, Endosome
from exocosm.tissue.enzymes import Enzymes, Kinetics
from exocosm.tissue.fields import Field
from exocosm.tissue.grid import Grid
from exocosm.tissue.lifetimes import Lifetimes
from exocosm.tissue.simulation import Simulation
from exocosm.tissue.substrates import ExchangeRates, advance, exchange
from exocosm.tissue.weights import Footprint

FALSE_ALARM = 5.2  # standard deviations: two in ten million, at most three such in a test
FIRST, SECOND = 0.9, 1.9


def solved(rates, start, until):
    """The solution of a differential equation at a time, to rounding."""
    return solve_ivp(rates, (0.0, until), start, method="DOP853", rtol=1e-12, atol=1e-12).y[:, -1]


# Vesicles on cells and matrix


@pytest.mark.parametrize("places", ["surface", "matrix", "surface and matrix"])
def test_binding_is_of_second_order(places):
    """A well-mixed box: what is in field and matrix, on surfaces and has entered, by mass action."""
    until, binds, matrix = 60.0, "surface" in places, "matrix" in places
    errors = []
    for minutes in (1.5, 0.75, 0.375, 0.1875):
        found, state = after(minutes, until, binds=binds, matrix=matrix, decay=0.0)
        volume = float(state.fields["vesicle"].stock.sum())
        rates = mass_action(volume, binds, matrix)
        truth = solved(rates, [START * 120.0**3, 0.0, 0.0, 0.0], until)
        there = truth > 0.0
        errors.append(np.abs(found - truth)[there] / truth[there])
    assert observed_orders(errors).min() >= SECOND


def mass_action(volume, binds, matrix):
    """Rates of the amounts in field, matrix, on surfaces and entered: 30 cells release, 30 take up."""

    def rates(_, y):
        free, held, surface, _ = y
        caught = 30.0 * INTRINSIC / volume * free
        onto = ON_MATRIX * free - OFF_MATRIX * held if matrix else 0.0
        back, enter = (OFF * surface, ENTRY * surface) if binds else (0.0, caught)
        return [30.0 - caught + back - onto, onto, caught - back - enter, enter]

    return rates


def test_capture_of_antibody_is_of_first_order():
    volume = 20.0**3
    sites = (FIELD + MATRIX) * volume * PER_VESICLE

    def rate(_, held):
        free = 0.01 - held / (volume * COPIES_PER_AMOUNT)
        return BINDS * free * (sites - held) - LEAVES * held

    truth = solve_ivp(rate, (0.0, 8.0), [0.0], rtol=1e-11, atol=1e-7).y[0, -1]
    errors = []
    for minutes in (0.4, 0.2, 0.1, 0.05):
        state = with_antibody()
        run(state, capture(minutes), round(8.0 / minutes))
        held = state.fields["held"].total() + float(state.matrix["held"].sum())
        errors.append(abs(held / 64 / truth - 1.0))
    assert observed_orders(errors).min() >= FIRST


# Exchange of fields with cells, chambers and vessels: not diffusion, which is fast or absent here


def advance_alone(field, dt):
    """One step of a field without cells."""
    nobody = Footprint.of(np.empty((0, 3)), field.grid, field.grid.voxel)
    advance(field, nobody, ExchangeRates(*[np.empty(0)] * 4), np.empty(0), dt)


def test_saturable_uptake_is_of_second_order(monkeypatch):
    """Ten cells in a small well-mixed box that take m c / (K + c) each."""
    grid, volume, most, half = Grid((3, 3, 3), 20.0), 27 * 20.0**3, 3000.0, 4.0
    places, cells = np.random.default_rng(2).uniform(10, 50, (10, 3)), np.full(10, 2000.0)
    truth = solved(lambda t, c: -10 * most * c / (half + c) / volume, [10.0], 64.0)[0]
    tighten(monkeypatch, Field.step)
    tighten(monkeypatch, exchange, tolerance=1e-9)
    rates = ExchangeRates(np.zeros(10), np.zeros(10), np.full(10, most), np.full(10, half))
    errors = []
    for dt in (2.0, 1.0, 0.5, 0.25):
        field = Field(grid, diffusivity=1e9, initial=10.0)
        foot = Footprint.of(places, grid, 20.0)
        for _ in range(round(64.0 / dt)):
            advance(field, foot, rates, cells, dt)
        errors.append(abs(field.values.mean() - truth))
    assert observed_orders(errors).min() >= SECOND


def test_two_stirred_chambers_are_of_second_order(monkeypatch):
    tighten(monkeypatch, Field.step, tolerance=1e-12)
    permeability, below, until = 2.0, 7, 40.0
    rate = permeability * (1.0 / (20.0 * below) + 1.0 / (20.0 * (20 - below)))
    truth, errors = (20 - below) / 20.0 * (1.0 - np.exp(-rate * until)), []
    for dt in (8.0, 4.0, 2.0, 1.0):
        field = two_chambers(permeability, below)
        field.mixing = 1e8
        for _ in range(round(until / dt)):
            advance_alone(field, dt)
        errors.append(abs(float(field.values[0, 0, 0]) - truth))
    assert observed_orders(errors).min() >= SECOND


def test_vessels_in_a_region_are_of_second_order(monkeypatch):
    tighten(monkeypatch, Field.step, tolerance=1e-12)
    grid, rate, blood, loss, until = Grid((2, 2, 2), 20.0), 0.1, 3.0, 0.05, 16.0
    limit = rate * blood / (rate + 0.5 * loss)
    truth, errors = limit * -np.expm1(-(rate / 0.5 + loss) * until), []
    for dt in (2.0, 1.0, 0.5, 0.25):
        field = Field(grid, diffusivity=10.0, decay_rate=loss)
        field.set_porosity(np.full(grid.shape, 0.5), np.ones(grid.shape))
        field.add_vessels(np.ones(grid.shape, bool), rate, blood)
        for _ in range(round(until / dt)):
            advance_alone(field, dt)
        errors.append(abs(float(field.values.mean()) - truth))
    assert observed_orders(errors).min() >= SECOND


def test_flow_and_diffusion_in_turn_are_of_first_order():
    """The error of the profile at rest between two held faces, which both together have to keep."""
    errors = [steady_error(80, dt, 2.0) for dt in (16.0, 8.0, 4.0, 2.0)]
    assert observed_orders(errors).min() >= FIRST


def test_an_enzyme_beside_a_supply_is_of_first_order():
    """dc/dt = s - v c / (K + c): each exact by itself, one after the other in a step."""
    supply, turnover, half, until = 0.05, 10.0, 1.2, 32.0
    fastest = turnover * FIELD * PER_VESICLE / COPIES_PER_AMOUNT
    truth = solved(lambda t, c: supply - fastest * c / (half + c), [3.0], until)[0]
    bearers, errors = ((Moving("vesicle", 0, ""), PER_VESICLE),), []
    for dt in (4.0, 2.0, 1.0, 0.5):
        state = with_antibody()
        state.matrix["vesicle"][...] = 0.0
        field = state.fields["antibody"]
        field.values[...] = 3.0
        state.ledger.move("antibody", "initial", "field", field.total())
        kinetics = Kinetics("antibody", None, turnover, half)
        process = Enzymes("enzyme", kinetics, bearers, 20.0, every=1, tick=dt)
        source, nothing = supply * field.stock, np.zeros(field.grid.shape)
        for tick in range(1, round(until / dt) + 1):
            field.step(dt, source, nothing, 1e-12)
            process.step(state, tick, DRAW, state.ledger)
        errors.append(abs(float(field.values[1, 1, 1]) - truth))
    assert observed_orders(errors).min() >= FIRST


# Inside cells: what several processes do in turn


def test_endosomes_in_two_halves_around_entry_are_of_second_order(monkeypatch):
    """dN/dt = J(t) - ρ N, with what enters between the halves of a step put in at once."""
    use_means(monkeypatch)
    rate, until = 0.08, 48.0

    def inflow(t):
        return LARGE * (1.0 + np.sin(0.1 * t))

    truth = solve_ivp(lambda t, n: inflow(t) - rate * n, (0, until), [0.0], rtol=1e-12, atol=1.0).y[0, -1]
    errors = []
    for dt in (8.0, 4.0, 2.0, 1.0):
        state, whole = filled(1, 0, 0), endosome(dt, rate, 0.3, 0.4)
        parts = ("vesicle", whole.carriers, whole.rates, whole.delivery)
        before, behind = (Endosome(*parts, every=1, tick=dt, half=half) for half in (BEFORE, AFTER))
        vesicles = state.cells.view("vesicles")
        for tick in range(1, round(until / dt) + 1):
            before.step(state, tick, DRAW, state.ledger)
            vesicles[:] += round(quad(inflow, (tick - 1) * dt, tick * dt)[0])
            behind.step(state, tick, DRAW, state.ledger)
        errors.append(abs(float(vesicles[0, 0]) - truth))
    assert observed_orders(errors).min() >= SECOND


def test_loading_from_a_pool_beside_its_synthesis_is_of_first_order(monkeypatch):
    """dN/dt = a - g N + f ln(1 - s) N: vesicles that form one after the other each take the share s."""
    use_means(monkeypatch)
    made, lost, formation, share, until = 0.05 * LARGE, 0.02, 1000.0, 5e-5, 32.0
    loss = lost - formation * np.log1p(-share)
    truth, errors = made / loss + (LARGE - made / loss) * np.exp(-loss * until), []
    for dt in (8.0, 4.0, 2.0, 1.0):
        state, own = cells_of(1), pool(0.0, made, lost, dt)
        load = genesis(formation, 10.0, 0.1, 0.0, 0.0, share, dt)
        copies = state.cells.view("cargo")
        copies[:, 1] = LARGE
        for tick in range(1, round(until / dt) + 1):
            load.step(state, tick, DRAW, state.ledger)
            own.step(state, tick, DRAW, state.ledger)
        errors.append(abs(float(copies[0, 1]) - truth))
    assert observed_orders(errors).min() >= FIRST


# Rates that hold over a step


def test_a_state_under_a_rule_that_reads_it_is_of_first_order():
    """ds/dt = r(s) (1 - s) - f s with a rise that falls from 0.1 to 0.01 at a half-max of 0.3."""
    until = 64.0
    rule = {
        "name": "self", "cell_type": "a", "signal": "x", "response": "decreases", "behaviour": "rise of x",
        "saturation": "0.01 1/min", "half_max": 0.3, "hill_power": 2,
    }  # fmt: skip

    def rate(_, s):
        rise = 0.1 + (0.01 - 0.1) * s**2 / (0.3**2 + s**2)
        return rise * (1.0 - s) - 0.02 * s

    truth, errors = solved(rate, [0.05], until)[0], []
    states = {"x": {"initial": 0.05, "rise": "0.1 1/min", "fall": "0.02 1/min"}}
    cells = [{"type": "a", "count": 1, "region": {"sphere": {"center": ["2 mm"] * 3, "radius": "9 um"}}}]
    for step in (4.0, 2.0, 1.0, 0.5):
        simulation = Simulation(types_model({"a": {"states": states}}, step, [rule], cells=cells), seed=1)
        simulation.advance(round(until / step))
        errors.append(abs(float(simulation.state.cells.view("state")[0, 0]) - truth))
    assert observed_orders(errors).min() >= FIRST


def test_progress_through_a_phase_under_a_changing_signal_is_of_first_order():
    def signal(t):
        return 50.0 + 40.0 * np.sin(0.05 * t)

    kind = physicell_type([phase(Fixed(1e6), ramp=ramp(0.0, 100.0))])
    truth, errors = quad(lambda t: signal(t) / 100.0, 0.0, 48.0)[0], []
    for step in (8.0, 4.0, 2.0, 1.0):
        tissue = Tissue({"a": kind}, [0])
        tissue.cells.view("signals")[:] = signal(0.0)
        for now in tissue.live(48.0, step):
            tissue.cells.view("signals")[:] = signal(now)
        errors.append(abs(float(tissue.cells.view("phase_progress")[0]) - truth))
    assert observed_orders(errors).min() >= FIRST


def test_minutes_lived_are_of_first_order():
    """Live cells counted at the end of each step, while they die at a rate."""
    n, rate, until = 200_000, 0.05, 64.0
    truth, errors = n / rate * -np.expm1(-rate * until), []
    for dt in (4.0, 2.0, 1.0, 0.5):
        process, tallies = Lifetimes(every=1, tick=dt), SimpleNamespace(cell_minutes=np.zeros(1))
        for tick in range(1, round(until / dt) + 1):
            life = np.where(np.arange(n) < n * np.exp(-rate * dt * tick), LIVE, LYSED)
            columns = {"life": life, "type": np.zeros(n, np.int64)}
            state = SimpleNamespace(cells=SimpleNamespace(view=columns.__getitem__), tallies=tallies)
            process.step(state, tick, DRAW, None)
        errors.append(abs(float(tallies.cell_minutes[0]) - truth))
    assert observed_orders(errors).min() >= FIRST


# At most one a step

TURN_B, TURN_C, ONWARD = 0.03, 0.02, 0.04  # 1/min: a to b, a to c, b to c
UNTIL = 64.0


def turned(dt: float) -> np.ndarray:
    """Shares of a, b and c after a time in steps in each of which a cell turns once at most."""
    leave = -np.expm1(-(TURN_B + TURN_C) * dt)
    to_b, onward = leave * TURN_B / (TURN_B + TURN_C), -np.expm1(-ONWARD * dt)
    step = np.array([[1 - leave, to_b, leave - to_b], [0, 1 - onward, onward], [0, 0, 1]])
    return np.linalg.matrix_power(step, round(UNTIL / dt))[0]


@pytest.mark.parametrize("dt", [16.0, 4.0])
def test_cells_turn_as_the_chain_of_steps(dt):
    n = 8000
    types = {
        "a": {"transformations": {"b": f"{TURN_B} 1/min", "c": f"{TURN_C} 1/min"}},
        "b": {"transformations": {"c": f"{ONWARD} 1/min"}},
        "c": {},
    }
    stepper = Stepper(*lone(types_model(types, dt), n))
    stepper.step(round(UNTIL / dt))
    for kind, chance in enumerate(turned(dt)):
        share = (stepper.view("type") == kind).mean()
        assert abs(share - chance) < FALSE_ALARM * np.sqrt(chance * (1 - chance) / n)


def test_the_chain_of_turns_is_of_first_order():
    away = TURN_B + TURN_C
    truth = expm(UNTIL * np.array([[-away, TURN_B, TURN_C], [0, -ONWARD, ONWARD], [0, 0, 0]]))[0]
    errors = [np.abs(turned(dt) - truth).max() for dt in (8.0, 4.0, 2.0, 1.0, 0.5)]
    assert observed_orders(errors).min() >= FIRST


EATS, PREY = 0.02, 3  # 1/min and prey; around each phagocyte


def left(dt: float) -> tuple[float, float]:
    """Mean and deviation of the prey left after a time in steps in each of which a phagocyte takes one."""
    chances = np.eye(PREY + 1)[PREY]
    for _ in range(round(UNTIL / dt)):
        taken = -np.expm1(-EATS * np.arange(PREY + 1) * dt) * chances
        chances = chances - taken + np.append(taken[1:], 0.0)
    mean = float(chances @ np.arange(PREY + 1))
    return mean, float(np.sqrt(chances @ (np.arange(PREY + 1) - mean) ** 2))


@pytest.mark.parametrize("dt", [16.0, 4.0])
def test_phagocytes_take_as_the_chain_of_steps(dt):
    n = 3000
    tissue, state = grouped(eaters(dt, apoptotic=f"{EATS} 1/min"), "eater", *["prey"] * PREY, n=n)
    state.cells.view("life")[state.cells.view("type") == 1] = APOPTOTIC
    Stepper(tissue, state).step(round(UNTIL / dt))
    mean, spread = left(dt)
    found = (state.cells.view("type") == 1).sum() / n
    assert abs(found - mean) < FALSE_ALARM * spread / np.sqrt(n)


def test_the_chain_of_meals_is_of_first_order():
    truth = PREY * np.exp(-EATS * UNTIL)
    errors = [abs(left(dt)[0] - truth) for dt in (8.0, 4.0, 2.0, 1.0, 0.5)]
    assert observed_orders(errors).min() >= FIRST
