"""Growth of colonies and spheroids, fitted on a part of published measurements, predicted for the rest.

Writes `docs/growth.md` and its pictures. Run it with `make growth-page`; the page says how long it takes.
Each run is stored under `build/growth`, so an interrupted fit goes on where it stopped.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import growth_runs
from exocosm.model import Set, load
from growth_cases import CASES, Case, Point
from growth_fit import Fitted, LeastSquares
from growth_picture import draw
from growth_words import OPENING, SET_UP, remark

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "growth.md"
IMAGES = ROOT / "docs" / "images"
SEEDS = (1, 2, 3)
Values = tuple[float, ...]


@dataclass(frozen=True)
class Result:
    """A case, what fits best, and what is predicted with it: a value for each point and seed."""

    case: Case
    fit: Fitted
    predicted: dict[Point, list[float]]
    finer: dict[Point, float]


def changed(case: Case, start: str, values: Values) -> Any:
    """The scenario of a case with a start and with values of its parameters."""
    changes = [Set(path, text) for path, text in case.starts[start]]
    for parameter, value in zip(case.parameters, values, strict=True):
        changes += [Set(path, f"{value:.4g} {parameter.unit}".strip()) for path in parameter.paths]
    return load(case.scenario).change(*changes)


def predict(
    case: Case, values: Values, points: Sequence[Point], seed: int, more: Sequence[Any] = ()
) -> dict[Point, float]:
    """What the scenario gives for these points."""
    found: dict[Point, float] = {}
    for start in dict.fromkeys(point.start for point in points):
        mine = [point for point in points if point.start == start]
        hours = sorted({point.hour for point in mine})
        model = changed(case, start, values).change(*more)
        rows = growth_runs.observe(model, case.measure, hours, seed, case.begin)
        found |= {point: rows[hours.index(point.hour)][point.quantity] for point in mine}
    return found


def residual(case: Case, point: Point, value: float) -> float:
    """How far a value is from the measured one, in the unit in which the case is fitted."""
    if point.quantity in case.scale:
        return (value - point.value) / case.scale[point.quantity]
    return math.log(value / point.value)


def fitted(case: Case) -> Fitted:
    """Parameters that fit best what is to be fitted."""
    points = [point for point in case.points if point.fitted]

    def residuals(values: Values) -> Any:
        found = predict(case, values, points, SEEDS[0])
        parts = np.array([residual(case, point, found[point]) for point in points])
        print(f"{case.name}: {values} rms {np.sqrt(np.mean(parts**2)):.4g}", flush=True)
        return parts

    ranges = [(parameter.low, parameter.high) for parameter in case.parameters]
    return LeastSquares(residuals, ranges).solve(case.coarse, steps=case.steps)


def attempted(
    case: Case, values: Values, points: Sequence[Point], seed: int, more: Sequence[Any] = ()
) -> dict[Point, float]:
    """What the scenario gives for those of these points whose runs may be made or are in the store."""
    found: dict[Point, float] = {}
    for start in dict.fromkeys(point.start for point in points):
        mine = [point for point in points if point.start == start]
        for part in (mine, [point for point in mine if point.fitted]):
            try:
                found |= predict(case, values, part, seed, more)
                break
            except growth_runs.NotRunError:
                continue
    return found


def result_of(case: Case) -> Result:
    """Fit a case and predict all of it; fitted points once more with finer steps."""
    fit = fitted(case)
    predicted = {
        point: [value] for point, value in attempted(case, fit.values, case.points, SEEDS[0]).items()
    }
    again = [point for point in case.points if point.hour <= case.repeats.get(point.start, 0.0)]
    for seed in SEEDS[1:]:
        for point, value in attempted(case, fit.values, again, seed).items():
            predicted[point].append(value)
    points = [point for point in case.points if point.fitted]
    more = [Set(path, text) for path, text in case.finer]
    finer = attempted(case, fit.values, points, SEEDS[0], more)
    return Result(case, fit, {point: predicted[point] for point in case.points if point in predicted}, finer)


def shown(value: float) -> str:
    """Three to four digits; a value that no measurement could tell from 0 as 0."""
    return "0" if abs(value) < 0.05 else f"{value:.4g}" if abs(value) < 1e4 else f"{value:,.0f}"


def table(result: Result) -> list[str]:
    """Rows of measured beside predicted."""
    case = result.case
    replicates = any(point.sd for point in case.points)
    heads = ["start", "time, h", "quantity", "measured", "predicted", "three seeds"]
    heads += ["error, %"] + (["error, SD"] if replicates else []) + ["fitted"]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for point, values in result.predicted.items():
        mean = sum(values) / len(values)
        words, unit = case.quantities[point.quantity]
        spread = f" ± {point.sd:.3g}" if point.sd else ""
        cells = [
            point.start,
            f"{point.hour:g}",
            f"{words}, {unit}" if unit else words,
            f"{shown(point.value)}{spread}",
            shown(mean),
        ]
        cells += [f"{shown(min(values))} to {shown(max(values))}" if len(values) > 1 else ""]
        cells += [f"{100 * (mean / point.value - 1):+.1f}" if point.value else "–"]
        if replicates:
            cells += [f"{(mean - point.value) / point.sd:+.1f}" if point.sd else "–"]
        lines.append("| " + " | ".join([*cells, "fitted" if point.fitted else ""]) + " |")
    return lines


def errors(result: Result) -> list[str]:
    """Root-mean-square errors of each start and quantity, fitted points apart from predicted ones."""
    case = result.case
    lines = [
        "| start | quantity | points | root-mean-square error | over the mean measured | |",
        "|---|---|---|---|---|---|",
    ]
    groups = dict.fromkeys((p.start, p.quantity, p.fitted) for p in result.predicted)
    for start, quantity, was_fitted in groups:
        mine = [
            p for p in result.predicted if (p.start, p.quantity, p.fitted) == (start, quantity, was_fitted)
        ]
        off = np.array([np.mean(result.predicted[point]) - point.value for point in mine])
        words, unit = case.quantities[quantity]
        rms = float(np.sqrt(np.mean(off**2)))
        share = f"{100 * rms / np.mean([point.value for point in mine]):.1f} %"
        told = "fitted" if was_fitted else "predicted"
        lines.append(f"| {start} | {words} | {len(mine)} | {shown(rms)} {unit} | {share} | {told} |")
    return lines


def parameters(result: Result) -> list[str]:
    """Which values fit best, beside the ranges that they were sought in."""
    lines = ["| fitted parameter | value | sought between |", "|---|---|---|"]
    for parameter, value in zip(result.case.parameters, result.fit.values, strict=True):
        unit = f" {parameter.unit}" if parameter.unit else ""
        span = f"{parameter.low:g} and {parameter.high:g}{unit}"
        lines.append(f"| {parameter.words} | {value:.4g}{unit} | {span} |")
    return lines


def steps(result: Result) -> str:
    """How much finer steps change what was fitted, the largest change of each quantity."""
    if not result.finer:
        return "What half the step changes has not been run for these values."
    changes = []
    for quantity, (words, unit) in result.case.quantities.items():
        mine = [point for point in result.finer if point.quantity == quantity]
        worst = max((result.finer[point] - result.predicted[point][0] for point in mine), key=abs)
        share = 100 * worst / np.mean([result.predicted[point][0] for point in mine])
        changes.append(f"{words} by {worst:+.3g} {unit} ({share:+.1f} % of the mean)")
    told = ", ".join(f"`{path}` {text}" for path, text in result.case.finer)
    return (
        f"With steps half as long ({told}) and the same seed the fitted points change by at most: "
        f"{'; '.join(changes)}. Other steps draw other numbers, so this holds what another seed changes too."
    )


def missing(result: Result) -> str:
    """Which points have not been run, if any."""
    left = [point for point in result.case.points if point not in result.predicted]
    hours = sorted({point.hour for point in left})
    if not left:
        return ""
    return (
        f"**Not run yet:** {len(left)} of the {len(result.case.points)} measured numbers, from hour "
        f"{hours[0]:g} to {hours[-1]:g}; nothing is said about them here. `make growth-page` runs them."
    )


def section(result: Result) -> list[str]:
    """A case on the page."""
    case = result.case
    fitted_points = sum(point.fitted for point in case.points)
    return [
        f"## {case.title}",
        "",
        SET_UP[case.name],
        "",
        *parameters(result),
        "",
        f"Fitted to {fitted_points} numbers in {result.fit.runs} runs.",
        "",
        missing(result) or remark(case.name, result.predicted),
        "",
        f"![measured and predicted](images/growth-{case.name}.png)",
        "",
        *errors(result),
        "",
        *table(result),
        "",
        steps(result),
        "",
    ]


def main() -> None:
    """Fit the cases and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", choices=list(CASES), action="append", help="only this case, without a page")
    parser.add_argument("--stored", action="store_true", help="run nothing new; say what has not been run")
    options = parser.parse_args()
    chosen = options.case
    growth_runs.STORED_ONLY.extend([True] * options.stored)
    parts: list[str] = []
    for name in chosen or CASES:
        result = result_of(CASES[name]())
        draw(result.case, result.predicted, IMAGES / f"growth-{name}.png")
        parts += section(result)
    minutes = sum(growth_runs.SPENT.values()) / 60
    if parts and any(line.startswith("**Not run yet") for line in parts):
        print("some runs are missing: the page names them")
    if chosen:
        print("\n".join(parts))
    else:
        text = OPENING.replace("<minutes>", f"{minutes:.0f}").replace("<runs>", str(len(growth_runs.SPENT)))
        PAGE.write_text(text + "\n".join(parts).rstrip() + "\n", encoding="utf-8")
        print(f"wrote {PAGE}")
    print(f"{len(growth_runs.SPENT)} runs, {minutes:.1f} min of one core")


if __name__ == "__main__":
    main()
