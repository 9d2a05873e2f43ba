"""Text with units into numbers in internal units, through the one registry in `units.txt`.

Internal: µm, min, mmHg or µM as stated, particles, copies, K, mPa·s. Temperatures with an offset (°C) are
parsed apart, because a product with an offset unit has no meaning.
"""

from __future__ import annotations

import difflib
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

REGISTRY_FILE = Path(__file__).with_name("units.txt")
LONGEST_TEXT = 80

_NUMBER = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*?)\s*$", re.DOTALL)
_UNIT = re.compile(r"[A-Za-z0-9_ */^().+-]*$")
_CELSIUS = {"degC", "°C", "celsius", "Celsius"}
_PLAIN = str.maketrans({"µ": "u", "μ": "u", "²": "^2", "³": "^3", "·": "*", "⁻": "-", "¹": "1", "−": "-"})


class UnitFault(ValueError):
    """A text that is no quantity, with the nearest unit where it has one that is not known."""

    def __init__(self, problem: str, near: str | None = None) -> None:
        super().__init__(problem)
        self.problem, self.near = problem, near


@lru_cache(maxsize=1)
def registry() -> Any:
    """The pint registry (built once; pint is imported only here, as it takes most of a second)."""
    from pint import UnitRegistry

    return UnitRegistry(str(REGISTRY_FILE), cache_folder=None, on_redefinition="ignore")


def split(text: str) -> tuple[float, str]:
    """The number and the unit text of e.g. "62 particle/h". Raises UnitFault."""
    if len(text) > LONGEST_TEXT:
        raise UnitFault("this is too long for a quantity")
    match = _NUMBER.match(text)
    if match is None:
        raise UnitFault("this is not a number with a unit")
    value = float(match.group(1))
    if value in (float("inf"), float("-inf")):
        raise UnitFault("this is not a finite number")
    return value, match.group(2)


@lru_cache(maxsize=1024)
def parse_unit(text: str) -> Any:
    """A pint unit. Raises UnitFault for names that the registry does not know."""
    plain = text.translate(_PLAIN).strip()
    if not _UNIT.match(plain):
        raise UnitFault(f"the unit {text!r} cannot be read")
    if plain in ("", "1"):
        return registry().dimensionless
    known = registry()
    try:
        return known.parse_units(re.sub(r"(^|[*(\s])1\s*/", r"\1dimensionless/", plain))
    except Exception as error:  # pint raises many kinds; all of them mean that the text is no unit
        raise UnitFault(f"the unit {text!r} is not known", _nearest_unit(plain)) from error


def _nearest_unit(text: str) -> str | None:
    names = [name for name in dir(registry()) if not name.startswith("_")]
    matches = difflib.get_close_matches(text, names, n=1, cutoff=0.6)
    return matches[0] if matches else None


@lru_cache(maxsize=4096)
def factor(unit: str, target: str) -> float | None:
    """What one `unit` is in `target`, or None where the dimensions differ."""
    source, wanted = parse_unit(unit), parse_unit(target)
    if source.dimensionality != wanted.dimensionality:
        return None
    return float(registry().convert(1.0, source, wanted))


def convert(value: float, unit: str, target: str) -> float | None:
    """`value` in `target` units, or None where the dimensions differ. Raises UnitFault for unknown units."""
    if unit == target:
        return value
    if target == "K" and unit.strip() in _CELSIUS:
        return round(value + 273.15, 9)
    scale = factor(unit, target)
    if scale is None:
        return None
    # 15 digits: what the text says, without the last-digit noise of multiplied prefixes.
    return value if scale == 1.0 else float(f"{value * scale:.15g}")
