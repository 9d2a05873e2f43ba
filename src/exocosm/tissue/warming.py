"""Compiling the kernels before a run, once for each version of their sources on a machine.

Numba keeps what it compiled in the cache directory; a marker written at the end says that all is there.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from exocosm.ground.compiled import CACHE_DIRECTORY

MARKER = "complete"
TICKS = 24
_PLACED = ({"spacing": "16 um"}, {"count": 2})


def warm_up(announce: Callable[[str], None] = print, *, threads: int | None = None) -> float:
    """Make sure that all kernels are compiled; returns the seconds it took, 0 if they were there already."""
    marker = CACHE_DIRECTORY / MARKER
    if marker.exists():
        return 0.0
    announce("compiling kernels: once on this machine, less than a minute ...")
    start = time.perf_counter()
    _exercise(threads)
    seconds = time.perf_counter() - start
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.touch()
    announce(f"kernels compiled in {seconds:.0f} s, kept in {marker.parent}")
    return seconds


def _exercise(threads: int | None) -> None:
    """A few minutes of a small tissue in which every process has something to do."""
    from exocosm.tissue.simulation import Simulation

    Simulation(_small_model(), seed=1, threads=threads).advance(TICKS)


def _small_model() -> Any:
    from exocosm.model import Set, load

    region = {"sphere": {"center": ["50 um"] * 3, "radius": "30 um"}}
    mixture = {"tumour": "0.5", "macrophage": "0.5"}
    rate, corner = "tissue.cell_types.tumour.{}", ["10 um"] * 3
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
            {"radius": "4 um", "lines": [{"start": corner, "end": ["90 um"] * 3}]},
        ),
        Set("tissue.capillaries.vessel.exchange.oxygen", {"permeability": "1e4 um/min", "blood": "65 mmHg"}),
        Set(
            "tissue.immigration",
            [{"name": "arrival", "cell_type": "macrophage", "through": "vessel", "rate": "1 cell/min/mm"}],
        ),
        Set("tissue.rules", [{"table": "tumour,pressure,decreases,cycle entry,0,1,4,0"}]),
    )
