"""Small tissues in which every kernel has something to do, so that it is compiled for the types of all runs.

Two halves are there for two processes that fill one cache at the same time: one moves cells and substances,
the other lives. What both need is small, and what one misses the whole makes up for.
"""

from __future__ import annotations

from typing import Any

TICKS = 24
HALVES = ("moving", "living")
WHEN_NEEDED = {"convect", "spurious_flux", "fill_deficits"}
"""Kernels left to the first model with a flow, and to the first field that would fall below zero."""
_PLACED = ({"spacing": "16 um"}, {"count": 2})
_CORNER = ["10 um"] * 3


def exercise(threads: int | None = None) -> None:
    """A few minutes of a small tissue with every process."""
    from exocosm.tissue.simulation import Simulation

    Simulation(_whole(), seed=1, threads=threads).advance(TICKS)


def exercise_half(half: str) -> None:
    """The kernels that "moving" cells and fields need, or those of "living" ones and then the others."""
    from exocosm.tissue.simulation import Simulation

    simulation = Simulation(_moving() if half == "moving" else _whole(), seed=1, threads=1)
    processes = [p for p in simulation.processes if half != "moving" or p.name != "phenotype"]
    state = simulation.state
    for process in reversed(processes):
        for tick in range(1, TICKS + 1):
            state.tick = tick
            if tick % process.every == 0:
                process.step(state, tick, simulation.draw, state.ledger)


def _moving() -> Any:
    """Three cells that touch, creep and breathe."""
    from exocosm.model import Set, load

    table = "x,y,z,type\n40,50,50,tumour\n55,50,50,tumour\n50,60,50,tumour\n"
    return load("spheroid-in-oxygen").change(
        Set("tissue.geometry.size", ["100 um"] * 3),
        Set("tissue.cells", [{"region": {"table": table}}]),
        Set("tissue.cell_types.tumour.motility", {"speed": "1 um/min", "persistence_time": "5 min"}),
        Set("species.substrates.oxygen.every", "1 min"),
        Set("species.substrates.oxygen.regime", "transient"),
        Set("tissue.steps", {"tick": "1 min", "mechanics": "1 min", "phenotype": "6 min"}),
    )


def _whole() -> Any:
    from exocosm.model import Set, load

    region = {"sphere": {"center": ["50 um"] * 3, "radius": "30 um"}}
    mixture = {"tumour": "0.5", "macrophage": "0.5"}
    rate = "tissue.cell_types.tumour.{}"
    return load("tumour-nodule").change(
        Set("tissue.geometry.size", ["100 um"] * 3),
        Set("tissue.cells", [{"mixture": mixture, "region": region} | how for how in _PLACED]),
        Set(rate.format("cycle.phases[0].duration.exponential"), "0.05 1/min"),
        Set(rate.format("cycle.start"), "asynchronous"),
        Set(rate.format("apoptosis.rate"), "0.05 1/min"),
        Set(rate.format("motility"), {"speed": "1 um/min", "persistence_time": "5 min"}),
        Set("tissue.steps", {"tick": "1 min", "mechanics": "1 min", "phenotype": "6 min"}),
        Set("species.substrates.oxygen.every", "1 min"),
        Set("species.vesicles.tumour.every", "1 min"),
        Set(
            rate.format("attack"),
            {"targets": {"macrophage": "1 1/min"}, "damage_rate": "1 1/min", "duration": "5 min"},
        ),
        Set("tissue.cell_types.macrophage.phagocytosis", {"apoptotic": "0.1 1/min"}),
        Set(
            "tissue.capillaries.vessel",
            {"radius": "4 um", "lines": [{"start": _CORNER, "end": ["90 um"] * 3}]},
        ),
        Set("tissue.capillaries.vessel.exchange.oxygen", {"permeability": "1e4 um/min", "blood": "65 mmHg"}),
        Set(
            "tissue.immigration",
            [{"name": "arrival", "cell_type": "macrophage", "through": "vessel", "rate": "1 cell/min/mm"}],
        ),
        Set("tissue.rules", [{"table": "tumour,pressure,decreases,cycle entry,0,1,4,0"}]),
    )
