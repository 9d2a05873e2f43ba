"""An attribution for the eye: a table with units, and in words what its numbers cannot say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from exocosm.study.attribution.rows import KINDS
from exocosm.study.table import interval_in_words, number, times

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.table import Table

    from exocosm.study.attribution.attributing import Attribution

HEADINGS = {"shapley": "Shapley value", "leave_one_out": "leave one out", "add_one_in": "add one in"}


def heading(found: Attribution) -> str:
    """What the numbers of the table are."""
    unit = f", {found.measure.unit}" if found.measure.unit else ""
    return f"What each adds to: {found.measure.text}{unit}, after {found.time_h:g} h"


def table(found: Attribution) -> Table:
    """One Rich table: a row per player, the three estimates with the half-widths of their intervals."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    made.add_column(found.over, overflow="fold")
    for kind in HEADINGS:
        made.add_column(HEADINGS[kind], justify="right", no_wrap=True)
    for row in found.table.to_dict("records"):
        made.add_row(escape(str(row["player"])), *(_with_interval(row, kind) for kind in HEADINGS))
    made.add_section()
    sums = {kind: float(found.table[kind].sum(skipna=False)) for kind in KINDS}
    made.add_row("sum", *(number(sums[kind], signed=True) for kind in HEADINGS))
    return made


def _with_interval(row: Mapping[Any, Any], kind: str) -> str:
    mean, half = row[kind], (row[f"{kind}_high"] - row[f"{kind}_low"]) / 2
    text = number(mean, signed=True)
    return text if math.isnan(half) or math.isnan(mean) else f"{text} ± {number(half)}"


def remarks(found: Attribution) -> list[str]:
    """What a reader must know to read the table right."""
    notes = [_ends(found), _how(found), _together(found), _pairing(found)]
    if found.idle:
        notes.append(f"The model is the same without {', '.join(found.idle)}: exactly nothing.")
    return [note for note in notes if note]


def _ends(found: Attribution) -> str:
    """The outcome with all and with none, which is what is shared out."""
    total = found.total
    whole, nobody = number(found.whole), number(found.nobody)
    told = f"With all of them it is {whole}, with none of them {nobody}"
    change = f"{told}: together they add {number(total.mean, signed=True)}"
    if math.isnan(total.low):
        return f"{change}. One seed: no interval. Add --seeds 5 for one."
    between = interval_in_words(total.low, total.high)
    null = ", no effect told from none" if total.low <= 0 <= total.high else ""
    return f"{change} (95 % interval {between}{null})."


def _how(found: Attribution) -> str:
    """What the intervals hold."""
    if len(found.seeds) == 1:
        return ""
    seeds = f"Intervals: 95 %, Student's t over paired differences of {len(found.seeds)} seeds"
    if not found.plan.orders:
        return f"{seeds}."
    orders = len(found.plan.orders)
    return (
        f"{seeds}; those of Shapley values also hold the error of taking {orders} orders "
        "(in pairs with their reverse) for all that there are. Where players act all or none, few orders "
        f"make them too narrow: compare with --orders {2 * orders}."
    )


def _together(found: Attribution) -> str:
    """Whether players stand in for each other, or need each other, as far as the sums of estimates tell."""
    total = found.total.mean
    less, alone = (float(found.table[kind].sum()) for kind in ("leave_one_out", "add_one_in"))
    if len(found.table) < 2 or total == 0 or found.total.low <= 0 <= found.total.high:
        return ""
    sums = (
        f"Left out one by one they add up to {number(less, signed=True)}, added one by one to "
        f"{number(alone, signed=True)}, of {number(total, signed=True)} together"
    )
    if less / total < 0.75 and alone / total > 1.25:
        return f"{sums}: some stand in for each other."
    if less / total > 1.25 and alone / total < 0.75:
        return f"{sums}: some need each other."
    return f"{sums}."


def _pairing(found: Attribution) -> str:
    """How much smaller the variance of paired differences is than that of runs with seeds of their own."""
    paired, unpaired = found.pairing
    if math.isnan(paired) or unpaired == 0:
        return ""
    told = (
        f"Pairing: after {found.time_h:g} h the variance of the paired difference between all and none is "
        f"{number(paired)}, that of unpaired runs {number(unpaired)}"
    )
    rows = found.table[(found.table["variance"] > 0) & (found.table["unpaired_variance"] > 0)]
    gains = rows["unpaired_variance"] / rows["variance"]
    same = int((found.table["variance"] == 0).sum())
    parts = [times(unpaired / paired)] if paired > 0 else []
    if len(gains):
        parts.append(f"leave one out: {times(float(gains.median()))} in the median of {len(gains)}")
    if same:
        parts.append(f"{same} the same difference in every pair")
    return f"{told} ({'; '.join(parts)})." if parts else f"{told}."
