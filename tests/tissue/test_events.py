"""Doses and medium changes: amounts, places, order, and books that close."""

from __future__ import annotations

import numpy as np
import pytest
from dishes import dish

from exocosm.ground.errors import ExocosmError
from exocosm.tissue.simulation import Simulation

UPPER = {"box": {"low": ["0 um", "0 um", "100 um"], "high": ["120 um", "120 um", "200 um"]}}


def at(minutes, **thing):
    return {"at": f"{minutes} min", **thing}


def started(*events, **settings):
    return Simulation(dish(events=list(events), **settings), seed=1)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ({"particles": "1e6 particle"}, 1e6),
        ({"mass": "0.001 ug"}, 2e6),
        ({"particles_per_cell": "1e3 particle"}, None),
    ],
)
def test_a_dose_is_spread_evenly_over_the_fluid_and_booked_with_its_cargo(amount, expected):
    simulation = started(at(0, dose={"species": "ev", **amount, "region": UPPER}))
    field, books = simulation.state.fields["ev"], simulation.state.ledger
    expected = expected or 1e3 * simulation.state.cells.n
    assert books.balance("ev", "injected") == pytest.approx(expected, rel=1e-12)
    assert books.balance("miR-1", "injected") == pytest.approx(0.5 * expected, rel=1e-12)
    assert field.values[:, :, :5].max() == 0.0
    assert np.ptp(field.values[:, :, 5:]) <= 1e-12 * field.values.max()
    simulation.check()
    simulation.advance(6)


def test_a_change_of_medium_takes_vesicles_and_renews_substrates():
    dose = at(0, dose={"species": "drug", "concentration": "3 uM"})
    simulation = started(
        dose,
        at(0, dose={"species": "ev", "particles": "1e6 particle"}),
        at(3, medium_change={"share": 0.75}),
        at(3, dose={"species": "ev", "particles": "10 particle"}),
    )
    assert np.allclose(simulation.state.fields["drug"].values, 5.0)
    simulation.advance(3)
    books, inside = simulation.state.ledger, simulation.state.cells.view("vesicles").sum()
    assert np.allclose(simulation.state.fields["drug"].values, 0.25 * 5.0 + 0.75 * 2.0)
    left = books.balance("ev", "left")
    assert books.balance("ev", "field") == pytest.approx(left / 3.0 + 10.0, rel=1e-9)
    assert inside > 0
    assert books.balance("miR-1", "left") == pytest.approx(0.5 * left, rel=1e-12)
    simulation.check()


def test_a_dose_of_what_has_no_stock_is_refused():
    with pytest.raises((ExocosmError, ValueError), match="drug"):
        started(
            at(0, dose={"species": "drug", "concentration": "3 uM"}),
            species__substrates__drug__regime="quasi-steady",
        )


def test_flow_carries_a_dose_out_of_the_dish():
    flow = {"uniform": ["20 um/min", "0 um/min", "0 um/min"]}
    faces = {
        "ev": {"x_low": "0 particle/um^3", "x_high": "0 particle/um^3"},
        "drug": {"x_low": "2 uM", "x_high": "2 uM"},
    }
    dose = at(0, dose={"species": "ev", "particles": "1e6 particle"})
    simulation = started(dose, tissue__flow=flow, tissue__boundaries=faces)
    simulation.advance(30)
    assert simulation.state.ledger.balance("ev", "left") > 0.9e6
    assert np.allclose(simulation.state.fields["drug"].values, 2.0, rtol=1e-9)
