"""Runs of a growing colony or spheroid: what is measured in them, and a store of those already made.

A run is stored under `build/growth` by a hash of all that its result depends on (the numbers of the model,
the seed, the hours, the engine's sources and what is measured), so that an interrupted fit goes on where it
stopped.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parent.parent
STORE = ROOT / "build" / "growth"
ENGINE = ("ground", "physics", "model", "tissue")
SOURCES = frozenset({"assumed", "derived", "evidence", "range"})
ABOUT = frozenset({"name", "title", "description", "duration", "record"})
DIRECTIONS = 64
FIRST_PHASE = 0  # G1 in all scenarios of growth
SURFACE = 40.0  # µm: the shell in which cells cycle as the medium lets them
Array = NDArray[np.float64]
Row = dict[str, float]


def edge(offset: Array, radius: Array, directions: Array) -> float:
    """Mean distance (µm) of the outermost cell edge over directions.

    Cells lie at `offset` (n, d) from the centre. Each counts in the direction (m, d) that it is nearest to;
    a direction without cells is left out.
    """
    far = np.linalg.norm(offset, axis=1) + radius
    nearest = (offset @ directions.T).argmax(axis=1)
    furthest = np.zeros(len(directions))
    np.maximum.at(furthest, nearest, far)
    return float(furthest[furthest > 0].mean())


def circle() -> Array:
    """Unit vectors evenly around a circle, (DIRECTIONS, 2)."""
    angle = 2 * np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def sphere() -> Array:
    """Unit vectors evenly over a sphere, along a Fibonacci spiral, (DIRECTIONS, 3)."""
    k = np.arange(DIRECTIONS) + 0.5
    z, angle = 1 - 2 * k / DIRECTIONS, np.pi * (1 + np.sqrt(5.0)) * k
    across = np.sqrt(1 - z**2)
    return np.stack([across * np.cos(angle), across * np.sin(angle), z], axis=1)


def boundary(distance: Array, gain: Array) -> float:
    """Radius (µm) of the ball in which the sum of `gain` is largest; 0 if it is positive in none."""
    order = np.argsort(distance, kind="stable")
    total = np.cumsum(gain[order])
    best = int(total.argmax())
    return float(distance[order][best]) if total[best] > 0 else 0.0


def colony(cells: Mapping[str, Any]) -> Row:
    """Cells and mean diameter (µm) of a colony in a plane."""
    place = np.stack([cells["x"], cells["y"]], axis=1)
    return {
        "cells": float(len(place)),
        "diameter": 2 * edge(place - place.mean(axis=0), np.asarray(cells["radius"]), circle()),
    }


def spheroid(cells: Mapping[str, Any]) -> Row:
    """Live cells of a spheroid; its outer, inhibited and necrotic radius (µm).

    The necrotic core is the ball that holds most dead cells more than live ones. The inhibited core is the
    ball that parts cells best where the share past G1 falls to half of that near the surface; what is dead
    counts as inhibited.
    """
    place = np.stack([cells[axis] for axis in "xyz"], axis=1)
    offset, radius = place - place.mean(axis=0), np.asarray(cells["radius"])
    distance = np.linalg.norm(offset, axis=1)
    live = np.asarray(cells["state"]) == "live"
    outer = edge(offset, radius, sphere())
    cycling = live & (np.asarray(cells["phase"]) != FIRST_PHASE)
    share = cycling[distance > outer - SURFACE].mean()
    return {
        "cells": float(live.sum()),
        "dead": float((~live).sum()),
        "diameter": 2 * outer,
        "outer": outer,
        "inhibited": boundary(distance, 0.5 * share - cycling),
        "necrotic": boundary(distance, np.where(live, -1.0, 1.0)),
    }


MEASURES: dict[str, Callable[[Mapping[str, Any]], Row]] = {"colony": colony, "spheroid": spheroid}


@cache
def engine() -> str:
    """Hash of the sources that a result depends on."""
    found = hashlib.sha256()
    for package in ENGINE:
        for path in sorted((ROOT / "src" / "exocosm" / package).rglob("*.py")):
            found.update(path.read_bytes())
    for measure in (edge, boundary, colony, spheroid, circle, sphere):
        found.update(_code_of(measure))
    return found.hexdigest()


def _code_of(function: Callable[..., Any]) -> bytes:
    tree = ast.parse(inspect.getsource(function))
    tree.body[0].body = tree.body[0].body[1:]  # type: ignore[attr-defined]  # words change no result
    return ast.dump(tree).encode()


def numbers(data: Any) -> Any:
    """Plain data of a model without the sources of its numbers."""
    if isinstance(data, Mapping):
        kept = {key: numbers(part) for key, part in data.items() if key not in SOURCES}
        return kept.get("value") if set(kept) == {"value"} else kept
    if isinstance(data, list):
        return [numbers(part) for part in data]
    return data if isinstance(data, (int, float, bool)) else str(data)


def key_of(model: Any, measure: str, hours: Sequence[float], seed: int) -> str:
    """Hash by which a run is stored."""
    from ruamel.yaml import YAML

    written = YAML(typ="safe").load(StringIO(model.to_yaml()))
    plain = numbers({key: part for key, part in written.items() if key not in ABOUT})
    text = json.dumps([engine(), plain, measure, list(hours), seed], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


class NotRunError(Exception):
    """A run that is not in the store, where only those in it may be used."""


def observe(model: Any, measure: str, hours: Sequence[float], seed: int, begin: float = 0.0) -> list[Row]:
    """What is measured at `hours` in a run that starts at hour `begin`; from the store if it is there."""
    path = STORE / f"{model.name}-{key_of(model, measure, hours, seed)}.json"
    if not path.exists():
        if STORED_ONLY:
            raise NotRunError(path.name)
        clock = time.process_time()
        rows = _simulate(model, MEASURES[measure], [60 * (hour - begin) for hour in hours], seed)
        STORE.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".part")
        draft.write_text(json.dumps({"cpu_s": time.process_time() - clock, "rows": rows}), encoding="utf-8")
        draft.replace(path)
    stored = json.loads(path.read_text(encoding="utf-8"))
    SPENT[path.name] = float(stored["cpu_s"])
    return list(stored["rows"])


STORED_ONLY: list[bool] = []
"""Holds something where nothing new may be run."""
SPENT: dict[str, float] = {}
"""CPU seconds of each run that this process asked for, made now or before."""


def _simulate(model: Any, measure: Callable[[Any], Row], minutes: Sequence[float], seed: int) -> list[Row]:
    from exocosm.coupling import start

    simulation, rows = start(model, seed=seed, threads=1), []
    for minute in minutes:
        simulation.advance(round(minute / simulation.tick_length) - simulation.tick)
        rows.append(measure(simulation.cell_table()))
    return rows
