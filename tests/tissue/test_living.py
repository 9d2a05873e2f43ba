"""The whole life of vesicles in one tissue: books, bits, and what blocking a step of it does."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from small import living_model

from exocosm.coupling import restore, start
from exocosm.tissue.stocks import stocks

END = 180  # ticks of 1 min
GENESIS = "tissue.cell_types.tumour.genesis.tumour"


@cache
def uninterrupted():
    simulation = start(living_model(), seed=3, threads=1)
    simulation.advance(END)
    return simulation.digest()


def test_every_vesicle_and_copy_is_accounted_for_and_every_account_is_used():
    simulation = start(living_model(), seed=3, threads=1)
    simulation.check()
    for _ in range(6):
        simulation.advance(END // 6)
        for species, accounts in stocks(simulation.state, simulation.tissue).items():
            assert simulation.state.ledger.imbalance(species, accounts) <= 1e-9, species
    assert simulation.digest() == uninterrupted()
    ledger = simulation.state.ledger
    life = ("initial", "formed", "bodies", "secreted", "released", "field", "surface", "inside", "consumed",
            "recycled", "re-released", "lysosome", "decayed", "left", "died")  # fmt: skip
    for account in life:
        assert ledger.balance("tumour", account) > 0, account
    for account in (
        "initial",
        "formed",
        "bodies",
        "endosome",
        "inside",
        "degraded",
        "lysosome",
        "recycled",
        "died",
    ):
        assert ledger.balance("loaded", account) > 0, account
    assert ledger.balance("tumour", "released") == ledger.balance("tumour", "secreted")
    assert ledger.balance("loaded", "re-released") == ledger.balance("loaded", "recycled")
    assert simulation.state.tallies.delivered[:, simulation.tissue.cargos.index("rare")].sum() >= 7


@pytest.mark.parametrize("tick", [1, 50, 179])
def test_a_run_from_a_checkpoint_has_the_same_bits(tick):
    simulation = start(living_model(), seed=3, threads=1)
    simulation.advance(tick)
    simulation = restore(living_model(), simulation.checkpoint(), threads=1)
    simulation.advance(END - tick)
    assert simulation.digest() == uninterrupted()


def test_two_threads_give_the_same_bits():
    simulation = start(living_model(), seed=3, threads=2)
    simulation.advance(END)
    assert simulation.digest() == uninterrupted()


def held_and_released(**settings):
    simulation = start(living_model(**settings), seed=3, threads=1)
    simulation.advance(END)
    ledger = simulation.state.ledger
    return [ledger.balance("tumour", account) for account in ("bodies", "released", "formed")]


def test_blocked_docking_keeps_vesicles_in_the_sender_and_blocked_formation_does_not():
    """Rab27 and nSMase2: release falls in both, but only what is not docked stays behind."""
    as_is = held_and_released()
    docking = held_and_released(**{f"{GENESIS}.docking": "0 1/h", f"{GENESIS}.budding": "0 particle/h"})
    formation = held_and_released(**{f"{GENESIS}.formation": "0 particle/h"})
    assert docking[1] == 0
    assert docking[0] > as_is[0]
    assert formation[0] == 0
    assert formation[1] == formation[2]  # budding goes on
    assert 0 < formation[1] < as_is[1]


def test_cells_that_are_added_later_come_with_pools_and_bodies():
    region = {"sphere": {"center": ["30 um"] * 3, "radius": "25 um"}}
    events = [{"at": "1 h", "add": {"type": "tumour", "region": region, "spacing": "16 um"}}]
    simulation = start(living_model(events=events), seed=3, threads=1)
    simulation.advance(59)
    before = {account: simulation.state.ledger.balance("loaded", account) for account in ("initial",)}
    keys = simulation.state.cells.view("key").copy()
    simulation.advance(1)
    new = ~np.isin(simulation.state.cells.view("key"), keys)
    assert new.sum() >= 8
    pools = simulation.state.cells.view("cargo")[new, simulation.tissue.cargos.index("loaded")]
    assert set(np.unique(pools)) <= {500, 501}
    assert simulation.state.cells.view("bodies")[new, 0].sum() > 0
    assert simulation.state.ledger.balance("loaded", "initial") > before["initial"] + 500 * new.sum()
