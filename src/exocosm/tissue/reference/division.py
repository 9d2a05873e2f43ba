"""One division: what mother and daughter are and hold afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from exocosm.ground.draws import Draw, Purpose, bits, child_key
from exocosm.tissue.contents import EXACT, SPLIT
from exocosm.tissue.division import HALVED, HERS, SEPARATION

Cell = dict[str, Any]


def heads(draw: Draw, key: Any, when: int, count: int) -> int:
    """Heads among `count` fair tosses."""
    total = 0
    for word in range((count + 63) // 64):
        tosses = int(bits(draw.seed, SPLIT, key, when + word))
        total += (tosses >> max(0, 64 * (word + 1) - count)).bit_count()
    return total


def axis(draw: Draw, key: Any, births: int, planar: bool) -> Any:
    """Unit vector along which a cell divides."""
    keys = np.array([key], np.uint64)
    height = 0.0 if planar else 2 * draw.uniform(Purpose.DIVISION_AXIS, keys, 2 * births)[0] - 1
    angle = 2 * np.pi * draw.uniform(Purpose.DIVISION_AXIS, keys, 2 * births + 1)[0]
    across = np.sqrt(1 - height**2)
    return np.array([across * np.cos(angle), across * np.sin(angle), height])


def divided(
    mother: Cell, draw: Draw, size: Any, planar: bool, names: Mapping[str, tuple[str, ...]]
) -> tuple[Cell, Cell]:
    """The mother after her division, and her daughter (counts up to 65,536 of a kind; `names` of kinds)."""
    key, births = mother["key"], int(mother["births"])
    volume = mother["fluid"] + mother["nuclear_solid"] + mother["cytoplasmic_solid"]
    shift = 0.5 * SEPARATION * np.cbrt(volume * 3 / (4 * np.pi)) * axis(draw, key, births, planar)
    mother = mother | {name: 0.5 * mother[name] for name in HALVED}
    mother |= {"previous_velocity": np.zeros(3), "velocity_known": 0}
    daughter = mother | {"key": np.uint64(child_key(np.uint64(key), np.uint32(births))), "births": 0}
    daughter |= {name: np.zeros_like(mother[name]) for name in HERS}
    mother["births"] = births + 1
    daughter["position"] = np.clip(mother["position"] + shift, 0, size)
    mother["position"] = np.clip(mother["position"] - shift, 0, size)
    when = births * (EXACT // 64)
    for column in ("vesicles", "cargo"):
        held = mother[column]
        pairs = zip(held, names[column], strict=True)
        given = [heads(draw.of(column, name), key, when, int(n)) for n, name in pairs]
        daughter[column] = np.array(given, np.int64)
        mother[column] = held - daughter[column]
    daughter["substrate"] = 0.5 * mother["substrate"]
    mother["substrate"] = mother["substrate"] - daughter["substrate"]
    for column, purpose in (("vesicle", Purpose.CARRY), ("cargo", Purpose.CARGO_CARRY)):
        keys = np.array([daughter["key"]], np.uint64)
        whose = names["vesicles" if column == "vesicle" else column]
        carries = [draw.of(name).uniform(purpose, keys, 0)[0] for name in whose]
        daughter[f"{column}_carry"] = np.array(carries, float)
    return mother, daughter
