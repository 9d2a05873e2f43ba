"""Who takes part in an attribution: cargos, senders or processes, each with what taking it out means.

A player is a name with targets of `Without`. A coalition is a whole number whose bit i says that player i is
there; the players that are not there are taken out of the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exocosm.ground.errors import ModelError
from exocosm.model.faults import unknown
from exocosm.model.grammar.signals import signals_of
from exocosm.model.parts.rules import Rule

if TYPE_CHECKING:
    from exocosm.model import Model, Without

BY_VESICLES = ("vesicles outside", "vesicles on", "vesicles inside", "cargo on", "cargo inside", "occupancy")
"""Kinds of signals that vesicles bring to a cell."""


@dataclass(frozen=True)
class Player:
    """What credit is given to; without it, the model is without each of `targets`."""

    name: str
    targets: tuple[str, ...]


def players(model: Model, over: str, only: Sequence[str] = ()) -> list[Player]:
    """The players of a question `over` cargos, senders or processes; `only` those named, in that order.

    Among processes `only` may also name any target of `Without`, such as docking:tumour.
    Raises ModelError with the nearest name for a name that there is not, or where the model has none.
    """
    if over not in KINDS:
        raise unknown("word for what to attribute over", over, KINDS, at=("over",)).error()
    found = {player.name: player for player in KINDS[over](model)}
    if not found and not only:
        raise ModelError(f"there is nothing to attribute to: this model has no {over}", found=f"no {over}")
    return [_named(name, over, found) for name in dict.fromkeys(only)] if only else list(found.values())


def _named(name: str, over: str, found: dict[str, Player]) -> Player:
    if name in found:
        return found[name]
    if over == "processes" and ":" in name:
        return Player(name, (name,))
    raise unknown(f"name among {over}", name, found, at=("only",)).error()


def removal(taking_part: Sequence[Player], coalition: int) -> tuple[Without, ...]:
    """The changes that take out all players that are not in a coalition.

    Rules go first: what is taken out later may drop the same rule without asking for it by name.
    """
    from exocosm.model import Without

    absent = [player for i, player in enumerate(taking_part) if not coalition >> i & 1]
    targets = dict.fromkeys(target for player in absent for target in player.targets)
    return tuple(Without(target) for target in sorted(targets, key=lambda t: not t.startswith("rule:")))


def _cargos(model: Model) -> Iterator[Player]:
    for name in model.species.cargos:
        yield Player(name, (f"cargo:{name}",))


def _senders(model: Model) -> Iterator[Player]:
    """Cell types that make vesicles, and vesicles that are given as doses."""
    for name, cell_type in model.tissue.cell_types.items():
        if cell_type.release or cell_type.genesis:
            yield Player(name, (f"release:{name}",))
    given = [event.dose.species for event in model.events if event.dose is not None]
    for name in dict.fromkeys(given):
        if name in model.species.vesicles:
            yield Player(f"doses of {name}", (f"doses:{name}",))


def _processes(model: Model) -> Iterator[Player]:
    """Steps of a vesicle's life, each in all cells that have it, then the named rules that vesicles drive."""
    types = model.tissue.cell_types
    steps = {
        "constant release": [_constant_release(model, name) for name, t in types.items() if t.release],
        "formation": _of_genesis(model, "formation"),
        "docking": _of_genesis(model, "docking"),
        "budding": _of_genesis(model, "budding"),
        "loading": _of_genesis(model, "loading"),
        "matrix": [f"matrix:{p}" for p, v in model.species.vesicles.items() if v.matrix_binding is not None],
        "uptake": [f"uptake:{name}" for name, t in types.items() if t.uptake],
        "binding": _of_uptake(model, "binding"),
        "fate": _of_uptake(model, "fate"),
        "escape": _of_fate(model, "escape", "escape_fraction"),
        "recycling": _of_fate(model, "recycling", "recycled_fraction"),
        "receptors": [f"receptor:{r}" for r in {r: None for t in types.values() for r in t.receptors}],
        "capture": [f"capture:{name}" for name, c in model.species.cargos.items() if c.captured_by],
        "enzymes": [f"enzyme:{name}" for name, c in model.species.cargos.items() if c.enzyme is not None],
    }
    for name, targets in steps.items():
        if targets:
            yield Player(name, tuple(targets))
    yield from _answers(model)


def _answers(model: Model) -> Iterator[Player]:
    words = signals_of(model)
    for rule in model.tissue.rules:
        if isinstance(rule, Rule) and rule.name and words.find(rule.signal).kind in BY_VESICLES:
            yield Player(rule.name, (f"rule:{rule.name}",))


def _constant_release(model: Model, name: str) -> str:
    """With genesis beside it, the target `release` would take both."""
    both = model.tissue.cell_types[name].genesis
    return f"tissue.cell_types.{name}.release" if both else f"release:{name}"


def _of_genesis(model: Model, step: str) -> list[str]:
    return [
        f"{step}:{name}"
        for name, cell_type in model.tissue.cell_types.items()
        if any(getattr(genesis, step) for genesis in cell_type.genesis.values())
    ]


def _of_uptake(model: Model, part: str) -> list[str]:
    return [
        f"{part}:{name}"
        for name, cell_type in model.tissue.cell_types.items()
        if any(getattr(uptake, part) is not None for uptake in cell_type.uptake.values())
    ]


def _of_fate(model: Model, kind: str, share: str) -> list[str]:
    return [
        f"{kind}:{name}"
        for name, cell_type in model.tissue.cell_types.items()
        if any(
            uptake.fate is not None and getattr(uptake.fate, share) for uptake in cell_type.uptake.values()
        )
    ]


KINDS: dict[str, Callable[[Model], Iterator[Player]]] = {
    "cargos": _cargos,
    "senders": _senders,
    "processes": _processes,
}
