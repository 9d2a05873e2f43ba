"""The books of vesicles outside cells: what a carrier or rider moved, with all that its vesicles carry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.ledger import Ledger
from exocosm.tissue.carriers import Carrier
from exocosm.tissue.delivery import COPIES_PER_AMOUNT, Delivery
from exocosm.tissue.fields import Flows


@dataclass(frozen=True)
class Moves:
    """What a stage or step moved of one field, in its things: flows, what surfaces and matrix gained.

    `decayed` in the matrix; `entered` (cells,); `sound`: nothing ended below zero.
    """

    flows: Flows
    caught: float
    gained: float
    decayed: float
    entered: NDArray[np.float64]
    sound: bool

    def after(self, first: Moves, ahead: float) -> Moves:
        """What a step moved whose first stage moved `first`, and its second one this."""
        return Moves(
            self.flows.after(first.flows, ahead),
            self.caught + ahead * first.caught,
            self.gained + ahead * first.gained,
            self.decayed + ahead * first.decayed,
            self.entered + ahead * first.entered,
            self.sound,
        )


@dataclass(frozen=True)
class Books:
    """`units` names the species that each field stands for, and how much of it is in one of its things.

    A carrier stands for vesicles and the copies of their manifest; a rider for copies of its cargo, or for
    an antibody in µM·µm³. `riders` lists the riders of each carrier.
    """

    population: str
    units: dict[str, tuple[tuple[str, float], ...]]
    riders: dict[int, tuple[int, ...]]
    delivery: Delivery

    @classmethod
    def of(cls, population: str, carriers: tuple[Carrier, ...], delivery: Delivery) -> Books:
        """The books of one population."""
        units: dict[str, tuple[tuple[str, float], ...]] = {}
        riders: dict[int, tuple[int, ...]] = {}
        for carrier in carriers:
            entries = delivery.manifest(carrier.index)
            units[carrier.name] = ((population, 1.0), *((e.name, e.mean) for e in entries))
            mine = [i for i, rider in enumerate(delivery.riders) if rider.carrier == carrier.index]
            riders[carrier.index] = tuple(mine)
            units |= {delivery.riders[i].name: (rider_unit(delivery, i),) for i in mine}
        return cls(population, units, riders, delivery)

    def of_rider(self, index: int) -> tuple[str, float]:
        """The species of a rider, and how much of it one copy is."""
        return rider_unit(self.delivery, index)

    def release(self, ledger: Ledger, amount: float) -> None:
        """Book vesicles released at constant rates, with their manifest."""
        for species, unit in next(iter(self.units.values())):
            ledger.move(species, "released", "field", unit * amount)

    def move(self, ledger: Ledger, name: str, moved: Moves) -> None:
        """Book what moved in a step of the field `name`."""
        flows = moved.flows
        moves = (
            ("supplied", "field", flows.inflow),
            ("field", "left", flows.outflow),
            ("field", "decayed", flows.decayed),
            ("field", "surface", moved.caught),
            ("field", "matrix", moved.gained + moved.decayed),
            ("matrix", "decayed", moved.decayed),
            ("field", "pending", float(moved.entered.sum())),
        )
        for species, unit in self.units[name]:
            if species in ledger.row:
                for source, sink, amount in moves:
                    ledger.move(species, source, sink, unit * amount)


def rider_unit(delivery: Delivery, index: int) -> tuple[str, float]:
    """The species of a rider, and how much of it one copy is."""
    rider = delivery.riders[index]
    return rider.species, 1.0 if rider.cargo_index >= 0 else 1.0 / COPIES_PER_AMOUNT
