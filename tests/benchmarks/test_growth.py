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
from growth_runs import MEASURES, boundary, circle, edge, numbers, sphere


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
def test_each_start_is_a_model_with_parameters_in_their_ranges(name: str) -> None:
    case = CASES[name]()
    shipped = load(case.scenario)
    assert case.measure in MEASURES
    assert {point.start for point in case.points} <= set(case.starts)
    assert any(point.fitted for point in case.points)
    assert any(not point.fitted for point in case.points)
    for label in case.starts:
        low = changed(case, label, tuple(parameter.low for parameter in case.parameters))
        assert numbers({"a": low.to_yaml()}) != numbers({"a": shipped.to_yaml()})


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
