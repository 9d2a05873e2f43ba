"""The page of growth measures what it says, fits only what it may, and its scenarios start as stated."""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np
import pytest

from exocosm.coupling import start
from exocosm.model import Set, load
from exocosm.model.parts.phases import culture_of
from exocosm.physics.cell_cycles import growth_rate
from growth import changed
from growth_cases import CASES
from growth_fit import LeastSquares
from growth_runs import MEASURES, boundary, circle, edge, key_of, sphere


def test_the_edge_of_a_disc_and_of_a_ball_is_their_radius() -> None:
    """Cells of 5 um packed to 200 um from the centre; a direction sees the outermost of them."""
    lattice = np.arange(-200.0, 201.0, 8.0)
    for directions in (circle(), sphere()):
        d = directions.shape[1]
        assert np.allclose(np.linalg.norm(directions, axis=1), 1)
        assert np.allclose(directions.mean(axis=0), 0, atol=0.02)
        place = np.stack(np.meshgrid(*[lattice] * d), axis=-1).reshape(-1, d)
        place = place[np.linalg.norm(place, axis=1) <= 195.0]
        assert edge(place, np.full(len(place), 5.0), directions) == pytest.approx(200.0, rel=0.03)


def test_a_core_is_found_to_a_cell_and_is_nothing_where_there_is_none() -> None:
    distance = np.arange(0.0, 300.0, 5.0)
    assert boundary(distance, np.where(distance <= 120.0, 1.0, -1.0)) == 120.0
    assert boundary(distance, np.full(len(distance), -1.0)) == 0.0


def test_least_squares_finds_the_values_that_made_the_numbers() -> None:
    hours = np.linspace(1, 10, 8)
    made = 3.0 * np.exp(-0.4 * hours)
    fit = LeastSquares(lambda v: np.log(v[0] * np.exp(-v[1] * hours) / made), [(0.1, 10), (0.05, 2)])
    found = fit.solve([(1.0, 0.2), (1.0, 0.8)], steps=8)
    assert found.values == pytest.approx((3.0, 0.4), rel=0.02)
    assert found.runs <= 14


def test_a_fit_stays_in_its_range() -> None:
    found = LeastSquares(lambda v: np.array([v[0] - 5.0]), [(0.5, 2.0)]).solve([(1.0,)])
    assert found.values == (2.0,)


@pytest.mark.parametrize("name", CASES)
def test_each_start_and_each_parameter_makes_another_model(name: str) -> None:
    """Two runs share a place in the store only if nothing in their models differs."""
    case = CASES[name]()
    shipped = load(case.scenario)
    assert case.measure in MEASURES
    assert {point.start for point in case.points} <= set(case.starts)
    assert any(point.fitted for point in case.points)
    assert any(not point.fitted for point in case.points)
    low = tuple(parameter.low for parameter in case.parameters)
    keys = [key_of(changed(case, label, low), case.measure, [1.0], 1) for label in case.starts]
    for place, parameter in enumerate(case.parameters):
        values = (*low[:place], parameter.high, *low[place + 1 :])
        keys.append(key_of(changed(case, next(iter(case.starts)), values), case.measure, [1.0], 1))
    assert len(set(keys)) == len(case.starts) + len(case.parameters)
    assert not set(keys) & {key_of(shipped, case.measure, [1.0], 1)}


def test_only_the_first_two_diameters_of_the_colony_are_fitted() -> None:
    assert [point.hour for point in CASES["monolayer"]().points if point.fitted] == [336, 386]


def dish(more: list[Any]) -> Any:
    """Two hundred cells far apart on the dish of `monolayer-growth`, anywhere in their cycle."""
    region = {"box": {"low": ["0 um"] * 3, "high": ["4000 um", "4000 um", "20 um"]}}
    cells = [{"type": "C6", "region": region, "count": 200}]
    spread = [Set("tissue.cells", cells), Set("tissue.cell_types.C6.cycle.start", "asynchronous")]
    return load("monolayer-growth").change(*spread, *more)


def test_cells_of_the_monolayer_that_nobody_presses_grow_at_the_rate_of_their_cycle() -> None:
    """N(t) = N(0) exp(lambda t) with the root of Euler and Lotka's equation, over two cycles.

    After two cycles a cell has 4 descendants, but for those within about 1.4 h (the standard deviation of two
    cycles) of a division, less than a tenth of all, which have one or two more or fewer. So a mean of 200
    cells has a standard deviation below 4 sqrt(0.1 / 200) / 2, 1.1 % of it; 6 % is passed by chance in 1 of
    10^7.
    """
    model = dish([])
    growth = growth_rate(*culture_of(model.tissue.cell_types["C6"].cycle.phases))
    assert pytest.approx(exp(growth), rel=2e-6) == 2 ** (1 / 18 / 60)
    simulation = start(model, seed=1, threads=1)
    simulation.advance(round(36 * 60 / simulation.tick_length))
    assert simulation.state.cells.n == pytest.approx(200 * exp(growth * 36 * 60), rel=0.06)


@pytest.mark.parametrize(
    ("name", "substrate"),
    [("spheroid-structure", "oxygen"), ("spheroid-growth", "oxygen"), ("spheroid-growth", "glucose")],
)
def test_a_young_spheroid_has_the_profile_of_even_uptake(name: str, substrate: str) -> None:
    """c(r) = c(0) + A r² / (6 D) where uptake per volume A is even, as in a ball that lacks nothing yet.

    A is what the cells within a radius take by the law of Michaelis and Menten, over the volume of that ball.
    """
    model = load(name)
    simulation = start(model, seed=1, threads=1)
    steps = simulation.tissue.every(model.species.substrates[substrate].every)
    simulation.advance(steps)
    field, grid = simulation.state.fields[substrate].values, simulation.state.grid
    middle = 0.5 * np.asarray(grid.size)
    cells = simulation.state.cells
    within = 0.8 * np.linalg.norm(cells.view("position") - middle, axis=1).max()
    inside = np.linalg.norm(cells.view("position") - middle, axis=1) <= within
    exchange = next(iter(model.tissue.cell_types.values())).exchange[substrate]
    seen = cells.view("signals")[inside, simulation.tissue.substrates.index(substrate)]
    taken = float(exchange.max_uptake) * (seen / (float(exchange.half_saturation) + seen)).sum()
    uptake = taken / (4 / 3 * np.pi * within**3)
    centres = (np.indices(grid.shape) + 0.5) * float(model.tissue.geometry.voxel)
    r2 = ((centres - middle[:, None, None, None]) ** 2).sum(axis=0)
    slope = np.polyfit(r2[r2 <= within**2], field[r2 <= within**2], 1)[0]
    D = float(model.species.substrates[substrate].diffusion_coefficient)
    assert slope == pytest.approx(uptake / (6 * D), rel=0.06)


def test_what_is_fitted_is_no_more_than_the_page_says() -> None:
    """Days up to 10 of 5,000 cells; the first half of the growth curve, whose first point is the start."""
    structure = [point for point in CASES["spheroid-structure"]().points if point.fitted]
    assert {point.start for point in structure} == {"5000 cells"}
    assert {point.hour / 24 for point in structure} == {4, 5, 7, 10}
    growth = CASES["spheroid-growth"]().points
    assert max(point.hour for point in growth if point.fitted) == 275.93
    assert min(point.hour for point in growth if not point.fitted) == 366.10


def test_spheroids_start_as_they_were_measured() -> None:
    """Outer radius of day 3 of 5,000 cells; half and twice as many for the other seedings; 600 cells."""
    case = CASES["spheroid-structure"]()
    middle = tuple(0.5 * (parameter.low + parameter.high) for parameter in case.parameters)
    cells = {
        label: start(changed(case, label, middle), seed=1, threads=1).cell_table() for label in case.starts
    }
    assert MEASURES["spheroid"](cells["5000 cells"])["outer"] == pytest.approx(182.5, rel=0.01)
    sizes = {label: len(table["x"]) for label, table in cells.items()}
    assert sizes["2500 cells"] / sizes["5000 cells"] == pytest.approx(0.5, rel=0.02)
    assert sizes["10000 cells"] / sizes["5000 cells"] == pytest.approx(2.0, rel=0.02)
    assert start(load("spheroid-growth"), seed=1, threads=1).state.cells.n == pytest.approx(600, rel=0.01)
