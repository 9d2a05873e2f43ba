"""A measured population as YAML that a scenario takes in: each number with its range and its source."""

from __future__ import annotations

import io
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from exocosm.assay.tables import visible

if TYPE_CHECKING:
    from exocosm.assay.population import MeasuredPopulation

DIGITS = 4


def fragment(found: MeasuredPopulation) -> str:
    """`species:` with the population and its cargos, and above it what a reader must know."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width, yaml.default_flow_style = 110, False
    text = io.StringIO()
    yaml.dump({"species": as_data(found)}, text)
    return "\n".join([*_head(found), text.getvalue()])


def as_data(found: MeasuredPopulation) -> dict[str, Any]:
    """The plain data of the fragment below `species`."""
    population: dict[str, Any] = {
        "origin": found.origin,
        "route": found.route,
        "diameter": _diameter(found),
    }
    if found.cargos:
        population["manifest"] = {
            c.cargo: _quantity(c.copies, c.low, c.high, "copies/particle", c.how) for c in found.cargos
        }
    if found.per_mass is not None:
        how = f"particles/mL by {found.sizes.method} over the protein of the sample, {_file(found)}"
        population["particles_per_mass"] = _quantity(*found.per_mass, "particle/ug", how)
    population["every"] = "6 min"
    species: dict[str, Any] = {"vesicles": {found.name: population}}
    if found.cargos:
        species["cargos"] = {c.cargo: {"kind": c.kind} for c in found.cargos}
    return species


def _diameter(found: MeasuredPopulation) -> dict[str, Any]:
    fit = found.fit
    how = (
        f"log-normal fitted to {_file(found)} ({found.sizes.method}, about {fit.tracked:.0f} particles from "
        f"{fit.low:.4g} to {fit.high:.4g} nm), cut off at the detection limit"
    )
    return {
        "median": _quantity(fit.median, *fit.interval("medians"), "nm", how),
        "geometric_sd": _quantity(fit.geometric_sd, *fit.interval("spreads"), "", how),
    }


def _file(found: MeasuredPopulation) -> str:
    return visible(PurePath(found.sizes.file).name)


def _quantity(value: float, low: float, high: float, unit: str, how: str) -> dict[str, Any]:
    """A quantity with its range, written so that rounding keeps low <= value <= high."""
    numbers = [float(f"{number:.{DIGITS}g}") for number in (value, low, high)]
    middle, least, most = numbers[0], min(numbers), max(numbers)
    return {
        "value": _text(middle, unit),
        "derived": how,
        "range": [_text(least, unit), _text(most, unit)],
    }


def _text(number: float, unit: str) -> str | float:
    return f"{number:.{DIGITS}g} {unit}" if unit else number


def _head(found: MeasuredPopulation) -> list[str]:
    """Comments: where it comes from, and what is not measured and therefore not there."""
    fit = found.fit
    lines = [
        f"# {found.name}: from {_file(found)}, {found.sizes.format}; ranges hold 95 %",
        f"# {fit.seen_share:.0%} of the particles lie above {fit.low:.4g} nm, where they are seen",
    ]
    if found.particles is not None:
        value, low, high = found.particles
        lines.append(f"# sample: {value:.3g} particles/mL ({low:.3g} to {high:.3g}), those not seen too")
    lines += [f"# note: {note}" for note in found.notes]
    lines.append(
        "# decay_rate, release and uptake are not measured by these tables: state them, or take them over"
    )
    return lines
