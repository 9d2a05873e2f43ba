"""The ramp of a cell type over a substrate (`modulated_by`), which multiplies what rules lead to."""

from __future__ import annotations

from exocosm.model.faults import Fault
from exocosm.model.grammar.behaviours import Behaviour
from exocosm.model.grammar.signals import Signal
from exocosm.model.parts.cells import CellType
from exocosm.model.parts.phases import Ramp

DEATHS = ("apoptosis", "necrosis")


def ramp_of(behaviour: Behaviour, cell_type: CellType) -> Ramp | None:
    """The ramp that multiplies a behaviour in cells of a type: of a phase's exit or a death."""
    if behaviour.name in DEATHS:
        death = getattr(cell_type, behaviour.name)
        return None if death is None else death.modulated_by
    if behaviour.form.over == "phases" and cell_type.cycle is not None:
        return cell_type.cycle.phases[int(behaviour.targets[0])].modulated_by
    return None


def check_once(signal: Signal, behaviour: Behaviour, ramp: Ramp | None) -> None:
    """A substrate acts on a behaviour by a rule or by the ramp. Raises Fault."""
    if ramp is None or signal.kind != "substrate" or signal.target != ramp.substrate:
        return
    problem = f"{signal.name} would act on {behaviour.name} twice: by this rule and by modulated_by"
    wanted = "one of them: leave out modulated_by of the cell type, or this rule"
    found = f"a rule over {signal.name}, and a ramp over {ramp.substrate}"
    raise Fault(problem, at=("signal",), found=found, wanted=wanted)
