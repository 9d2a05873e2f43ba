"""What cells hold is shared, lent and booked without loss, whatever they hold (property tests)."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from senders import near
from small import living_model

from exocosm.ground.draws import Draw
from exocosm.tissue.build import Tissue, empty_state
from exocosm.tissue.cells import COLUMNS
from exocosm.tissue.contents import HALVED, TOSSED, Contents
from exocosm.tissue.division import divide
from exocosm.tissue.holdings import Holdings
from exocosm.tissue.phenotype import Phenotype
from exocosm.tissue.stocks import stocks

WHOLE = (*TOSSED, "body_vesicles", "body_cargo", "vesicle_riders")
CARRIES = ("vesicle_carry", "rider_carry", "loaded_carry", "cargo_carry")


@cache
def tissue():
    """Dividing within the hour, dying too; one population and the tumour have an antibody on them."""
    tumour = "tissue.cell_types.tumour"
    return Tissue(
        living_model(
            **{
                "species.cargos.shield": {
                    "kind": "protein", "place": "surface",
                    "captured_by": {"cytokine": {"on": "1 1/(uM*min)", "off": "0.1 1/min"}},
                },
                "species.vesicles.tumour.manifest.shield": "3 copies/particle",
                f"{tumour}.pools.shield": {"initial": "100 copies"},
                f"{tumour}.surface.shield": "0.5",
                f"{tumour}.cycle.phases[0].duration.exponential": "2 1/h",
                f"{tumour}.apoptosis.rate": "1 1/h",
                f"{tumour}.apoptosis.duration": "10 min",
            }
        )
    )  # fmt: skip


def full(n, seed):
    """A state of n cells of both types in which every column that counts something is filled and booked."""
    state, draw, random = empty_state(tissue()), Draw(seed), np.random.default_rng(seed)
    types, kind = tissue().types, random.integers(0, 2, n)
    state.cells.append(
        key=random.integers(1, 2**62, n).astype(np.uint64), type=kind,
        position=random.uniform(40, 120, (n, 3)),
        fluid=types.fluid[kind], nuclear_solid=types.nuclear_solid[kind],
        cytoplasmic_solid=types.cytoplasmic_solid[kind], rupture_volume=np.full(n, np.inf),
        target_solid=(types.nuclear_solid + types.cytoplasmic_solid)[kind],
        phase_threshold=random.exponential(1.0, n), signals=np.full((n, len(tissue().substrates)), 38.0),
    )  # fmt: skip
    cells = state.cells
    for name in (*WHOLE, *HALVED):
        held = cells.view(name)
        most = 5 if name == "bodies" else 400
        held[...] = (
            random.integers(0, most, held.shape) if name in WHOLE else random.uniform(0, 50, held.shape)
        )
    empty = cells.view("bodies") == 0
    cells.view("body_vesicles")[empty] = 0
    for load, population in enumerate(tissue().holdings.load_population):
        cells.view("body_cargo")[cells.view("body_vesicles")[:, population] == 0, load] = 0
    for row in tissue().holdings.table:
        if row.lent is None and row.species in state.ledger.row:
            state.ledger.move(row.species, "initial", row.account, row.amount(cells))
    Contents(cells, tissue().holdings, state.ledger).lend_carries(slice(0, n), draw)
    return state, draw


def check(state):
    """The books agree with stocks that are counted from columns, not from the table of holdings."""
    held = stocks(state, tissue())
    for species in state.ledger.species:
        fields = {"field": state.fields[species].total()} if species in tissue().substrates else {}
        accounts = dict(held[species])
        accounts["field"] = accounts.get("field", 0.0) - fields.get("field", 0.0)
        state.ledger.check(species, accounts)


def test_every_column_that_holds_something_is_in_the_test_and_on_the_books():
    state, _ = full(30, 1)
    held = {"carriers", "riders", "loads", "fractions", "cargos", "substrates", "populations", "membranes"}
    counted = {c.name for c in COLUMNS if c.per in held} - {"signals"}
    assert counted == {*WHOLE, *HALVED, *CARRIES}
    assert counted - {row.column for row in tissue().holdings.table} == {"bodies"}
    for name in counted:
        assert state.cells.view(name).size
        assert (state.cells.view(name) > 0).any(axis=0).all(), name
    assert len(tissue().riders) >= 3
    assert len(tissue().fractions) == 1


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 40), st.integers(0, 10**6))
def test_division_shares_all_that_a_mother_holds(n, seed):
    state, draw = full(n, seed)
    cells, before = state.cells, state.cells.to_arrays()
    contents = Contents(cells, tissue().holdings, state.ledger)
    daughters = divide(cells, np.arange(n), draw, contents, state.grid.size, False)
    for name in WHOLE:
        given_away = cells.view(name)[daughters]
        assert np.array_equal(cells.view(name)[:n] + given_away, before[name]), name
        assert (given_away >= 0).all()
        assert (cells.view(name)[:n] >= 0).all()
    for name in HALVED:
        assert np.array_equal(cells.view(name)[:n], cells.view(name)[daughters])
        assert 2 * cells.view(name)[daughters] == pytest.approx(before[name], rel=1e-15)
    for name in CARRIES:
        assert np.array_equal(cells.view(name)[:n], before[name])
        assert ((cells.view(name)[daughters] >= 0) & (cells.view(name)[daughters] < 1)).all()
    assert not cells.view("body_vesicles")[cells.view("bodies") == 0].any()
    for load, population in enumerate(tissue().holdings.load_population):
        assert not cells.view("body_cargo")[cells.view("body_vesicles")[:, population] == 0, load].any()
    for name in ("state", "behaviour"):
        assert np.array_equal(cells.view(name)[:n], cells.view(name)[daughters])
    check(state)


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 40), st.integers(0, 10**6))
def test_the_books_close_through_births_and_deaths_with_everything_held(n, seed):
    state, draw = full(n, seed)
    check(state)
    phenotype = Phenotype(tissue().types, tissue().holdings, every=1, tick=20.0)
    for tick in range(1, 7):
        state.tick = tick
        phenotype.step(state, tick, draw, state.ledger)
        check(state)


def test_a_removed_cell_leaves_nothing_on_any_stock():
    state, _ = full(25, 3)
    contents = Contents(state.cells, tissue().holdings, state.ledger)
    contents.die(np.ones(25, bool))
    state.cells.remove(np.ones(25, bool))
    check(state)
    for species in ("tumour", "buds", "loaded", "rare", "shield"):
        assert state.ledger.balance(species, "died") == pytest.approx(
            state.ledger.balance(species, "initial")
        )
        assert state.ledger.balance(species, "rounding") == pytest.approx(0.0, abs=1e-9)


def test_what_is_in_bodies_goes_with_them():
    """All in one body: either daughter or mother has body, vesicles and copies; else shares are binomial."""
    n = 4_000
    state, draw = full(n, 4)
    cells = state.cells
    cells.view("bodies")[:] = 1
    cells.view("vesicles")[:, 0] = 4
    cells.view("vesicle_riders")[:, 0] = 100
    contents = Contents(cells, tissue().holdings, state.ledger)
    had = cells.view("body_vesicles").copy()
    daughters = divide(cells, np.arange(n), draw, contents, state.grid.size, False)
    body = cells.view("bodies")[daughters]
    assert np.array_equal(cells.view("body_vesicles")[daughters], had * body)
    near(body[:, 0], 0.5, 0.25)
    assert np.cov(cells.view("vesicles")[daughters, 0], cells.view("vesicle_riders")[daughters, 0])[0, 1] > 20
    near(cells.view("vesicle_riders")[daughters, 0], 50, 100 * (0.25 - 1 / 16) + 100**2 / 16)


def test_plain_holdings_name_vesicles_cargo_and_substrates():
    table = Holdings.plain(("v",), ("c",), ("s",)).table
    assert [(row.column, row.species, row.account, row.sink) for row in table] == [
        ("vesicles", "v", "inside", "died"), ("vesicle_carry", "v", "pending", "rounding"),
        ("cargo", "c", "inside", "died"), ("cargo_carry", "c", "pending", "rounding"),
        ("substrate", "s", "inside", "died"),
    ]  # fmt: skip
