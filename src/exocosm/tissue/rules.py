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
BLOCK = 256  # cells that are worked on together: their signals and sums stay in a near cache
SQUARINGS = 6  # whole powers below 64


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
def share(x: float) -> float:
    """Of x, x / (1 + x); 1 at infinity."""
    return x / (1.0 + x) if x < np.inf else 1.0


@inner_kernel
def is_whole(power: float) -> bool:
    """Whether a power can be had by squaring."""
    return power == int(power) and power < 2**SQUARINGS


@inner_kernel
def add_powers(s: Any, log_s: Any, half_max: float, power: float, total: Any) -> None:
    """Add (s/half_max)^power of each cell to `total`: a whole power by squaring, others by logarithms."""
    if not is_whole(power):
        shift = np.log(half_max)
        for k in range(total.size):
            total[k] += np.exp(power * (log_s[k] - shift))
        return
    inverse = 1.0 / half_max
    for k in range(total.size):  # a fixed number of squarings: all cells of a register take the same way
        x, y, left = s[k] * inverse, 1.0, int(power)
        for _ in range(SQUARINGS):
            y = y * x if left & 1 else y
            x *= x
            left >>= 1
        total[k] += y


@inner_kernel
def fill_signals(first: int, last: int, members: Any, signals: Any, table: Any, s: Any, log_s: Any) -> None:
    """Signals of some cells, one row a signal, and the logarithms that some rules need."""
    for c in range(s.shape[0]):
        for k in range(members.size):
            s[c, k] = signals[members[k], c]
        log_s[c, 0] = np.nan
    for r in range(first, last):
        c = table.signal[r]
        if not is_whole(table.power[r]) and np.isnan(log_s[c, 0]):
            for k in range(members.size):  # assigning a slice would compile Python's text formatting with it
                log_s[c, k] = np.log(s[c, k])


@inner_kernel
def respond_together(kind: int, alive: bool, members: Any, signals: Any, table: Any, behaviour: Any) -> None:
    """Write all behaviours of cells of one type that all live or are all dead."""
    n, n_behaviours = members.size, table.base.shape[1]
    s, log_s = np.empty((signals.shape[1], n)), np.empty((signals.shape[1], n))
    mine = table.first[kind * n_behaviours : (kind + 1) * n_behaviours + 1]
    fill_signals(mine[0], mine[-1], members, signals, table, s, log_s)
    up, down = np.empty(n), np.empty(n)
    for b in range(n_behaviours):
        up[:], down[:] = 0.0, 0.0
        applies = alive
        for r in range(mine[b], mine[b + 1]):
            if alive or table.in_dead[r]:
                applies = True
                c = table.signal[r]
                total = up if table.increases[r] else down
                add_powers(s[c], log_s[c], table.half_max[r], table.power[r], total)
        if applies:
            base, top, bottom = table.base[kind, b], table.top[kind, b], table.bottom[kind, b]
            for k in range(n):
                value = base + (top - base) * share(up[k])
                behaviour[members[k], b] = value + (bottom - value) * share(down[k])


@parallel_kernel
def respond(starts: Any, order: Any, signals: Any, kinds: Any, life: Any, table: Any, behaviour: Any) -> None:
    """behaviour[i, b] = value of each behaviour in each cell under its rules.

    order[starts[g]:starts[g + 1]] are cells of one type that all live or are all dead.
    """
    for g in prange(starts.size - 1):
        members = order[starts[g] : starts[g + 1]]
        one = members[0]
        respond_together(kinds[one], life[one] == LIVE, members, signals, table, behaviour)


def blocks(kinds: NDArray[np.int16], life: NDArray[np.int8]) -> tuple[Integers, Integers]:
    """Starts and order of blocks of cells for `respond`."""
    group = 2 * kinds.astype(np.int64) + (life != LIVE)
    order = np.argsort(group, kind="stable")
    ends = np.cumsum(np.bincount(group))
    cuts = [np.arange(end - count, end, BLOCK) for end, count in zip(ends, np.bincount(group), strict=True)]
    return np.concatenate([*cuts, [len(group)]]).astype(np.int64), order


def apply(signals: Reals, kinds: Any, life: Any, table: RuleTable, behaviour: Reals) -> None:
    """Write the behaviours (cells, behaviours) of cells of these types and lives from their signals."""
    if len(kinds):
        respond(*blocks(kinds, life), signals, kinds, life, table, behaviour)


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

    def evaluate(self, state: State, tick: int, rows: slice | Integers = slice(None)) -> None:
        """Write the behaviours of the cells of `rows`."""
        if not self.tissue.rules:
            return
        cells = state.cells
        signals = sampled(self.signals, state, self.tissue, tick)[rows]
        driven = cells.view("behaviour")[rows]
        apply(signals, cells.view("type")[rows], cells.view("life")[rows], self.table, driven)
        if not isinstance(rows, slice):  # a copy: see NumPy on indexing
            cells.view("behaviour")[rows] = driven
