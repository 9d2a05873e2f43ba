"""How to run it again, and what the time went into."""

from __future__ import annotations

import shlex
from typing import Any

from exocosm.results.step_errors import in_words
from exocosm.view.arms import Arm
from exocosm.view.conditions import group, paired
from exocosm.view.palette import CARGOS
from exocosm.view.words import number

MOST_COSTS = 6
"""Processes named in the bar of run time; the rest is one part."""


def command(arms: list[Arm]) -> str:
    """The command that makes these runs again: the same digest on the same build."""
    conditions = group(arms)
    if len(conditions) > 1 and not paired(conditions):
        return " && ".join(dict.fromkeys(command([arm]) for arm in arms))
    options = dict.fromkeys(_option(change) for arm in arms for change in arm.changes)
    seeds = len({arm.seed for arm in arms})
    if any(arm.changes for arm in arms) and len(arms) > seeds:
        verb, repeats = "compare", f"--seeds {seeds}" if seeds > 1 else ""
    else:
        verb, repeats = "run", f"--seed {arms[0].seed}" if arms[0].seed else ""
    parts = ("exocosm", verb, shlex.quote(_scenario(arms[0])), *options, repeats, _until(arms[0]))
    return " ".join(part for part in parts if part)


def _scenario(arm: Arm) -> str:
    """The name of a scenario that ships, else the model as the run folder keeps it."""
    from exocosm.library import scenario_names

    name = str(getattr(arm.run.model, "name", "") or "scenario.yaml")
    kept = arm.run.path / "resolved.yaml"
    return str(kept) if name not in scenario_names() and kept.exists() else name


def _until(arm: Arm) -> str:
    wanted, whole = (arm.run.info or {}).get("until_min"), getattr(arm.run.model, "duration", None)
    if wanted is None or whole is None or abs(float(wanted) - float(whole)) < 1e-6:
        return ""
    return f"--until {shlex.quote(f'{float(wanted) / 60:g} h')}"


def _option(change: str) -> str:
    words = change.lstrip("-").split(None, 1)
    if len(words) == 2 and words[0] in ("without", "set", "over"):
        return f"--{words[0]} {shlex.quote(words[1])}"
    return f"--set {shlex.quote(change)}"


def step_errors(arms: list[Arm]) -> list[str]:
    """What the steps of the first run of each arm cost in accuracy, where it was estimated."""
    first = {arm.condition: arm for arm in reversed(arms)}
    found = {name: (arm.run.info or {}).get("step_errors") for name, arm in first.items()}
    return [f"Errors of {name}, {in_words(errors)}." for name, errors in reversed(found.items()) if errors]


def costs(arms: list[Arm]) -> list[dict[str, Any]]:
    """Shares of the run time by process over all arms, the largest first, with a colour each."""
    total: dict[str, float] = {}
    for arm in arms:
        for name, seconds in arm.cost.items():
            total[name] = total.get(name, 0.0) + seconds
    whole = sum(total.values())
    if whole <= 0:
        return []
    ranked = sorted(total.items(), key=lambda item: -item[1])
    named, rest = ranked[:MOST_COSTS], sum(seconds for _, seconds in ranked[MOST_COSTS:])
    parts = [*named, ("all others", rest)] if rest > 0 else named
    return [
        {"name": name, "share": s / whole, "seconds": number(s), "colour": CARGOS[i % len(CARGOS)]}
        for i, (name, s) in enumerate(parts)
    ]
