"""A number in internal units that knows how it was written and what it stands on.

`Quantity` is a float, so that engine code computes with it as with any number. `In` says, in the
annotation of a part's field, in which internal units a quantity is held, what bounds it has, and whether
it is a choice of the modeller (a domain size, a time step) or knowledge, which needs a source.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from exocosm.model.faults import Fault, show
from exocosm.model.source import Source
from exocosm.model.units import UnitFault, convert, split


class Quantity(float):
    """A float in internal units with `.unit`, `.text` as written, `.source`, `.low`, `.high`, `.choice`."""

    __slots__ = ("choice", "high", "low", "source", "taken", "text", "unit")
    text: str
    unit: str
    source: Source | None
    low: float | None
    high: float | None
    choice: bool
    taken: bool

    def __new__(
        cls,
        value: float | str,
        unit: str = "",
        *,
        text: str | None = None,
        source: Source | None = None,
        low: float | None = None,
        high: float | None = None,
        choice: bool = False,
        taken: bool = False,
    ) -> Quantity:
        """From a number in internal units, or from text: Quantity("100 um"). Raises ModelError.

        `taken`: the value comes from its evidence row and is not written beside it.
        """
        if isinstance(value, str) and not unit:
            text = text or value.strip()
            value, unit = _internal(value)
        self = super().__new__(cls, value)
        written = f"{float(value)!r} {unit}".strip() if text is None else text
        attributes = {"text": written, "unit": unit, "source": source, "low": low, "high": high}
        for name, attribute in (attributes | {"choice": choice, "taken": taken}).items():
            object.__setattr__(self, name, attribute)
        return self

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Quantity is frozen: cannot set {name}")

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (float(self), {name: getattr(self, name) for name in self.__slots__})

    def __repr__(self) -> str:
        return f"Quantity({self.text!r})"

    def __copy__(self) -> Quantity:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Quantity:
        return self

    def replaced(self, value: float | None = None, **changes: Any) -> Quantity:
        """The same quantity with some attributes changed."""
        attributes = {name: getattr(self, name) for name in self.__slots__} | changes
        return Quantity(float(self) if value is None else value, **attributes)

    def written(self) -> str | float | dict[str, Any]:
        """The plain text, number or mapping that stands for it in a scenario file."""
        if self.source is None:
            return _plain(self.text)
        value = {} if self.taken else {"value": _plain(self.text)}
        return value | self.source.written()


def _plain(text: str) -> str | float:
    """A number without a unit is written as a number, if that gives the same text when it is read."""
    for kind in (int, float):
        try:
            if repr(kind(text)) == text:
                return kind(text)
        except ValueError:
            continue
    return text


def _internal(text: str) -> tuple[float, str]:
    """Number and internal unit of a text. Raises ModelError."""
    try:
        number, unit = split(text)
        for target in _INTERNAL:
            converted = convert(number, unit, target)
            if converted is not None:
                return converted, target
        raise UnitFault(f"no quantity of a model is in {unit!r}")
    except UnitFault as error:
        wanted = 'a number with a unit, such as "100 um"'
        raise Fault(error.problem, found=show(text), wanted=wanted, near=error.near).error() from None


def _rebuild(value: float, attributes: dict[str, Any]) -> Quantity:
    return Quantity(value, **attributes)


@dataclass(frozen=True)
class In:
    """What a field wants: internal units (the usual one first), bounds, and whether it is a choice."""

    kind: str
    units: tuple[str, ...]
    example: str
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    choice: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    @property
    def wanted(self) -> str:
        """What is right here, in words with an example."""
        return f'{self.kind}, such as "{self.example}"{self._bounds()}'

    def _bounds(self) -> str:
        if self.minimum is not None and self.maximum is not None:
            return f", between {self.minimum:g} and {self.maximum:g}"
        if self.minimum is not None:
            return f", at least {self.minimum:g}"
        return "" if self.above is None else f", above {self.above:g}"

    def read(self, value: Any) -> Quantity:
        """A quantity from text, number, mapping with a source, or Quantity. Raises Fault."""
        if isinstance(value, Mapping):
            from exocosm.model.sourced import read_sourced

            quantity = read_sourced(self, value)
        elif isinstance(value, Quantity):
            quantity = self._adopt(value)
        else:
            quantity = self.parse(value)
        self._check_bounds(quantity)
        return quantity.replaced(choice=self.choice)

    def _adopt(self, quantity: Quantity) -> Quantity:
        if quantity.unit in self.units:
            return quantity
        number, unit = self._converted(float(quantity), quantity.unit, quantity.text)
        return quantity.replaced(number, unit=unit)

    def parse(self, value: Any) -> Quantity:
        """A quantity from plain text, or from a number where it has no dimension. Raises Fault."""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise Fault("this is not a quantity", found=show(value), wanted=self.wanted)
        text = value if isinstance(value, str) else f"{value!r}"
        try:
            number, unit = split(text)
            number, unit = self._converted(number, unit, text)
        except UnitFault as error:
            raise Fault(error.problem, found=show(text), wanted=self.wanted, near=error.near) from error
        return Quantity(number, unit, text=text.strip())

    def _converted(self, number: float, unit: str, text: str) -> tuple[float, str]:
        if unit in self.units:
            return number, unit
        for target in self.units:
            converted = convert(number, unit, target)
            if converted is not None:
                return converted, target
        if unit in ("", "1"):
            raise Fault("this number has no unit", found=show(text), wanted=self.wanted)
        if self.kind == "a rate" and convert(number, unit, "min") is not None:
            raise Fault(
                "this is a time and no rate", found=show(text), wanted=self.wanted + _rates(number, unit)
            )
        raise Fault(f"the unit {unit!r} is not one of {self.kind}", found=show(text), wanted=self.wanted)

    def _check_bounds(self, quantity: Quantity) -> None:
        number, found = float(quantity), show(quantity.text)
        if not math.isfinite(number):
            raise Fault("this is not a finite number", found=found, wanted=self.wanted)
        if self.minimum is not None and number < self.minimum:
            problem = "this must not be negative" if self.minimum == 0 else "this is too small"
            raise Fault(problem, found=found, wanted=self.wanted)
        if self.above is not None and number <= self.above:
            raise Fault(f"this must be above {self.above:g}", found=found, wanted=self.wanted)
        if self.maximum is not None and number > self.maximum:
            raise Fault("this is too large", found=found, wanted=self.wanted)


def _rates(number: float, unit: str) -> str:
    """What rate a time in place of one may stand for, in words."""
    if number <= 0:
        return "; no time and no half-life is zero"
    mean, half = 1 / number, math.log(2) / number
    return f"; a mean time of {number:g} {unit} is {mean:.3g} 1/{unit}, a half-life {half:.3g} 1/{unit}"


_INTERNAL = (
    *("K", "", "um", "min", "um^3", "1/min", "um/min", "um^2/min", "um^3/min", "mPa*s"),
    *("mmHg", "uM", "uM/mmHg", "mmHg*um^3/min", "uM*um^3/min"),
    *("particle/um^3", "particle/min", "copy/particle", "particle", "copy", "copy/min", "copy/um^2"),
    *("1/particle", "1/uM", "1/uM/min", "particle/ug", "ug", "1/um/min"),
)
_CONCENTRATIONS = ("mmHg", "uM", "particle/um^3")
_AMOUNT_RATES = ("mmHg*um^3/min", "uM*um^3/min")

Rate = Annotated[Quantity, In("a rate", ("1/min",), "0.5 1/h", minimum=0)]
Time = Annotated[Quantity, In("a time", ("min",), "8.6 h", above=0)]
Speed = Annotated[Quantity, In("a speed", ("um/min",), "10 um/min", minimum=0)]
Length = Annotated[Quantity, In("a length", ("um",), "110 nm", above=0)]
Volume3 = Annotated[Quantity, In("a volume", ("um^3",), "2494 um^3", above=0)]
PartVolume = Annotated[Quantity, In("a volume", ("um^3",), "540 um^3", minimum=0)]
DiffusionCoefficient = Annotated[
    Quantity, In("a diffusion coefficient", ("um^2/min",), "1e5 um^2/min", minimum=0)
]
Fraction = Annotated[Quantity, In("a fraction", ("",), "0.2", minimum=0, maximum=1)]
Ratio = Annotated[Quantity, In("a ratio", ("",), "2.0", minimum=0)]
AtLeastOne = Annotated[Quantity, In("a ratio", ("",), "1.6", minimum=1)]
Concentration = Annotated[Quantity, In("a pressure or concentration", _CONCENTRATIONS, "38 mmHg", minimum=0)]
Solubility = Annotated[Quantity, In("a solubility", ("uM/mmHg",), "1.3 uM/mmHg", above=0)]
AmountRate = Annotated[Quantity, In("an amount of substrate per time", _AMOUNT_RATES, "17 amol/s", minimum=0)]
ReleaseRate = Annotated[
    Quantity, In("a number of vesicles per time", ("particle/min",), "62 particle/h", minimum=0)
]
Clearance = Annotated[Quantity, In("a volume per time", ("um^3/min",), "120 um^3/min", minimum=0)]
Copies = Annotated[
    Quantity, In("copies per vesicle", ("copy/particle",), "0.00825 copies/particle", minimum=0)
]
Particles = Annotated[Quantity, In("a number of vesicles", ("particle",), "30 particle", minimum=0)]
ManyParticles = Annotated[Quantity, In("a number of vesicles", ("particle",), "30 particle", above=0)]
CopyNumber = Annotated[Quantity, In("a number of copies", ("copy",), "5000 copies", minimum=0)]
CopyRate = Annotated[Quantity, In("copies per time", ("copy/min",), "10 copies/h", minimum=0)]
PoolShare = Annotated[
    Quantity,
    In("a share of the cell's pool per vesicle", ("1/particle",), "1e-6 1/particle", minimum=0, maximum=1),
]
SurfaceDensity = Annotated[Quantity, In("copies per area", ("copy/um^2",), "40 copies/um^2", above=0)]
Area = Annotated[Quantity, In("an area", ("um^2",), "30 um^2", above=0)]
Micromolar = Annotated[Quantity, In("a concentration", ("uM",), "0.5 nM", above=0)]
Share = Annotated[Quantity, In("a share above 0", ("",), "0.2", above=0, maximum=1)]
Stiffness = Annotated[Quantity, In("a stiffness", ("kPa",), "5 kPa", above=0)]
PerConcentration = Annotated[Quantity, In("a volume per amount", ("1/uM",), "570 L/mol", minimum=0)]
AssociationRate = Annotated[Quantity, In("a rate of association", ("1/uM/min",), "6 1/uM/min", minimum=0)]
ParticlesPerMass = Annotated[
    Quantity, In("vesicles per mass of protein", ("particle/ug",), "2e9 particle/ug", above=0)
]
Exponent = Annotated[Quantity, In("an exponent", ("",), "-1")]
Sensitivity = Annotated[Quantity, In("a sensitivity", ("",), "-0.5")]
EddyDiffusion = Annotated[Quantity, In("a diffusion coefficient", ("um^2/min",), "1e4 um^2/min", minimum=0)]
Permeability = Annotated[Quantity, In("a permeability", ("um/min",), "60 um/min", minimum=0)]
ArealDensity = Annotated[Quantity, In("a number per area", ("1/um^2",), "1e8 1/cm^2", above=0)]
ArrivalRate = Annotated[Quantity, In("cells per length and time", ("1/um/min",), "0.5 cell/h/mm", minimum=0)]
HalfMax = Annotated[Quantity, In("a pressure or concentration", _CONCENTRATIONS, "0.1 nM", above=0)]
HillPower = Annotated[Quantity, In("a Hill power", ("",), "4", above=0)]
Temperature = Annotated[Quantity, In("a temperature", ("K",), "37 degC", above=0)]
Viscosity = Annotated[Quantity, In("a viscosity", ("mPa*s",), "0.69 mPa*s", above=0)]

ChosenTime = Annotated[Quantity, In("a time", ("min",), "6 min", above=0, choice=True)]
Moment = Annotated[Quantity, In("a time", ("min",), "24 h", minimum=0, choice=True)]
ChosenLength = Annotated[Quantity, In("a length", ("um",), "20 um", above=0, choice=True)]
Coordinate = Annotated[Quantity, In("a length", ("um",), "300 um", choice=True)]
PartLength = Annotated[Quantity, In("a length", ("um",), "50 um", minimum=0, choice=True)]
Velocity = Annotated[Quantity, In("a velocity", ("um/min",), "0.5 um/s", choice=True)]
ChosenParticles = Annotated[
    Quantity, In("a number of vesicles", ("particle",), "1e6 particle", above=0, choice=True)
]
ChosenConcentration = Annotated[
    Quantity, In("a concentration", _CONCENTRATIONS, "1e9 particle/mL", above=0, choice=True)
]
ChosenMass = Annotated[Quantity, In("a mass", ("ug",), "10 ug", above=0, choice=True)]
ChosenShare = Annotated[Quantity, In("a share", ("",), "1", minimum=0, maximum=1, choice=True)]
ChosenRatio = Annotated[Quantity, In("a ratio", ("",), "0.5", minimum=0, choice=True)]


def zero(unit: str) -> Quantity:
    """Nothing of a kind: the value of a mechanism that a model does not name."""
    return Quantity(0.0, unit, text=f"0 {unit}")
