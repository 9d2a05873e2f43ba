"""A tissue in which vesicles do all that they can outside cells: books, order of rows, restart."""

from __future__ import annotations

import numpy as np
import pytest
from small import living_model

from exocosm.tissue.receptors import occupancy
from exocosm.tissue.simulation import Simulation
from exocosm.tissue.stocks import stocks

DISSOLVED = {"unit": "uM", "diffusion_coefficient": "4e3 um^2/min", "regime": "transient", "every": "2 min"}


def busy_model():
    """The living tissue with a matrix, captured antibody, an enzyme on vesicles, receptors and sizes."""
    binding = {"off": "0.5 1/h", "internalisation": "3 1/h"}
    return living_model(
        **{
            "species.substrates.antibody": DISSOLVED | {"initial": "0.002 uM"},
            "species.substrates.fuel": DISSOLVED | {"initial": "5 uM"},
            "species.substrates.product": DISSOLVED | {"initial": "0 uM"},
            "species.cargos.ligand": {
                "kind": "protein", "place": "surface",
                "captured_by": {"antibody": {"on": "30 1/(uM*min)", "off": "0.01 1/min"}},
            },
            "species.cargos.ectoenzyme": {
                "kind": "protein", "place": "enzyme",
                "enzyme": {"converts": "fuel", "into": "product", "turnover": "3000 1/min",
                           "half_saturation": "50 uM"},
            },
            "species.vesicles.tumour.size_bins": 2,
            "species.vesicles.tumour.matrix_binding": {"on": "0.05 1/min", "off": "0.02 1/min"},
            "species.vesicles.tumour.manifest.ligand": "20 copies/particle",
            "species.vesicles.tumour.manifest.ectoenzyme": "5 copies/particle",
            "tissue.cell_types.macrophage.release": {"tumour": "50 particle/h"},
            "tissue.cell_types.macrophage.uptake.tumour": {
                "clearance": "300 um^3/min", "size_exponent": "1.5", "binding": binding,
            },
            "tissue.cell_types.macrophage.receptors.receptor": {
                "ligand": "ligand", "copies": "3000 copies", "dissociation": "1 copies/um^2",
                "blockers": {"antibody": "0.005 uM"},
            },
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def busy():
    simulation = Simulation(busy_model(), seed=3)
    simulation.advance(30)
    return simulation


def test_all_books_close(busy):
    held = stocks(busy.state, busy.tissue)
    for species, accounts in held.items():
        assert busy.state.ledger.imbalance(species, accounts) <= 1e-10, species
    balance = busy.state.ledger.balance
    for account in ("field", "matrix", "surface", "inside", "decayed"):
        assert balance("tumour", account) > 0.0
    for account in ("matrix", "surface"):
        assert balance("antibody", account) > 0.0
    assert balance("product", "formed") == balance("fuel", "consumed") > 0.0


def test_receptors_are_occupied_where_they_are(busy):
    found = occupancy(busy.state, busy.tissue, "receptor")
    kind = np.array(busy.type_names)[busy.state.cells.view("type")]
    assert (found[kind == "tumour"] == 0.0).all()
    assert 0.0 < found[kind == "macrophage"].max() < 1.0


def test_a_restart_goes_on_bit_for_bit(busy):
    other = Simulation.restore(busy.model, busy.checkpoint())
    assert other.digest() == busy.digest()
    ahead = busy.branch()
    for simulation in (other, ahead):
        simulation.advance(6)
    assert other.digest() == ahead.digest()


def test_a_restart_equals_a_run_that_never_stopped():
    straight, stopped = Simulation(busy_model(), seed=4), Simulation(busy_model(), seed=4)
    straight.advance(12)
    stopped.advance(7)
    again = Simulation.restore(stopped.model, stopped.checkpoint())
    again.advance(5)
    assert again.digest() == straight.digest()
