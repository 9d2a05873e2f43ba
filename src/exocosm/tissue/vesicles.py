"""Vesicles outside cells: released, carried by diffusion, decayed, taken up, counted.

Concentration is per extracellular volume. The extracellular share of a voxel and the detours around
cells follow from where cells are, averaged over a representative volume of a few cell diameters; both
change the field's storage and conductivity (Maxwell), and a vesicle stays in its voxel when they do.
Uptake is the cell's intrinsic clearance in series with diffusion to it (`clearance`). A cell takes a
real-valued amount from the field and counts whole vesicles: it keeps a carry in [0, 1) that started at
random and takes floor(carry + amount), which has the right mean far below one vesicle. Cargo copies
follow from counted vesicles in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.draws import Draw
from exocosm.ground.ledger import Ledger
from exocosm.tissue.cells import LIVE
from exocosm.tissue.clearance import Surroundings, exchange_clearance, lone_clearance
from exocosm.tissue.state import State
from exocosm.tissue.weights import Footprint

Array = NDArray[np.float64]

LEAST_FRACTION = 1e-3
"""Extracellular share below which a concentration outside cells would mean nothing."""

AVERAGING_PER_RADIUS = 4.0
"""Half-width, in cell radii, over which the extracellular share is averaged: about two cells each way."""


class ExtracellularSpace:
    """Process: the extracellular share of each voxel, from where the cells are."""

    name = "extracellular space"

    def __init__(
        self, vesicles: tuple[str, ...], least_fraction: float, radius: float, *, every: int
    ) -> None:
        self.vesicles, self.least_fraction, self.every = vesicles, least_fraction, every
        self.radius = radius

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Spread the volume of all cells over the voxels and tell the vesicle fields."""
        grid = state.grid
        width = max(grid.voxel, AVERAGING_PER_RADIUS * self.radius)
        cells = np.zeros(grid.shape)
        foot = Footprint.of(state.cells.view("position"), grid, width)
        foot.spread(state.cells.total_volume() / grid.volume, cells)
        open_share = np.maximum(1.0 - cells, max(self.least_fraction, LEAST_FRACTION))
        obstruction = open_share / (1.0 + 0.5 * (1.0 - open_share))
        for name in self.vesicles:
            state.fields[name].set_porosity(open_share, obstruction)


@dataclass(frozen=True)
class VesicleRates:
    """Per cell type: release in particles/min; intrinsic clearance in µm³/min, or efficiency of the sink."""

    release: Array
    clearance: Array
    efficiency: Array

    def intrinsic(self, kind: NDArray[np.int16], radius: Array, diffusion: Array) -> Array:
        """Intrinsic clearance of each cell: as given, or efficiency / (1 - efficiency) of 4 π D R."""
        efficiency = self.efficiency[kind]
        odds = np.divide(
            efficiency, 1.0 - efficiency, out=np.full_like(radius, np.inf), where=efficiency < 1.0
        )
        return np.asarray(self.clearance[kind] + odds * 4.0 * np.pi * diffusion * radius)


class VesiclePopulation:
    """Process: one population of vesicles and its cargo, between all cells."""

    def __init__(
        self,
        name: str,
        index: int,
        rates: VesicleRates,
        width: float,
        manifest: tuple[tuple[int, str, float], ...],
        *,
        every: int,
        tick: float,
    ) -> None:
        self.name, self.index = name, index
        self.rates, self.width = rates, width
        self.manifest, self.every, self.minutes = manifest, every, every * tick

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Release, transport, decay and uptake over one step."""
        cells = state.cells
        alive = cells.view("life") == LIVE
        kind = cells.view("type")
        release = np.where(alive, self.rates.release[kind], 0.0)
        field, foot = state.fields[self.name], state.footprint(self.width)
        clearance = self._clearance(state, foot, alive)
        source, sink = np.zeros(state.grid.shape), np.zeros(state.grid.shape)
        foot.spread(release, source)
        foot.spread(clearance, sink)
        flows = field.step(self.minutes, source, sink)
        taken = clearance * foot.sample(field.solved, 1) * self.minutes
        self._book(
            ledger,
            float(release.sum()) * self.minutes,
            flows.decayed,
            flows.inflow,
            flows.outflow,
            float(taken.sum()),
        )
        self._count(state, taken, ledger)

    def _clearance(self, state: State, foot: Footprint, alive: NDArray[np.bool_]) -> Array:
        cells, field = state.cells, state.fields[self.name]
        out = np.zeros(cells.n)
        radius = cells.radius()
        diffusion = foot.sample(field.diffusivity)
        intrinsic = self.rates.intrinsic(cells.view("type"), radius, diffusion)
        takers = np.flatnonzero(alive & (intrinsic > 0.0))
        if len(takers):
            sink = np.where(alive, lone_clearance(intrinsic, radius, diffusion), 0.0)
            around = Surroundings.of(foot, state.grid, field.conductivity, cells.total_volume(), sink).at(
                takers
            )
            out[takers], _ = exchange_clearance(
                intrinsic[takers], radius[takers], diffusion[takers], around, state.grid, self.width
            )
        return out

    def _book(
        self, ledger: Ledger, released: float, decayed: float, inflow: float, outflow: float, taken: float
    ) -> None:
        books = [(self.name, 1.0, "pending")] + [
            (cargo, copies, "surface") for _, cargo, copies in self.manifest
        ]
        for species, copies, taken_to in books:
            ledger.move(species, "released", "field", copies * released)
            ledger.move(species, "field", "decayed", copies * decayed)
            ledger.move(species, "supplied", "field", copies * inflow)
            ledger.move(species, "field", "left", copies * outflow)
            ledger.move(species, "field", taken_to, copies * taken)

    def _count(self, state: State, taken: Array, ledger: Ledger) -> None:
        """Turn amounts into whole vesicles and whole copies of cargo."""
        cells, tallies = state.cells, state.tallies
        kind = cells.view("type")
        whole = _take_whole(cells.view("vesicle_carry")[:, self.index], taken)
        cells.view("vesicles")[:, self.index] += whole
        tallies.internalised[:, self.index] += _by_type(kind, whole, tallies.internalised)
        ledger.move(self.name, "pending", "inside", float(whole.sum()))
        for cargo, name, copies in self.manifest:
            delivered = _take_whole(cells.view("cargo_carry")[:, cargo], copies * whole)
            cells.view("cargo")[:, cargo] += delivered
            tallies.delivered[:, cargo] += _by_type(kind, delivered, tallies.delivered)
            ledger.move(name, "surface", "pending", copies * float(whole.sum()))
            ledger.move(name, "pending", "inside", float(delivered.sum()))


class Lifetimes:
    """Process: the minutes that cells of each type lived, over which deliveries are averaged."""

    name = "lifetimes"

    def __init__(self, *, every: int, tick: float) -> None:
        self.every, self.minutes = every, every * tick

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Add the minutes of the live cells."""
        kind = state.cells.view("type")[state.cells.view("life") == LIVE]
        state.tallies.cell_minutes += self.minutes * np.bincount(
            kind, minlength=len(state.tallies.cell_minutes)
        )


def _by_type(kind: NDArray[np.int16], amount: NDArray[np.int64], tally: Array) -> Array:
    return np.asarray(np.bincount(kind, weights=amount, minlength=len(tally)))


def _take_whole(carry: Array, amount: NDArray[Any]) -> NDArray[np.int64]:
    """floor(carry + amount); the rest stays in `carry`."""
    total = carry + amount
    whole = np.floor(total)
    carry[...] = total - whole
    return whole.astype(np.int64)
