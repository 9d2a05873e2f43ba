"""Rules of the cell behaviour grammar: in cells of a type, a signal increases or decreases a behaviour."""

from __future__ import annotations

from typing import Annotated, Literal

from exocosm.model.part import Name, Part
from exocosm.model.quantity import HillPower, In, Quantity

_UNITS = (
    *("", "1/min", "um/min", "mmHg", "uM", "particle/um^3", "particle", "copy", "particle/min", "copy/min"),
    *("1/particle", "um^3/min", "uM*um^3/min", "mmHg*um^3/min", "um^3"),
)
RuleNumber = Annotated[
    Quantity, In("a value in the unit of its signal or behaviour", _UNITS, "20 copies", minimum=0)
]


class Rule(Part):
    """`signal` increases or decreases `behaviour` towards `saturation`, half of the way at `half_max`.

    The response is a Hill function of the signal. Signals and behaviours are words of the grammar; numbers have
    their units. Source: Johnson et al. 2025, 10.1016/j.cell.2025.06.048.
    """

    cell_type: Name
    signal: str
    response: Literal["increases", "decreases"]
    behaviour: str
    saturation: RuleNumber
    half_max: RuleNumber
    hill_power: HillPower
    applies_to_dead: bool = False
