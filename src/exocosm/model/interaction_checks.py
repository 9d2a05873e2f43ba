"""What must hold of what cells do to each other and turn into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exocosm.model.faults import Fault, Place
from exocosm.model.parts.cells import CellType

if TYPE_CHECKING:
    from exocosm.model.model import Model

STAYS = {
    "fate": "vesicles inside would be in endosomes of one type and opened in the other",
    "binding": "vesicles on the surface would never leave it again in the type without binding",
}


def check_interactions(model: Model) -> None:
    """A cell turns into another type only where what it holds means the same in both. Raises Fault."""
    types = model.tissue.cell_types
    for name, cell_type in types.items():
        for other in cell_type.transformations:
            at = ("tissue", "cell_types", name, "transformations", other)
            if other == name:
                wanted = "another cell type"
                raise Fault("a cell cannot turn into its own type", at=at, found=other, wanted=wanted)
            _same_vesicles(at, name, other, model)


def _same_vesicles(at: Place, name: str, other: str, model: Model) -> None:
    types = model.tissue.cell_types
    for population in model.species.vesicles:
        for part, why in STAYS.items():
            had, gets = _has(types[name], population, part), _has(types[other], population, part)
            if had == gets:
                continue
            owner, lacks = (name, other) if had else (other, name)
            found = f"uptake of {population} with {part} in {owner} and without in {lacks}: {why}"
            wanted = f"uptake of {population} with {part} in both (efficiency: 0 if none), or in neither"
            problem = f"{name} cells cannot turn into {other} cells with the vesicles that they hold"
            raise Fault(problem, at=at, found=found, wanted=wanted)


def _has(cell_type: CellType, population: str, part: str) -> bool:
    return getattr(cell_type.uptake.get(population), part, None) is not None
