"""Steps that are too long for what happens in them: refused with the reason and the longest that would do.

Cells live, divide and die at exact times within a step, and most exchange is exact too; what a step must
resolve is the loss of a field (backward Euler: a step loses x / (1 + x) where 1 - e^-x would be right, with
x = rate × step), the growth of a population, whose daughters need room, and a push between cells.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from exocosm.model.faults import Fault
from exocosm.model.grammar.behaviours import behaviours_of, numbered
from exocosm.model.parts.cells import CellType
from exocosm.model.parts.phases import culture_of
from exocosm.model.parts.rules import Rule
from exocosm.model.quantity import Quantity
from exocosm.physics.cell_cycles import PhaseLaw, growth_rate, mean_length
from exocosm.physics.shapes import ball_radius

if TYPE_CHECKING:
    from exocosm.model.model import Model

MOST_LOST = 1.0
"""Loss rate times step of a field that is followed in time: at 1 a step loses 0.5 instead of 0.63 of it."""
FURTHEST_PUSH = 6.0
"""Radii by which one push may move a cell: three diameters are past the next cell and the one behind it."""
NEAR = 50.0
"""Steps in a cycle from which its growth need not be worked out: it takes longer than one."""


def check_steps(model: Model) -> None:
    """Steps resolve decay, growth and pushes. Raises Fault."""
    for place, rate, every in losses(model):
        if rate * every > MOST_LOST:
            name = place[2]
            found = f"{rate.text} with a step of {every.text}: {float(rate * every):.3g} in a step"
            wanted = f"every: at most {1 / float(rate):.2g} min, or a lower rate"
            wanted += ", or regime: quasi-steady" if place[1] == "substrates" else ""
            problem = f"{name} decays within its step, which cannot resolve it"
            raise Fault(problem, at=place, found=found, wanted=wanted)
    for name, cell_type in model.tissue.cell_types.items():
        _growth(name, cell_type, model)
        _push(name, cell_type, model)


def losses(model: Model) -> list[tuple[tuple[str, str, str, str], Quantity, Quantity]]:
    """Place, rate (1/min) and step (min) of the decay of each field that is followed in time."""
    found = []
    for kind in ("substrates", "vesicles"):
        for name, part in getattr(model.species, kind).items():
            if getattr(part, "regime", "transient") == "transient":
                found.append((("species", kind, name, "decay_rate"), part.decay_rate, part.every))
    return found


def _growth(name: str, cell_type: CellType, model: Model) -> None:
    """Cells of a type double in no less than a step of phenotype, rules included."""
    step = model.tissue.steps.phenotype
    if cell_type.cycle is None:
        return
    laws, shares, divides = culture_of(cell_type.cycle.phases)
    laws = _driven(laws, name, model)
    if sum(map(mean_length, laws)) > NEAR * float(step):
        return
    try:
        doubling = math.log(2) / max(growth_rate(laws, shares, divides), 1e-12)
    except ValueError:
        return
    if doubling < step:
        at = ("tissue", "cell_types", name, "cycle")
        found = f"they double every {doubling:.3g} min, with a step of phenotype of {step.text}"
        wanted = f"longer phases, or a step of at most {doubling:.3g} min"
        problem = f"{name} cells divide faster than the step can resolve"
        raise Fault(problem, at=at, found=found, wanted=wanted)


def _driven(laws: Sequence[PhaseLaw], name: str, model: Model) -> list[PhaseLaw]:
    """Phases as short as rules can make them."""
    driven, words, cell_type = list(laws), behaviours_of(model), model.tissue.cell_types[name]
    for rule in model.tissue.rules:
        if isinstance(rule, Rule) and rule.cell_type == name and rule.response == "increases":
            behaviour = words.find(numbered(rule.behaviour, cell_type)).name
            match = re.fullmatch(r"exit from cycle phase (\d+)", behaviour)
            law = driven[int(match[1])] if match else None
            if match and law is not None and law.law == "exponential":
                driven[int(match[1])] = law._replace(rate=max(law.rate, float(rule.saturation)))
    return driven


def _push(name: str, cell_type: CellType, model: Model) -> None:
    """A push moves a cell by no more than three diameters in a step."""
    step, speed = model.tissue.steps.mechanics, cell_type.mechanics.repulsion
    radius = ball_radius(float(cell_type.volume.total))
    if speed * step > FURTHEST_PUSH * radius:
        at = ("tissue", "cell_types", name, "mechanics", "repulsion")
        found = f"{speed.text} with a step of {step.text}: up to {float(speed * step):.3g} um in a step"
        longest = radius / (2 * float(speed))
        wanted = (
            f"a step of mechanics of at most {longest:.2g} min, where the law is stable, or less repulsion"
        )
        problem = f"{name} cells push each other past the next cell in one step"
        raise Fault(problem, at=at, found=found, wanted=wanted)
