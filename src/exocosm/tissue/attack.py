"""Attack: a live cell damages one neighbour at a time, for a while.

A cell that attacks nobody begins to attack each live neighbour in contact after an exponential time, at the
rate of its type towards that of the neighbour times the neighbour's immunogenicity to it; the earliest of
these times decides. So it goes on within a step, attack after attack, at the exact times its rates imply.
An attack ends when its time is over, and at the start of a step if the target is dead, gone or out of
contact. Damage is repaired: dD/dt = damage rates of its attackers - repair D, integrated exactly.
Source: attack of PhysiCell 1.14, 10.1371/journal.pcbi.1005991, with exact times for its probabilities a step.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.compiled import inner_kernel, kernel
from exocosm.ground.draws import Draw, Purpose, uniform
from exocosm.tissue.behaviours import Behaviours
from exocosm.tissue.cells import LIVE, Cells
from exocosm.tissue.contacts import Contacts

Array = NDArray[np.float64]
ATTACK = np.int64(Purpose.ATTACK)
MOST_ATTACKS = 256  # that a cell begins within one step; no more are begun
SLOTS = 2 * MOST_ATTACKS


class Fighters(NamedTuple):
    """What attacks need of each cell: keys, types, which are live, and present rates (1/min).

    `rate` [cell, type] of beginning, `immunogenicity` [cell, type], `damage_rate`, `duration` (min),
    `exponential` (whether that is a mean), `repair`.
    """

    key: NDArray[np.uint64]
    kind: NDArray[np.int64]
    live: NDArray[np.bool_]
    rate: Array
    immunogenicity: Array
    damage_rate: Array
    duration: Array
    exponential: NDArray[np.bool_]
    repair: Array


@inner_kernel
def first_target(i: int, now: float, end: float, seed: Any, when: int, pairs: Any, who: Any) -> Any:
    """The neighbour that cell i attacks first after `now` (min into the step), and when; -1 by the end.

    The numbers of a pair are those of the keys of both, whatever their places.
    """
    starts, other = pairs
    chosen, first = -1, end
    mine = seed ^ who.key[i]
    for p in range(starts[i], starts[i + 1]):
        j = other[p]
        rate = who.rate[i, who.kind[j]] * who.immunogenicity[j, who.kind[i]]
        if not (who.live[j] and rate > 0.0):
            continue
        u = uniform(mine, ATTACK, who.key[j], when)
        if u >= rate * (first - now):  # as -log(1 - u) >= u
            continue
        at = now - np.log1p(-u) / rate
        if at < first:
            chosen, first = j, at
    return chosen, first


@inner_kernel
def drawn_duration(i: int, seed: Any, when: int, who: Any) -> float:
    """How long (min) an attack of cell i lasts."""
    if not who.exponential[i]:
        return who.duration[i]
    return -who.duration[i] * np.log1p(-uniform(seed, ATTACK, who.key[i], when))


@inner_kernel
def hit(i: int, j: int, begin: float, end: float, minutes: float, who: Any, harm: Any) -> None:
    """Damage of cell j at the end of a step by an attack of cell i on it within the step."""
    damage, attacked = harm
    length, repair = end - begin, who.repair[j]
    effective = length
    if repair > 0.0:
        effective = -np.expm1(-repair * length) * np.exp(-repair * (minutes - end)) / repair
    damage[j] += who.damage_rate[i] * effective
    attacked[j] += length


@inner_kernel
def place_of(i: int, key: Any, pairs: Any, who: Any) -> int:
    """The live neighbour of cell i with this key, or -1."""
    starts, other = pairs
    for p in range(starts[i], starts[i + 1]):
        if who.key[other[p]] == key and who.live[other[p]]:
            return other[p]
    return -1


@inner_kernel
def go_on(i: int, minutes: float, pairs: Any, who: Any, target: Any, left: Any, harm: Any) -> float:
    """Continue the attack that cell i is in; the time (min into the step) at which it is free."""
    j = place_of(i, target[i], pairs, who) if who.live[i] else -1
    if j < 0:
        target[i], left[i] = 0, 0.0
        return 0.0
    t = min(left[i], minutes)
    hit(i, j, 0.0, t, minutes, who, harm)
    left[i] -= t
    if left[i] <= 0.0:
        target[i], left[i] = 0, 0.0
    return t


@kernel
def fight(
    seed: Any, tick: int, minutes: float, pairs: Any, who: Any, able: Any, target: Any, left: Any, harm: Any
) -> None:
    """All attacks of all cells within a step; `harm` is damage and attacked time, repaired before.

    `able`: which cells can begin an attack.
    """
    for i in range(target.size):
        now = 0.0
        if target[i] != 0:
            now = go_on(i, minutes, pairs, who, target, left, harm)
        if target[i] != 0 or not able[i]:
            continue
        for attack in range(MOST_ATTACKS):
            when = tick * SLOTS + 2 * attack
            j, begin = first_target(i, now, minutes, seed, when, pairs, who)
            if j < 0:
                break
            duration = drawn_duration(i, seed, when + 1, who)
            now = min(begin + duration, minutes)
            hit(i, j, begin, now, minutes, who, harm)
            if begin + duration > minutes:
                target[i], left[i] = who.key[j], begin + duration - minutes
                break


class Attacks:
    """The attacks of all cells over steps of `minutes`."""

    def __init__(self, tissue: Any, minutes: float) -> None:
        types = tissue.model.tissue.cell_types
        self.names, self.minutes = tuple(types), minutes
        self.behaviours: Behaviours = tissue.behaviours
        parts = list(types.values())
        self.rate, self.immunogenicity = np.zeros((len(types),) * 2), np.ones((len(types),) * 2)
        for t, part in enumerate(parts):
            for o, other in enumerate(self.names):
                self.rate[t, o] = part.attack.targets.get(other, 0.0) if part.attack else 0.0
                self.immunogenicity[t, o] = part.immunogenicity.get(other, 1.0)
        self.damage_rate, self.duration = (
            np.array([float(getattr(p.attack, field, 0.0)) for p in parts])
            for field in ("damage_rate", "duration")
        )
        self.exponential = np.array(
            [getattr(p.attack, "duration_law", "") == "exponential" for p in parts], bool
        )
        self.repair = np.array([float(part.damage_repair_rate) for part in parts])
        attacked = {o for part in parts if part.attack for o in part.attack.targets}
        self.attacked = [o for o, name in enumerate(self.names) if name in attacked]
        self.attackers = [t for t, part in enumerate(parts) if part.attack]

    def fighters(self, cells: Cells) -> Fighters:
        """Present numbers of all cells."""
        kind, now, active = cells.view("type"), self.behaviours.of, self.behaviours.of_active
        rate, immunogenicity = np.zeros((cells.n, len(self.names))), self.immunogenicity[kind]
        for o in self.attacked:
            rate[:, o] = active(cells, f"attack {self.names[o]}", self.rate[:, o])
        for t in self.attackers:
            word = f"immunogenicity to {self.names[t]}"
            immunogenicity[:, t] = now(cells, word, self.immunogenicity[:, t])
        return Fighters(
            np.ascontiguousarray(cells.view("key")),
            kind.astype(np.int64),
            cells.view("life") == LIVE,
            rate,
            immunogenicity,
            active(cells, "attack damage rate", self.damage_rate),
            np.ascontiguousarray(now(cells, "attack duration", self.duration)),
            self.exponential[kind],
            active(cells, "damage repair rate", self.repair),
        )

    def step(self, cells: Cells, contacts: Contacts, tick: int, draw: Draw) -> None:
        """Repair, and all attacks within one step."""
        who, damage = self.fighters(cells), cells.view("damage")
        damage *= np.exp(-who.repair * self.minutes)
        pairs, harm = (contacts.starts, contacts.other), (damage, cells.view("attacked_time"))
        target, left = cells.view("attack_target"), cells.view("attack_left")
        able = who.live & (who.duration > 0.0) & who.rate.any(axis=1)
        fight(draw.seed, int(tick), float(self.minutes), pairs, who, able, target, left, harm)


def attacks_of(tissue: Any, minutes: float) -> Attacks | None:
    """The attacks of a tissue, if any of its cell types attacks."""
    types = tissue.model.tissue.cell_types.values()
    return Attacks(tissue, minutes) if any(part.attack is not None for part in types) else None
