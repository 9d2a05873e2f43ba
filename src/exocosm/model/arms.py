"""Arms of a model: named variants that a comparison runs beside it on the same random numbers.

An arm says what the model is without, which values are others and which events are added, made in this order.
It is a list of changes and no model of its own: it is made, and checked, when it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, model_validator

from exocosm.ground.errors import ModelError
from exocosm.model.events import Event
from exocosm.model.faults import Fault, show
from exocosm.model.part import FrozenDict, Part, frozen

if TYPE_CHECKING:
    from exocosm.model.changes import Change


def _settings(value: Any) -> Any:
    if not isinstance(value, Mapping) or not all(isinstance(path, str) for path in value):
        wanted = "paths with their values, such as {species.vesicles.tumour.decay_rate: 0.1 1/h}"
        raise Fault("this has the wrong form", found=show(value), wanted=wanted)
    return value


class Arm(Part):
    """A variant of a model: targets of `without` (see `Without`), values to `set` by path, events to `add`.

    `title` says in a few words what is asked with it.
    """

    title: str = ""
    without: tuple[str, ...] = ()
    set: Annotated[dict[str, Any], BeforeValidator(_settings), frozen] = FrozenDict()
    add: tuple[Event, ...] = ()

    @model_validator(mode="after")
    def _changes_something(self) -> Arm:
        if not (self.without or self.set or self.add):
            raise Fault("an arm changes nothing", found="no change", wanted="one of: without, set, add")
        for path in self.set:
            _readable(path)
        return self

    def changes(self) -> tuple[Change, ...]:
        """What is changed, in the order in which it is made."""
        from exocosm.model.changes import Add, Set, Without

        made: list[Change] = [Without(target) for target in self.without]
        made += [Set(path, value) for path, value in self.set.items()]
        return (*made, *(Add(event) for event in self.add))


def _readable(path: str) -> None:
    from exocosm.model.changes import parse_path

    try:
        parse_path(path)
    except ModelError:
        wanted = "a dotted path, such as species.vesicles.tumour.decay_rate"
        raise Fault("this is not a path", at=("set", path), found=show(path), wanted=wanted) from None
