"""Vesicles outside cells: released, carried by diffusion, bound, decayed, taken up, counted.

Concentration is per extracellular volume (`space`). Each size bin of a population, a carrier, moves with its
own diffusion and clearance; cargo of its own field, a rider, moves with the same operator. Uptake is the
cell's intrinsic clearance in series with diffusion to it (`clearance`); surface (`uptake`) and matrix
(`matrix`) are solved together with transport. A cell takes a real-valued amount and counts whole vesicles: it
keeps a carry in [0, 1) that started at random and takes floor(carry + amount), which has the right mean far
below one vesicle (`delivery`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.draws import Draw
from exocosm.ground.ledger import Ledger
from exocosm.tissue.behaviours import NO_RULES, Behaviours
from exocosm.tissue.carriers import Carrier
from exocosm.tissue.clearance import Surroundings, exchange_clearance, lone_clearance, own_share
from exocosm.tissue.delivery import Delivery, by_type, deliver, deliver_rider, take_whole
from exocosm.tissue.manifest import move_manifest
from exocosm.tissue.matrix import Matrix
from exocosm.tissue.state import State
from exocosm.tissue.transport import Moving, Transport, Uptakes
from exocosm.tissue.uptake import CellRates, VesicleRates
from exocosm.tissue.vesicle_books import Books

Array = NDArray[np.float64]


class VesiclePopulation:
    """Process: one population of vesicles, its sizes and its cargo, between all cells."""

    def __init__(
        self,
        name: str,
        carriers: tuple[Carrier, ...],
        median: float,
        rates: VesicleRates,
        width: float,
        delivery: Delivery,
        *,
        matrix: Matrix | None = None,
        behaviours: Behaviours = NO_RULES,
        every: int,
        tick: float,
    ) -> None:
        self.name, self.carriers, self.median = name, carriers, median
        self.rates, self.width, self.delivery = rates, width, delivery
        self.matrix, self.behaviours = matrix, behaviours
        self.every, self.minutes = every, every * tick
        self.books = Books.of(name, carriers, delivery)

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Release, transport, binding, decay and uptake of all sizes over one step."""
        rates = self.rates.of_cells(state.cells, self.name, self.behaviours)
        for carrier in self.carriers:
            self._transport(state, carrier, rates, ledger)

    def _transport(self, state: State, carrier: Carrier, rates: CellRates, ledger: Ledger) -> None:
        """One carrier and its riders over a step, and what they moved, counted and booked."""
        released = carrier.share * rates.release
        self.books.release(ledger, float(released.sum()) * self.minutes)
        moving = self._moving(state, carrier, released)
        transport = Transport(self.width, self.matrix)
        moves = transport.advance(state, moving, self._uptakes(state, carrier, rates), self.minutes)
        for thing, moved in zip(moving, moves, strict=True):
            state.cells.view(f"outgoing{thing.suffix}")[:, thing.column] = 0.0
            self.books.move(ledger, thing.name, moved)
        self._count(state, carrier, moves[0].entered, ledger)
        for thing, moved in zip(moving[1:], moves[1:], strict=True):
            self._count_rider(state, thing.column, moved.entered, ledger)

    def _moving(self, state: State, carrier: Carrier, released: Array) -> list[Moving]:
        """A carrier and its riders, with what leaves each cell per min over the step."""
        released = released + state.cells.view("outgoing")[:, carrier.index] / self.minutes
        found = [Moving(carrier.name, "", carrier.index, released)]
        for index in self.books.riders[carrier.index]:
            brought = state.cells.view("outgoing_riders")[:, index] / self.minutes
            found.append(Moving(self.delivery.riders[index].name, "_riders", index, brought))
        return found

    def _uptakes(self, state: State, carrier: Carrier, rates: CellRates) -> Uptakes:
        clearance, intrinsic, own, _ = self.clearances(state, carrier, rates)
        return Uptakes(rates, clearance, intrinsic, own)

    def clearances(
        self, state: State, carrier: Carrier, rates: CellRates
    ) -> tuple[Array, Array, Array, NDArray[np.bool_]]:
        """Clearance of footprints, intrinsic ones (µm³/min), share taken of own release, what is clipped.

        A clearance is clipped where the grid could not carry what was asked.
        """
        cells, field, foot = state.cells, state.fields[carrier.name], state.footprint(self.width)
        out, own, radius = np.zeros(cells.n), np.zeros(cells.n), cells.radius()
        clipped = np.zeros(cells.n, bool)
        diffusion = foot.sample(field.diffusivity)
        intrinsic = rates.intrinsic(radius, diffusion, carrier.diameter / self.median)
        takers = np.flatnonzero((intrinsic > 0.0) & (diffusion > 0.0))
        if len(takers):
            sink = lone_clearance(intrinsic, radius, diffusion)
            around = Surroundings.of(foot, state.grid, field.conductivity, cells.total_volume(), sink).at(
                takers
            )
            with np.errstate(divide="ignore"):
                out[takers], clipped[takers] = exchange_clearance(
                    intrinsic[takers], radius[takers], diffusion[takers], around, state.grid, self.width
                )
            near, grid = (radius[takers], diffusion[takers], around), state.grid
            own[takers] = own_share(out[takers], intrinsic[takers], *near, grid, self.width)
        return out, intrinsic, own, clipped

    def _count(self, state: State, carrier: Carrier, entered: Array, ledger: Ledger) -> None:
        """Turn amounts into whole vesicles; where none wait in endosomes they open at once."""
        cells, tally = state.cells, state.tallies.internalised
        kind, column = cells.view("type"), carrier.population_index
        whole = take_whole(cells.view("vesicle_carry")[:, carrier.index], entered)
        cells.view("vesicles")[:, carrier.index] += whole
        tally[:, column] += by_type(kind, whole, len(tally))
        ledger.move(self.name, "pending", "inside", float(whole.sum()))
        opened = np.where(self.rates.keeps[kind], 0, whole)
        manifest = self.delivery.manifest(carrier.index)
        move_manifest(ledger, manifest, "pending", "endosome", float((whole - opened).sum()))
        deliver(state, self.delivery, ledger, carrier.index, opened, "pending")

    def _count_rider(self, state: State, index: int, entered: Array, ledger: Ledger) -> None:
        """Turn amounts of a rider into whole copies, in endosomes or free in the cell."""
        cells = state.cells
        whole = take_whole(cells.view("rider_carry")[:, index], entered)
        free = np.where(self.rates.keeps[cells.view("type")], 0, whole)
        cells.view("vesicle_riders")[:, index] += whole - free
        species, unit = self.books.of_rider(index)
        ledger.move(species, "pending", "endosome", unit * float((whole - free).sum()))
        deliver_rider(state, self.delivery, ledger, index, free)
