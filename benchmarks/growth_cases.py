"""The cases of growth: what was measured, which points are fitted, and what may be fitted."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, stdev

MEASURED = Path(__file__).parent / "measured"
UPTAKE = "largest oxygen uptake of a cell"
EMT6 = "tissue.cell_types.EMT6"
MELANOMA = "tissue.cell_types.WM983b"
STRUCTURE_BEGINS, STRUCTURE_FITTED = 3, 10  # days


@dataclass(frozen=True)
class Parameter:
    """A number that is fitted: its places in the scenario, its unit, the range that it stays in."""

    words: str
    paths: tuple[str, ...]
    unit: str
    low: float
    high: float


@dataclass(frozen=True)
class Point:
    """One measured number: of which start, when, what, its standard deviation, and whether it is fitted."""

    start: str
    hour: float
    quantity: str
    value: float
    sd: float | None
    fitted: bool


@dataclass(frozen=True)
class Case:
    """A shipped scenario beside what was measured.

    `starts` are the changes (path, value) that make the scenario start as each measured group did. Residuals
    are relative; `scale` gives a size for each quantity instead. `repeats` says up to which hour a start runs
    with three seeds; all else has one.
    """

    name: str
    title: str
    scenario: str
    measure: str
    begin: float
    starts: Mapping[str, Sequence[tuple[str, str]]]
    parameters: tuple[Parameter, ...]
    coarse: Sequence[Sequence[float]]
    points: tuple[Point, ...]
    quantities: Mapping[str, tuple[str, str]]
    finer: Sequence[tuple[str, str]]
    repeats: Mapping[str, float] = field(default_factory=dict)
    steps: int = 4
    scale: Mapping[str, float] = field(default_factory=dict)


def rows_of(file: str) -> list[dict[str, str]]:
    """A measured table."""
    with (MEASURED / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def monolayer() -> Case:
    """Brú et al. 1998: the first two diameters are fitted."""
    measured = rows_of("monolayer_bru1998.csv")
    points = [
        Point("one cell", float(row["time_hours"]), "diameter", float(row["diameter_um"]), None, place < 2)
        for place, row in enumerate(measured)
    ]
    pressure = Parameter(
        "pressure that halves the rate of leaving G1", ("tissue.rules[0].half_max",), "", 0.5, 10.0
    )
    return Case(
        name="monolayer",
        title="A colony on a dish: Brú 1998",
        scenario="monolayer-growth",
        measure="colony",
        begin=0.0,
        starts={"one cell": ()},
        parameters=(pressure,),
        coarse=[(1.0,), (1.5,), (2.25,)],
        points=tuple(points),
        quantities={"diameter": ("diameter", "µm")},
        finer=(
            ("tissue.steps.tick", "0.25 min"),
            ("tissue.steps.mechanics", "0.25 min"),
            ("tissue.steps.phenotype", "6 min"),
        ),
        repeats={"one cell": 408.0},
    )


def spheroid_structure() -> Case:
    """Browning et al. 2021: days 4 to 10 of the spheroids seeded with 5,000 cells are fitted."""
    groups: dict[tuple[int, int], list[tuple[float, float, float]]] = {}
    for row in rows_of("spheroid_structure_browning2021_983b.csv"):
        outer = float(row["outer_radius_um"])
        ratios = (float(row[f"{core}_radius_ratio"]) for core in ("inhibited", "necrotic"))
        key = (int(row["seeded_cells"]), int(row["day"]))
        groups.setdefault(key, []).append((outer, *(ratio * outer for ratio in ratios)))  # type: ignore[arg-type]
    points = []
    for (seeded, day), spheroids in sorted(groups.items()):
        if day == STRUCTURE_BEGINS and seeded == 5000:
            continue  # the start
        for place, quantity in enumerate(("outer", "inhibited", "necrotic")):
            values = [spheroid[place] for spheroid in spheroids]
            to_fit = seeded == 5000 and day <= STRUCTURE_FITTED
            points.append(
                Point(f"{seeded} cells", 24.0 * day, quantity, fmean(values), stdev(values), to_fit)
            )
    sphere = "tissue.cells[0].region.sphere.radius"
    return Case(
        name="spheroid-structure",
        title="The structure of melanoma spheroids: Browning 2021",
        scenario="spheroid-structure",
        measure="spheroid",
        begin=24.0 * STRUCTURE_BEGINS,
        starts={
            "5000 cells": (),
            "2500 cells": ((sphere, "138.1 um"),),
            "10000 cells": ((sphere, "219.2 um"),),
        },
        parameters=(
            Parameter(
                "rate of leaving G1 in enough oxygen",
                (f"{MELANOMA}.cycle.phases.G1.duration.exponential",),
                "1/h",
                0.01,
                0.1,
            ),
            Parameter(
                "oxygen above which G1 is not slowed",
                (f"{MELANOMA}.cycle.phases.G1.modulated_by.one_at",),
                "mmHg",
                10.0,
                140.0,
            ),
            Parameter(UPTAKE, (f"{MELANOMA}.exchange.oxygen.max_uptake",), "amol/s", 5.0, 350.0),
        ),
        coarse=[(0.016, 50.0, 45.0), (0.022, 35.0, 30.0)],
        points=tuple(points),
        quantities={
            "outer": ("outer radius", "µm"),
            "inhibited": ("inhibited radius", "µm"),
            "necrotic": ("necrotic radius", "µm"),
        },
        finer=(
            ("tissue.steps.tick", "5 min"),
            ("tissue.steps.mechanics", "5 min"),
            ("tissue.steps.phenotype", "30 min"),
            ("species.substrates.oxygen.every", "60 min"),
        ),
        steps=3,
        scale={"outer": 10.0, "inhibited": 25.0, "necrotic": 15.0},
        repeats={"2500 cells": 240.0},
    )


def spheroid_growth() -> Case:
    """Freyer & Sutherland 1986: the first half of the growth curve is fitted, its first point the start."""
    first, *measured = rows_of("spheroid_freyer1986.csv")
    half = (len(measured) + 1) // 2
    points = []
    for place, row in enumerate(measured):
        for quantity, column in (("cells", "cells"), ("diameter", "diameter_um")):
            hour, value = float(row["time_hours"]), float(row[column])
            points.append(Point("600 cells", hour, quantity, value, None, place < half))
    halves = tuple(f"{EMT6}.cycle.phases.{half}.duration.exponential" for half in ("G1-glucose", "G1-oxygen"))
    return Case(
        name="spheroid-growth",
        title="A spheroid on oxygen and glucose: Freyer & Sutherland 1986",
        scenario="spheroid-growth",
        measure="spheroid",
        begin=float(first["time_hours"]),
        starts={"600 cells": ()},
        parameters=(
            Parameter("rate of leaving each half of G1 in plenty", halves, "1/h", 0.03, 1.0),
            Parameter("volume of a cell", (f"{EMT6}.volume.total",), "um^3", 1500.0, 6000.0),
            Parameter(UPTAKE, (f"{EMT6}.exchange.oxygen.max_uptake",), "amol/s", 5.0, 350.0),
        ),
        coarse=[(0.1, 3000.0, 18.7), (0.1, 3500.0, 60.0), (0.14, 3000.0, 150.0), (0.12, 2200.0, 100.0)],
        points=tuple(points),
        quantities={"cells": ("live cells", ""), "diameter": ("diameter", "µm")},
        finer=(
            ("tissue.steps.tick", "1.5 min"),
            ("tissue.steps.mechanics", "1.5 min"),
            ("tissue.steps.phenotype", "30 min"),
            ("species.substrates.oxygen.every", "60 min"),
            ("species.substrates.glucose.every", "60 min"),
        ),
        steps=3,
        repeats={"600 cells": 276.0},
    )


CASES: dict[str, Callable[[], Case]] = {
    "monolayer": monolayer,
    "spheroid-structure": spheroid_structure,
    "spheroid-growth": spheroid_growth,
}
