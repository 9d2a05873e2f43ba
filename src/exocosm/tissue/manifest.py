"""What the manifest says that each vesicle of a population carries, with the names and indices of the engine.

Such cargo needs no state of its own: wherever so many vesicles are, so many copies are on the books.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from exocosm.ground.ledger import Ledger

EVERY_VESICLE = -1


@dataclass(frozen=True)
class Entry:
    """One cargo of a manifest: `share` of the vesicles carry `copies` each.

    `fraction` is the column of `loaded_carry` of a cargo that only a fraction carries, or EVERY_VESICLE.
    """

    cargo: int
    name: str
    copies: float
    share: float = 1.0
    fraction: int = EVERY_VESICLE

    @property
    def mean(self) -> float:
        """Mean copies per vesicle."""
        return self.share * self.copies


Manifest = tuple[Entry, ...]


def manifests_of(tissue: Any) -> tuple[Manifest, ...]:
    """The manifest of each population of a tissue, in their order."""
    columns = {(f.population_index, f.cargo_index): i for i, f in enumerate(tissue.fractions)}
    return tuple(
        tuple(_entry(tissue, columns, p, cargo) for cargo in part.manifest)
        for p, part in enumerate(tissue.model.species.vesicles.values())
    )


def _entry(tissue: Any, columns: dict[tuple[int, int], int], population: int, cargo: str) -> Entry:
    index = tissue.cargos.index(cargo)
    column = columns.get((population, index), EVERY_VESICLE)
    if column == EVERY_VESICLE:
        part = tissue.model.species.vesicles[tissue.vesicles[population]]
        return Entry(index, cargo, part.copies(cargo))
    found = tissue.fractions[column]
    return Entry(index, cargo, found.copies, found.fraction, column)


def move_vesicles(
    ledger: Ledger, population: str, manifest: Manifest, source: str, sink: str, amount: float
) -> None:
    """Book vesicles and what their manifest says that they carry, between the same two accounts."""
    ledger.move(population, source, sink, amount)
    move_manifest(ledger, manifest, source, sink, amount)


def move_manifest(ledger: Ledger, manifest: Manifest, source: str, sink: str, amount: float) -> None:
    """Book the cargo of so many vesicles, without the vesicles."""
    for entry in manifest:
        ledger.move(entry.name, source, sink, entry.mean * amount)
