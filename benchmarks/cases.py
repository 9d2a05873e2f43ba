"""The cases of the benchmark: a tumour spheroid in oxygen of four sizes and loads, as both sides run it.

All are the shipped scenario `spheroid-in-oxygen` with changes, so that its numbers stand in one place. The
cases, and what other simulators took for them, were published for 2,000, 20,000 and 100,000 cells in a
close-packed ball, in cubes of 50³ and 80³ voxels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

SCENARIO = "spheroid-in-oxygen"
VOXEL = 20.0  # µm
SPACING = 15.98  # µm between the centres of neighbours
STEP = 6.0  # min between phenotype steps, and between the solutions of Exocosm's fields
LAG = 5.0  # min from the last solution to the moment at which the error of oxygen is taken
MUST = 10.0  # times as fast as the peer
SLOW_DIFFUSION = 200.0  # µm²/min: a vesicle of about 100 nm in tissue
SLOW_DECAY = 0.01  # 1/min
SLOW_RELEASE = 1.0  # µM·µm³/min by a live cell; the field is linear in it, so the number means nothing


@dataclass(frozen=True)
class Case:
    """`voxels` along an edge, `slow` substrates beside oxygen, `minutes` simulated, the ratio aimed at."""

    name: str
    cells: int
    voxels: int
    slow: int
    minutes: float
    aim: float

    @property
    def size(self) -> float:
        """Edge of the cube, µm."""
        return self.voxels * VOXEL

    @property
    def radius(self) -> float:
        """Radius (µm) of the ball of close-packed cells; A and B keep that of the shipped scenario."""
        return 111.5 if self.cells == 2000 else close_packed_radius(self.cells)

    @property
    def slow_names(self) -> list[str]:
        """Names of the substrates that diffuse as vesicles do."""
        return [f"slow-{i + 1}" for i in range(self.slow)]

    @property
    def title(self) -> str:
        """The case in words."""
        substrates = (
            "oxygen" if not self.slow else f"oxygen and {self.slow} slow substrate{'s' * (self.slow > 1)}"
        )
        return f"{self.cells:,} cells, {self.voxels}³ voxels, {substrates}"


# Minutes are whole phenotype steps, so that both sides take as many of them as the time is worth; few where
# the peer takes long.
CASES = {
    case.name: case
    for case in (
        Case("A", 2_000, 50, 0, 60.0, 20.0),
        Case("B", 2_000, 50, 3, 60.0, 15.0),
        Case("E20", 20_000, 80, 0, 30.0, 15.0),
        Case("E100", 100_000, 80, 0, 18.0, 15.0),
    )
}


def close_packed_radius(cells: int) -> float:
    """Radius (µm) of a ball that holds so many close-packed points: √2 / spacing³ of them in a volume."""
    return float(SPACING * (3 * cells / (4 * np.pi * np.sqrt(2))) ** (1 / 3))


def ball(size: float, radius: float) -> list[Any]:
    """Changes that put the cells into a ball in the middle of a cube (µm)."""
    from exocosm.model import Set

    region = {"sphere": {"center": [f"{size / 2} um"] * 3, "radius": f"{radius} um"}}
    return [
        Set("tissue.geometry.size", [f"{size} um"] * 3),
        Set("tissue.cells[0].region", region),
    ]


def slow_substrate(name: str) -> list[Any]:
    """Changes that add a substrate which moves as a vesicle does and which live cells release."""
    from exocosm.model import Set

    part = {
        "unit": "uM",
        "diffusion_coefficient": f"{SLOW_DIFFUSION} um^2/min",
        "decay_rate": f"{SLOW_DECAY} 1/min",
        "initial": "0 uM",
        "regime": "transient",
        "every": f"{STEP} min",
    }
    release = {"secretion_rate": f"{SLOW_RELEASE} uM*um^3/min"}
    return [
        Set(f"species.substrates.{name}", part),
        Set(f"tissue.cell_types.tumour.exchange.{name}", release),
    ]


def model_of(case: Case) -> Any:
    """The case as a model of Exocosm."""
    from exocosm import load

    changes = ball(case.size, case.radius)
    for name in case.slow_names:
        changes += slow_substrate(name)
    return load(SCENARIO).change(*changes)


def numbers_of(model: Any) -> dict[str, Any]:
    """The case as plain numbers (µm, min, mmHg, µM), read from the model: what the peer is built from."""
    tumour = model.tissue.cell_types["tumour"]
    oxygen = model.species.substrates["oxygen"]
    phase = tumour.cycle.phases[0]
    return {
        "size": float(model.tissue.geometry.size[0]),
        "voxel": float(model.tissue.geometry.voxel),
        "diffusion_coefficient": float(oxygen.diffusion_coefficient),
        "decay_rate": float(oxygen.decay_rate),
        "held": float(model.tissue.boundaries["oxygen"].x_low),
        "cycle_rate": float(phase.duration.rate),
        "ramp_zero_at": float(phase.modulated_by.zero_at),
        "ramp_one_at": float(phase.modulated_by.one_at),
        "apoptosis_rate": float(tumour.apoptosis.rate),
        "apoptosis_duration": float(tumour.apoptosis.duration),
        "uptake_rate": float(tumour.exchange["oxygen"].uptake_rate),
        "slow": {
            name: {
                "diffusion_coefficient": float(part.diffusion_coefficient),
                "decay_rate": float(part.decay_rate),
                "release": float(tumour.exchange[name].secretion_rate),
            }
            for name, part in model.species.substrates.items()
            if name != "oxygen"
        },
    }


def described(case: Case) -> tuple[dict[str, Any], np.ndarray]:
    """Numbers of the case and the positions of its cells at the start, (n, 3) in µm."""
    from exocosm.coupling import start

    model = model_of(case)
    table = start(model, seed=1).cell_table()
    return numbers_of(model), np.stack([table[axis] for axis in "xyz"], axis=1)
