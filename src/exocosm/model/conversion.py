"""Amounts given in mol, into the unit of their substrate.

1 µM·µm³ is 1e-21 mol, which pint knows. For a substrate in mmHg an amount is pressure times volume, and
Henry's law (c = solubility x p) turns one into the other.
"""

from __future__ import annotations

from exocosm.model.faults import Fault
from exocosm.model.parts.cells import CellType, Exchange
from exocosm.model.parts.species import Species, Substrate
from exocosm.model.parts.tissue import Tissue
from exocosm.model.quantity import Quantity

AMOUNTS = ("secretion_rate", "max_uptake")


def in_substrate_units(tissue: Tissue, species: Species) -> Tissue:
    """The tissue with exchange in each substrate's unit·µm³/min. Raises Fault where solubility lacks."""
    types = {}
    for name, cell_type in tissue.cell_types.items():
        try:
            types[name] = _cell_type(cell_type, species)
        except Fault as fault:
            raise fault.inside("tissue", "cell_types", name, "exchange") from None
    if not types:
        return tissue
    return tissue.model_copy(update={"cell_types": type(tissue.cell_types)(types)})


def _cell_type(cell_type: CellType, species: Species) -> CellType:
    if not cell_type.exchange:
        return cell_type
    exchange = {
        name: _exchange(name, exchange, species.substrates[name])
        for name, exchange in cell_type.exchange.items()
    }
    return cell_type.model_copy(update={"exchange": type(cell_type.exchange)(exchange)})


def _exchange(name: str, exchange: Exchange, substrate: Substrate) -> Exchange:
    changes = {}
    for field in AMOUNTS:
        if field not in exchange.model_fields_set:
            continue
        try:
            changes[field] = amount_rate(getattr(exchange, field), substrate)
        except Fault as fault:
            raise fault.inside(name, field) from None
    return exchange.model_copy(update=changes)


def amount_rate(rate: Quantity, substrate: Substrate) -> Quantity:
    """An amount per time in the unit of its substrate·µm³/min. Raises Fault where solubility lacks."""
    unit = f"{substrate.unit}*um^3/min"
    if rate.unit == unit:
        return rate
    if float(rate) == 0:
        return rate.replaced(unit=unit)
    if substrate.solubility is None:
        problem = "an amount in mol needs the solubility of its substrate"
        raise Fault(problem, found=rate.text, wanted=f"solubility: ... uM/mmHg of the substrate, or {unit}")
    to_pressure = rate.unit.startswith("uM")
    scale = 1 / float(substrate.solubility) if to_pressure else float(substrate.solubility)
    low, high = (None if bound is None else bound * scale for bound in (rate.low, rate.high))
    return rate.replaced(float(rate) * scale, unit=unit, low=low, high=high)
