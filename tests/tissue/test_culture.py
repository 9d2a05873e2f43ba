"""Dishes, transwells and vessels against the equations of compartments and of a reactive plane."""

from __future__ import annotations

import numpy as np
import pytest
from dishes import dish
from scipy.optimize import brentq

from exocosm.tissue.culture import plane_permeability
from exocosm.tissue.fields import Field
from exocosm.tissue.grid import Grid
from exocosm.tissue.simulation import Simulation
from exocosm.tissue.weights import Footprint

TRANSWELL = {
    "transwell": {
        "height": "80 um", "pore_diameter": "0.4 um", "pore_density": "1e8 1/cm^2", "thickness": "10 um",
    }
}  # fmt: skip
DOSE = [{"at": "0 min", "dose": {"species": "ev", "concentration": "1 particle/um^3"}}]


def two_chambers(permeability: float, below: int = 7) -> Field:
    field = Field(Grid((2, 3, 20), 20.0), diffusivity=1e3)
    field.mixing = 1e6
    field.set_plane(below, permeability)
    field.values[:, :, below:] = 1.0
    return field


@pytest.mark.parametrize("below", [1, 7, 12])
def test_two_stirred_chambers_equilibrate_as_two_compartments_do(below):
    permeability, dt, steps = 2.0, 0.5, 60
    field = two_chambers(permeability, below)
    nothing, start = np.zeros(field.grid.shape), field.total()
    for _ in range(steps):
        field.step(dt, nothing, nothing)
    rate = permeability * (1.0 / (20.0 * below) + 1.0 / (20.0 * (20 - below)))
    end = (20 - below) / 20.0
    assert field.values[0, 0, 0] == pytest.approx(end * (1.0 - np.exp(-rate * dt * steps)), rel=0.01)
    assert field.total() == pytest.approx(start, rel=1e-10)


def test_nothing_passes_a_plane_whose_pores_are_too_narrow():
    field, nothing = two_chambers(0.0), np.zeros((2, 3, 20))
    for _ in range(20):
        field.step(5.0, nothing, nothing)
    assert field.values[:, :, :7].max() == 0.0
    assert np.allclose(field.values[:, :, 7:], 1.0, rtol=1e-9)


def test_vessels_exchange_as_their_equation_says():
    grid, rate, blood, dt, steps = Grid((3, 3, 3), 20.0), 0.1, 3.0, 0.01, 1000
    field = Field(grid, diffusivity=10.0, decay_rate=0.05)
    field.set_porosity(np.full(grid.shape, 0.5), np.ones(grid.shape))
    field.add_vessels(np.ones(grid.shape, bool), rate, blood)
    nothing, flows = np.zeros(grid.shape), []
    for _ in range(steps):
        flows.append(field.step(dt, nothing, nothing))
    loss = rate / 0.5 + 0.05
    exact = rate / 0.5 * blood / loss * (1.0 - np.exp(-loss * dt * steps))
    assert np.allclose(field.values, exact, rtol=2e-3)
    assert field.total() == pytest.approx(sum(f.inflow - f.outflow - f.decayed for f in flows), rel=1e-12)
    assert sum(f.inflow for f in flows) == pytest.approx(rate * blood * grid.volume * 27 * dt * steps)
    steady = field.relax(nothing, nothing, 1e-10)
    assert np.allclose(field.values, rate / 0.5 * blood / loss, rtol=1e-8)
    assert steady.inflow == pytest.approx(steady.outflow + steady.decayed, rel=1e-8)


def test_a_footprint_stays_in_the_chamber_of_its_cell():
    grid = Grid((6, 6, 12), 20.0, (0, 5))
    foot = Footprint.of(np.array([[60.0, 60.0, 90.0], [60.0, 60.0, 108.4]]), grid, 30.0)
    for amount, empty in (((1.0, 0.0), slice(5, None)), ((0.0, 1.0), slice(0, 5))):
        field = np.zeros(grid.shape)
        foot.spread(np.array(amount), field)
        assert field.sum() == pytest.approx(1.0, rel=1e-12)
        assert field[:, :, empty].max() == 0.0


def exact_uptake(height: float, diffusion: float, rate: float, minutes: float) -> float:
    """Share taken by a plane with the flux rate * c under a closed layer of fluid: the Fourier series."""
    biot, left = rate * height / diffusion, 0.0
    for n in range(40):
        wave = brentq(lambda x: x * np.sin(x) - biot * np.cos(x), n * np.pi, (n + 0.5) * np.pi)
        weight = 4.0 * np.sin(wave) ** 2 / (wave * (2.0 * wave + np.sin(2.0 * wave)))
        left += weight * np.exp(-(wave**2) * diffusion * minutes / height**2)
    return 1.0 - left


def taken(simulation: Simulation) -> float:
    books = simulation.state.ledger
    return books.balance("ev", "pending") - books.balance("ev", "rounding") + books.balance("ev", "inside")


@pytest.mark.parametrize(("clearance", "early", "late"), [(50.0, 0.02, 0.02), (500.0, 0.07, 0.06)])
def test_a_confluent_layer_takes_up_as_a_reactive_plane_does(clearance, early, late):
    """Within 2 % where uptake limits, within 7 % where diffusion does: a layer of cells is not a plane."""
    uptake = {"tissue__cell_types__cell__uptake__ev__clearance": f"{clearance} um^3/min"}
    size = {"tissue__geometry__size": ["120 um", "120 um", "400 um"]}
    simulation = Simulation(dish(**size, **uptake, events=DOSE), seed=1)
    field, area = simulation.state.fields["ev"], 120.0**2
    rate = simulation.state.cells.n * clearance / area
    for minutes, tolerance in ((60, early), (240, late)):
        simulation.advance(minutes - simulation.state.tick)
        dosed = simulation.state.ledger.balance("ev", "injected")
        exact = 400.0 * area * exact_uptake(400.0, float(field.diffusivity.mean()), rate, minutes)
        assert taken(simulation) < dosed
        assert taken(simulation) == pytest.approx(exact, rel=tolerance)


def test_cells_sit_on_the_floor_below_them_and_a_dose_above_reaches_those_below_through_pores():
    boxes = ([0.0, 0.0, 0.0], [120.0, 120.0, 20.0]), ([0.0, 0.0, 90.0], [120.0, 120.0, 120.0])
    regions = [
        {"box": dict(zip(("low", "high"), [[f"{x} um" for x in c] for c in b], strict=True))} for b in boxes
    ]
    above = [{"type": "cell", "region": regions[1], "count": 3}]
    below = [{"type": "cell", "region": regions[0], "spacing": "15 um"}]
    chamber = {"low": ["0 um", "0 um", "80 um"], "high": ["120 um", "120 um", "200 um"]}
    dose = {"species": "ev", "concentration": "1 particle/um^3", "region": {"box": chamber}}
    culture = {"transwell": {**TRANSWELL["transwell"], "mixing": "1e5 um^2/min"}}
    model = dish(tissue__culture=culture, tissue__cells=below + above, events=[{"at": "0 min", "dose": dose}])
    simulation = Simulation(model, seed=2)
    cells, radius = simulation.state.cells, simulation.state.cells.radius()[0]
    heights = np.unique(cells.view("position")[:, 2].round(6))
    assert heights == pytest.approx([radius, 80.0 + radius], abs=1e-5)
    field, area, minutes = simulation.state.fields["ev"], 120.0**2, 60
    below_only = np.where(cells.view("position")[:, 2] < 80.0)[0]
    through = plane_permeability(model.tissue.culture, float(field.diffusivity.mean()), 0.1)
    assert field.plane == (4, pytest.approx(through, rel=0.02))
    open_volume = [float(field.stock[:, :, part].sum()) for part in (slice(0, 4), slice(4, None))]
    simulation.advance(minutes)
    c = np.array([0.0, 1.0])
    got = 0.0
    for _ in range(minutes):  # the same steps of two stirred compartments
        flux, sinks = field.plane[1] * area, np.array([50.0 * len(below_only), 50.0 * 3])
        matrix = np.diag(np.array(open_volume) + sinks + flux) - flux * (1.0 - np.eye(2))
        c = np.linalg.solve(matrix, np.array(open_volume) * c)
        got += float((sinks * c).sum())
    assert taken(simulation) == pytest.approx(got, rel=0.03)
    assert np.unique(cells.view("position")[:, 2].round(6)) == pytest.approx(heights)


def test_a_plane_between_voxels_is_refused():
    with pytest.raises(Exception, match="multiple of"):
        Simulation(dish(tissue__culture={"transwell": {**TRANSWELL["transwell"], "height": "70 um"}}), seed=1)
