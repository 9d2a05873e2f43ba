"""A dose for the eye: the sentence that answers, the steps with their inputs, and all of it as plain data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from exocosm.study.delivery.sampled import interval

if TYPE_CHECKING:
    import pandas

    from exocosm.study.delivery.delivered import Dose
    from exocosm.study.delivery.sampled import Input

Array = NDArray[np.float64]
STEPS = ("release", "meets", "enters", "escapes", "remains")
COLUMNS = ("step", "what", "value", "low", "high", "unit")
INPUT_COLUMNS = ("input", "value", "unit", "range", "drawn", "source", "rank_correlation")


@dataclass(frozen=True)
class Step:
    """One step of the chain: its name, what is counted, the draws (n + 1,) and their unit."""

    step: str
    what: str
    draws: Array
    unit: str


def steps(dose: Dose) -> list[Step]:
    """From genesis to the pool; vesicles and shares for each population, copies over all."""
    vesicles, copies = "particles per recipient per day", "copies per recipient per day"
    found: list[Step] = []
    for way in dose.routes:
        name = f" ({way.population})" if len(dose.routes) > 1 else ""
        found += [
            Step("release", f"vesicles formed{name}", way.formed, vesicles),
            Step("release", f"vesicles released{name}", way.released, vesicles),
            Step("release", f"copies in a vesicle{name}", way.copies, "copies per particle"),
            Step("meets", f"diffusion between cells{name}", way.diffusion, "um^2/min"),
            *(Step("meets", f"{_end(k)}{name}", v, "per particle released") for k, v in way.shares.items()),
            Step("meets", f"vesicles that bind to {dose.recipient} cells{name}", way.met, vesicles),
            Step("enters", f"vesicles that enter{name}", way.entered, vesicles),
            Step("escapes", f"vesicles that open{name}", way.opened, vesicles),
        ]
    if dose.on_surface:
        found.append(Step("meets", f"copies on what binds to {dose.recipient} cells", dose.acting, copies))
    found.append(Step("escapes", "copies delivered", dose.delivered, copies))
    if dose.in_pool is not None:
        found.append(Step("remains", "copies in the pool, steady", dose.in_pool, "copies per recipient"))
    found.append(Step("ceiling", "copies released, shared among recipients", dose.ceiling, copies))
    if dose.assay is not None:
        found.append(Step("assay", "copies given to each cell", dose.assay.draws, copies))
    order = [*STEPS, "ceiling", "assay"]
    return sorted(found, key=lambda step: order.index(step.step))


def _end(end: str) -> str:
    """What becomes of vesicles; one that is recycled may enter several times, so entries are no shares."""
    return {"decayed": "decay", "left": "leave the tissue"}.get(end, f"entries into {end} cells")


def table(dose: Dose) -> pandas.DataFrame:
    """The steps with value and 95 % interval."""
    import pandas

    rows = [(s.step, s.what, float(s.draws[0]), *interval(s.draws), s.unit) for s in steps(dose)]
    return pandas.DataFrame(rows, columns=list(COLUMNS))


def inputs_table(dose: Dose) -> pandas.DataFrame:
    """Every number on the way, with range, law, source, and rank correlation with the copies that act."""
    import pandas

    ranks = {drawn.path: rank for drawn, rank in dose.influences}
    rows = [_input_row(drawn, ranks.get(drawn.path, math.nan)) for drawn in dose.inputs]
    frame = pandas.DataFrame(rows, columns=list(INPUT_COLUMNS))
    return frame.sort_values("rank_correlation", key=lambda r: -r.abs(), kind="stable", ignore_index=True)


def _input_row(drawn: Input, rank: float) -> tuple[Any, ...]:
    quantity = drawn.quantity
    return drawn.path, quantity.text, quantity.unit, drawn.range, drawn.law, drawn.source, rank


def rungs(dose: Dose) -> list[tuple[str, str, float, float, float]]:
    """Copies per recipient and day at each step, for a picture: kind, label, value, low, high."""

    def summed(name: str) -> Array:
        none = np.zeros(dose.samples + 1)
        return np.asarray(sum((getattr(way, name) * way.copies for way in dose.routes), none))

    found = [("assay", "given in the assay", dose.assay.draws)] if dose.assay is not None else []
    found += [("chain", "in vesicles that form", summed("formed")), ("ceiling", "released", dose.ceiling)]
    found += [
        ("chain", f"bind to {dose.recipient} cells", summed("met")),
        ("chain", "enter", summed("entered")),
    ]
    found += [("chain", "delivered", dose.delivered)]
    return [(kind, label, float(draws[0]), *interval(draws)) for kind, label, draws in found]


def answer(dose: Dose) -> str:
    """The sentences that answer the question, the verdict first."""
    per, binds = f"each {dose.recipient} cell per day", "on vesicles that bind to"
    head = (
        f"{dose.cargo} from {dose.sender} to {dose.recipient} ({dose.scenario}): {number(dose.acting[0])} "
        f"copies are {binds if dose.on_surface else 'delivered to'} {per} "
        f"({between(interval(dose.acting))}), "
        f"of {number(dose.ceiling[0])} released for each of them ({between(interval(dose.ceiling))})."
    )
    parts = [_verdict(dose), head, _against_ceiling(dose), _without_verdict(dose)]
    return " ".join(part for part in parts if part)


def _verdict(dose: Dose) -> str:
    gap = dose.orders_short
    if not dose.acting.any():
        return f"Nothing is delivered. {_why_nothing(dose)}".strip()
    if gap is None or dose.assay is None:
        return ""
    low, high = interval(gap)
    given = f"the {number(dose.assay.draws[0])} copies per cell per day given in the assay"
    orders = f"(95 % of samples: {_span(low, high)})"
    if low > 0:
        return f"Too few by {magnitude(gap[0])} {orders} against {given}."
    if high < 0:
        return f"More than enough by {magnitude(-gap[0])} {orders} against {given}."
    short = float((gap[1:] > 0).mean())
    return f"Not decided: {_lean(gap[0])} {orders} against {given}; too few in {short:.0%} of samples."


def _lean(gap: float) -> str:
    return f"too few by {magnitude(gap)}" if gap > 0 else f"enough by {magnitude(-gap)}"


def _span(low: float, high: float) -> str:
    def side(orders: float) -> str:
        return f"{abs(orders):.1f} orders {'too few' if orders > 0 else 'more'}"

    same = low > 0 or high < 0
    ends = sorted((abs(low), abs(high)))
    return f"{ends[0]:.1f} to {ends[1]:.1f} orders" if same else f"{side(low)} to {side(high)}"


def _against_ceiling(dose: Dose) -> str:
    """Given against given: the assay's dose, too, still had to enter and escape."""
    gap = dose.orders_short_at_ceiling
    if gap is None or not dose.ceiling.any():
        return ""
    what = f"too few by {magnitude(gap[0])}" if gap[0] > 0 else f"more than that by {magnitude(-gap[0])}"
    return (
        "What the assay gave had to arrive in the same way: given against given, all that is released for "
        f"a recipient is {what} ({_span(*interval(gap))})."
    )


def _without_verdict(dose: Dose) -> str:
    if dose.assay is not None or not dose.acting.any():
        return ""
    place = f"species.cargos.{dose.cargo}.assay_doses.{dose.recipient}"
    return f"Whether that is enough is not said: {dose.scenario} states no dose of an assay ({place})."


def _why_nothing(dose: Dose) -> str:
    if not dose.routes:
        return f"No vesicles that {dose.sender} cells release carry {dose.cargo}."
    refused = [way.population for way in dose.routes if dose.recipient not in way.shares]
    if len(refused) == len(dose.routes):
        return f"{dose.recipient} cells take up no vesicles of {', '.join(refused)}."
    if not dose.ceiling.any():
        return f"{dose.sender} cells release none."
    return ""


WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def magnitude(orders: float) -> str:
    """A ratio in words: "two orders of magnitude (a factor of 130)"; below half an order "a factor of 2"."""
    ratio = 10.0 ** float(orders)
    whole = round(float(orders))
    if whole < 1:
        return f"a factor of {ratio:.2g}"
    word = WORDS[whole] if whole < len(WORDS) else str(whole)
    rounded = float(f"{ratio:.2g}")
    return f"{word} order{'s' if whole != 1 else ''} of magnitude (a factor of {number(rounded)})"


def number(value: float) -> str:
    """Three digits; thousands separated."""
    size = abs(float(value))
    if size >= 1e7 or 0 < size < 1e-3:
        return f"{value:.2e}"
    return f"{value:,.0f}" if size >= 100 else f"{value:.3g}"


def between(span: tuple[float, float]) -> str:
    """A 95 % interval in words."""
    if span[0] == span[1]:
        return "the same in all samples"
    return f"95 % of samples {number(span[0])} to {number(span[1])}"


def as_data(dose: Dose) -> dict[str, Any]:
    """Plain data: question, answer, steps, inputs, what was left out."""
    rows = inputs_table(dose).to_dict("records")
    return {
        "cargo": dose.cargo,
        "from": dose.sender,
        "to": dose.recipient,
        "scenario": dose.scenario,
        "cells": {"senders": dose.senders, "recipients": dose.recipients},
        "distance_um": dose.distance,
        "samples": dose.samples,
        "seed": dose.seed,
        "answer": dose.answer,
        "steps": table(dose).to_dict("records"),
        "inputs": [{name: None if value != value else value for name, value in row.items()} for row in rows],
        "assay": None if dose.assay is None else {"source": dose.assay.source, "range": dose.assay.range},
        "measured_doses": list(dose.measured),
        "notes": list(dose.notes),
    }
