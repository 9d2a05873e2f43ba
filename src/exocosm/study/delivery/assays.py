"""What cells were given where an effect was seen: doses of a scenario, and those of measured effects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exocosm import library
from exocosm.study.delivery.chain import MINUTES_PER_DAY
from exocosm.study.delivery.reading import Reading

Array = NDArray[np.float64]


@dataclass(frozen=True)
class AssayDose:
    """Copies per cell and day that cells of a type were given: `draws` (n + 1,), and what they stand on."""

    draws: Array
    source: str
    range: str


def assay_dose(reading: Reading, cargo: str, recipient: str) -> AssayDose | None:
    """The dose that the scenario states for the cargo on these cells, or None."""
    quantity = reading.model.species.cargos[cargo].assay_doses.get(recipient)
    if quantity is None:
        return None
    path = f"species.cargos.{cargo}.assay_doses.{recipient}"
    draws = reading.of(path, quantity) * MINUTES_PER_DAY
    drawn = reading.inputs.by_path[path]
    return AssayDose(draws, drawn.source, drawn.range)


def measured_doses(cargo: str) -> tuple[str, ...]:
    """Measured effects of mechanisms with this cargo that state a dose, each in one line with its source."""
    found = []
    names = _names(cargo)
    for mechanism in library.mechanisms(retracted=False):
        if names & set(mechanism.cargos):
            rows = library.measured_of(mechanism.id)
            found += [f"{row.id}: {row.told()} ({row.author_year}, {row.source})" for row in rows if row.dose]
    return tuple(found)


def _names(cargo: str) -> set[str]:
    """Names of a model's cargo in the table of mechanisms: YWHAZ is 14-3-3zeta there."""
    from exocosm.library.atlas import meanings

    try:
        return set(meanings("cargo", cargo))
    except library.EvidenceError:
        return set()
