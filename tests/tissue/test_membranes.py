"""Ligand on membranes of neighbours, and antibody on it: against a slow twin, known limits and the books."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from exchanging import DRAW, state_of
from hypothesis import given, settings
from hypothesis import strategies as st
from small import living_model

from exocosm.coupling import start
from exocosm.ground.errors import ModelError
from exocosm.ground.ledger import Ledger
from exocosm.model import Model, Set, Without
from exocosm.tissue.build import Tissue
from exocosm.tissue.capture import Captor, Capture, Moving
from exocosm.tissue.cells import Cells
from exocosm.tissue.contacts import shared_disc
from exocosm.tissue.delivery import COPIES_PER_AMOUNT
from exocosm.tissue.fields import Field
from exocosm.tissue.grid import Grid
from exocosm.tissue.membranes import HeldOnMembranes, Membrane, ShownOnMembranes
from exocosm.tissue.receptors import complexes, occupancy
from exocosm.tissue.reference.receptors import Neighbour, bound
from exocosm.tissue.reference.receptors import occupancy as slow
from exocosm.tissue.stocks import stocks

RECEPTORS, LIGAND, DISSOCIATION, SHARE = 3000.0, 40_000, 14.8, 0.5
TUMOUR, MACROPHAGE = "tissue.cell_types.tumour", "tissue.cell_types.macrophage"


def guarded(**changes: object) -> Model:
    """The living model with a shield on tumour membranes and vesicles, its receptor and two antibodies."""
    antibody = {"unit": "uM", "diffusion_coefficient": "600 um^2/min", "initial": "5 nM",
                "regime": "transient", "every": "2 min"}  # fmt: skip
    settings = {
        "species.substrates.antibody": antibody,
        "species.substrates.blocker": antibody,
        "species.cargos.shield": {
            "kind": "protein", "place": "surface",
            "captured_by": {"antibody": {"on": "6 1/(uM*min)", "off": "0.01 1/min"}},
        },
        "species.vesicles.tumour.manifest.shield": "30 copies/particle",
        f"{TUMOUR}.pools.shield": {
            "initial": f"{LIGAND} copies", "synthesis": "400 copies/min", "degradation": "0.01 1/min",
        },
        f"{TUMOUR}.surface.shield": f"{SHARE}",
        f"{MACROPHAGE}.receptors.sword": {
            "ligand": "shield", "copies": f"{RECEPTORS:g} copies",
            "dissociation": f"{DISSOCIATION} copies/um^2", "blockers": {"blocker": "10 nM"},
        },
    } | changes  # fmt: skip
    return living_model().change(*(Set(path, value) for path, value in settings.items()))


@cache
def tissue(area: str = "") -> Tissue:
    return Tissue(guarded(**({f"{MACROPHAGE}.receptors.sword.contact_area": area} if area else {})))


def crowd(seed: int, n: int, of: Tissue) -> SimpleNamespace:
    """Cells of both types that overlap, some dead, with vesicles and antibody on them."""
    random, carriers, riders = np.random.default_rng(seed), len(of.carriers), len(of.riders)
    kind = random.integers(0, 2, n)
    cells = Cells(2, len(of.cargos), len(of.substrates), carriers=carriers, riders=riders, membranes=1)
    cells.append(
        key=np.arange(1, n + 1, dtype=np.uint64), type=kind, position=random.uniform(0, 30, (n, 3)),
        fluid=random.uniform(800, 2500, n), life=(random.random(n) < 0.2).astype(np.int8),
        cargo=random.integers(0, 2 * LIGAND, (n, len(of.cargos))),
        bound=random.uniform(0, 20, (n, carriers)),
        membrane_held=random.uniform(0, LIGAND / 2, (n, 1)),
        signals=np.full((n, len(of.substrates)), 0.02),
    )  # fmt: skip
    return SimpleNamespace(cells=cells, known_contacts=None)


@pytest.mark.parametrize("area", ["", "30 um^2", "400 um^2"])
@given(seed=st.integers(0, 2**32), n=st.integers(1, 25))
@settings(max_examples=25, deadline=None)
def test_occupancy_is_that_of_the_slow_twin(area: str, seed: int, n: int) -> None:
    of = tissue(area)
    state = crowd(seed, n, of)
    cells, found = state.cells, occupancy(state, of, "sword")
    radius, place = cells.radius(), cells.view("position")
    free, names = of.membranes["shield"].free(cells), list(of.model.tissue.cell_types)
    copies = [of.model.species.vesicles[c.population].copies("shield") for c in of.carriers]
    for i in range(n):
        if names[cells.view("type")[i]] != "macrophage":
            assert found[i] == 0.0
            continue
        apart = np.linalg.norm(place - place[i], axis=1)
        near = [
            Neighbour(radius[j], apart[j], free[j] * (cells.view("life")[j] == 0))
            for j in range(n)
            if j != i and apart[j] < max(radius[i] + radius[j], reach(of, cells, i) + reach(of, cells, j))
        ]
        vesicles, stated = float(cells.view("bound")[i] @ copies), float(area.split()[0]) if area else None
        expected = slow(RECEPTORS, 2 / 3, DISSOCIATION, radius[i], vesicles, near, stated)
        assert found[i] == pytest.approx(expected, rel=1e-9, abs=1e-12)


def reach(of: Tissue, cells: Cells, i: int) -> float:
    return of.types.mechanics.relative_adhesion_distance[cells.view("type")[i]] * cells.radius()[i]


def test_the_shared_disc_has_its_limits() -> None:
    def disc(one: float, other: float, distance: float) -> float:
        return float(shared_disc(np.array([one]), np.array([other]), np.array([distance]))[0])

    assert disc(8.0, 6.0, 14.0) == 0.0
    assert disc(8.0, 6.0, 20.0) == 0.0
    assert disc(5.0, 5.0, 6.0) == pytest.approx(np.pi * 16.0)  # 3, 4, 5
    assert disc(8.0, 6.0, 1.0) == pytest.approx(np.pi * 36.0)  # one within the other
    assert disc(8.0, 6.0, 13.0) == pytest.approx(disc(6.0, 8.0, 13.0))


def test_ligand_in_excess_occupies_the_shared_part_and_no_more() -> None:
    """Half a membrane faces endless ligand: half of its receptors are taken, whatever vesicles do."""
    of, state = tissue("400 um^2"), crowd(1, 2, tissue("400 um^2"))
    cells, names = state.cells, list(of.model.tissue.cell_types)
    cells.view("type")[:] = [names.index("macrophage"), names.index("tumour")]
    cells.view("life")[:], cells.view("bound")[...], cells.view("membrane_held")[...] = 0, 0.0, 0.0
    cells.view("position")[:] = [[0, 0, 0], [12, 0, 0]]
    cells.view("fluid")[:] = 4 / 3 * np.pi * (800.0 / (4 * np.pi)) ** 1.5  # membranes of 800 µm²
    cells.view("signals")[...] = 0.0
    cells.view("cargo")[...] = 10**12
    assert occupancy(state, of, "sword")[0] == pytest.approx(0.5, rel=1e-6)
    cells.view("cargo")[...] = 20  # 10 copies on 800 µm², far below the constant: linear
    few = 0.5 * 10 / 800 / (DISSOCIATION + RECEPTORS / 800)
    assert occupancy(state, of, "sword")[0] == pytest.approx(few, rel=1e-3)


@given(st.floats(1, 1e3), st.floats(1, 1e3), st.floats(0.01, 1))
def test_not_gathering_is_the_lower_bound(receptors: float, ligand: float, share: float) -> None:
    """Were both to gather in a contact of a share of equal membranes, (R - C)(L - C) = K a C would hold."""
    local = share * bound(receptors, ligand, DISSOCIATION)
    gathered = complexes(*(np.array([x]) for x in (receptors, ligand, DISSOCIATION * share)))
    assert local <= gathered[0] * (1 + 1e-9)


def test_antibody_on_membranes_and_vesicles_stays_on_the_books() -> None:
    """Births, deaths, loss of the ligand: sources and stocks of the antibody agree all the way."""
    simulation = start(guarded(), seed=3)
    soaked, state = [], simulation.state
    for hour in (0.5, 1, 2, 4, 6):
        simulation.advance(round(hour * 60 / simulation.tissue.clock.length))
        for name, held in stocks(state, simulation.tissue).items():
            state.ledger.check(name, held)
        held = state.cells.view("membrane_held")[:, 0]
        assert held.min() >= 0.0
        row = simulation.summary()
        soaked.append((row["captured.antibody.vesicles"], row["captured.antibody.membranes"]))
    assert soaked[0][1] > 0.01
    assert state.ledger.balance("antibody", "degraded") > 0.0
    on_cells = state.ledger.balance("antibody", "surface") * COPIES_PER_AMOUNT
    assert on_cells >= held.sum() > 0.0
    assert row["cargo.shield.on_membrane_each.tumour"] < SHARE * row["cargo.shield.inside_each.tumour"]


@pytest.mark.parametrize("minutes", [1.0, 1e4])
def test_vesicles_and_membranes_share_the_antibody_by_their_sites(minutes: float) -> None:
    """In one well-mixed voxel all sites see one free level: antibody is shared in proportion to them."""
    grid, random = Grid((1, 1, 1), 40.0), np.random.default_rng(1)
    cells = Cells(1, 1, 1, riders=1, membranes=1)
    cells.append(
        key=np.arange(1, 6, dtype=np.uint64), position=random.random((5, 3)) * 40.0,
        cargo=np.full((5, 1), 20_000), bound=random.uniform(0, 200, (5, 1)),
    )  # fmt: skip
    state = state_of(grid, cells, diffusivity=1.0, initial=0.01)
    state.fields["held"] = Field(grid, diffusivity=1.0)
    state.fields["antibody"] = Field(grid, diffusivity=1.0, initial=0.002)
    state.ledger = Ledger(("vesicle", "antibody"))
    state.ledger.move("antibody", "initial", "field", state.fields["antibody"].total())
    on, off = 6.0, 0.01
    vesicles = Captor(Moving("held", 0, "_riders"), ((Moving("vesicle", 0, ""), 30.0),), (), on, off)
    shown = ShownOnMembranes(Membrane("ligand", 0, np.array([0.5]), {"antibody": 0}))
    membranes = Captor(HeldOnMembranes(0), ((shown, 1.0),), (), on, off)
    process = Capture("antibody", "antibody", (vesicles, membranes), 40.0, every=1, tick=minutes)
    for tick in range(1, 600 if minutes == 1.0 else 20):
        process.step(state, tick, DRAW, state.ledger)
    free = float(state.fields["antibody"].values[0, 0, 0])
    share = free / (free + off / on)
    assert cells.view("membrane_held")[:, 0] == pytest.approx(10_000 * share, rel=1e-4)
    assert cells.view("bound_riders")[:, 0] == pytest.approx(30 * cells.view("bound")[:, 0] * share, rel=1e-4)
    assert state.fields["held"].total() == pytest.approx(
        30 * state.fields["vesicle"].total() * share, rel=1e-4
    )
    held = state.fields["held"].total() + cells.view("membrane_held").sum() + cells.view("bound_riders").sum()
    total = state.ledger.balance("antibody", "initial")
    assert state.fields["antibody"].total() + held / COPIES_PER_AMOUNT == pytest.approx(total, rel=1e-12)
    assert free < 0.6 * 0.002  # much of it is held


def test_dead_ligand_takes_its_antibody_along() -> None:
    """Without binding, antibody falls as the pool is degraded, and is never more than what is shown."""
    model = guarded(
        **{"species.substrates.antibody.initial": "0 uM", f"{TUMOUR}.pools.shield.synthesis": "0 copy/min"}
    )
    off = {"species.cargos.shield.captured_by.antibody": {"on": "0 1/(uM*min)", "off": "0 1/min"}}
    model = model.change(
        *(Set(path, value) for path, value in off.items()),
        Without("cycle:tumour"),
        Without("apoptosis:tumour"),
    )
    simulation = start(model, seed=2)
    state, of = simulation.state, simulation.tissue
    held = state.cells.view("membrane_held")
    held[:, 0] = 0.5 * of.membranes["shield"].shown(state.cells)
    before = held[:, 0].copy()
    state.ledger.move("antibody", "initial", "surface", before.sum() / COPIES_PER_AMOUNT)
    simulation.advance(round(60 / of.clock.length))
    after, mine = state.cells.view("membrane_held")[:, 0], before > 0
    assert after[mine] / before[mine] == pytest.approx(np.exp(-0.01 * 60), rel=0.02)
    assert (after <= of.membranes["shield"].shown(state.cells) + 1e-9).all()


def test_what_is_taken_out_takes_the_ligand_away() -> None:
    def shown(target: str) -> float:
        simulation = start(guarded().change(Without(target)), seed=1)
        return float(simulation.tissue.membranes["shield"].shown(simulation.state.cells).sum())

    assert shown("surface:shield") == 0.0
    assert shown("pool:shield") == 0.0
    assert shown("cargo:shield") > 0.0  # off the vesicles alone


def test_nothing_changes_where_no_membrane_shows_anything() -> None:
    """A model whose membranes show nothing of it has the occupancy of vesicles alone, bit for bit."""
    model = guarded().change(Without("surface:shield"))
    bare = Tissue(model)
    state = crowd(5, 20, bare)
    state.cells.view("membrane_held")[...] = 0.0
    without = SimpleNamespace(
        model=bare.model, carriers=bare.carriers, riders=bare.riders, substrates=bare.substrates, membranes={}
    )
    assert np.array_equal(occupancy(state, bare, "sword"), occupancy(state, without, "sword"))


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (f"{TUMOUR}.surface.shield", "1.5", "between 0 and 1"),
        (f"{TUMOUR}.surface.shied", "0.5", "did you mean: shield"),
        (f"{TUMOUR}.surface.loaded", "0.5", "a membrane shows only surface cargo"),
        (f"{MACROPHAGE}.surface.shield", "0.5", "a membrane shows a share of a pool"),
        (f"{MACROPHAGE}.receptors.sword.contact_area", "30 um", "an area"),
        ("species.substrates.antibody.unit", "mmHg", "mmHg"),
    ],
)
def test_a_faulty_membrane_is_refused(path: str, value: str, said: str) -> None:
    with pytest.raises(ModelError) as caught:
        guarded().change(Set(path, value))
    assert said in str(caught.value)


def test_free_ligand_is_never_negative() -> None:
    cells = Cells(0, 1, 0, membranes=2)
    cells.append(
        key=np.arange(1, 3, dtype=np.uint64), cargo=[[100], [100]], membrane_held=[[10, 20], [60, 0]]
    )
    membrane = Membrane("ligand", 0, np.array([0.5]), {"one": 0, "two": 1})
    assert membrane.free(cells) == pytest.approx([20.0, 0.0])


def test_a_blocker_that_receptors_could_use_up_is_told() -> None:
    def told(level: str) -> list[str]:
        simulation = start(guarded(**{"species.substrates.blocker.initial": level}), seed=1)
        return [text for text in simulation.warnings() if "sword could bind" in text]

    assert told("5 nM") == []
    assert len(told("0.1 nM")) == 1
