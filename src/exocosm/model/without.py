"""What a model is without: each mechanism named by its kind, taken out of the plain data of a model.

What is taken out is named as `kind:name`; `Without` lists them. A species or a place for it is not removed:
numbers become zero, so that the tables of two arms have the same columns. Rules that would bring a mechanism
back go with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from exocosm.model.faults import Fault, unknown
from exocosm.model.plain_data import (
    Data,
    all_types,
    drop_rules,
    each_part,
    left_out,
    plain,
    species_part,
    stop,
    type_named,
    words_of,
    words_of_vesicles,
)

Target = Callable[[Data, str], None]

_MADE = ("release", "formation", "budding")
_IN_BODIES = ("docking", "lysosomal degradation")
_CHEMOTAXIS = (r"chemotactic (response|sensitivity) to .+",)
_MIGRATION = (r"migration (speed|bias|persistence time)", "persistence time", *_CHEMOTAXIS)
_HELD, _FATE = ("internalisation", "unbinding"), ("endosomal exit", "escape", "recycling")


def take_out(data: Data, kind: str, name: str) -> None:
    """Takes a mechanism out of a model's plain data. Raises Fault for a kind or name that there is not."""
    if kind not in TARGETS:
        raise unknown("kind of target", kind, [*TARGETS, *WORDS])
    TARGETS[kind](data, name)


def take_out_part(data: Data, part: str) -> None:
    """Takes a part that has no name, one of WORDS, out of a model's tissue."""
    data["tissue"].pop(part, None)
    if part == "capillaries":
        data["tissue"].pop("immigration", None)  # nobody arrives without a vessel


def _vesicles(data: Data, name: str) -> None:
    species_part(data, "vesicles", name)
    for cell_type in all_types(data).values():
        (cell_type.get("release") or {}).pop(name, None)
        stop((cell_type.get("genesis") or {}).get(name, {}), "formation", "budding")
    drop_rules(data, *words_of(name, *_MADE))


def _release(data: Data, name: str) -> None:
    cell_type = type_named(data, name)
    cell_type.pop("release", None)
    for genesis in (cell_type.get("genesis") or {}).values():
        stop(genesis, "formation", "budding")
    drop_rules(data, *words_of_vesicles(data, *_MADE), of=name)


def _genesis(data: Data, name: str) -> None:
    type_named(data, name).pop("genesis", None)
    words = [*words_of_vesicles(data, *_MADE[1:], *_IN_BODIES), r".+ loading into .+"]
    drop_rules(data, *words, of=name, signal=r".+ bodies")


def _step_of_genesis(field: str) -> Target:
    def take(data: Data, name: str) -> None:
        for genesis in (type_named(data, name).get("genesis") or {}).values():
            genesis.pop(field, None)
        drop_rules(data, *words_of_vesicles(data, plain(field)), of=name)

    return take


def _cargo(data: Data, name: str) -> None:
    _loading_of_cargo(data, name)
    for population in data["species"].get("vesicles", {}).values():
        if name in (population.get("manifest") or {}):
            population["manifest"][name] = left_out("copies/particle")


def _loading(data: Data, name: str) -> None:
    """Of a cargo in all cells, or of all cargos in cells of a type."""
    cargos, types = data["species"].get("cargos", {}), all_types(data)
    if name in cargos and name in types:
        wanted = "names that differ, or a path to the loading"
        raise Fault("both a cargo and a cell type have this name", found=name, wanted=wanted)
    if name in types:
        for genesis in (types[name].get("genesis") or {}).values():
            _load_nothing(genesis, genesis.get("loading") or {})
        drop_rules(data, r".+ loading into .+", of=name)
    elif name in cargos:
        _loading_of_cargo(data, name)
    else:
        raise unknown("cargo or cell type", name, [*cargos, *types])


def _loading_of_cargo(data: Data, name: str) -> None:
    species_part(data, "cargos", name)
    for kinds in each_part(data, "genesis"):
        for genesis in kinds.values():
            _load_nothing(genesis, {name} & set(genesis.get("loading") or {}))
    drop_rules(data, *words_of(name, r"loading into .+"))


def _load_nothing(genesis: Data, cargos: Iterable[str]) -> None:
    for name in list(cargos):
        genesis["loading"][name] = left_out("1/particle")


def _pool(data: Data, name: str) -> None:
    species_part(data, "cargos", name)
    for pools in each_part(data, "pools"):
        stop(pools.get(name, {}), "initial", "synthesis")
    drop_rules(data, *words_of(name, "synthesis"))


def _surface(data: Data, name: str) -> None:
    species_part(data, "cargos", name)
    for shown in each_part(data, "surface"):
        if name in shown:
            shown[name] = left_out()


def _matrix(data: Data, name: str) -> None:
    species_part(data, "vesicles", name).pop("matrix_binding", None)


def _uptake(data: Data, name: str) -> None:
    type_named(data, name).pop("uptake", None)
    drop_rules(data, *words_of_vesicles(data, "uptake", *_HELD, *_FATE), of=name)


def _part_of_uptake(part: str, *words: str) -> Target:
    def take(data: Data, name: str) -> None:
        for uptake in (type_named(data, name).get("uptake") or {}).values():
            uptake.pop(part, None)
        drop_rules(data, *words_of_vesicles(data, *words), of=name)

    return take


def _share_of_fate(field: str, word: str) -> Target:
    def take(data: Data, name: str) -> None:
        for uptake in (type_named(data, name).get("uptake") or {}).values():
            if uptake.get("fate"):
                uptake["fate"][field] = left_out()
        drop_rules(data, *words_of_vesicles(data, word), of=name)

    return take


def _capture(data: Data, name: str) -> None:
    species_part(data, "cargos", name).pop("captured_by", None)


def _enzyme(data: Data, name: str) -> None:
    cargo = species_part(data, "cargos", name)
    if cargo.get("enzyme"):
        cargo["enzyme"]["turnover"] = left_out("1/min")


def _of_cells(part: str, what: str, signal: str, *behaviours: str) -> Target:
    """A receptor or state, out of all cell types that have it."""

    def take(data: Data, name: str) -> None:
        held = list(each_part(data, part))
        names = {known for items in held for known in items}
        if name not in names:
            raise unknown(what, name, names)
        for items in held:
            items.pop(name, None)
        word = re.escape(plain(name))
        drop_rules(data, *(form.format(word) for form in behaviours), signal=signal.format(word))

    return take


def _rule(data: Data, name: str) -> None:
    rules = data["tissue"].get("rules", [])
    names = [rule["name"] for rule in rules if rule.get("name")]
    if rules and not names:
        wanted = "a `name` in each rule that is to be taken out, or rules:TYPE"
        raise Fault("no rule of this model has a name", found=name, wanted=wanted)
    if name not in names:
        raise unknown("name of a rule", name, names)
    data["tissue"]["rules"] = [rule for rule in rules if rule.get("name") != name]


def _rules(data: Data, name: str) -> None:
    type_named(data, name)
    drop_rules(data, ".*", of=name)


def _doses(data: Data, name: str) -> None:
    kind = "vesicles" if name in data["species"].get("vesicles", {}) else "substrates"
    if name not in data["species"].get(kind, {}):
        raise unknown(
            "species", name, [n for k in ("substrates", "vesicles") for n in data["species"].get(k, {})]
        )
    events = data.get("events", [])
    data["events"] = [event for event in events if (event.get("dose") or {}).get("species") != name]


def _immigration(data: Data, name: str) -> None:
    entries = data["tissue"].get("immigration", [])
    if name not in (names := [entry["name"] for entry in entries]):
        raise unknown("way in", name, names)
    for entry in entries:
        if entry["name"] == name:
            _nobody_arrives(entry)


def _nobody_arrives(entry: Data) -> None:
    entry["rate"] = left_out("1/um/min")
    entry.pop("base_rate", None)


def _cells(data: Data, name: str) -> None:
    type_named(data, name)
    adds = [event["add"] for event in data.get("events", []) if event.get("add")]
    for placement in [*data["tissue"].get("cells", []), *adds]:
        if placement.get("type", name) == name and name not in placement.get("omit", []):
            placement["omit"] = [*placement.get("omit", []), name]
    for entry in data["tissue"].get("immigration", []):
        if entry["cell_type"] == name:
            _nobody_arrives(entry)


def _life(part: str, *words: str) -> Target:
    def take(data: Data, name: str) -> None:
        type_named(data, name).pop(part, None)
        drop_rules(data, *words, of=name)

    return take


def _chemotaxis(data: Data, name: str) -> None:
    """Cells of a type still move, but in random directions."""
    stop(type_named(data, name).get("motility") or {}, "chemotaxis")
    drop_rules(data, *_CHEMOTAXIS, of=name)


def _toward(part: str, fields: tuple[str, ...], *words: str) -> Target:
    """Rates of what cells of a type do to others or turn into: they stay, as zeros."""

    def take(data: Data, name: str) -> None:
        cell_type = type_named(data, name)
        holder = (cell_type if part == "transformations" else cell_type.get(part)) or {}
        for field in fields:
            value = holder.get(field)
            if isinstance(value, dict) and not {"value", "evidence"} & set(value):
                holder[field] = {other: left_out("1/min") for other in value}
            elif value is not None:
                holder[field] = left_out("1/min")
        drop_rules(data, *words, of=name)

    return take


WORDS = ("flow", "vessels", "capillaries")
TARGETS: dict[str, Target] = {
    "vesicles": _vesicles,
    "cargo": _cargo,
    "cells": _cells,
    "release": _release,
    "genesis": _genesis,
    "formation": _step_of_genesis("formation"),
    "docking": _step_of_genesis("docking"),
    "lysosome": _step_of_genesis("lysosomal_degradation"),
    "budding": _step_of_genesis("budding"),
    "loading": _loading,
    "pool": _pool,
    "surface": _surface,
    "matrix": _matrix,
    "uptake": _uptake,
    "binding": _part_of_uptake("binding", *_HELD),
    "fate": _part_of_uptake("fate", *_FATE),
    "escape": _share_of_fate("escape_fraction", "escape"),
    "recycling": _share_of_fate("recycled_fraction", "recycling"),
    "receptor": _of_cells("receptors", "receptor", "occupancy of {}"),
    "capture": _capture,
    "enzyme": _enzyme,
    "state": _of_cells("states", "state", "{}", "rise of {}", "fall of {}"),
    "rule": _rule,
    "rules": _rules,
    "doses": _doses,
    "immigration": _immigration,
    "cycle": _life("cycle", r"exit from cycle phase .+", "cycle entry"),
    "apoptosis": _life("apoptosis", "apoptosis"),
    "necrosis": _life("necrosis", "necrosis"),
    "motility": _life("motility", *_MIGRATION),
    "chemotaxis": _chemotaxis,
    "attack": _toward("attack", ("targets",), "attack .+"),
    "phagocytosis": _toward(
        "phagocytosis", ("apoptotic", "necrotic", "live"), "phagocytose .+", "phagocytosis of .+"
    ),
    "transformations": _toward("transformations", ("transformations",), "trans(form|ition) to .+"),
}
