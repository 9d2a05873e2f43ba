"""The ledger as a flow picture: where matter came from, where it is now, and how well the books close."""

from __future__ import annotations

from typing import Any

import pandas as pd

from exocosm.view.arms import Arm
from exocosm.view.columns import read_columns
from exocosm.view.conditions import Condition
from exocosm.view.palette import BLUE, GREY, ORANGE, PURPLE, SKY, VERMILLION, cell_type_colours
from exocosm.view.words import number, units

SOURCES = {
    "initial": "There at the start",
    "formed": "Formed by cells",
    "released": "Released by cells",
    "injected": "Given as doses",
    "re-released": "Released again",
    "supplied": "Supplied at the faces",
}
WITHIN = {"released": "secreted", "re-released": "recycled"}
"""Sources that only pass on what another account let go: they come in net of it."""
SMALLEST_SHARE = 1e-6
"""Of all that came in: what is less is left to the full ledger."""

FATES = {
    "bodies": ("In multivesicular bodies", VERMILLION),
    "unreleased": ("Degraded in the sender, unreleased", GREY),
    "field": ("In the fluid", SKY),
    "matrix": ("Bound to matrix", ORANGE),
    "surface": ("On cell surfaces", PURPLE),
    "inside": ("Inside cells", BLUE),
    "endosome": ("In endosomes", BLUE),
    "pending": ("Below one particle, on the way in", GREY),
    "decayed": ("Decayed", GREY),
    "consumed": ("Opened inside cells", BLUE),
    "lysosome": ("Degraded in recipients", GREY),
    "left": ("Left by faces and vessels", ORANGE),
    "died": ("Gone with dead cells", "#3B3B46"),
    "engulfed": ("Gone with engulfed cells", "#3B3B46"),
}


def flows(arms: list[Arm]) -> list[dict[str, Any]]:
    """One flow picture per arm and vesicle population that had any throughput."""
    pictures = []
    for arm in arms:
        for _, row in arm.run.ledger.iterrows():
            if row.get("kind") == "vesicle":
                picture = _picture(arm, row)
                pictures += [picture] if picture["inputs"] else []
    return pictures


def mean_flows(conditions: list[Condition]) -> list[dict[str, Any]]:
    """Per condition and vesicle population one picture of the means over seeds."""
    pictures = []
    for place, condition in enumerate(conditions):
        made = flows(list(condition.arms))
        for species in dict.fromkeys(picture["species"] for picture in made):
            mine = [picture for picture in made if picture["species"] == species]
            sides = {side: _mean(mine, side, len(condition.arms)) for side in ("inputs", "outputs")}
            pictures.append({"arm": condition.short, "condition": place, "species": species, **sides})
    return pictures


def _mean(pictures: list[dict[str, Any]], side: str, seeds: int) -> list[dict[str, Any]]:
    colours = {b["words"]: b["colour"] for picture in pictures for b in picture[side]}
    total = dict.fromkeys(colours, 0.0)
    for picture in pictures:
        for branch in picture[side]:
            total[branch["words"]] += branch["amount"] / seeds
    return [_branch(words, amount, colours[words]) for words, amount in total.items()]


def _picture(arm: Arm, row: pd.Series) -> dict[str, Any]:
    species = str(row["species"])
    least = SMALLEST_SHARE * sum(_amount(row, key) for key in SOURCES)
    inputs = [_branch(words, _net(row, key), VERMILLION) for key, words in SOURCES.items()]
    outputs = []
    for key, (words, colour) in FATES.items():
        parts = _inside_by_type(arm, species) if key == "inside" else []
        outputs += parts or [_branch(words, _net(row, key), colour)]
    return {
        "arm": arm.label,
        "species": species,
        "inputs": [branch for branch in inputs if branch["amount"] > least],
        "outputs": [branch for branch in outputs if branch["amount"] > least],
    }


def _net(row: pd.Series, account: str) -> float:
    """What stands on an account, less what another account only passed on to it, at least 0."""
    within = WITHIN.get(account)
    return max(0.0, _amount(row, account) - (_amount(row, within) if within else 0.0))


def _amount(row: pd.Series, account: str) -> float:
    value = row.get(account, 0.0)
    return float(value) if value == value and value > 0 else 0.0


def _inside_by_type(arm: Arm, species: str) -> list[dict[str, Any]]:
    columns = [c for c in read_columns(arm.run.summary.columns) if c.kind == "vesicles" and c.name == species]
    inside = [c for c in columns if c.what == "inside" and c.cell]
    colours = cell_type_colours([c.cell for c in inside])
    last = arm.run.summary.iloc[-1]
    return [
        _branch(f"Inside {c.cell} cells", float(last[c.key]), colours[c.cell])
        for c in inside
        if float(last[c.key]) > 0
    ]


def _branch(words: str, amount: float, colour: str) -> dict[str, Any]:
    return {"words": words, "amount": amount, "text": number(amount), "colour": colour}


def ledger_rows(arms: list[Arm]) -> dict[str, Any]:
    """All ledgers as a table with the accounts that hold anything, sources first."""
    accounts = [*SOURCES, "rounding", *FATES, "secreted", "recycled", "degraded"]
    used = [
        a
        for a in accounts
        if any(a in arm.run.ledger and (arm.run.ledger[a].abs() > 0).any() for arm in arms)
    ]
    rows = [
        {
            "arm": arm.label,
            "species": str(row["species"]),
            "kind": str(row.get("kind", "")),
            "unit": units(str(row.get("unit", ""))),
            "amounts": [number(float(row.get(a, 0.0))) for a in used],
            "imbalance": number(float(row.get("imbalance", float("nan"))), 2),
        }
        for arm in arms
        for _, row in arm.run.ledger.iterrows()
    ]
    return {"accounts": used, "sources": sum(a in SOURCES for a in used), "rows": rows}


def closure(arms: list[Arm]) -> dict[str, Any]:
    """The largest relative imbalance of counted matter, and of quasi-steady substrates, with where it is."""
    return {
        "counted": _worst(_imbalances(arms)),
        "substrates": _worst(_residuals(arms)),
        "limit": number(1e-9, 1),
    }


Gap = tuple[float, str, str]


def _imbalances(arms: list[Arm]) -> list[Gap]:
    """Books against state, of each vesicle population, cargo and substrate with a stock."""
    rows = [(arm, row) for arm in arms for _, row in arm.run.ledger.iterrows() if "imbalance" in row]
    return [(float(row["imbalance"]), str(row["species"]), arm.label) for arm, row in rows]


def _residuals(arms: list[Arm]) -> list[Gap]:
    """Supply against use of each substrate without a stock, relative to the supply, over the whole run."""
    gaps = []
    for arm in arms:
        last = arm.run.summary.iloc[-1]
        for key in last.index:
            name = str(key).removesuffix(".residual")
            if name != key and last.get(f"{name}.supply", 0.0) > 0:
                gaps.append((abs(float(last[key])) / float(last[f"{name}.supply"]), name, arm.label))
    return gaps


def _worst(gaps: list[Gap]) -> dict[str, Any] | None:
    found = [gap for gap in gaps if gap[0] == gap[0]]
    if not found:
        return None
    gap, species, label = max(found)
    return {"gap": number(gap, 2), "species": species, "arm": label, "closes": gap <= 1e-9}
