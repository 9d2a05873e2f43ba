"""What must hold of rules: words that exist, mechanisms that the cells have, units, and rules that agree.

Rules that increase a behaviour share one saturation, and so do those that decrease it: their responses
combine into one (see `exocosm.tissue.rules`), which has no place for two. A signal may drive a behaviour once
in each direction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exocosm.model.conversion import amount_rate
from exocosm.model.faults import Fault, Place, unknown
from exocosm.model.grammar.behaviours import Behaviour, behaviours_of, numbered
from exocosm.model.grammar.ramps import check_once, ramp_of
from exocosm.model.grammar.signals import Signal, lacking, signals_of
from exocosm.model.grammar.vocabulary import Vocabulary
from exocosm.model.parts.cells import CellType
from exocosm.model.parts.phases import Ramp
from exocosm.model.parts.rules import Rule
from exocosm.model.quantity import Quantity
from exocosm.model.units import factor

if TYPE_CHECKING:
    from exocosm.model.model import Model


COLUMNS_OF = {"cell_type": "cell type", "half_max": "half-max", "hill_power": "Hill power"}
"""What a column of a table is called, where that is not the name of the field."""


def placed(fault: Fault, at: Place, row: str | None) -> Fault:
    """A fault of a rule with the place of the rule, or of its table with the row and the column."""
    if row is None:
        return fault.inside(*at)
    column = str(fault.at[0]).replace("response", "direction") if fault.at else ""
    found = f"{row}: {fault.found}" + (f" ({COLUMNS_OF.get(column, column)})" if column else "")
    return Fault(fault.problem, at=at, found=found, wanted=fault.wanted, near=fault.near)


@dataclass(frozen=True)
class Said:
    """A rule with the place where it was said; `row` is the file of its table, if any, and its line there."""

    rule: Rule
    at: Place
    row: str | None = None


@dataclass(frozen=True)
class Read:
    """A rule whose words are known: typed signal and behaviour, and the base value of its cells.

    `ramp` multiplies what the rules on the behaviour lead to.
    """

    rule: Rule
    signal: Signal
    behaviour: Behaviour
    base: Quantity
    ramp: Ramp | None = None


class Grammar:
    """The words of one model, and the rules that can be said with them."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.signals: Vocabulary[Signal] = signals_of(model)
        self.behaviours: Vocabulary[Behaviour] = behaviours_of(model)

    def read(self, rule: Rule) -> Read:
        """A rule with its words, and numbers in their units. Raises Fault."""
        types = self.model.tissue.cell_types
        if rule.cell_type not in types:
            raise unknown("cell type", rule.cell_type, types, at=("cell_type",))
        cell_type = types[rule.cell_type]
        signal = self._signal(rule, cell_type)
        behaviour, base = self._behaviour(rule, cell_type)
        numbers = {
            "half_max": _in_unit(rule.half_max, signal.unit, "half_max", f"{signal.name} is"),
            "saturation": self._saturation(rule.saturation, behaviour, cell_type),
        }
        changed = {name: value for name, value in numbers.items() if value is not getattr(rule, name)}
        rule = rule.model_copy(update=changed)
        _sensible(rule, behaviour, base, cell_type)
        ramp = ramp_of(behaviour, cell_type)
        check_once(signal, behaviour, ramp)
        return Read(rule, signal, behaviour, base, ramp)

    def _signal(self, rule: Rule, cell_type: CellType) -> Signal:
        try:
            signal = self.signals.find(rule.signal)
        except Fault as fault:
            raise fault.inside("signal") from None
        wanted = lacking(self.model, cell_type, signal)
        if wanted is not None:
            problem = f"{rule.cell_type} cells cannot sense this signal"
            raise Fault(problem, at=("signal",), found=rule.signal, wanted=wanted)
        return signal

    def _behaviour(self, rule: Rule, cell_type: CellType) -> tuple[Behaviour, Quantity]:
        try:
            behaviour = self.behaviours.find(numbered(rule.behaviour, cell_type))
        except Fault as fault:
            raise fault.inside("behaviour") from None
        base = behaviour.base(cell_type)
        _released_at_a_rate(rule, behaviour, cell_type)
        if base is None:
            problem = f"{rule.cell_type} cells lack the mechanism of this behaviour"
            wanted = behaviour.form.needs.format(*behaviour.targets)
            raise Fault(problem, at=("behaviour",), found=rule.behaviour, wanted=wanted)
        return behaviour, base

    def _saturation(self, value: Quantity, behaviour: Behaviour, cell_type: CellType) -> Quantity:
        if behaviour.form.unit.startswith("[]") and value.unit.endswith("*um^3/min"):
            try:
                value = amount_rate(value, self.model.species.substrates[behaviour.targets[0]])
            except Fault as fault:
                raise fault.inside("saturation") from None
        return _in_unit(value, behaviour.unit(cell_type), "saturation", f"{behaviour.name} is")


def _released_at_a_rate(rule: Rule, behaviour: Behaviour, cell_type: CellType) -> None:
    """What cells make by genesis has no constant release that a rule could drive. Raises Fault."""
    population = behaviour.targets[0] if behaviour.targets else ""
    genesis = cell_type.genesis.get(population)
    if genesis is None or behaviour.name != f"{population} release":
        return
    bodies = f"{population} formation or {population} docking"
    wanted = f"{population} budding" if genesis.vesicles_per_body is None else bodies
    problem = f"{rule.cell_type} cells make {population} by genesis: there is no release at a constant rate"
    raise Fault(problem, at=("behaviour",), found=rule.behaviour, wanted=wanted)


def _in_unit(value: Quantity, unit: str, field: str, what: str) -> Quantity:
    """The value in the unit; a bare 0 is 0 in any unit. Raises Fault for one of another dimension."""
    if value.unit == unit:
        return value
    wanted = f"a value in {unit}" if unit else "a number without a unit"
    if value.unit == "" and float(value) == 0:
        return value.replaced(unit=unit)
    scale = factor(value.unit, unit)
    if scale is not None:
        low, high = (None if bound is None else bound * scale for bound in (value.low, value.high))
        return value.replaced(float(value) * scale, unit=unit, low=low, high=high)
    problem = f"{what} in {unit}" if unit else f"{what} a plain number"
    raise Fault(problem, at=(field,), found=value.text, wanted=wanted)


def _sensible(rule: Rule, behaviour: Behaviour, base: Quantity, cell_type: CellType) -> None:
    if not rule.half_max > 0:
        raise Fault("half-max must be above 0", at=("half_max",), found=rule.half_max.text, wanted="above 0")
    if rule.saturation < 0 and not behaviour.form.signed:
        found = rule.saturation.text
        raise Fault("this must not be negative", at=("saturation",), found=found, wanted="at least 0")
    most = behaviour.most(cell_type)
    if most is not None and rule.saturation > most:
        wanted = f"at most {most:g}"
        raise Fault("this is too large", at=("saturation",), found=rule.saturation.text, wanted=wanted)
    up = rule.response == "increases"
    if rule.saturation < base if up else rule.saturation > base:
        side, bound = ("above", "least") if up else ("below", "most")
        problem = f"a rule that {rule.response} {behaviour.name} must lead {side} its base value"
        wanted = f"at {bound} {base.text}"
        raise Fault(problem, at=("saturation",), found=rule.saturation.text, wanted=wanted)


def read_all(model: Model, said: Sequence[Said]) -> list[Read]:
    """All rules with their words, after checking each and all of them together. Raises Fault."""
    if not said:
        return []
    grammar, together = Grammar(model), _Together()
    found: list[Read] = []
    for one in said:
        try:
            found.append(grammar.read(one.rule))
            together.add(found[-1])
        except Fault as fault:
            raise placed(fault, one.at, one.row) from None
    for one, read in zip(said, found, strict=True):
        try:
            _shares_fit(model, read, together)
        except Fault as fault:
            raise placed(fault, one.at, one.row) from None
    return found


class _Together:
    """Rules that were said, by cell type, behaviour and direction."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.rules: dict[tuple[str, str, str], list[Read]] = {}

    def add(self, new: Read) -> None:
        """One more rule. Raises Fault if it does not go with the others."""
        rule = new.rule
        if rule.name is not None and rule.name in self.names:
            raise Fault(
                "two rules have one name", at=("name",), found=rule.name, wanted="a name for each rule"
            )
        if rule.name is not None:
            self.names.add(rule.name)
        same = self.rules.setdefault((rule.cell_type, new.behaviour.name, rule.response), [])
        if same and same[0].rule.saturation != rule.saturation:
            problem = f"rules that {rule.response[:-1]} one behaviour must lead to one saturation"
            found = f"{rule.saturation.text}, and {same[0].rule.saturation.text} with {same[0].signal.name}"
            wanted = "one saturation for all of them, as their responses combine into one"
            raise Fault(problem, at=("saturation",), found=found, wanted=wanted)
        if any(other.signal == new.signal for other in same):
            found, wanted = f"{rule.signal}, {rule.behaviour}", "each signal once in a direction"
            raise Fault("this rule stands twice", at=("signal",), found=found, wanted=wanted)
        same.append(new)

    def most(self, cell_type: str, behaviour: str, base: float) -> float:
        """The largest value that rules can lead a behaviour to."""
        up = self.rules.get((cell_type, behaviour, "increases"), [])
        return max([base, *(float(read.rule.saturation) for read in up)])


def _shares_fit(model: Model, read: Read, together: _Together) -> None:
    """What escapes and what is recycled are never together more than all."""
    population = read.behaviour.targets[0] if read.behaviour.targets else ""
    if read.behaviour.name not in (f"{population} escape", f"{population} recycling"):
        return
    kind = read.rule.cell_type
    fate = model.tissue.cell_types[kind].uptake[population].fate
    if fate is not None:
        escape = together.most(kind, f"{population} escape", fate.escape_fraction)
        recycling = together.most(kind, f"{population} recycling", fate.recycled_fraction)
        if escape + recycling > 1:
            problem, found = (
                "with these rules more vesicles could leave than came",
                f"{escape:g} + {recycling:g}",
            )
            raise Fault(problem, at=("saturation",), found=found, wanted="a sum of at most 1")
