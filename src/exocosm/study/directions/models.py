"""From a question to a model of the tissue engine: cells in a dish, with the cargo, at a dose or without it.

A node is a state of the cell, between 0 and 1. What acts on it drives its rise; a behaviour is driven by
the states that act on it. All arrows of a kind have the same strength, so that a dish knows signs and
nothing else.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import Any

from exocosm.model import Model
from exocosm.study.directions.asking import Question
from exocosm.study.directions.chains import Arrow
from exocosm.study.directions.dishes import Data, Dish, common, dish

CARGO, VESICLE, TREATMENT = "delivered", "given", "treatment"
WITHOUT, ASSAY, TISSUE = "without", "assay", "tissue"
ARMS = (WITHOUT, ASSAY, TISSUE)
KINDS = ("miRNA", "lncRNA", "circRNA", "mRNA", "protein", "lipid")
"""Kinds of cargo that a scenario knows by the same name as the vocabulary."""


@dataclass(frozen=True)
class Signals:
    """What raises and what lowers one node or word."""

    up: tuple[str, ...]
    down: tuple[str, ...]


def model_of(question: Question, arm: str) -> Model:
    """The model of one arm of a question: without the cargo, at the assay's dose, or at that of tissue."""
    return Model.model_validate(tree_of(question, arm))


def tree_of(question: Question, arm: str) -> Data:
    """The same as plain data: equal data are one run."""
    assert question.readout is not None
    vessel = dish(question.readout.dish)
    states, rules = _nodes(question, vessel)
    behaviours = _behaviours(question, vessel, set(states))
    subject = _subject(vessel, states, behaviours, question)
    cargo = _given(question, vessel, arm, subject)
    return {
        "format": "exocosm/1",
        "name": "direction",
        "duration": vessel.duration,
        "species": _species(question, vessel, subject),
        "tissue": {
            "geometry": {
                "size": [common()["side"], common()["side"], common()["voxel"]],
                "voxel": common()["voxel"],
            },
            "medium": common()["medium"],
            "cell_types": {vessel.subject: subject} | _partners(vessel),
            "rules": [*rules, *behaviours, *vessel.partner_rules],
            "cells": _placed(vessel),
            "steps": common()["steps"],
        },
        "events": [*vessel.events, *cargo],
        "record": {"summary": vessel.duration, "checkpoint": vessel.duration},
    }


def slug(node: str) -> str:
    """The name of a node's state: letters, digits and hyphens, beginning with a letter."""
    name = re.sub(r"[^A-Za-z0-9+]+", "-", node).strip("-")[:58]
    return name if name[:1].isalpha() else f"n-{name}"


def _signals(target: str, question: Question) -> Signals:
    assert question.chain is not None
    mine: list[Arrow] = [arrow for arrow in question.chain.arrows if arrow[1] == target]
    pulled = [
        (f"{TREATMENT if question.treated else CARGO} inside", sign)
        for node, sign in question.pulls
        if node == target
    ]
    all_signs = [(slug(node), sign) for node, _, sign in mine] + pulled
    return Signals(
        tuple(name for name, sign in all_signs if sign > 0),
        tuple(name for name, sign in all_signs if sign < 0),
    )


def _nodes(question: Question, vessel: Dish) -> tuple[Data, list[Data]]:
    """States of all nodes of the chain that are no behaviour, and the rules that drive them."""
    assert question.chain is not None
    names = {name for here, to, _ in question.chain.arrows for name in (here, to)} | {
        n for n, _ in question.pulls
    }
    states, rules = copy.deepcopy(dict(vessel.states)), []
    for name in sorted(names - set(vessel.behaviours)):
        signals = _signals(name, question)
        rise, up, down = _rise(signals, {f"{TREATMENT} inside", f"{CARGO} inside"})
        node = common()["node"]
        states[slug(name)] = {"initial": node["initial"], "rise": rise, "fall": node["fall"]}
        rules += _driving(vessel.subject, f"rise of {slug(name)}", signals, up, down, question)
    return states, rules


def _rise(signals: Signals, pulling: set[str]) -> tuple[Any, Any, Any]:
    """Rise without signals, fully raised and fully lowered, so that half-on drives leave a node halfway."""
    node = common()["node"]
    up, down = set(signals.up) - pulling, set(signals.down) - pulling
    if not up and not down:
        return node["fall"], node["both"], node["none"]
    if not down:
        return node["quiet"], node["driven"], node["none"]
    if not up:
        return node["driven"], node["both"], node["quiet"]
    return node["quiet"], node["both"], node["none"]


def _behaviours(question: Question, vessel: Dish, states: set[str]) -> list[Data]:
    """Rules by which nodes drive what the cells do, and those of the dish whose nodes are there."""
    rules: list[Data] = []
    for word, means in vessel.behaviours.items():
        signals = _signals(word, question)
        own = [rule for rule in vessel.rules if rule["word"] == word and slug(rule["node"]) in states]
        up = [*signals.up, *(slug(rule["node"]) for rule in own if rule["response"] == "increases")]
        down = [*signals.down, *(slug(rule["node"]) for rule in own if rule["response"] == "decreases")]
        together = Signals(tuple(dict.fromkeys(up)), tuple(dict.fromkeys(down)))
        rules += _driving(vessel.subject, means["behaviour"], together, means["high"], means["low"], question)
    return rules


def _driving(
    subject: str, behaviour: str, signals: Signals, up: Any, down: Any, question: Question
) -> list[Data]:
    responses = [("increases", name, up) for name in signals.up] + [
        ("decreases", name, down) for name in signals.down
    ]
    return [
        {
            "name": f"{signal}-{behaviour}".replace(" ", "-"),
            "cell_type": subject,
            "signal": signal,
            "response": response,
            "behaviour": behaviour,
            "saturation": saturation,
            **_shape(signal, question),
        }
        for response, signal, saturation in responses
    ]


def _shape(signal: str, question: Question) -> Data:
    if signal.startswith(TREATMENT):
        return {"half_max": common()["treatment"]["half_max"], "hill_power": common()["cargo_hill_power"]}
    if signal.startswith(CARGO):
        return {"half_max": _of_kind(question)["half_max"], "hill_power": common()["cargo_hill_power"]}
    return {"half_max": common()["node"]["half_max"], "hill_power": common()["node"]["hill_power"]}


def _of_kind(question: Question) -> Data:
    """The numbers of a kind of cargo."""
    cargos: Data = common()["cargos"]
    found: Data = cargos[question.kind if question.kind in cargos else "any"]
    return found


def _subject(vessel: Dish, states: Data, behaviours: list[Data], question: Question) -> Data:
    """The cell type under study, with the states of the chain; it exchanges only what is driven or read."""
    assert question.readout is not None
    made = copy.deepcopy(vessel.cell_type)
    made["states"] = states
    used = {word for rule in behaviours for word in rule["behaviour"].split()} | {
        question.readout.outcome.split(".")[0]
    }
    made["exchange"] = {name: part for name, part in made.get("exchange", {}).items() if name in used}
    return made


def _given(question: Question, vessel: Dish, arm: str, subject: Data) -> list[Data]:
    """Put the treatment or the means to take the cargo up into the cells; the doses of vesicles of an arm."""
    pools = subject.setdefault("pools", {})
    if question.treated:
        full = common()["treatment"]["copies"]
        pools[TREATMENT] = {"initial": "0 copies" if arm == WITHOUT else full}
        return []
    pools[CARGO] = {"degradation": _of_kind(question)["degradation"]}
    subject.setdefault("uptake", {})[VESICLE] = common()["uptake"]
    if arm == WITHOUT:
        return []
    amount = common()["assay"]["vesicles"] if arm == ASSAY else _in_tissue(question.cell_type)
    times = ("0 min", "24 h") if vessel.duration == "48 h" else ("0 min",)
    return [{"at": at, "dose": {"species": VESICLE, "particles_per_cell": amount}} for at in times]


def _in_tissue(cell_type: str) -> Any:
    vesicles: Data = common()["tissue"]["vesicles"]
    return vesicles.get(cell_type, vesicles["any"])


def _species(question: Question, vessel: Dish, subject: Data) -> Data:
    names, cargos = (
        list(vessel.vesicles),
        {name: {"kind": "protein", "place": "lumen"} for name in vessel.cargos},
    )
    shape = common()["vesicle"]
    plain = {
        "origin": "as given",
        "route": "small EV",
        "diameter": {"median": shape["median"], "geometric_sd": shape["geometric_sd"]},
        "decay_rate": shape["decay_rate"],
        "every": common()["vesicles_every"],
    }
    vesicles = {name: dict(plain) for name in names}
    if question.treated:
        cargos[TREATMENT] = {"kind": "drug", "place": "lumen"}
    else:
        cargos[CARGO] = {"kind": question.kind if question.kind in KINDS else "other", "place": "lumen"}
        vesicles[VESICLE] = plain | {"manifest": {CARGO: _of_kind(question)["copies"]}}
    return {
        "substrates": {name: _substrate() for name in subject["exchange"]},
        "vesicles": vesicles,
        "cargos": cargos,
    }


def _substrate() -> Data:
    """What cells give off gathers in the medium: only its sum is read."""
    return {
        "unit": "uM",
        "diffusion_coefficient": {
            "value": "80 um^2/s",
            "assumed": "a small protein in medium",
            "range": ["50 um^2/s", "500 um^2/s"],
        },
        "initial": {"value": "0 uM", "derived": "fresh medium"},
        "regime": "transient",
        "every": common()["vesicles_every"],
    }


def _partners(vessel: Dish) -> Data:
    made: Data = {}
    for name in vessel.partners:
        part = copy.deepcopy(dish(name).cell_type)
        part.pop("exchange", None)
        made[name] = part | vessel.partner_changes.get(name, {})
    return made


def _placed(vessel: Dish) -> list[Data]:
    side, width, depth = (float(str(common()[key]).split()[0]) for key in ("side", "start", "voxel"))
    low, high = (side - width) / 2, (side + width) / 2
    box = {"low": [f"{low} um", f"{low} um", "0 um"], "high": [f"{high} um", f"{high} um", f"{depth} um"]}
    kinds = {vessel.subject: vessel.cells} | dict(vessel.partners)
    return [{"type": name, "region": {"box": box}, "count": count} for name, count in kinds.items()]
