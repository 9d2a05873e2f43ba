"""Rules: signals drive behaviours of cells by Hill responses that combine.

With u the sum over increasing rules of (signal/half-max)^power, and d that over decreasing ones, a behaviour
leads from its base value up towards the saturation of the increasing rules and from there down towards that
of the decreasing ones: b = b₀ + (b_up - b₀) u/(1 + u), then b + (b_down - b) d/(1 + d). Several rules of one
direction share one saturation. In a dead cell only rules that apply to the dead count; without any, the
behaviour stays as it was. Source: Johnson et al. 2025, 10.1016/j.cell.2025.06.048.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numba import prange
from numpy.typing import NDArray

from exocosm.ground.compiled import inner_kernel, parallel_kernel
from exocosm.ground.draws import Draw
from exocosm.ground.ledger import Ledger
from exocosm.tissue.behaviours import Behaviours
from exocosm.tissue.cells import LIVE
from exocosm.tissue.signals import sampled
from exocosm.tissue.state import State

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]
LARGEST_WHOLE_POWER = 32


class RuleTable(NamedTuple):
    """Rules by cell type t and behaviour b: those at first[t B + b] up to the next, with B behaviours.

    Of each rule the column of its signal, half-max, Hill power, whether it increases and applies to the dead;
    `base`, `top` and `bottom` [type, behaviour] are where a behaviour starts and leads.
    """

    first: Integers
    signal: Integers
    half_max: Reals
    power: Reals
    increases: Integers
    in_dead: Integers
    base: Reals
    top: Reals
    bottom: Reals


@inner_kernel
def raised(x: float, power: float) -> float:
    """X to a power; whole powers by multiplication, which is ten times as fast."""
    whole = int(power)
    if whole != power or whole > LARGEST_WHOLE_POWER:
        return x**power
    out = 1.0
    while whole > 0:
        if whole & 1:
            out *= x
        x *= x
        whole >>= 1
    return out


@inner_kernel
def share(x: float) -> float:
    """X / (1 + x), 1 at infinity."""
    return x / (1.0 + x) if x < np.inf else 1.0


@parallel_kernel
def respond(signals: Any, kinds: Any, life: Any, table: Any, behaviour: Any) -> None:
    """behaviour[i, b] = value of each behaviour in each cell under its rules."""
    n_behaviours = table.base.shape[1]
    for i in prange(signals.shape[0]):
        kind = kinds[i]
        for b in range(n_behaviours):
            first, last = table.first[kind * n_behaviours + b], table.first[kind * n_behaviours + b + 1]
            up, down, applies = 0.0, 0.0, life[i] == LIVE
            for r in range(first, last):
                if life[i] == LIVE or table.in_dead[r]:
                    applies = True
                    x = raised(signals[i, table.signal[r]] / table.half_max[r], table.power[r])
                    if table.increases[r]:
                        up += x
                    else:
                        down += x
            if applies:
                value = table.base[kind, b] + (table.top[kind, b] - table.base[kind, b]) * share(up)
                behaviour[i, b] = value + (table.bottom[kind, b] - value) * share(down)


def behaviours_of(rules: Sequence[Any], types: Sequence[str]) -> Behaviours:
    """The behaviours that rules (with typed words) drive, in the order in which they are first named."""
    driven = tuple(dict.fromkeys(read.behaviour.name for read in rules))
    in_dead = np.zeros((len(types), len(driven)), bool)
    for read in rules:
        if read.rule.applies_to_dead:
            in_dead[types.index(read.rule.cell_type), driven.index(read.behaviour.name)] = True
    return Behaviours(driven, in_dead)


def rule_table(rules: Sequence[Any], signals: Sequence[Any], cell_types: Mapping[str, Any]) -> RuleTable:
    """The rules as arrays; within a type and behaviour they keep their order."""
    kinds, words = list(cell_types), {read.behaviour.name: read.behaviour for read in rules}
    driven = list(words)
    place = [kinds.index(r.rule.cell_type) * len(driven) + driven.index(r.behaviour.name) for r in rules]
    order = np.argsort(np.array(place, np.int64), kind="stable")
    counts = np.bincount(np.array(place, np.int64), minlength=len(kinds) * len(driven))
    base = np.array([[_base(words[name], t) for name in driven] for t in cell_types.values()])
    base = base.reshape(len(kinds), len(driven))
    top, bottom = base.copy(), base.copy()
    for read, at in zip(rules, place, strict=True):
        (top if read.rule.response == "increases" else bottom).flat[at] = float(read.rule.saturation)
    column = {signal: i for i, signal in enumerate(signals)}
    return RuleTable(
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.array([column[read.signal] for read in rules], np.int64)[order],
        np.array([float(read.rule.half_max) for read in rules])[order],
        np.array([float(read.rule.hill_power) for read in rules])[order],
        np.array([read.rule.response == "increases" for read in rules], np.int64)[order],
        np.array([read.rule.applies_to_dead for read in rules], np.int64)[order],
        base,
        top,
        bottom,
    )


def _base(behaviour: Any, cell_type: Any) -> float:
    base = behaviour.base(cell_type)
    return 0.0 if base is None else float(base)


class Rules:
    """Process: the present value of every behaviour that rules drive, in every cell."""

    name = "rules"

    def __init__(self, tissue: Any, *, every: int) -> None:
        self.tissue, self.every = tissue, every
        self.signals = tuple(dict.fromkeys(read.signal for read in tissue.rules))
        self.table = rule_table(tissue.rules, self.signals, tissue.model.tissue.cell_types)

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Sample what rules ask for, and write the behaviours."""
        self.evaluate(state, tick)

    def evaluate(self, state: State, tick: int, rows: slice = slice(None)) -> None:
        """Write the behaviours of the cells of `rows`."""
        if not self.tissue.rules:
            return
        cells = state.cells
        signals = sampled(self.signals, state, self.tissue, tick)[rows]
        driven = cells.view("behaviour")[rows]
        respond(signals, cells.view("type")[rows], cells.view("life")[rows], self.table, driven)
