"""What was expected of the arms before they were run, beside what they did: rows of a table of the report."""

from __future__ import annotations

from exocosm.results.expected import MET, NOT_MET, Judged, judged
from exocosm.view.conditions import Condition, known_columns
from exocosm.view.words import ends, number, signed

ARROWS = {"up": "↑ rises", "down": "↓ falls", "same": "= stays"}
CLASSES = {MET: "met", NOT_MET: "not-met"}


def expected(conditions: list[Condition]) -> list[dict[str, str]]:
    """A row for each expectation of the model whose arms are among the conditions."""
    model = conditions[0].arms[0].run.model
    runs = {("baseline" if not c.changes else c.label): [arm.run for arm in c.arms] for c in conditions}
    arms = [arm for condition in conditions for arm in condition.arms]
    said = {column.key: column.words for column in known_columns(arms)}
    return [_row(found, said) for found in judged(model, runs)]


def _row(found: Judged, said: dict[str, str]) -> dict[str, str]:
    wanted = found.expectation
    interval = "" if found.low != found.low else " to ".join(ends(found.low, found.high))
    fold = f", {wanted.fold[0]:g} to {wanted.fold[1]:g} times" if wanted.fold else ""
    return {
        "arm": wanted.arm,
        "against": wanted.against,
        "outcome": said.get(wanted.outcome, wanted.outcome),
        "direction": ARROWS[wanted.direction] + fold,
        "before": number(found.before),
        "after": number(found.after),
        "difference": signed(found.difference),
        "interval": interval,
        "verdict": found.verdict,
        "kind": CLASSES.get(found.verdict, "open"),
        "why": found.why,
    }
