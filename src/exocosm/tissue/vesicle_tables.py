"""From a model to the processes of its vesicles outside cells: rates by type, carriers, matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.tissue.delivery import Delivery
from exocosm.tissue.matrix import Matrix
from exocosm.tissue.uptake import VesicleRates
from exocosm.tissue.vesicles import VesiclePopulation

Array = NDArray[np.float64]


def population_of(tissue: Any, name: str) -> VesiclePopulation:
    """The process of one population."""
    part = tissue.model.species.vesicles[name]
    return VesiclePopulation(
        name,
        tuple(carrier for carrier in tissue.carriers if carrier.population == name),
        float(part.diameter.median),
        rates_of(tissue.model, name),
        tissue.width,
        Delivery.of(tissue),
        matrix=matrix_binding(part),
        behaviours=tissue.behaviours,
        every=tissue.every(part.every),
        tick=tissue.clock.length,
    )


def rates_of(model: Any, population: str) -> VesicleRates:
    """Rates of all cell types for a population; a type that lacks a mechanism has 0."""
    types = model.tissue.cell_types.values()
    uptake = [t.uptake.get(population) for t in types]
    binding = [getattr(part, "binding", None) for part in uptake]
    efficiency = _column(uptake, "efficiency")
    by_efficiency = np.array([getattr(part, "efficiency", None) is not None for part in uptake], bool)
    return VesicleRates(
        release=np.array([float(t.release.get(population, 0.0)) for t in types]),
        uptake=np.where(by_efficiency, efficiency, _column(uptake, "clearance")),
        by_efficiency=by_efficiency,
        size_exponent=_column(uptake, "size_exponent"),
        binds=np.array([part is not None for part in binding], bool),
        off=_column(binding, "off"),
        internalisation=_column(binding, "internalisation"),
        keeps=np.array([getattr(part, "fate", None) is not None for part in uptake], bool),
    )


def matrix_binding(part: Any) -> Matrix | None:
    """Binding of a population to the matrix, if it binds."""
    binding = part.matrix_binding
    return Matrix(float(binding.on), float(binding.off), float(part.decay_rate)) if binding else None


def matrix_of(tissue: Any) -> dict[str, Array]:
    """What the matrix holds at the start of each carrier and rider that binds to it: nothing."""
    binding = {n for n, part in tissue.model.species.vesicles.items() if part.matrix_binding is not None}
    carriers = {carrier.index for carrier in tissue.carriers if carrier.population in binding}
    names = [carrier.name for carrier in tissue.carriers if carrier.index in carriers]
    names += [rider.name for rider in tissue.riders if rider.carrier in carriers]
    return {name: np.zeros(tissue.grid.shape) for name in names}


def _column(parts: list[Any], attribute: str) -> Array:
    values = [getattr(part, attribute, None) for part in parts]
    return np.array([0.0 if value is None else float(value) for value in values])
