"""The ledger as a flow picture: where matter came from, where it is now, and how well the books close."""

from __future__ import annotations

from typing import Any

import pandas as pd

from exocosm.view.arms import Arm
from exocosm.view.columns import read_columns
from exocosm.view.palette import BLUE, GREY, ORANGE, PURPLE, SKY, VERMILLION, cell_type_colours
from exocosm.view.words import number

SOURCES = {
    "initial": "There at the start",
    "released": "Released by cells",
    "injected": "Injected",
    "re-released": "Released again",
    "supplied": "Supplied at the faces",
}
FATES = {
    "field": ("In the tissue fluid", SKY),
    "matrix": ("Bound to matrix", ORANGE),
    "surface": ("On cell surfaces", PURPLE),
    "inside": ("Inside cells", BLUE),
    "pending": ("Below one particle, on the way in", GREY),
    "decayed": ("Decayed", GREY),
    "consumed": ("Consumed", GREY),
    "left": ("Left through the faces", ORANGE),
    "died": ("Gone with dead cells", "#3B3B46"),
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


def _picture(arm: Arm, row: pd.Series) -> dict[str, Any]:
    species = str(row["species"])
    inputs = [
        _branch(words, amount, VERMILLION) for key, words in SOURCES.items() if (amount := _amount(row, key))
    ]
    outputs = []
    for key, (words, colour) in FATES.items():
        parts = _inside_by_type(arm, species) if key == "inside" else []
        if parts:
            outputs += parts
        elif _amount(row, key):
            outputs.append(_branch(words, _amount(row, key), colour))
    return {"arm": arm.label, "species": species, "inputs": inputs, "outputs": outputs}


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
    accounts = [*SOURCES, "rounding", *FATES]
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
            "unit": str(row.get("unit", "")).replace("um", "µm").replace("^3", "³"),
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
        "counted": _worst(arms, {"vesicle", "cargo"}),
        "substrates": _worst(arms, {"substrate"}),
        "limit": number(1e-9, 1),
    }


def _worst(arms: list[Arm], kinds: set[str]) -> dict[str, Any] | None:
    found = [
        (float(row["imbalance"]), str(row["species"]), arm.label)
        for arm in arms
        for _, row in arm.run.ledger.iterrows()
        if row.get("kind") in kinds
        and row.get("imbalance", float("nan")) == row.get("imbalance", float("nan"))
    ]
    if not found:
        return None
    gap, species, label = max(found)
    return {"gap": number(gap, 2), "species": species, "arm": label, "closes": gap <= 1e-9}
