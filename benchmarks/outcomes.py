"""Numeric outcomes of published experiments beside what the assay scenarios predict, with intervals.

Writes its section of `docs/validation.md`, with `make validation-page`. Which outcome is read where stands in
`library/comparisons.csv`; why others are not compared in `library/not_compared.csv`.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from pathlib import Path

from exocosm.library import evidence, scenario_names
from exocosm.library.comparisons import COUNTED, comparables, not_compared
from exocosm.library.measured import measured_effects
from exocosm.library.outcome_kinds import left_out_by_kind
from exocosm.model import load, standing
from exocosm.results import display
from exocosm.study.published import GOOD, Prediction, predictions
from growth_summary import curves, summary
from sections import PAGE, ROOT, write_section

TEMPLATE = """## Sizes: outcomes of published experiments

Each line is a number that was read in a source, beside what a shipped scenario predicts for the same
experiment, with 95 % intervals ({seeds} seeds: they say how sure the simulation is of its own answer).
*fitted*: a number of the scenario was chosen by this outcome. *restated*: the quantity was put in, or
fitted, by another publication, so that two publications are set side by side. *set aside*: chosen as a
prediction before anything was fitted; *encoded*: a rule of the library states it. Of signs the change in
percent is predicted.
`benchmarks/outcomes.py` wrote this section.

{table}

{count}

{aside}

### Growth

From [Growth](growth.md), where each point stands with its error.

{growth}

### Not compared

{left_out}

Left out by rules over units and words (`library/outcome_kinds.py`): {kinds}.

### On what each scenario stands

{shares}
"""


def line(found: Prediction) -> str:
    """One row of the table."""
    row, published = found.row, found.published
    source = f"{published.author_year or 'authors not on the page'}, {published.source} ({published.read})"
    value = _span(published.value, published.low, published.high)
    if published.value is None and (published.low is None or published.high is None):
        value = f"{'at least' if published.high is None else 'at most'} {value}"
    where = f"`{row.scenario}`: {row.arm or 'baseline'}" + (f" against {row.against}" if row.against else "")
    cells = [
        *(row.evidence, published.quantity, source, f"{value} {published.unit}", where),
        *(_span(found.value, found.low, found.high), row.role, _told(found)),
    ]
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _told(found: Prediction) -> str:
    return f"{found.verdict}. {found.row.note}".rstrip(". ")


def _span(value: float | None, low: float | None, high: float | None) -> str:
    """A value with its range in brackets, or only the range."""
    given = [bound for bound in (low, high) if bound is not None and not math.isnan(bound)]
    inner = " to ".join(f"{bound:.3g}" for bound in given)
    if value is None or math.isnan(value):
        return inner or "–"
    return f"{value:.3g} ({inner})" if inner else f"{value:.3g}"


def table(found: list[Prediction]) -> str:
    """All predictions as a table."""
    head = ["evidence", "outcome", "source (read)", "published", "where", "predicted", "role", "verdict"]
    return "\n".join(["| " + " | ".join(head) + " |", "|---" * len(head) + "|", *map(line, found)])


def count(found: list[Prediction]) -> str:
    """How many agree, of those that were neither fitted nor are stated by a rule."""
    free = [each for each in found if each.row.role in COUNTED]
    good = [each for each in free if each.verdict in GOOD]
    inside = [each for each in free if each.inside]
    within = [each for each in free if each.within(2.0)]
    wrong = [each for each in free if each not in good and each not in within]
    return (
        f"Of {len(free)} outcomes that nothing was fitted to and no rule states, {len(good)} agree within "
        f"the intervals, {len(inside)} of them with the prediction itself in the published range; "
        f"{len(within)} lie within a factor of two of that range, and {len(wrong)} are wrong by more, or of "
        f"another or no clear sign. {len(found) - len(free)} were fitted, restated or encoded. Intervals "
        "that overlap are a weak test where either is wide: few cells were counted, or many experiments put "
        "together. Lines with one prediction are no independent tests."
    )


def aside(found: list[Prediction]) -> str:
    """What became of the mechanisms with size, dose and time that were set aside as predictions."""
    ids: dict[str, list[str]] = {}
    for effect in measured_effects():
        if effect.set_aside and effect.complete and effect.of_the_row:
            ids.setdefault(effect.mechanism, [effect.mechanism]).append(effect.id)
    told: dict[str, list[str]] = {"as a size": [], "as a sign": [], "not at all": []}
    for name, rows in ids.items():
        mine = [each for each in found if each.row.evidence in rows]
        said = [each.verdict for each in mine] or [not_compared()[id] for id in rows if id in not_compared()]
        way = "not at all" if not mine else "as a sign" if mine[0].row.measure == "sign" else "as a size"
        told[way].append(f"{name}: {', '.join(dict.fromkeys(said))}")
    parts = [f"{len(each)} {way} ({'; '.join(each)})" for way, each in told.items() if each]
    return f"Of {len(ids)} mechanisms set aside that have size, dose and time, predicted: {', '.join(parts)}."


def left_out() -> str:
    """Why the other numeric outcomes are compared with nothing, reason by reason."""
    reasons = Counter(not_compared().values())
    lines = ["| reason | outcomes | rows |", "|---|---|---|"]
    for reason, n in reasons.most_common():
        ids = [id for id, why in not_compared().items() if why == reason]
        shown = ", ".join(ids[:12]) + (f" and {n - 12} more" if n > 12 else "")
        lines.append(f"| {reason} | {n} | {shown} |")
    return "\n".join(lines)


def shares() -> str:
    """What the numbers of each scenario stand on."""
    lines = ["| scenario | on what its numbers stand |", "|---|---|"]
    return "\n".join(lines + [f"| `{name}` | {standing(load(name))} |" for name in scenario_names()])


def main() -> None:
    """Run the experiments and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, help="pairs of each comparison")
    parser.add_argument("--runs", type=Path, default=ROOT / "runs" / "outcomes", help="folder of the runs")
    options = parser.parse_args()
    for row in comparables():
        evidence(row.evidence)
    with display() as progress:
        found = predictions(options.runs, seeds=range(1, options.seeds + 1), progress=progress)
    text = TEMPLATE.format(
        seeds=options.seeds,
        table=table(found),
        count=count(found),
        aside=aside(found),
        growth=summary(curves()),
        left_out=left_out(),
        kinds=", ".join(f"{kind} ({n})" for kind, n in left_out_by_kind().items()),
        shares=shares(),
    )
    write_section("outcomes", text)
    print(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
