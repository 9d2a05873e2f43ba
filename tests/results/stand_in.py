"""A small deterministic engine in NumPy that keeps the promises which run folders rely on.

Cells grow and divide, a field decays: enough for all parts of a record to change at every tick, in
milliseconds and without compiling. The tests of the real engine use the same folders.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import numpy as np


@dataclass(frozen=True)
class StandInModel:
    """What the run folder asks of a model."""

    name: str = "stand-in"
    title: str = "Stand-in"
    duration: float = 720.0
    every: tuple[tuple[str, float], ...] = (
        ("summary", 60),
        ("cells", 180),
        ("fields", 120),
        ("checkpoint", 240),
    )
    growth: float = 0.02
    pause: float = 0.0
    names: tuple[str, ...] = ("tumour", "macrophage")

    @property
    def record(self) -> Any:
        return SimpleNamespace(**dict(self.every))

    @property
    def tissue(self) -> Any:
        return SimpleNamespace(
            steps=SimpleNamespace(tick=6.0),
            geometry=SimpleNamespace(voxel=20.0),
            cell_types=dict.fromkeys(self.names),
        )

    def change(self, *changes: Any) -> StandInModel:
        return replace(self, growth=0.0)

    def to_yaml(self) -> str:
        return json.dumps(
            {"duration": self.duration, "every": self.every, "growth": self.growth, "pause": self.pause}
        )

    @classmethod
    def from_yaml(cls, text: str) -> StandInModel:
        content = json.loads(text)
        content["every"] = tuple((kind, every) for kind, every in content["every"])
        return cls(**content)


class StandInSimulation:
    """A population that doubles and a field that decays, as pure functions of state, seed and tick."""

    tick_length = 6.0

    def __init__(self, model: StandInModel, seed: int) -> None:
        self.model, self.seed, self.tick = model, seed, 0
        random = np.random.default_rng(seed)
        self.key = random.integers(0, 2**63, 8, dtype=np.uint64)
        self.position = random.uniform(0, 80, (8, 3))
        self.volume = random.uniform(1000, 2000, 8)
        self.oxygen = random.uniform(20, 40, (4, 3, 2))

    @property
    def time(self) -> float:
        return self.tick * self.tick_length

    @property
    def state(self) -> Any:
        return SimpleNamespace(cells=SimpleNamespace(n=self.key.size))

    def advance(self, ticks: int) -> None:
        for _ in range(ticks):
            self.tick += 1
            random = np.random.default_rng((self.seed, self.tick))
            self.oxygen = self.oxygen * 0.999 + random.uniform(0, 0.01, self.oxygen.shape)
            self.volume = self.volume * (1 + self.model.growth)
            self._divide()
            if self.model.pause:
                time.sleep(self.model.pause)

    def _divide(self) -> None:
        big = self.volume > 2400
        self.volume = np.where(big, self.volume / 2, self.volume)
        self.key = np.concatenate(
            [self.key, self.key[big] * np.uint64(6364136223846793005) + np.uint64(self.tick)]
        )
        self.position = np.concatenate([self.position, self.position[big] + 1.0])
        self.volume = np.concatenate([self.volume, self.volume[big]])

    def checkpoint(self) -> dict[str, Any]:
        arrays = {"key": self.key, "position": self.position, "volume": self.volume, "oxygen": self.oxygen}
        return arrays | {"clock": np.array([self.seed, self.tick])}

    @classmethod
    def restore(cls, model: StandInModel, arrays: Any, threads: int | None = None) -> StandInSimulation:
        simulation = cls(model, int(arrays["clock"][0]))
        simulation.tick = int(arrays["clock"][1])
        for name in ("key", "position", "volume", "oxygen"):
            setattr(simulation, name, arrays[name].copy())
        return simulation

    def digest(self) -> str:
        digest = hashlib.blake2b(digest_size=16)
        for array in self.checkpoint().values():
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def summary(self) -> dict[str, float]:
        live = float(self.key.size)
        per_day = 24.0 * live / max(self.time / 60.0, 1.0)
        return {
            "time_min": self.time,
            "cells.tumour.live": live,
            "cells.tumour.necrotic": 0.0,
            "cells.macrophage.live": 2.0,
            "oxygen.mean": float(self.oxygen.mean()),
            "vesicles.tumour.released": 100.0 * live,
            "vesicles.tumour.field": 40.0 * live,
            "vesicles.tumour.inside.macrophage": 60.0 * live,
            "vesicles.tumour.decayed": 0.0,
            "vesicles.tumour.left": 0.0,
            "cargo.miR-21-5p.delivered.macrophage": live,
            "cargo.miR-21-5p.per_cell_per_day.macrophage": per_day,
            "cargo.miR-21-5p.ceiling_per_cell_per_day.macrophage": 2 * per_day,
        }

    def cell_table(self) -> dict[str, Any]:
        columns = dict(zip("xyz", self.position.T, strict=True))
        count = self.key.size
        types = np.arange(count) % 2
        return {
            "key": self.key,
            "type": types,
            **columns,
            "volume": self.volume,
            "state": np.full(count, "live"),
        }

    def field_arrays(self) -> dict[str, Any]:
        return {"oxygen": (self.oxygen, "mmHg")}

    def ledger_table(self) -> list[dict[str, Any]]:
        return [
            {"species": "tumour", "kind": "vesicle", "unit": "particle", "released": 1.0, "imbalance": 0.0}
        ]

    def warnings(self) -> list[str]:
        return []

    def step_errors(self) -> None:
        """Nothing is estimated of it."""

    def costs(self) -> dict[str, float]:
        return {"growth": 0.001 * self.tick}


def install(patch: Any = setattr) -> None:
    """Put the stand-in behind the engine's door; `patch` is setattr or a monkeypatch's."""
    from exocosm.results import engine

    patch(engine, "start", lambda model, seed, threads: StandInSimulation(model, seed))
    patch(engine, "restore", StandInSimulation.restore)
    patch(engine, "read_model", StandInModel.from_yaml)
    patch(engine, "minutes", lambda text: float(text.split()[0]) * (60 if text.endswith("h") else 1))
    patch(engine, "warm_up", lambda: None)
