"""Captured antibody, occupied receptors and enzymes: against differential equations and brute force."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from exchanging import DRAW, cells_in, state_of
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from scipy.special import lambertw

from exocosm.ground.ledger import Ledger
from exocosm.tissue.capture import Captor, Capture, Moving
from exocosm.tissue.cells import Cells
from exocosm.tissue.delivery import COPIES_PER_AMOUNT
from exocosm.tissue.enzymes import Enzymes, Kinetics, converted
from exocosm.tissue.fields import Field
from exocosm.tissue.grid import Grid
from exocosm.tissue.receptors import complexes, occupancy

ON, OFF = 6.0, 0.03  # 1/(µM·min), 1/min: Kd 5 nM
WIDTH = 20.0
PER_VESICLE = 30.0
FIELD, MATRIX, CELLS = 0.2, 0.1, 500.0  # particles/µm³, particles/µm³, particles/cell


def with_antibody(uneven=False):
    """Vesicles in the field, on the matrix and on cells, and antibody in the fluid."""
    grid, random = Grid((4, 4, 4), 20.0), np.random.default_rng(1)
    plain = cells_in(random.random((8, 3)) * grid.size)
    cells = Cells(1, 0, 1, riders=1)
    cells.append(**{k: v for k, v in plain.to_arrays().items() if "rider" not in k})
    state = state_of(grid, cells, diffusivity=1.0, initial=FIELD)
    spread = random.random(grid.shape) if uneven else 1.0
    state.fields["vesicle"].values[...] = FIELD * spread
    state.fields["held"] = Field(grid, diffusivity=1.0)
    state.fields["antibody"] = Field(grid, diffusivity=1.0, initial=0.01)
    on_matrix = np.full(grid.shape, MATRIX * grid.volume) * spread
    state.matrix = {"vesicle": on_matrix, "held": np.zeros(grid.shape)}
    if uneven:
        cells.view("bound")[:, 0] = CELLS * random.random(8)
    state.ledger = Ledger(("vesicle", "antibody", "product"))
    state.ledger.move("antibody", "initial", "field", state.fields["antibody"].total())
    return state


def capture(minutes):
    captor = Captor(Moving("held", 0, "_riders"), ((Moving("vesicle", 0, ""), PER_VESICLE),), (), ON, OFF)
    return Capture("capture", "antibody", (captor,), WIDTH, every=1, tick=minutes)


def run(state, process, steps):
    for tick in range(1, steps + 1):
        process.step(state, tick, DRAW, state.ledger)


def held_in(state):
    field = state.fields["held"]
    return {"field": field.total(), "matrix": float(state.matrix["held"].sum()),
            "surface": float(state.cells.view("bound_riders").sum())}  # fmt: skip


def test_capture_follows_the_differential_equation_with_first_order():
    volume = 20.0**3
    sites = (FIELD + MATRIX) * volume * PER_VESICLE

    def rate(_, held):
        free = 0.01 - held / (volume * COPIES_PER_AMOUNT)
        return ON * free * (sites - held) - OFF * held

    truth = solve_ivp(rate, (0.0, 12.0), [0.0], rtol=1e-10, atol=1e-6).y[0, -1]
    errors = []
    for minutes in (0.4, 0.2, 0.1):
        state = with_antibody()
        run(state, capture(minutes), round(12.0 / minutes))
        held = held_in(state)
        assert held["matrix"] / held["field"] == pytest.approx(MATRIX / FIELD, rel=1e-9)
        errors.append(abs((held["field"] + held["matrix"]) / 64 / truth - 1.0))
    assert errors[0] / errors[1] == pytest.approx(2.0, rel=0.1)
    assert errors[1] / errors[2] == pytest.approx(2.0, rel=0.1)
    assert errors[2] < 0.01


def test_captured_antibody_comes_to_the_dissociation_constant_in_each_voxel():
    state = with_antibody(uneven=True)
    state.cells.view("bound")[...] = 0.0
    run(state, capture(1e5), 30)
    free, held = state.fields["antibody"].values, state.fields["held"].values
    sites = PER_VESICLE * state.fields["vesicle"].values
    assert free * (sites - held) / held == pytest.approx(OFF / ON, rel=1e-6)


@pytest.mark.parametrize("minutes", [0.1, 6.0, 1e6])
def test_capture_keeps_every_copy(minutes):
    state, process = with_antibody(uneven=True), capture(minutes)
    books = state.ledger.balance
    for tick in range(1, 10):
        process.step(state, tick, DRAW, state.ledger)
        held, total = held_in(state), books("antibody", "initial")
        free = state.fields["antibody"].total()
        assert abs(books("antibody", "field") - free - held["field"] / COPIES_PER_AMOUNT) <= 1e-12 * total
        for account in ("matrix", "surface"):
            assert abs(books("antibody", account) - held[account] / COPIES_PER_AMOUNT) <= 1e-12 * total
        assert state.fields["antibody"].values.min() >= 0.0
        bound = state.cells.view("bound")[:, 0]
        assert (state.cells.view("bound_riders")[:, 0] <= PER_VESICLE * bound * (1 + 1e-12)).all()
    assert held["surface"] > 0.0


positive = st.floats(1e-6, 1e9)


@given(positive, positive, positive)
def test_complexes_solve_their_equation(receptors, ligand, dissociation):
    found = float(complexes(np.array([receptors]), np.array([ligand]), np.array([dissociation]))[0])

    def gap(c):
        return (receptors - c) * (ligand - c) - dissociation * c

    least = min(receptors, ligand)
    truth = brentq(gap, 0.0, least, xtol=1e-300, rtol=1e-14)
    assert found == pytest.approx(truth, rel=1e-9)
    assert 0.0 <= found <= least


def test_occupancy_counts_free_ligand_and_blocked_receptors():
    cells = Cells(1, 1, 1, riders=2)
    volume = 4 / 3 * np.pi * 8.0**3
    cells.append(
        key=np.arange(1, 4, dtype=np.uint64), fluid=np.full(3, volume), type=np.array([0, 0, 1]),
        bound=np.array([[100.0], [0.0], [100.0]]), bound_riders=np.array([[50.0, 400.0], [0, 0], [0, 0]]),
        signals=np.array([[0.02], [0.02], [0.02]]),
    )  # fmt: skip
    receptor = SimpleNamespace(ligand="ligand", copies=2000.0, dissociation=1.5, blockers={"antibody": 0.01})
    types = {"a": SimpleNamespace(receptors={"receptor": receptor}), "b": SimpleNamespace(receptors={})}
    tissue = SimpleNamespace(
        carriers=(SimpleNamespace(population="vesicle"),),
        riders=tuple(
            SimpleNamespace(species=s, captor=c) for s, c in (("ligand", None), ("antibody", "ligand"))
        ),
        substrates=("antibody",),
        membranes={},
        model=SimpleNamespace(
            species=SimpleNamespace(vesicles={"vesicle": SimpleNamespace(copies=lambda cargo: 12.0)}),
            tissue=SimpleNamespace(cell_types=types),
        ),
    )  # fmt: skip
    free, area = 100 * 12.0 + 50.0 - 400.0, 4 * np.pi * 8.0**2
    unblocked = 2000.0 / 3.0
    truth = brentq(lambda c: (unblocked - c) * (free - c) - 1.5 * area * c, 0.0, unblocked) / 2000.0
    found = occupancy(SimpleNamespace(cells=cells), tissue, "receptor")
    assert found == pytest.approx([truth, 0.0, 0.0], rel=1e-12)


@given(st.floats(0, 1e3), st.floats(0, 1e4), st.floats(1e-3, 1e2))
def test_conversion_is_lamberts_function(start, most, half):
    found = float(converted(np.array([start]), np.array([most]), half)[0])
    assert 0.0 <= found <= start
    exponent = np.log(max(start, 1e-300) / half) + (start - most) / half
    if -600 < exponent < 600:
        truth = half * float(lambertw(np.exp(exponent)).real)
        assert found == pytest.approx(truth, rel=1e-9, abs=1e-280)


def test_an_enzyme_on_vesicles_converts_everywhere_and_loses_nothing():
    state = with_antibody()
    state.fields["antibody"].values[...] = 3.0
    state.ledger.move("antibody", "initial", "field", state.fields["antibody"].total() * (1 - 0.01 / 3.0))
    state.fields["product"] = Field(state.grid, diffusivity=1.0)
    state.cells.view("bound")[:, 0] = CELLS
    kinetics = Kinetics("antibody", "product", 200.0, 1.2)
    bearers = ((Moving("vesicle", 0, ""), PER_VESICLE),)
    process = Enzymes("enzyme", kinetics, bearers, WIDTH, every=1, tick=4.0)
    run(state, process, 10)
    copies = process.copies(state)
    total = ((FIELD + MATRIX) * state.grid.volume * 64 + 8 * CELLS) * PER_VESICLE
    assert copies.sum() == pytest.approx(total, rel=1e-12)
    fastest = 200.0 * copies[0, 1, 2] / COPIES_PER_AMOUNT / state.grid.volume
    solved = solve_ivp(lambda _, c: -fastest * c / (1.2 + c), (0, 40.0), [3.0], rtol=1e-11, atol=1e-12)
    truth = solved.y[0, -1]
    left, made = state.fields["antibody"], state.fields["product"]
    assert left.values[0, 1, 2] == pytest.approx(truth, rel=1e-8)
    assert left.values + made.values == pytest.approx(3.0, rel=1e-12)
    for name, field in (("antibody", left), ("product", made)):
        gap = state.ledger.balance(name, "field") - field.total()
        assert abs(gap) <= 1e-12 * state.ledger.throughput(name)
    assert state.ledger.balance("antibody", "consumed") == state.ledger.balance("product", "formed")
