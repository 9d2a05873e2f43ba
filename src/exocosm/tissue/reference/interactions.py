"""Attack, phagocytosis and transformation, one pair after the other, by their keys; without rules.

Cells are dictionaries with `key`, `kind` (name of the type), `life` and what they hold; `near` says by key
which others each is in contact with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from exocosm.ground.draws import Draw, Purpose
from exocosm.tissue.attack import SLOTS
from exocosm.tissue.cells import APOPTOTIC, LIVE

Cell = dict[str, Any]
Near = Mapping[int, Sequence[int]]


@dataclass(frozen=True)
class Blow:
    """One attack within a step, from `begin` to `end` (min into it)."""

    attacker: int
    target: int
    begin: float
    end: float


def waiting_time(draw: Draw, purpose: Purpose, one: int, other: int, when: int) -> float:
    """The unit exponential number of an ordered pair of cells."""
    mine = Draw(int(draw.seed) ^ one)
    return float(-np.log1p(-mine.uniform(purpose, np.array([other], np.uint64), when)[0]))


def blows(
    cell: Cell, cells: Mapping[int, Cell], near: Near, types: Any, draw: Draw, tick: int, minutes: float
) -> list[Blow]:
    """All attacks of one cell within a step; its target and the time left afterwards are written into it."""
    found, now, attack = [], 0.0, types[cell["kind"]].attack
    victims = [cells[key] for key in near[cell["key"]] if cells[key]["life"] == LIVE]
    if cell["attack_target"] in [victim["key"] for victim in victims] and cell["life"] == LIVE:
        now = min(cell["attack_left"], minutes)
        found.append(Blow(cell["key"], cell["attack_target"], 0.0, now))
        cell["attack_left"] -= now
        if cell["attack_left"] > 0:
            return found
    cell |= {"attack_target": 0, "attack_left": 0.0}
    if attack is None or cell["life"] != LIVE:
        return found
    begun = 0
    while now < minutes:
        when, times = tick * SLOTS + 2 * begun, {}
        for victim in victims:
            immunogenicity = types[victim["kind"]].immunogenicity.get(cell["kind"], 1.0)
            rate = attack.targets.get(victim["kind"], 0.0) * immunogenicity
            if rate > 0:
                wait = waiting_time(draw, Purpose.ATTACK, cell["key"], victim["key"], when)
                times[now + wait / rate] = victim["key"]
        begin = min(times, default=minutes)
        if begin >= minutes:
            break
        duration = float(attack.duration)
        if attack.duration_law == "exponential":
            duration *= waiting_time(draw, Purpose.ATTACK, 0, cell["key"], when + 1)
        now, begun = min(begin + duration, minutes), begun + 1
        found.append(Blow(cell["key"], times[begin], begin, now))
        if begin + duration > minutes:
            cell |= {"attack_target": times[begin], "attack_left": begin + duration - minutes}
    return found


def damage_after(
    cell: Cell, suffered: Sequence[Blow], cells: Mapping[int, Cell], types: Any, t: float
) -> Any:
    """Damage and attacked time of a cell at the end of a step of `t` min."""
    repair = float(types[cell["kind"]].damage_repair_rate) if cell["life"] == LIVE else 0.0
    damage, attacked = cell["damage"] * np.exp(-repair * t), cell["attacked_time"]
    for blow in suffered:
        rate = float(types[cells[blow.attacker]["kind"]].attack.damage_rate)
        since, until = t - blow.end, t - blow.begin
        if repair > 0:
            damage += rate * (np.exp(-repair * since) - np.exp(-repair * until)) / repair
        else:
            damage += rate * (until - since)
        attacked += until - since
    return damage, attacked


def meetings(
    cells: Mapping[int, Cell], near: Near, types: Any, draw: Draw, tick: int, minutes: float
) -> list[tuple[float, int, int]]:
    """Time, phagocyte and prey of all that is engulfed within a step, in order."""
    wanted = []
    for key, cell in cells.items():
        eats = types[cell["kind"]].phagocytosis
        if eats is None or cell["life"] != LIVE:
            continue
        for other in near[key]:
            prey = cells[other]
            dead = eats.apoptotic if prey["life"] == APOPTOTIC else eats.necrotic
            rate = float(eats.live.get(prey["kind"], 0.0) if prey["life"] == LIVE else dead)
            if rate > 0:
                wait = waiting_time(draw, Purpose.PHAGOCYTOSIS, key, other, tick) / rate
                wanted.append((wait, key, other))
    done: list[tuple[float, int, int]] = []
    for wait, key, other in sorted(wanted):
        full, gone = {d[1] for d in done}, {d[2] for d in done}
        if wait < minutes and key not in full | gone and other not in gone:
            done.append((wait, key, other))
    return done


def turned(cell: Cell, types: Any, draw: Draw, tick: int, minutes: float) -> str | None:
    """The type that a cell turns into within a step, or None."""
    if cell["life"] != LIVE:
        return None
    times, key = {}, np.array([cell["key"]], np.uint64)
    for name, rate in types[cell["kind"]].transformations.items():
        u = draw.of(name).uniform(Purpose.TRANSFORMATION, key, tick)[0]
        times[float(-np.log1p(-u) / rate) if rate > 0 else np.inf] = name
    first = min(times, default=np.inf)
    return times[first] if first < minutes else None
