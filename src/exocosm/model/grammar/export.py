"""Rules into a table that PhysiCell reads (CSV, version 3), in its units: min, um, mmHg."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exocosm.model.faults import Fault
from exocosm.model.grammar.checking import Read
from exocosm.model.grammar.reading import rules_of

if TYPE_CHECKING:
    from exocosm.model.model import Model


def to_physicell_csv(model: Model) -> str:
    """The table of a model's rules. Raises ModelError with the words that PhysiCell does not have."""
    rules = rules_of(model)
    foreign = [name for read in rules for name in _unsayable(read)]
    if foreign:
        names = ", ".join(dict.fromkeys(foreign))
        wanted = "signals and behaviours that PhysiCell has; leave these rules out"
        raise Fault("PhysiCell cannot say these rules", found=names, wanted=wanted).error()
    return "".join(_row(read) + "\n" for read in rules)


def _unsayable(read: Read) -> list[str]:
    cells, words = f"in {read.rule.cell_type} cells", (read.signal, read.behaviour)
    foreign = [f"{word.name} ({cells})" for word in words if word.foreign is None]
    if read.ramp is not None:
        foreign.append(f"{read.behaviour.name} times a ramp over {read.ramp.substrate} ({cells})")
    return foreign


def _row(read: Read) -> str:
    rule = read.rule
    numbers = [repr(float(value)) for value in (rule.saturation, rule.half_max, rule.hill_power)]
    words = [rule.cell_type, str(read.signal.foreign), rule.response, str(read.behaviour.foreign)]
    return ",".join([*words, *numbers, str(int(rule.applies_to_dead))])
