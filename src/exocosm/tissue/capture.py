"""Antibody that surface cargo soaks up: free in the fluid, or held on vesicles and on the membranes of cells.

Vesicles hold it in field, matrix and on cells. In each voxel all sites S and held copies b of a population
share one concentration a of free antibody,

    db/dt = on a (S - b) - off b,        a V + sum of b = constant,

backward Euler: b' = (b + dt on a' S) / (1 + dt (on a' + off)), and a' is the one root of the balance, which
Newton's method finds from below because the balance rises and bends down in a'. What a cell holds is spread
over its footprint and gathered again with the same weights, so that each step keeps all copies. Held antibody
rides with its vesicles and is on the books of its substance wherever they are. Sites are the copies of the
captor on each vesicle, from the manifest and loaded from pools, and those that membranes show, less what
other antibodies hold of them. Where membranes take part, all that holds one antibody is one process, so that
nothing comes before anything else when antibody is short.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.draws import Draw
from exocosm.ground.ledger import Ledger
from exocosm.tissue.carriers import Rider
from exocosm.tissue.delivery import COPIES_PER_AMOUNT
from exocosm.tissue.membranes import HeldOnMembranes, ShownOnMembranes
from exocosm.tissue.state import State

Array = NDArray[np.float64]
ITERATIONS = 100


@dataclass(frozen=True)
class Moving:
    """Things outside cells, vesicles or riders: the name of their field and their column in the cells."""

    name: str
    column: int
    suffix: str

    def amount(self, state: State, place: str) -> Array:
        """How many there are in each voxel, in `field` or `matrix`, or on each cell, `surface`."""
        if place == "surface":
            return np.asarray(state.cells.view(f"bound{self.suffix}")[:, self.column])
        if place == "matrix":
            return state.matrix[self.name]
        field = state.fields[self.name]
        return np.asarray(field.values * field.stock)

    def put(self, state: State, place: str, amount: Array) -> None:
        """Set what `amount` tells."""
        if place == "surface":
            state.cells.view(f"bound{self.suffix}")[:, self.column] = amount
        elif place == "matrix":
            state.matrix[self.name] = amount
        else:
            field = state.fields[self.name]
            field.values[...] = amount / field.stock


Holder = Moving | HeldOnMembranes | ShownOnMembranes


@dataclass(frozen=True)
class Captor:
    """A captor on one carrier, or on membranes: what it holds, what has sites, and what occupies them.

    `sites` come with the number on each; `on` 1/(µM·min), `off` 1/min.
    """

    held: Moving | HeldOnMembranes
    sites: tuple[tuple[Holder, float], ...]
    rivals: tuple[Holder, ...]
    on: float
    off: float

    def open_sites(self, state: State, place: str) -> Array:
        """Sites that no other antibody holds."""
        total = sum(copies * moving.amount(state, place) for moving, copies in self.sites)
        return np.maximum(total - sum(rival.amount(state, place) for rival in self.rivals), 0.0)


@dataclass(frozen=True)
class Group:
    """Sites and held copies of a captor at one place; on cells also as spread over voxels."""

    captor: Captor
    place: str
    held: Array
    sites: Array
    held_in_voxels: Array
    sites_in_voxels: Array


class Capture:
    """Process: one antibody and what holds it: the vesicles of one population, or all with the membranes."""

    def __init__(
        self, name: str, antibody: str, captors: tuple[Captor, ...], width: float, *, every: int, tick: float
    ) -> None:
        self.name, self.antibody, self.captors, self.width = name, antibody, captors, width
        self.every, self.minutes = every, every * tick

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Bind and release over one step in every voxel that is not held."""
        field = state.fields[self.antibody]
        free = ~field.held
        for captor in self.captors:
            if isinstance(captor.held, Moving):
                free = free & ~state.fields[captor.held.name].held
        groups = [g for captor in self.captors for g in self._groups(state, captor)]
        per = field.stock * COPIES_PER_AMOUNT
        level = free_level(field.values, per, groups, self.minutes)
        gained = np.zeros(state.grid.shape)
        for group in groups:
            moved = self._bind(state, group, np.where(free, level, np.nan), gained) / COPIES_PER_AMOUNT
            if group.place != "field":
                ledger.move(self.antibody, "field", group.place, moved)
        field.values[...] = np.where(free, np.maximum(field.values - gained / per, 0.0), field.values)

    def _groups(self, state: State, captor: Captor) -> Iterable[Group]:
        for place in _places(state, captor.held):
            held, sites = captor.held.amount(state, place), captor.open_sites(state, place)
            if place == "surface":
                yield Group(captor, place, held, sites, self._spread(state, held), self._spread(state, sites))
            else:
                yield Group(captor, place, held, sites, held, sites)

    def _spread(self, state: State, amount: Array) -> Array:
        out = np.zeros(state.grid.shape)
        state.footprint(self.width).spread(amount, out)
        return out

    def _bind(self, state: State, group: Group, level: Array, gained: Array) -> float:
        """Take one group to its end at the free level (NaN: not here); returns what it gained."""
        here = ~np.isnan(level)
        stays, binds = _factors(group.captor, np.where(here, level, 0.0), self.minutes)
        stays, binds = np.where(here, stays, 1.0), np.where(here, binds, 0.0)
        gained += group.held_in_voxels * (stays - 1.0) + group.sites_in_voxels * binds
        if group.place == "surface":
            foot = state.footprint(self.width)
            stays, binds = foot.sample(stays), foot.sample(binds)
        after = group.held * stays + group.sites * binds
        gain = float((after - group.held).sum())
        group.captor.held.put(state, group.place, after)
        return gain


def _places(state: State, held: Any) -> tuple[str, ...]:
    """Where a captor can be: on membranes, or where its vesicles are."""
    if not isinstance(held, Moving):
        return ("surface",)
    return ("field", "matrix", "surface") if held.name in state.matrix else ("field", "surface")


def _factors(captor: Captor, level: Array, minutes: float) -> tuple[Array, Array]:
    """Factors of b' = stays b + binds S at a free concentration."""
    stays = 1.0 / (1.0 + minutes * (captor.on * level + captor.off))
    return stays, minutes * captor.on * level * stays


def free_level(level: Array, per: Array, groups: list[Group], minutes: float) -> Array:
    """Free concentration (µM) at the end of the step; `per` copies in a voxel make 1 µM."""
    total = level * per + sum(group.held_in_voxels for group in groups)
    a = np.zeros_like(level)
    for _ in range(ITERATIONS):
        balance, slope = a * per - total, per.copy()
        for group in groups:
            captor, b, s = group.captor, group.held_in_voxels, group.sites_in_voxels
            stays, binds = _factors(captor, a, minutes)
            balance += b * stays + s * binds
            slope += minutes * captor.on * stays * np.maximum(s - b * stays - s * binds, 0.0)
        change = -balance / slope
        a = np.maximum(a + change, 0.0)
        if np.all(np.abs(change) <= 1e-13 * a + 1e-300):
            break
    return a


def captures_of(tissue: Any) -> list[Capture]:
    """The processes of all antibodies: with membranes one for each, else population by population."""
    shared = _of_membranes(tissue)
    found = [_process(tissue, antibody, antibody, captors) for antibody, captors in shared.items()]
    for population in tissue.vesicles:
        mine = [r for r in _riders_with_antibody(tissue) if _population(tissue, r) == population]
        for antibody in dict.fromkeys(r.species for r in mine if r.species not in shared):
            captors = tuple(_captor(tissue, rider) for rider in mine if rider.species == antibody)
            found.append(_process(tissue, f"{antibody} on {population}", antibody, captors, population))
    return found


def _process(
    tissue: Any, name: str, antibody: str, captors: tuple[Captor, ...], population: str | None = None
) -> Capture:
    """As often as its population acts; with membranes as often as the first of all that take part."""
    species = tissue.model.species
    parts = [species.vesicles[population]] if population else [species.substrates[antibody]]
    if population is None:
        mine = [r for r in _riders_with_antibody(tissue) if r.species == antibody]
        parts += [species.vesicles[_population(tissue, rider)] for rider in mine]
    every = min(tissue.every(part.every) for part in parts)
    return Capture(name, antibody, captors, tissue.width, every=every, tick=tissue.clock.length)


def _of_membranes(tissue: Any) -> dict[str, tuple[Captor, ...]]:
    """All captors of each antibody that membranes hold."""
    found: dict[str, tuple[Captor, ...]] = {}
    for membrane in tissue.membranes.values():
        for antibody, column in membrane.held.items():
            others = [c for c in membrane.held.values() if c != column]
            rates = tissue.model.species.cargos[membrane.cargo].captured_by[antibody]
            mine = Captor(
                HeldOnMembranes(column),
                ((ShownOnMembranes(membrane), 1.0),),
                tuple(map(HeldOnMembranes, others)),
                float(rates.on),
                float(rates.off),
            )
            if antibody not in found:
                riders = [r for r in _riders_with_antibody(tissue) if r.species == antibody]
                found[antibody] = tuple(_captor(tissue, rider) for rider in riders)
            found[antibody] = (*found[antibody], mine)
    return found


def _riders_with_antibody(tissue: Any) -> list[Rider]:
    return [rider for rider in tissue.riders if rider.captor is not None]


def _population(tissue: Any, rider: Rider) -> str:
    return str(tissue.carriers[rider.carrier].population)


def _captor(tissue: Any, rider: Rider) -> Captor:
    rates = tissue.model.species.cargos[rider.captor].captured_by[rider.species]
    sites = tuple(copies_on(tissue, rider.carrier, str(rider.captor)))
    rivals = tuple(_rider(tissue, other) for other in antibodies_on(tissue, rider) if other != rider)
    return Captor(_rider(tissue, rider), sites, rivals, float(rates.on), float(rates.off))


def copies_on(tissue: Any, carrier: int, cargo: str) -> Iterable[tuple[Moving, float]]:
    """What brings copies of a cargo on a carrier: its vesicles by their manifest, and riders."""
    part = tissue.carriers[carrier]
    copies = tissue.model.species.vesicles[part.population].copies(cargo)
    yield Moving(part.name, carrier, ""), copies
    for rider in tissue.riders:
        if rider.carrier == carrier and rider.species == cargo and rider.captor is None:
            yield _rider(tissue, rider), 1.0


def antibodies_on(tissue: Any, rider: Rider) -> list[Rider]:
    """All riders that hold sites of the same captor on the same carrier."""
    return [r for r in tissue.riders if (r.carrier, r.captor) == (rider.carrier, rider.captor)]


def _rider(tissue: Any, rider: Rider) -> Moving:
    return Moving(rider.name, tissue.riders.index(rider), "_riders")
