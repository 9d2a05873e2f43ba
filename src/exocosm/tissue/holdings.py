"""What cells hold, as a table: each column of it with its names on the ledger and the account that it is on.

Of what a manifest says that vesicles carry there are copies wherever its vesicles are, so that one column can
stand for several species. From this table follow the books of cells that come, divide and go. The
manifest of a vesicle carry is not in it: its copies are those of the vesicles that arrived beyond whole ones,
and a vesicle that was lent carries none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.draws import Purpose
from exocosm.tissue.cells import Cells
from exocosm.tissue.delivery import COPIES_PER_AMOUNT
from exocosm.tissue.endosome import has_fate
from exocosm.tissue.manifest import manifests_of

DIED, ENGULFED, ROUNDING = "died", "engulfed", "rounding"


@dataclass(frozen=True)
class Holding:
    """One species in one column: `per` units of it for each that the column counts, in cells of `types`.

    `account` is where it stands on the books, `sink` where it goes with a removed cell. A carry is `lent` to
    each new cell, by draws of that purpose for what has the names `drawn`.
    """

    column: str
    index: int
    species: str
    account: str
    sink: str = DIED
    per: float = 1.0
    types: NDArray[np.bool_] | None = None
    lent: Purpose | None = None
    drawn: tuple[str, ...] = ()

    def amount(self, cells: Cells, rows: Any = slice(None)) -> float:
        """How much of the species the cells of `rows` hold in this column."""
        held = cells.view(self.column)[rows, self.index]
        if self.types is not None:
            held = held[self.types[cells.view("type")[rows]]]
        return self.per * float(held.sum())


@dataclass(frozen=True)
class Holdings:
    """All holdings; `load_population` and `rider_carrier` say whose vesicles loads and riders go with.

    `names` has what each index of a column of whole things is of, so that draws do not hang on order.
    """

    table: tuple[Holding, ...]
    names: Mapping[str, tuple[str, ...]]
    load_population: tuple[int, ...] = ()
    rider_carrier: tuple[int, ...] = ()

    @classmethod
    def of(cls, tissue: Any) -> Holdings:
        """What the cells of a tissue hold."""
        parts = (_in_bodies, _on_carriers, _on_riders, _on_membranes, _in_pools)
        known = set(tissue.ledger_species())
        table = tuple(row for part in parts for row in part(tissue) if row.species in known)
        riders = tuple(rider.carrier for rider in tissue.riders)
        return cls(table, _names(tissue), tuple(load.population_index for load in tissue.loads), riders)

    @classmethod
    def plain(
        cls, populations: tuple[str, ...], cargos: tuple[str, ...], substrates: tuple[str, ...] = ()
    ) -> Holdings:
        """Vesicles that opened at once, cargo and substrates of these names, and nothing else."""
        table = [row for i, name in enumerate(populations) for row in _entered(i, name, name)]
        table += [row for i, name in enumerate(cargos) for row in _pooled(i, name)]
        table += [Holding("substrate", i, name, "inside") for i, name in enumerate(substrates)]
        names = dict.fromkeys(("vesicles", "bodies", "body_vesicles"), populations) | {"cargo": cargos}
        return cls(tuple(table), names | {"body_cargo": (), "vesicle_riders": ()})


def _names(tissue: Any) -> dict[str, tuple[str, ...]]:
    return {
        "vesicles": tuple(carrier.name for carrier in tissue.carriers),
        "bodies": tissue.vesicles,
        "body_vesicles": tissue.vesicles,
        "cargo": tissue.cargos,
        "body_cargo": tuple(f"{load.cargo}@{load.population}" for load in tissue.loads),
        "vesicle_riders": tuple(rider.name for rider in tissue.riders),
    }


def _entered(index: int, name: str, carrier: str) -> Iterator[Holding]:
    yield Holding("vesicles", index, name, "inside")
    carry = ("vesicle_carry", index, name, "pending", ROUNDING)
    yield Holding(*carry, lent=Purpose.CARRY, drawn=(carrier,))


def _pooled(index: int, name: str) -> Iterator[Holding]:
    yield Holding("cargo", index, name, "inside")
    carry = ("cargo_carry", index, name, "pending", ROUNDING)
    yield Holding(*carry, lent=Purpose.CARGO_CARRY, drawn=(name,))


def _in_bodies(tissue: Any) -> Iterator[Holding]:
    for p, (name, manifest) in enumerate(zip(tissue.vesicles, manifests_of(tissue), strict=True)):
        yield Holding("body_vesicles", p, name, "bodies")
        for entry in manifest:
            yield Holding("body_vesicles", p, entry.name, "bodies", per=entry.mean)
    for i, load in enumerate(tissue.loads):
        yield Holding("body_cargo", i, load.cargo, "bodies")


def _on_carriers(tissue: Any) -> Iterator[Holding]:
    manifests, fate = manifests_of(tissue), has_fate(tissue)
    for carrier in tissue.carriers:
        c, p = carrier.index, carrier.population_index
        yield Holding("outgoing", c, carrier.population, "field")
        yield Holding("bound", c, carrier.population, "surface")
        yield from _entered(c, carrier.population, carrier.name)
        for entry in manifests[p]:
            yield Holding("outgoing", c, entry.name, "field", per=entry.mean)
            yield Holding("bound", c, entry.name, "surface", per=entry.mean)
            yield Holding("vesicles", c, entry.name, "endosome", per=entry.mean, types=fate[:, p])


def _on_riders(tissue: Any) -> Iterator[Holding]:
    for i, rider in enumerate(tissue.riders):
        per = 1.0 if rider.cargo_index >= 0 else 1.0 / COPIES_PER_AMOUNT
        yield Holding("outgoing_riders", i, rider.species, "field", per=per)
        yield Holding("bound_riders", i, rider.species, "surface", per=per)
        yield Holding("vesicle_riders", i, rider.species, "endosome", per=per)
        carry = ("rider_carry", i, rider.species, "pending", ROUNDING, per)
        yield Holding(*carry, lent=Purpose.RIDER_CARRY, drawn=(rider.name,))


def _on_membranes(tissue: Any) -> Iterator[Holding]:
    for membrane in tissue.membranes.values():
        for antibody, column in membrane.held.items():
            yield Holding("membrane_held", column, antibody, "surface", per=1.0 / COPIES_PER_AMOUNT)


def _in_pools(tissue: Any) -> Iterator[Holding]:
    for i, name in enumerate(tissue.cargos):
        yield from _pooled(i, name)
    for i, part in enumerate(tissue.fractions):
        population, cargo = tissue.vesicles[part.population_index], tissue.cargos[part.cargo_index]
        carry = ("loaded_carry", i, cargo, "pending", ROUNDING, part.copies)
        yield Holding(*carry, lent=Purpose.DELIVERY, drawn=(population, cargo))
    for i, name in enumerate(tissue.substrates):
        yield Holding("substrate", i, name, "inside")
