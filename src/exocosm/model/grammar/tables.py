"""Tables of rules as PhysiCell writes them (CSV, lines that begin with // are comments), into rules.

Version 3 (and the preprint's version 2) has eight columns: cell type, signal, direction, behaviour,
saturation, half-max, Hill power, whether it applies to dead cells. Version 1 has nine, with the base value
after the behaviour, which must be that of the model. Numbers are in PhysiCell's units: min, um, mmHg (or what
the substrate is in).
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import ValidationError

from exocosm.ground.errors import nearest
from exocosm.model.faults import Fault, first_fault, show
from exocosm.model.grammar.behaviours import numbered
from exocosm.model.grammar.checking import Grammar, Said, placed, read_all
from exocosm.model.grammar.vocabulary import key
from exocosm.model.parts.rules import Rule, RuleTable

if TYPE_CHECKING:
    from exocosm.model.model import Model
    from exocosm.model.parts.tissue import Tissue

COLUMNS = "cell type, signal, direction, behaviour, saturation, half-max, Hill power, applies to dead"
SAME_BASE = 1e-3
"""Relative difference of base values that is still rounding: tables are written with four digits."""
_UP = ("increases", "increase", "promotes")
_DOWN = ("decreases", "decrease", "inhibits")
_YES, _NO = ("1", "true", "yes"), ("0", "false", "no")


def with_rules(model: Model) -> Tissue:
    """The tissue with all tables turned into rules, numbers in their units, all checked. Raises Fault."""
    tissue = model.tissue
    if not tissue.rules:
        return tissue
    said = list(_said(model))
    rules = tuple(read.rule for read in read_all(model, said))
    return tissue.model_copy(update={"rules": rules})


def rules_in_text(model: Model, text: str) -> tuple[Rule, ...]:
    """The rules of a table's text, in the words and units of a model. Raises ModelError."""
    try:
        said = list(_rows(RuleTable(table=text), Grammar(model), 0))
        return tuple(read.rule for read in read_all(model, said))
    except Fault as fault:
        raise fault.error(lambda _: ("table of rules", None)) from None


def _said(model: Model) -> Iterator[Said]:
    grammar = Grammar(model)
    for index, item in enumerate(model.tissue.rules):
        if isinstance(item, Rule):
            yield Said(item, ("tissue", "rules", index))
        else:
            yield from _rows(item, grammar, index)


def _rows(table: RuleTable, grammar: Grammar, index: int) -> Iterator[Said]:
    place = ("tissue", "rules", index)
    for row, line in enumerate(table.table.splitlines(), start=1):
        if not line.strip() or line.strip().startswith("//"):
            continue
        where = f"{table.file}, row {row}" if table.file else f"row {row}"
        try:
            yield Said(_rule(_fields(line), grammar), place, where)
        except Fault as fault:
            raise placed(fault, place, where) from None


def _fields(line: str) -> list[str]:
    """The columns of a line, parted by commas or else tabs; a base value is left in the fifth of nine."""
    rows = [_split(line, separator) for separator in (",", "\t")]
    for fields in rows:
        if len(fields) in (8, 9):
            if all(fields):
                return fields
            raise Fault("a column of the table is empty", found=show(line), wanted=COLUMNS)
    problem, number = (
        "a table of rules has eight columns (version 3) or nine (version 1)",
        max(map(len, rows)),
    )
    found = f"{number} column{'s' * (number > 1)}: {show(line)}"
    raise Fault(problem, found=found, wanted=f"{COLUMNS}, parted by commas or tabs")


def _split(line: str, separator: str) -> list[str]:
    try:
        return [field.strip() for field in next(csv.reader([line], delimiter=separator))]
    except csv.Error as error:
        raise Fault(f"the row cannot be read ({error})", found=show(line), wanted=COLUMNS) from None


def _rule(fields: list[str], grammar: Grammar) -> Rule:
    """The rule of a row, with the units that its words have. Raises Fault."""
    base = fields.pop(4) if len(fields) == 9 else None
    types = {key(name): name for name in grammar.model.tissue.cell_types}
    cell_type = types.get(key(fields[0]), fields[0])
    _not_a_rate_of_secretion(fields[3], grammar)
    kind = grammar.model.tissue.cell_types.get(cell_type)
    word = fields[3] if kind is None else numbered(fields[3], kind)
    signal, behaviour = grammar.signals.find(fields[1]), grammar.behaviours.find(word)
    unit = "" if kind is None else behaviour.unit(kind)
    try:
        rule = Rule.model_validate(
            {
                "cell_type": cell_type.replace(" ", "_"),
                "signal": signal.name,
                "response": _direction(fields[2]),
                "behaviour": behaviour.name,
                "saturation": f"{_number(fields[4], 'saturation')} {unit}".strip(),
                "half_max": f"{_number(fields[5], 'half_max')} {signal.unit}".strip(),
                "hill_power": _number(fields[6], "hill_power"),
                "applies_to_dead": _flag(fields[7]),
            }
        )
    except ValidationError as error:
        raise first_fault(error) from None
    if base is not None:
        _same_base(base, grammar.read(rule).base, behaviour.name)
    return rule


def _not_a_rate_of_secretion(name: str, grammar: Grammar) -> None:
    word = key(name)
    substrate = word.removesuffix(" secretion")
    if word.endswith(" secretion") and substrate in map(key, grammar.model.species.substrates):
        problem = "secretion in such a table is a rate towards a target, which cells here do not have"
        wanted = f"{substrate} export, an amount per min"
        raise Fault(problem, at=("behaviour",), found=show(name), wanted=wanted)


def _same_base(text: str, base: float, behaviour: str) -> None:
    given = float(_number(text, "base value"))
    if abs(given - base) > SAME_BASE * max(abs(given), abs(base)):
        problem = f"the base value of {behaviour} differs from that of the model"
        raise Fault(problem, found=text, wanted=f"{float(base):.6g}, or another value in the cell type")


def _number(text: str, column: str) -> str:
    try:
        if math.isfinite(float(text)) and "_" not in text:
            return text
    except ValueError:
        pass
    wanted = "a finite number in PhysiCell's units"
    raise Fault("this is not a number", at=(column,), found=show(text), wanted=wanted)


def _direction(text: str) -> str:
    word = text.lower()
    if word in _UP:
        return "increases"
    if word in _DOWN:
        return "decreases"
    at, near = ("response",), nearest(word, [known for known in (*_UP, *_DOWN) if known[:1] == word[:1]])
    raise Fault("unknown direction", at=at, found=show(text), wanted="increases or decreases", near=near)


def _flag(text: str) -> bool:
    word = text.lower()
    if word not in (*_YES, *_NO):
        problem = "whether a rule applies to dead cells is 0 or 1"
        raise Fault(problem, found=show(text), wanted="0 or 1")
    return word in _YES
