"""Cells in contact in whole models: books, numbers of cells, bits, and what is left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from small import living_model
from test_generated_models import assert_sound, ticks
from vesicle_models import vesicle_models

from exocosm.coupling import restore, start
from exocosm.model import Model, Set, Without, load
from exocosm.tissue import Simulation
from exocosm.tissue.contents import Contents
from exocosm.tissue.interactions import Interactions
from exocosm.tissue.phenotype import Phenotype

SOME = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.generate],
)
CONTACTS = Path(__file__).parents[1] / "model" / "contacts.yaml"
TYPES = "tissue.cell_types"


def with_contacts(model: Model, turns: bool) -> Model:
    """A drawn model with its cells close to each other, that attack, engulf and, where they can, turn."""
    sphere = {"center": ["50 um"] * 3, "radius": "28 um"}
    mixture = {"sender": 0.5, "recipient": 0.5}
    attack = {"targets": {"sender": "0.2 1/min"}, "damage_rate": "1 1/min", "duration": "4 min"}
    sticky = {"repulsion": "10 um/min", "relative_adhesion_distance": 2.5}
    eats = {"apoptotic": "0.05 1/min", "live": {"sender": "0.004 1/min", "recipient": "0.002 1/min"}}
    changes = {
        "tissue.cells": [{"mixture": mixture, "region": {"sphere": sphere}, "count": 7}],
        f"{TYPES}.sender.mechanics": sticky,
        f"{TYPES}.recipient.mechanics": sticky,
        f"{TYPES}.recipient.attack": attack,
        f"{TYPES}.recipient.phagocytosis": eats,
        f"{TYPES}.sender.phagocytosis": {"necrotic": "0.1 1/min", "live": {"recipient": "0.002 1/min"}},
        f"{TYPES}.sender.damage_repair_rate": "0.1 1/min",
    }
    if turns:
        changes[f"{TYPES}.recipient.uptake"] = plain(model)["sender"]["uptake"]
        changes[f"{TYPES}.recipient.transformations"] = {"sender": "0.02 1/min"}
        changes[f"{TYPES}.sender.transformations"] = {"recipient": "0.01 1/min"}
    return model.change(*(Set(path, value) for path, value in changes.items()))


def plain(model: Model) -> dict:
    """The cell types of a model as a file has them."""
    from ruamel.yaml import YAML

    types: dict = YAML(typ="safe").load(model.to_yaml())["tissue"]["cell_types"]
    return types


def gone(simulation: Simulation) -> float:
    """What of all species went with engulfed cells."""
    ledger = simulation.state.ledger
    return sum(ledger.balance(species, "engulfed") for species in ledger.species)


@SOME
@given(vesicle_models(), st.booleans(), st.integers(0, 2**32))
def test_books_close_in_generated_models_whose_cells_attack_engulf_and_turn(model, turns, seed):
    simulation = start(with_contacts(model, turns), seed=seed, threads=1)
    for _ in range(3):
        simulation.advance(ticks(simulation) // 3)
        assert_sound(simulation)
    event("something was engulfed" if gone(simulation) else "nothing was engulfed")


@SOME
@given(vesicle_models(), st.integers(1, 59))
def test_splitting_and_resuming_change_no_bit(model, at):
    model = with_contacts(model, True)
    whole = start(model, seed=7, threads=1)
    whole.advance(ticks(whole))
    part = start(model, seed=7, threads=1)
    part.advance(min(at, ticks(part)))
    part = restore(model, part.checkpoint(), threads=1)
    part.advance(ticks(part) - part.tick)
    assert part.digest() == whole.digest()


@SOME
@given(vesicle_models(), st.sampled_from(["attack", "phagocytosis", "transformations"]))
def test_each_can_be_left_out(model, kind):
    model = with_contacts(model, True).change(Without(f"{kind}:recipient"), Without(f"{kind}:sender"))
    simulation = start(model, seed=11, threads=1)
    kinds = simulation.state.cells.view("type").copy(), simulation.state.cells.view("key").copy()
    simulation.advance(ticks(simulation) // 2)
    assert_sound(simulation)
    if kind == "attack":
        assert not simulation.state.cells.view("attacked_time").any()
    if kind == "phagocytosis":
        assert not simulation.state.tallies.engulfed.any()
    if kind == "transformations":
        now = dict(zip(simulation.state.cells.view("key"), simulation.state.cells.view("type"), strict=True))
        assert all(now.get(key, t) == t for t, key in zip(*kinds, strict=True))


def test_books_close_with_the_whole_life_of_vesicles_and_engulfed_cells_show_on_them():
    eats = {"apoptotic": "0.2 1/min", "necrotic": "0.2 1/min", "live": {"tumour": "0.002 1/min"}}
    attack = {"targets": {"tumour": "0.1 1/min"}, "damage_rate": "1 1/min", "duration": "20 min"}
    rule = {
        "cell_type": "tumour", "signal": "damage", "response": "increases", "behaviour": "apoptosis",
        "saturation": "2 1/h", "half_max": 10, "hill_power": 4,
    }  # fmt: skip
    macrophage = f"{TYPES}.macrophage"
    more = {f"{macrophage}.phagocytosis": eats, f"{macrophage}.attack": attack, "tissue.rules": [rule]}
    simulation = Simulation(living_model(**more), seed=2, threads=1)
    simulation.advance(240)
    assert_sound(simulation)
    ledger, row = simulation.state.ledger, simulation.summary()
    assert row["cells.tumour.engulfed"] > 10
    for species in ("tumour", "buds", "loaded", "rare"):
        assert ledger.balance(species, "engulfed") > 0, species
    assert row["vesicles.tumour.engulfed"] == ledger.balance("tumour", "engulfed")
    assert ledger.balance("cytokine", "engulfed") == 0
    assert 0 <= row["cells.macrophage.attacking"] <= 1


def test_dissolved_substrate_goes_to_the_phagocyte():
    simulation = Simulation(load(CONTACTS), seed=1, threads=1)
    simulation.advance(20)
    process = next(p for p in simulation.processes if isinstance(p, Interactions))
    cells, ledger = simulation.state.cells, simulation.state.ledger
    cells.view("life")[cells.view("type") == 0] = 1
    held, n = cells.view("substrate")[:, 1].sum(), cells.n
    volume = cells.total_volume().sum()
    process.step(simulation.state, 20, simulation.draw, ledger)
    assert cells.n < n - 5
    assert cells.view("substrate")[:, 1].sum() == pytest.approx(held, rel=1e-13)
    assert cells.total_volume().sum() == pytest.approx(volume, rel=1e-13)
    simulation.check()


def test_cells_are_born_die_or_are_engulfed_and_no_other_way(monkeypatch):
    """Changes of the number of cells by process, over 4 h with births, deaths, attacks and turns."""
    simulation = Simulation(load(CONTACTS), seed=3, threads=1)
    born, taken, died = [0], [0], [0]
    live, engulf, die = Phenotype.step, Interactions.step, Contents.die

    def counted(process, total):
        def step(self, state, *rest):
            before = state.cells.n
            process(self, state, *rest)
            total[0] += state.cells.n - before

        return step

    def dying(self, mask):
        died[0] += int(mask.sum())
        die(self, mask)

    monkeypatch.setattr(Phenotype, "step", counted(live, born))
    monkeypatch.setattr(Interactions, "step", counted(engulf, taken))
    monkeypatch.setattr(Contents, "die", dying)
    n = simulation.state.cells.n
    simulation.advance(240)
    assert taken[0] == -simulation.state.tallies.engulfed.sum() < -50
    assert born[0] + died[0] > 5
    assert simulation.state.cells.n == n + born[0] + taken[0]
    keys = simulation.state.cells.view("key")
    assert len(np.unique(keys)) == len(keys)


def test_bits_do_not_hang_on_threads():
    digests = set()
    for threads in (1, 2):
        simulation = Simulation(load(CONTACTS), seed=4, threads=threads)
        simulation.advance(60)
        digests.add(simulation.digest())
    assert len(digests) == 1


def test_what_is_left_out_stays_as_a_zero_and_its_rules_go():
    model = load(CONTACTS)
    left = model.change(Without("attack:CD8"), Without("transformations:M1"), Without("phagocytosis:M1"))
    types = left.tissue.cell_types
    assert dict(types["CD8"].attack.targets) == {"tumour": 0.0}
    assert dict(types["M1"].transformations) == {"M2": 0.0}
    assert (types["M1"].phagocytosis.apoptotic, types["M1"].phagocytosis.live["tumour"]) == (0.0, 0.0)
    assert types["M2"] == model.tissue.cell_types["M2"]
    kept = {(rule.cell_type, rule.behaviour) for rule in left.tissue.rules}
    assert kept == {("tumour", "apoptosis"), ("CD8", "rise of exhaustion")}
    columns = [list(Simulation(m, seed=1).summary()) for m in (model, left)]
    assert columns[0] == columns[1]


def test_tables_of_physicell_say_the_same_rules():
    table = (
        "CD8,exhaustion,decreases,attack tumour,0,0.5,4,0\n"
        "tumour,damage,increases,apoptosis,0.0333,20,4,0\n"
        "M1,contact with dead cell,increases,transition to M2,0.0333,1,2,0\n"
        "M1,pressure,increases,phagocytosis of apoptotic cells,0.2,1,2,0\n"
    )
    model = load(CONTACTS).change(Set("tissue.rules", [{"table": table}]))
    names = [read.behaviour.name for read in Simulation(model, seed=1).tissue.rules]
    assert names == ["attack tumour", "apoptosis", "transform to M2", "phagocytose apoptotic cell"]


def test_only_models_with_a_mechanism_have_its_columns():
    plain_model = living_model()
    row = Simulation(plain_model, seed=1).summary()
    assert not [name for name in row if "engulfed" in name or "attacking" in name]
    assert "interactions" not in [p.name for p in Simulation(plain_model, seed=1).processes]
    row = Simulation(load(CONTACTS), seed=1).summary()
    assert row["cells.CD8.attacking"] == 0
    assert "cells.tumour.attacking" not in row
    assert row["cells.tumour.engulfed"] == 0
    simulation = Simulation(load(CONTACTS), seed=1)
    columns = list(simulation.summary())
    assert not (simulation.state.cells.view("type") == simulation.type_names.index("M2")).any()
    simulation.advance(40)
    assert (simulation.state.cells.view("type") == simulation.type_names.index("M2")).any()
    assert list(simulation.summary()) == columns
    table = simulation.cell_table()
    assert {"damage", "attacked_time", "attacking"} <= set(table)
