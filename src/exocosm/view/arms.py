"""The runs of a report as arms: the first one is what the others are compared with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exocosm.ground.errors import ExocosmError

_WITHOUT = {
    "vesicles": "no cell releases {} vesicles",
    "cargo": "no vesicle carries {}",
    "release": "{} cells release no vesicles",
    "uptake": "{} cells take up no vesicles",
    "cells": "there are no {} cells",
    "apoptosis": "{} cells do not undergo apoptosis",
    "necrosis": "{} cells do not undergo necrosis",
    "cycle": "{} cells do not divide",
    "genesis": "{} cells make no vesicles",
    "formation": "no vesicle forms in the multivesicular bodies of {} cells",
    "docking": "the multivesicular bodies of {} cells do not dock",
    "budding": "{} cells bud no ectosomes",
    "lysosome": "the multivesicular bodies of {} cells escape lysosomes",
    "loading": "no vesicle is loaded with {} from the pools of cells",
    "pool": "cells make no {} of their own",
    "surface": "no membrane of a cell shows {}",
    "matrix": "{} vesicles do not bind to matrix",
    "binding": "{} cells take vesicles up without holding them on the surface",
    "fate": "all vesicles that enter {} cells open there",
    "escape": "no vesicle opens inside {} cells",
    "recycling": "{} cells send no vesicle back out",
    "receptor": "there is no {}",
    "capture": "no antibody binds {}",
    "enzyme": "{} does not work",
    "state": "no cell has {}",
    "rule": "the rule {} does not hold",
    "rules": "{} cells follow no rules",
    "doses": "no {} vesicles are given",
    "attack": "{} cells attack nobody",
    "phagocytosis": "{} cells engulf nobody",
    "transformations": "{} cells stay what they are",
    "motility": "{} cells do not migrate",
    "chemotaxis": "{} cells migrate at random",
    "immigration": "no cells arrive by {}",
}
_PARTS = {"flow": "fluid is at rest", "vessels": "no vessels", "capillaries": "no capillaries"}
_TARGET = re.compile(r"(?:^without|^--without|Without\()[\s=:'\"(]*(?:target=)?['\"]?(\w+):([^'\")]+)")


_SHORT = {
    "vesicles": "no {} vesicles",
    "cargo": "no {} in vesicles",
    "cells": "no {} cells",
    "doses": "no {} doses",
}
_OWNERS = (
    (r"species\.vesicles\.(.+?)\.manifest\.(.+)", "{1} per {0} vesicle"),
    (r"species\.vesicles\.([^.]+)\.(.+)", "{1} of {0} vesicles"),
    (r"species\.(?:substrates|cargos)\.([^.]+)\.(.+)", "{1} of {0}"),
    (r"tissue\.cell_types\.([^.]+)\.states\.([^.]+)\.(.+)", "{2} of {1} of {0} cells"),
    (r"tissue\.cell_types\.([^.]+)\.(.+)", "{1} of {0} cells"),
    (r"tissue\.rules\.([^.]+)\.(.+)", "{1} of the rule {0}"),
    (r"tissue\.([^.]+)\.(.+)", "{1} of the {0}"),
)
"""How the path of a value is said: whose value, and which."""


@dataclass(frozen=True)
class Arm:
    """One run with the words for it; arms of one `condition` differ only in their seed."""

    run: Any
    label: str
    seed: str
    digest: str
    changes: tuple[str, ...] = ()
    condition: str = ""
    scenario: str = ""
    title: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    cost: dict[str, float] = field(default_factory=dict)

    @property
    def hours(self) -> float:
        """Simulated time up to the last record, h."""
        return float(self.run.summary.index[-1])


def phrase(change: str) -> str:
    """A change of a model as a clause: `without vesicles:tumour` becomes what then no longer happens."""
    found = _TARGET.search(change)
    if found and found[1] in _WITHOUT:
        return _WITHOUT[found[1]].format(found[2].strip())
    part = change.removeprefix("without ").strip()
    if part in _PARTS:
        return f"there are {_PARTS[part]}" if _PARTS[part].startswith("no") else _PARTS[part]
    path, equals, value = _plain(change).partition("=")
    return f"{_said(path.strip())} is {value.strip()}" if equals else path


def short(label: str) -> str:
    """A label in a few words: `without vesicles:tumour` is "no tumour vesicles", `with a=1` "a = 1"."""
    found = _TARGET.search(label)
    if found and label.startswith("without") and "," not in label:
        kind, name = found[1], found[2].strip()
        return _SHORT.get(kind, f"no {kind} of {{}}").format(name)
    path, equals, value = _plain(label).partition("=")
    return f"{_said(path.strip())} = {value.strip()}" if equals else label


def _plain(change: str) -> str:
    return re.sub(r"^(--)?(set|with)[\s:]+", "", change, flags=re.IGNORECASE)


def _said(path: str) -> str:
    for pattern, words in _OWNERS:
        found = re.fullmatch(pattern, path)
        if found:
            return words.format(*(part.replace("_", " ").replace(".", " ") for part in found.groups()))
    return path.replace("_", " ") if "." not in path else path


def is_change(label: str) -> bool:
    """Whether a label is itself a change, as the arms of a comparison are named."""
    return bool(_TARGET.search(label)) or re.fullmatch(r"[\w.]+\s*=.+", label) is not None


def arm_of(run: Any) -> Arm:
    """Read what a run folder says of itself; missing entries become empty text."""
    info = run.info or {}
    changes = info.get("changes") or []
    texts = tuple(str(c) for c in ([changes] if isinstance(changes, str) else changes))
    scenario = str(info.get("model") or getattr(run.model, "name", "") or "")
    label = str(info.get("label") or "")
    if not label or (texts and label == scenario):
        label = ", ".join(texts) or "as stated"
    if not texts and is_change(label):
        texts = (label,)
    cost = {str(k): float(v) for k, v in (info.get("costs_s") or {}).items() if isinstance(v, (int, float))}
    versions = {str(k): str(v) for k, v in (info.get("versions") or {}).items()}
    seed, digest = str(info.get("seed", "")), str(info.get("digest") or "")
    title = title_of(run, label) if texts else ""
    return Arm(run, label, seed, digest, texts, label, scenario, title, versions, cost)


def title_of(run: Any, label: str) -> str:
    """What an arm that the model names says of itself, or nothing."""
    arm = (getattr(run.model, "arms", None) or {}).get(label)
    return str(getattr(arm, "title", "") or "")


def read_arms(runs: Sequence[Any]) -> list[Arm]:
    """Open what is a path, keep the order, and put runs without changes first.

    Raises:
        ExocosmError: no run was given, or one has no complete record yet.
    """
    if not runs:
        raise ExocosmError("a report needs at least one run folder")
    arms = [arm_of(_opened(run)) for run in runs]
    empty = [str(arm.run.path) for arm in arms if len(arm.run.summary) == 0]
    if empty:
        records = [getattr(arm.run.model, "record", None) for arm in arms]
        silent = all(getattr(record, "summary", None) is None for record in records)
        how = (
            "state 'record: {summary: 1 h}' in the scenario and run it again" if silent else "run it further"
        )
        raise ExocosmError(f"no complete record in {', '.join(empty)}: {how}, then report")
    return _distinct(sorted(arms, key=lambda arm: bool(arm.changes)))


def _opened(run: Any) -> Any:
    if not isinstance(run, (str, Path)):
        return run
    from exocosm.results import Run

    return Run.open(Path(run))


def _distinct(arms: list[Arm]) -> list[Arm]:
    """Labels made distinct: by seed where that tells them apart, else by a number."""
    from dataclasses import replace

    labels = [arm.label for arm in arms]
    if len(set(labels)) < len(labels):
        arms = [
            replace(a, label=f"{a.label}, seed {a.seed}") if labels.count(a.label) > 1 else a for a in arms
        ]
    seen: dict[str, int] = {}
    result = []
    for arm in arms:
        seen[arm.label] = seen.get(arm.label, 0) + 1
        again = seen[arm.label] > 1
        result.append(replace(arm, label=f"{arm.label} ({seen[arm.label]})") if again else arm)
    return result
