"""How cells live and die: cycle phases with their durations, and the two ways of death."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, model_validator

from exocosm.model.faults import Fault, Place, first_fault, show, unknown
from exocosm.model.part import Name, Part, frozen, only, tagged, whole
from exocosm.model.parts.presets import without_preset
from exocosm.model.quantity import Concentration, Fraction, Quantity, Rate, Ratio, Time
from exocosm.physics.cell_cycles import PhaseLaw, phase_shares


class Fixed(Part):
    """A phase that always lasts `mean` min."""

    mean: Time


class Normal(Part):
    """A phase of normally distributed length: mean and sd in min."""

    mean: Time
    sd: Time


class Exponential(Part):
    """A phase left at a constant `rate` in 1/min."""

    rate: Rate


Duration = Annotated[
    Fixed | Normal | Exponential,
    tagged(fixed=only(Fixed, "mean"), normal=whole(Normal), exponential=only(Exponential, "rate")),
]


class Ramp(Part):
    """A factor from 0 at `zero_at` to 1 at `one_at`, linear between and clamped; either may be larger."""

    substrate: Name
    zero_at: Concentration
    one_at: Concentration


def _next(value: Any) -> Any:
    """The name of a phase, or shares by name. Raises Fault."""
    if value is not None and not isinstance(value, str | Mapping):
        wanted = "a phase, or shares such as {G1: 0.7, G0: 0.3}"
        raise Fault("this has the wrong form", found=show(value), wanted=wanted)
    try:
        return (_SHARES if isinstance(value, Mapping) else _NAME).validate_python(value)
    except ValidationError as error:
        raise first_fault(error) from None


_NAME: TypeAdapter[Any] = TypeAdapter(Name | None)
_SHARES: TypeAdapter[Any] = TypeAdapter(Annotated[dict[Name, Fraction], frozen])


class Phase(Part):
    """A phase of the cycle; on entry it may double target solid volumes, at its exit it may divide.

    It lasts a `duration` and then the cell goes on to `next`: a phase, or one of several by its share (1 in
    all); without, to the next phase in order. Instead, `exits` gives a rate (1/min) of leaving for each
    phase that may follow. A rate of 0 is never left unless a rule drives it.
    """

    name: Name
    duration: Duration | None = None
    next: Annotated[Any, BeforeValidator(_next)] = None
    exits: Annotated[dict[Name, Rate], frozen] | None = None
    doubles_volume: bool = False
    divides: bool = False
    modulated_by: Ramp | None = None

    @model_validator(mode="after")
    def _left_in_one_way(self) -> Phase:
        if self.duration is None and self.exits is None:
            raise Fault(
                "'duration' is missing", found=f"the phase {self.name}", wanted="duration: ..., or exits"
            )
        if self.exits is None:
            return self
        for other in ("duration", "next"):
            if getattr(self, other) is not None:
                wanted = "either exits, or duration and next"
                raise Fault(
                    "a phase is left in one way", at=(other,), found=f"{other} and exits", wanted=wanted
                )
        if not sum(map(float, self.exits.values())) > 0:
            wanted = "a rate above 0; for cells at rest duration: {exponential: 0 1/h} and next"
            raise Fault(
                "this phase is never left", at=("exits",), found="rates with the sum 0", wanted=wanted
            )
        return self

    @model_validator(mode="after")
    def _whole(self) -> Phase:
        total = sum(map(float, self.next.values())) if isinstance(self.next, Mapping) else 1.0
        if abs(total - 1) > 1e-9:
            raise Fault(
                "the shares are not whole",
                at=("next",),
                found=f"sum {total:g}",
                wanted="shares with the sum 1",
            )
        return self

    @property
    def law(self) -> Fixed | Normal | Exponential:
        """How long the phase lasts: its duration, or all exits together."""
        if self.duration is not None:
            return self.duration
        total = sum(map(float, (self.exits or {}).values()))
        return Exponential.model_construct(rate=Quantity(total, "1/min", text=f"{total:.6g} 1/min"))


def shares_of(phases: Sequence[Any], index: int) -> dict[int, float]:
    """Where cells go from a phase: the index of each phase that may follow, by name, with its share."""
    phase, places = phases[index], {phase.name: k for k, phase in enumerate(phases)}
    if phase.exits is None and phase.next is None:
        return {(index + 1) % len(phases): 1.0}
    given = phase.exits or ({phase.next: 1.0} if isinstance(phase.next, str) else phase.next)
    total = sum(map(float, given.values()))
    return {places[name]: float(given[name]) / total for name in sorted(given) if float(given[name]) > 0}


def _followers(phase: Phase) -> list[tuple[Place, str]]:
    """The phases that a phase names as its followers, and where."""
    if isinstance(phase.next, str):
        return [(("next",), phase.next)]
    field = "next" if phase.exits is None else "exits"
    return [((field, name), name) for name in getattr(phase, field) or ()]


def culture_of(phases: Sequence[Any]) -> tuple[list[PhaseLaw], Any, list[bool]]:
    """Lengths of phases, shares [phase, phase] where cells go, and where they divide: what growth needs."""
    import numpy as np

    shares = np.zeros((len(phases), len(phases)))
    for index in range(len(phases)):
        for follower, share in shares_of(phases, index).items():
            shares[index, follower] = share
    return [_law(phase.law) for phase in phases], shares, [bool(phase.divides) for phase in phases]


def _law(duration: Any) -> PhaseLaw:
    numbers = {name: float(getattr(duration, name, 0.0)) for name in ("mean", "sd", "rate")}
    return PhaseLaw(type(duration).__name__.lower(), **numbers)


class Cycle(Part):
    """Phases; after each comes the next in order, after the last the first, unless a phase says otherwise.

    `model` takes the phases of a model that ships (`exocosm.library.cycle_names()`), of which `phases` may
    then change some by name. Cells start in the first phase, or, `asynchronous`, anywhere in the cycle, as
    in a culture that has grown for long.
    """

    phases: Annotated[tuple[Phase, ...], Field(min_length=1)]
    start: Literal["first", "asynchronous"] = "first"

    @model_validator(mode="before")
    @classmethod
    def _resolved(cls, data: Any) -> Any:
        return without_preset(data, Phase)

    @model_validator(mode="after")
    def _connected(self) -> Cycle:
        names = [phase.name for phase in self.phases]
        for index, name in enumerate(names):
            if name in names[:index]:
                at, wanted = ("phases", index, "name"), "a name for each phase"
                raise Fault("two phases have one name", at=at, found=name, wanted=wanted)
        for index, phase in enumerate(self.phases):
            for place, name in _followers(phase):
                if name not in names:
                    raise unknown("phase", name, names, at=("phases", index, *place))
        return self

    @model_validator(mode="after")
    def _goes_on(self) -> Cycle:
        if self.start == "asynchronous":
            try:
                phase_shares(*culture_of(self.phases))
            except ValueError as error:
                wanted = "start: first, or phases that cells leave again"
                raise Fault(str(error), at=("start",), found="asynchronous", wanted=wanted) from None
        return self


class DeathVolume(Part):
    """First-order rates (1/min) at which a dying cell's volumes approach their targets."""

    fluid_change_rate: Rate
    cytoplasmic_biomass_change_rate: Rate
    nuclear_biomass_change_rate: Rate
    calcification_rate: Rate


class Death(DeathVolume):
    """Apoptosis: rate (1/min), duration (min), shrinking rates, and the volume ratio of bursting."""

    rate: Rate
    modulated_by: Ramp | None = None
    duration: Time
    relative_rupture_volume: Ratio


class Necrosis(Part):
    """Necrosis: rate in 1/min, duration of the lysed phase in min, rates while swelling and after lysis."""

    rate: Rate
    modulated_by: Ramp | None = None
    duration: Time
    swelling: DeathVolume
    lysed: DeathVolume
    relative_rupture_volume: Ratio
