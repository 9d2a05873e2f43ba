"""The dishes of the library: a few cells of one kind, what they can do, and the numbers that all share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from exocosm import library
from exocosm.ground.errors import ModelError, nearest
from exocosm.model.reading import read_file

FOLDER = Path(library.__file__).with_name("dishes")
COMMON = "common"
Data = dict[str, Any]


@dataclass(frozen=True)
class Dish:
    """One dish as data. `behaviours` are the words by which pathways reach what cells do."""

    name: str
    subject: str
    cells: int
    cell_type: Data
    behaviours: Mapping[str, Data]
    substrates: tuple[str, ...]
    states: Mapping[str, Data]
    rules: tuple[Data, ...]
    partners: Mapping[str, int]
    partner_rules: tuple[Data, ...]
    partner_changes: Mapping[str, Data]
    vesicles: tuple[str, ...]
    cargos: tuple[str, ...]
    events: tuple[Data, ...]
    duration: str


def dish_names() -> tuple[str, ...]:
    """Names of the dishes that ship, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem != COMMON))


@lru_cache(maxsize=1)
def common() -> Data:
    """The numbers that all dishes share."""
    found: Data = read_file(FOLDER / f"{COMMON}.yaml").data
    return found


@lru_cache(maxsize=32)
def dish(name: str) -> Dish:
    """A dish by name, with what it takes from the one that it is `like`. Raises ModelError."""
    if name not in dish_names():
        wanted = "one of: " + ", ".join(dish_names())
        raise ModelError(
            "there is no such dish", found=name, wanted=wanted, nearest=nearest(name, dish_names())
        )
    data = _laid_over(read_file(FOLDER / f"{name}.yaml").data)
    return Dish(
        name=name,
        subject=data["subject"],
        cells=int(data["cells"]),
        cell_type=data["cell_type"],
        behaviours=data.get("behaviours", {}),
        substrates=tuple(data.get("substrates", ())),
        states=data.get("states", {}),
        rules=tuple(data.get("rules", ())),
        partners=data.get("partners", {}),
        partner_rules=tuple(data.get("partner_rules", ())),
        partner_changes=data.get("partner_changes", {}),
        vesicles=tuple(data.get("vesicles", ())),
        cargos=tuple(data.get("cargos", ())),
        events=tuple(data.get("events", ())),
        duration=str(data.get("duration", common()["duration"])),
    )


def _laid_over(data: Data) -> Data:
    """The dish that this one is like, with its own keys over it; behaviours and states are added to."""
    if "like" not in data:
        return data
    base = _laid_over(read_file(FOLDER / f"{data['like']}.yaml").data)
    added = {key: base.get(key, {}) | data.get(key, {}) for key in ("behaviours", "states")}
    return base | {key: value for key, value in data.items() if key != "like"} | added
