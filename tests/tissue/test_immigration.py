"""Cells arrive as a Poisson process, where the signal lets them in, at the walls of vessels, and in pairs."""

from __future__ import annotations

import numpy as np
import pytest
from vessels import model

from exocosm.model import Set, Without
from exocosm.tissue.capillaries import segments
from exocosm.tissue.reference import immigration as reference
from exocosm.tissue.simulation import Simulation

ENTRY = {"name": "arrival", "cell_type": "T-cell", "through": "sinusoids", "rate": "100 cell/h/mm"}


def arriving(*entries, seed=1, ticks=6, change=(), **settings):
    """A tissue without other cells in which cells arrive."""
    made = model(tissue__cells=[], tissue__immigration=list(entries), **settings)
    simulation = Simulation(made.change(*change), seed=seed)
    simulation.advance(ticks)
    return simulation


def length_of(simulation):
    """Length of all vessels, mm."""
    ends, _ = segments(simulation.model)["sinusoids"]
    return float(np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1).sum()) / 1000.0


def process_of(simulation, name="arrival"):
    return next(p for p in simulation.processes if p.name == f"immigration {name}")


def keys_of(simulation):
    return set(simulation.state.cells.view("key").tolist())


def test_arrivals_are_poisson_numbers():
    """Mean and variance of 4000 steps; five standard errors each: a false alarm below 1e-6."""
    process = process_of(arriving(ENTRY, ticks=0))
    mean = 100.0 * 0.1 * length_of(arriving(ENTRY, ticks=0))
    counts = np.array([len(process.candidates(arriving_draw(), 6 * n)[0]) for n in range(1, 4001)])
    assert counts.mean() == pytest.approx(mean, abs=5.0 * np.sqrt(mean / 4000))
    spread = np.sqrt((mean + 2.0 * mean**2) / 4000)
    assert counts.var(ddof=1) == pytest.approx(mean, abs=5.0 * spread)
    apart = counts - counts.mean()
    assert abs((apart[1:] * apart[:-1]).mean()) < 5.0 * mean / np.sqrt(4000)


def arriving_draw():
    from exocosm.ground.draws import Draw

    return Draw(7)


def test_candidates_equal_the_reference():
    simulation = arriving(ENTRY | {"rate": "500 cell/h/mm"}, ticks=0)
    process = process_of(simulation)
    keys, which, drawn = process.candidates(simulation.draw, 12)
    counts = np.bincount(which, minlength=len(process.vessels))
    mine = simulation.draw.of("immigration", "arrival")
    expected = reference.candidates(mine, process.vessels, counts, 12)
    assert len(keys) > 10
    assert list(zip(keys.tolist(), which.tolist(), drawn.tolist(), strict=True)) == expected


def test_who_is_let_in_follows_hills_law():
    """At three levels of a held signal; five standard errors of a binomial share: false alarm below 1e-6."""
    entry = ENTRY | {
        "signal": "drug", "half_max": "2 uM", "hill_power": "2", "rate": "1000 cell/h/mm",
        "base_rate": "100 cell/h/mm",
    }  # fmt: skip
    for level in (0.0, 1.0, 2.0, 20.0):
        simulation = arriving(entry, ticks=0)
        simulation.state.fields["drug"].values[...] = level
        process, inside, came = process_of(simulation), 0, 0
        for n in range(1, 60):
            _, which, drawn = process.candidates(simulation.draw, 6 * n)
            places = process.network.segments[which, 0]
            inside += int((drawn[:, 2] < process.chances(simulation.state, places)).sum())
            came += len(which)
        share = 0.1 + 0.9 * level**2 / (level**2 + 4.0)
        assert came > 3000
        assert inside / came == pytest.approx(share, abs=5.0 * np.sqrt(share * (1.0 - share) / came))


def test_a_gradient_of_the_signal_directs_arrivals():
    entry = ENTRY | {"signal": "ev", "half_max": "1 particle/um^3", "rate": "2000 cell/h/mm"}
    simulation = arriving(entry, ticks=0)
    for carrier in simulation.tissue.carriers:
        simulation.state.fields[carrier.name].values[:, :, :3] = 1e3
    process_of(simulation).step(simulation.state, 6, simulation.draw, simulation.state.ledger)
    z = simulation.state.cells.view("position")[:, 2]
    assert len(z) > 50
    assert (z < 80.0).all()


def test_cells_arrive_at_the_wall_of_a_vessel_within_the_box():
    simulation = arriving(ENTRY | {"rate": "1000 cell/h/mm"}, ticks=0)
    process_of(simulation).step(simulation.state, 6, simulation.draw, simulation.state.ledger)
    cells = simulation.state.cells
    ends, radius = segments(simulation.model)["sinusoids"]
    place, reach = cells.view("position"), radius + cells.radius()[0]
    apart = np.linalg.norm(place[:, None, :2] - ends[None, :, 0, :2], axis=2).min(axis=1)
    assert cells.n > 50
    assert apart == pytest.approx(np.full(cells.n, reach))
    assert ((place >= 0.0) & (place <= 120.0)).all()
    angle = np.arctan2(*(place - 60.0)[np.abs(place[:, :2] - 60.0).max(axis=1) < 20.0, :2].T)
    assert abs(np.exp(1j * angle).mean()) < 5.0 / np.sqrt(len(angle))
    assert place[:, 2].mean() == pytest.approx(60.0, abs=5.0 * 120.0 / np.sqrt(12.0 * cells.n))


def test_a_vessel_beside_a_face_lets_cells_in_on_its_inner_side():
    lines = [{"start": ["4 um", "60 um", "0 um"], "end": ["4 um", "60 um", "120 um"]}]
    network = {
        "radius": "4 um",
        "lines": lines,
        "exchange": {"oxygen": {"permeability": "1e4 um/min", "blood": "65 mmHg"}},
    }
    simulation = arriving(ENTRY | {"rate": "2000 cell/h/mm"}, ticks=0, tissue__capillaries__sinusoids=network)
    process_of(simulation).step(simulation.state, 6, simulation.draw, simulation.state.ledger)
    place, radius = simulation.state.cells.view("position"), simulation.state.cells.radius()[0]
    apart = np.hypot(place[:, 0] - 4.0, place[:, 1] - 60.0)
    assert apart == pytest.approx(np.full(len(place), 4.0 + radius))
    assert place[:, 0].min() >= 0.0


def test_immigrants_are_whole_cells_and_counted():
    """Carries, phase, signals and books as of cells that were there at the start."""
    simulation = arriving(ENTRY, ticks=60)
    cells, row = simulation.state.cells, simulation.summary()
    assert row["cells.T-cell.immigrated"] == cells.n > 5
    assert "cells.tumour.immigrated" not in row
    assert cells.view("vesicle_carry").min() > 0.0
    assert len(np.unique(cells.view("vesicle_carry"))) == cells.view("vesicle_carry").size
    assert (cells.view("signals")[:, 0] > 0.0).all()
    assert len(keys_of(simulation)) == cells.n
    assert cells.total_volume() == pytest.approx(np.full(cells.n, 500.0))
    assert "cells.T-cell.immigrated" not in Simulation(model(tissue__immigration=[]), seed=1).summary()


def test_a_window_lets_cells_in_within_it_alone():
    simulation = arriving(ENTRY | {"rate": "2000 cell/h/mm", "start": "3 min", "end": "15 min"}, ticks=0)
    process = process_of(simulation)
    counts = [len(process.candidates(simulation.draw, tick)[0]) for tick in (6, 12, 18, 24)]
    full = 2000.0 * 0.1 * length_of(simulation)
    for count, share in zip(counts, (0.5, 1.0, 0.5, 0.0), strict=True):
        assert count == pytest.approx(share * full, abs=5.0 * np.sqrt(share * full))


def test_the_same_bits_for_threads_restart_and_other_seeds_others():
    def digest(threads):
        simulation = Simulation(model(), seed=3, threads=threads)
        simulation.advance(36)
        return simulation.digest()

    assert digest(1) == digest(2)
    half = Simulation(model(), seed=3)
    half.advance(18)
    again = Simulation.restore(half.model, half.checkpoint())
    again.advance(18)
    assert again.digest() == digest(1)
    assert again.state.tallies.immigrated.sum() > 0
    assert keys_of(arriving(ENTRY, ticks=60, seed=4)) != keys_of(arriving(ENTRY, ticks=60, seed=5))


def arrived(simulation):
    """Keys of T-cells."""
    cells = simulation.state.cells
    return set(cells.view("key")[cells.view("type") == 1].tolist())


def test_another_entry_or_other_cells_leave_arrivals_as_they_were():
    plain = arrived(arriving(ENTRY, ticks=60))
    other = ENTRY | {"name": "others", "cell_type": "tumour"}
    assert arrived(arriving(other, ENTRY, ticks=60)) == plain
    cells = [{"type": "tumour", "region": {"box": {"low": ["20 um"] * 3, "high": ["90 um"] * 3}}, "count": 9}]
    assert arrived(arriving(ENTRY, ticks=60, change=[Set("tissue.cells", cells)])) == plain
    network = "tissue.capillaries.another"
    more = {"radius": "3 um", "lines": [{"start": ["5 um"] * 3, "end": ["99 um"] * 3}]}
    assert arrived(arriving(ENTRY, ticks=60, change=[Set(network, more)])) == plain


def test_more_cells_arrive_with_a_higher_rate_or_signal_beside_the_same_ones():
    plain = arrived(arriving(ENTRY, ticks=60))
    assert plain < arrived(arriving(ENTRY | {"rate": "110 cell/h/mm"}, ticks=60))
    driven = ENTRY | {"signal": "drug", "half_max": "1 uM"}
    drug, closed = "tissue.capillaries.sinusoids.exchange.drug", {"permeability": "0 um/min", "blood": "0 uM"}
    none, some = (
        arrived(arriving(driven, ticks=60, change=[Set(drug, closed), level]))
        for level in (Set("species.substrates.drug.initial", f"{c} uM") for c in (0.2, 2.0))
    )
    assert none < some < plain


def test_nobody_arrives_without_the_entry_its_cells_or_vessels():
    made = model(tissue__cells=[], tissue__immigration=[ENTRY])
    assert arriving(ENTRY, ticks=12).state.cells.n > 0
    for target in ("immigration:arrival", "cells:T-cell"):
        simulation = Simulation(made.change(Without(target)), seed=1)
        simulation.advance(12)
        assert simulation.state.cells.n == 0
        assert simulation.summary()["cells.T-cell.immigrated"] == 0.0
    held = Set("tissue.boundaries.oxygen.all", "40 mmHg")
    assert not made.change(held, Without("capillaries")).tissue.immigration


def test_in_a_layer_cells_arrive_in_its_plane():
    thin = {"tissue__geometry__size": ["120 um", "120 um", "20 um"]}
    simulation = arriving(ENTRY | {"rate": "2000 cell/h/mm"}, ticks=6, **thin)
    place = simulation.state.cells.view("position")
    assert len(place) > 10
    assert np.allclose(place[:, 2], 10.0)
