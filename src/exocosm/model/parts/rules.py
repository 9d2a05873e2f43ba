"""Rules of the cell behaviour grammar: in cells of a type, a signal increases or decreases a behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ValidationError

from exocosm.model.cited import Cited
from exocosm.model.faults import Fault, first_fault
from exocosm.model.part import Name, Part
from exocosm.model.parts.regions import read_text
from exocosm.model.quantity import HillPower, In, Quantity

_UNITS = (
    *("", "1/min", "um/min", "mmHg", "uM", "particle/um^3", "particle", "copy", "particle/min", "copy/min"),
    *("1/particle", "um^3/min", "uM*um^3/min", "mmHg*um^3/min", "um^3", "mmHg/um", "uM/um", "min", "kPa"),
)
_KIND = "a value in the unit of its signal or behaviour"
RuleNumber = Annotated[Quantity, In(_KIND, _UNITS, "20 copies", minimum=0)]
Saturation = Annotated[Quantity, In(_KIND, _UNITS, "20 copies")]


class Rule(Part):
    """`signal` increases or decreases `behaviour` towards `saturation`, half of the way at `half_max`.

    The response is a Hill function of the signal. Signals and behaviours are words of the grammar; numbers
    have their units. A rule speaks of live cells, and of dead ones too where it says so. A `name` lets a
    change leave it out; `evidence` are rows of mechanisms that it stands for. Source: Johnson et al. 2025,
    10.1016/j.cell.2025.06.048.
    """

    name: Name | None = None
    cell_type: Name
    signal: str
    response: Literal["increases", "decreases"]
    behaviour: str
    saturation: Saturation
    half_max: RuleNumber
    hill_power: HillPower
    applies_to_dead: bool = False
    evidence: Cited = ()


class RuleTable(Part):
    """Rules in the text of a table of PhysiCell (version 3, or 1 with base values), in its units.

    A model turns it into rules when it is made: it knows the units of the words. `file` is named in faults.
    """

    table: str
    file: str = ""


def _item(value: Any) -> Any:
    """A rule; or a table, as text or from a CSV file."""
    if isinstance(value, Rule | RuleTable):
        return value
    try:
        if not isinstance(value, Mapping) or not ({"csv", "table"} & set(value)):
            return Rule.model_validate(value)
        if len(value) != 1:
            found = ", ".join(map(str, value))
            raise Fault("a table of rules stands alone", found=found, wanted="only csv: or table:")
        if "table" in value:
            return RuleTable.model_validate({"table": value["table"]})
        name = value["csv"]
        return RuleTable.model_validate({"table": read_text(name), "file": Path(str(name)).name})
    except ValidationError as error:
        raise first_fault(error) from None


RuleItem = Annotated[Rule | RuleTable, BeforeValidator(_item)]
