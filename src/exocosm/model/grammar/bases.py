"""Where a cell type keeps the value that a behaviour starts from: None where it has no such part."""

from __future__ import annotations

from collections.abc import Callable

from exocosm.model.parts.cells import CellType
from exocosm.model.parts.phases import Exponential
from exocosm.model.quantity import Quantity, zero

Base = Callable[[CellType, tuple[str, ...]], Quantity | None]
RATE = "1/min"


def exchange(field: str, unit: str) -> Base:
    """Of the exchange of a substrate; a maximum needs its half-saturation."""

    def base(cell_type: CellType, targets: tuple[str, ...]) -> Quantity | None:
        exchange = cell_type.exchange.get(targets[0])
        if field == "max_uptake" and (exchange is None or exchange.half_saturation is None):
            return None
        value: Quantity = zero(unit) if exchange is None else getattr(exchange, field)
        return value

    return base


def exit_rate(cell_type: CellType, targets: tuple[str, ...]) -> Quantity | None:
    """Of the exit from a phase: its rate, or 1 over its mean length."""
    phase = int(targets[0])
    if cell_type.cycle is None or phase >= len(cell_type.cycle.phases):
        return None
    duration = cell_type.cycle.phases[phase].law
    if isinstance(duration, Exponential):
        return duration.rate
    rate = 1.0 / float(duration.mean)
    return Quantity(rate, RATE, text=f"{rate:.6g} 1/min")


def chemotaxis(cell_type: CellType, targets: tuple[str, ...]) -> Quantity | None:
    """Of the response to a gradient."""
    motility = cell_type.motility
    return None if motility is None else motility.chemotaxis.get(targets[0], zero(""))


def release(cell_type: CellType, targets: tuple[str, ...]) -> Quantity | None:
    """Of the release of a population."""
    return cell_type.release.get(targets[0], zero("particle/min"))


def genesis(field: str) -> Base:
    """Of genesis; what concerns bodies needs their number of vesicles."""

    def base(cell_type: CellType, targets: tuple[str, ...]) -> Quantity | None:
        genesis = cell_type.genesis.get(targets[0])
        if genesis is None or (field != "budding" and genesis.vesicles_per_body is None):
            return None
        value: Quantity = getattr(genesis, field)
        return value

    return base


def loading(cell_type: CellType, targets: tuple[str, ...]) -> Quantity | None:
    """Of the loading of a cargo into a population."""
    cargo, population = targets
    genesis = cell_type.genesis.get(population)
    return None if genesis is None else genesis.loading.get(cargo)


def uptake(part: str, field: str) -> Base:
    """Of uptake, or of its part `binding` or `fate`."""

    def base(cell_type: CellType, targets: tuple[str, ...]) -> Quantity | None:
        uptake = cell_type.uptake.get(targets[0])
        if not part:
            return None if uptake is None else uptake.clearance or uptake.efficiency or zero("um^3/min")
        found = getattr(uptake, part, None)
        return None if found is None else getattr(found, field)

    return base


def part(part: str, field: str) -> Base:
    """Of the pool of a cargo, or of a state."""

    def base(cell_type: CellType, targets: tuple[str, ...]) -> Quantity | None:
        found = getattr(cell_type, part).get(targets[0])
        return None if found is None else getattr(found, field)

    return base


def toward(part: str, field: str) -> Base:
    """A rate by cell type, of the cell type itself or of its part `part`."""

    def base(cell_type: CellType, targets: tuple[str, ...]) -> Quantity | None:
        holder = getattr(cell_type, part) if part else cell_type
        return None if holder is None else getattr(holder, field).get(targets[0])

    return base


def of(part: str, field: str) -> Base:
    """A number of the part `part` of a cell type."""

    def base(cell_type: CellType, targets: tuple[str, ...]) -> Quantity | None:
        holder = getattr(cell_type, part)
        return None if holder is None else getattr(holder, field)

    return base


def immunogenicity(cell_type: CellType, targets: tuple[str, ...]) -> Quantity | None:
    """Of what a cell shows to those that attack."""
    return cell_type.immunogenicity.get(targets[0], Quantity(1.0, text="1"))
