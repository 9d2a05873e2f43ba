"""A model: everything that a run needs to know, validated and in internal units."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import model_validator

from exocosm.ground.errors import ModelError
from exocosm.model import checks, conversion, names, starts
from exocosm.model.arms import Arm
from exocosm.model.events import Event
from exocosm.model.expectations import Expectation
from exocosm.model.faults import Fault, unknown
from exocosm.model.grammar import tables
from exocosm.model.part import FrozenDict, Name, Named, Part
from exocosm.model.parts.species import Species
from exocosm.model.parts.tissue import Tissue
from exocosm.model.quantity import ChosenTime
from exocosm.model.record import Record

if TYPE_CHECKING:
    from exocosm.model.changes import Change

FORMAT = "exocosm/1"


class Model(Part):
    """A frozen model. `change` gives another one; `to_yaml` and `from_yaml` go back and forth.

    Times are in min, lengths in µm, substrates in mmHg or µM, vesicles in particles. `primary_outcome` names
    the column of the summary by which arms are judged, `expectation` what they are expected to do. Raises
    ModelError when a part does not fit the others.
    """

    def __init__(self, **data: Any) -> None:
        # A file must say its format; a model built from parts has that of this version.
        super().__init__(**{"format": FORMAT} | data)

    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    format: Literal["exocosm/1"]
    name: Name
    title: str = ""
    description: str = ""
    question: str = ""
    primary_outcome: str = ""
    duration: ChosenTime
    species: Species = Species()
    tissue: Tissue
    body: None = None
    events: tuple[Event, ...] = ()
    arms: Named[Arm] = FrozenDict()
    expectation: tuple[Expectation, ...] = ()
    record: Record = Record()

    @model_validator(mode="before")
    @classmethod
    def _no_body_yet(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("body") is not None:
            raise Fault(
                "the whole-body engine is not part of this version",
                at=("body",),
                found="a body",
                wanted="no body, or body: null",
            )
        return data

    @model_validator(mode="after")
    def _fits_together(self) -> Model:
        # A frozen model may be completed while it is made: cells of a file depend on the block.
        tissue, events = starts.within_block(self)
        object.__setattr__(self, "tissue", tissue)
        object.__setattr__(self, "events", events)
        names.check_names(self)
        # Amounts in mol depend on a solubility.
        object.__setattr__(self, "tissue", conversion.in_substrate_units(self.tissue, self.species))
        object.__setattr__(self, "tissue", tables.with_rules(self))
        checks.check(self)
        return self

    def change(self, *changes: Change) -> Model:
        """Another model, with the changes made in order. Raises ModelError."""
        from exocosm.model.changes import apply

        return apply(self, changes)

    def arm(self, name: str) -> tuple[Change, ...]:
        """The changes of an arm. Raises ModelError with the nearest name."""
        if name not in self.arms:
            raise unknown("arm", name, self.arms, at=("arms", name)).error()
        return self.arms[name].changes()

    def variant(self, name: str) -> Model:
        """The model of an arm. Raises ModelError that names the arm."""
        changes = self.arm(name)
        try:
            return self.change(*changes)
        except ModelError as error:
            error.place = f"arms.{name}, {error.place}" if error.place else f"arms.{name}"
            error.args = (error.text(),)
            raise

    def to_yaml(self) -> str:
        """The text of a scenario file that gives an equal model."""
        from exocosm.model.writing import to_yaml

        return to_yaml(self)

    @classmethod
    def from_yaml(cls, text: str, *, file: str = "model") -> Model:
        """The model of a scenario's text. Raises ModelError with `file` and the line."""
        from exocosm.model.loading import from_text

        return from_text(text, file=file)

    def save(self, path: str | Path) -> None:
        """Writes `to_yaml` to a file."""
        Path(path).write_text(self.to_yaml(), encoding="utf-8")
