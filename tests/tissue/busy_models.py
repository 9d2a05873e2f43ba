"""Whole models in which cells are born, die, meet, wander and arrive, and a cargo is handed on by cells.

Each, a block or a layer, is a drawn model of the life of vesicles (`vesicle_models`), its cells put close
together, and to it what may happen to cells, drawn on or off with rates so high that half an hour sees it.
The cargo `relayed` starts in senders alone; recipients load what they got of it into `relays`, vesicles of
their own, which only collectors take up: what collectors get of it has gone through two cells.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from hypothesis import strategies as st
from ruamel.yaml import YAML
from vesicle_models import DYING, WANDERING, amount, maybe, vesicle_models

from exocosm.model import Model
from exocosm.tissue import Simulation

Data = dict[str, Any]
Draw = st.DrawFn

TYPES = ("sender", "recipient", "collector")
EVENTS = ("dose", "medium_change", "boundary", "add")
HAPPENINGS = (
    "layers",
    *("births", "apoptoses", "necroses", "engulfed", "attacks", "arrivals", "relayed", "migrants", "rules"),
    *("changed states", *EVENTS),
)
MINUTES = 30.0
SWELLING = DYING | {"fluid_change_rate": "0.5 1/min"}
FATE = {"rate": "0.3 1/min", "escape_fraction": "0.6", "recycled_fraction": "0.2"}
EFFICIENT = {"clearance": "2e4 um^3/min"}
RELAYS = {
    "origin": "recipients",
    "route": "exosome",
    "diameter": {"median": "90 nm", "geometric_sd": "1.3"},
    "size_bins": 2,
    "every": "1 min",
}
GENESIS = {
    "formation": "60 particle/min",
    "vesicles_per_body": "6 particle",
    "docking": "0.5 1/min",
    "lysosomal_degradation": "0.05 1/min",
}
LAYER = "20 um"
BLOOD = {"permeability": "100 um/min", "blood": "60 mmHg"}


def plain(model: Model) -> Data:
    """A model as its file has it."""
    data: Data = YAML(typ="safe").load(model.to_yaml())
    return data


@st.composite
def busy_models(draw: Draw) -> Model:
    """A model that runs within a second or two."""
    data = plain(draw(vesicle_models()))
    data.pop("format")
    _relay(draw, data)
    tissue = data["tissue"]
    for name, cell_type in tissue["cell_types"].items():
        cell_type |= _life(draw, name)
    if "culture" not in tissue and draw(st.booleans()):
        tissue["geometry"]["size"][2] = LAYER
    _put_close(draw, tissue)
    tissue["rules"] = [*tissue.get("rules", []), *_rules(draw, tissue["cell_types"])]
    _surround(draw, tissue)
    number = draw(st.integers(1, 4))
    data["events"] = [_event(draw, data) for _ in range(number)]
    return Model(**data)


def _relay(draw: Draw, data: Data) -> None:
    """Senders make the cargo, recipients hand it on, collectors gather it."""
    species, types = data["species"], data["tissue"]["cell_types"]
    species["cargos"]["relayed"] = {"kind": "miRNA"}
    species["vesicles"]["relays"] = RELAYS
    sender, recipient = types["sender"], types["recipient"]
    types["collector"] = {
        "volume": sender["volume"],
        "exchange": sender["exchange"],
        "pools": {"relayed": {}},
        "uptake": {"relays": EFFICIENT | maybe(draw, "fate", st.just(FATE))},
    }
    sender["pools"]["relayed"] = {
        "initial": "20000 copies",
        **maybe(draw, "synthesis", st.just("9 copy/min")),
    }
    sender.get("release", {}).pop("exosome", None)
    sender.setdefault("genesis", {})["exosome"] = GENESIS | {"loading": {"relayed": "1e-3 1/particle"}}
    recipient["pools"]["relayed"] = maybe(draw, "degradation", amount("1/min", 1e-4, 0.01))
    recipient["genesis"]["relays"] = GENESIS | {"loading": {"relayed": "2e-2 1/particle"}}
    recipient["uptake"]["exosome"] = EFFICIENT | maybe(draw, "fate", st.just(FATE))


def _life(draw: Draw, name: str) -> Data:
    """Births, deaths, contacts and migration of one type, each drawn on or off."""
    death = {"duration": "8 min", "relative_rupture_volume": 1.05}
    divides = {
        "name": "divides",
        "divides": True,
        "duration": {"exponential": draw(amount("1/min", 0.01, 0.1))},
    }
    grows = {"name": "grows", "doubles_volume": True, "duration": {"fixed": "4 min"}}
    ramp = {"substrate": "oxygen", "zero_at": "50 mmHg", "one_at": "5 mmHg"}
    attack = {"targets": {"sender": "0.2 1/min"}, "damage_rate": "1 1/min", "duration": "4 min"}
    eats = {"apoptotic": "0.05 1/min", "necrotic": "0.05 1/min"}
    necrosis = death | {"swelling": SWELLING, "lysed": DYING, "modulated_by": ramp}
    speed = amount("um/min", 0.1, 4)
    found = {
        "mechanics": {"repulsion": "10 um/min", "adhesion": "0.4 um/min", "relative_adhesion_distance": 1.8},
        **maybe(draw, "cycle", st.just({"phases": [grows, divides]})),
        **maybe(draw, "apoptosis", amount("1/min", 1e-3, 0.03).map(lambda r: death | DYING | {"rate": r})),
        **maybe(draw, "necrosis", amount("1/min", 1e-3, 0.1).map(lambda r: necrosis | {"rate": r})),
        **maybe(draw, "motility", speed.map(lambda s: {"speed": s, **WANDERING})),
        **maybe(draw, "phagocytosis", st.just(eats | {"live": {"recipient": "0.004 1/min"}})),
    }
    if name != "sender":
        found |= maybe(draw, "attack", st.just(attack))
    return found


def _put_close(draw: Draw, tissue: Data) -> None:
    """Cells of all types in a small ball or disc, some of them in contact."""
    ball = _ball(tissue, "50 um", "42 um" if is_layer(tissue) else "30 um")
    mixture = {"sender": 0.4, "recipient": 0.35, "collector": 0.25}
    tissue["cells"] = [{"mixture": mixture, "region": ball, "count": draw(st.integers(7, 11))}]


def is_layer(tissue: Data) -> bool:
    """Whether a tissue is a layer of one voxel."""
    return bool(tissue["geometry"]["size"][2] == LAYER)


def _ball(tissue: Data, centre: str, radius: str) -> Data:
    return {"sphere": {"center": [centre, centre, "10 um" if is_layer(tissue) else centre], "radius": radius}}


def _rules(draw: Draw, types: Data) -> list[Data]:
    """Damage kills, the relayed cargo moves those that get it or feeds a state, each drawn on or off."""
    found = []
    if "apoptosis" in types["sender"] and any("attack" in part for part in types.values()):
        found.append(_rule("sender", "damage", "increases", "apoptosis", "0.5 1/min", "4"))
    if "motility" in types["recipient"]:
        found.append(
            _rule("recipient", "relayed inside", "increases", "migration speed", "5 um/min", "9 copy")
        )
    if draw(st.booleans()):
        types["collector"]["states"] = {"taught": {"initial": 0.1, "fall": "0.01 1/min"}}
        found.append(
            _rule("collector", "relayed inside", "increases", "rise of taught", "0.2 1/min", "9 copy")
        )
    return [rule | {"name": f"busy-{i}"} for i, rule in enumerate(found) if draw(st.booleans())]


def _rule(cell_type: str, signal: str, response: str, behaviour: str, saturation: str, half_max: str) -> Data:
    return {
        "cell_type": cell_type, "signal": signal, "response": response, "behaviour": behaviour,
        "saturation": saturation, "half_max": half_max, "hill_power": 2,
    }  # fmt: skip


def _surround(draw: Draw, tissue: Data) -> None:
    """Vessels as lines in a block that has no other surroundings; cells of any type arrive by them."""
    if "flow" in tissue:
        tissue["boundaries"]["relays"] = dict.fromkeys(("x_low", "x_high"), "0 particle/um^3")
    if not {"flow", "vessels", "culture"} & set(tissue):
        line = {"start": ["50 um", "50 um", "0 um"], "end": ["50 um", "50 um", "100 um"]}
        if is_layer(tissue):
            line["end"][2] = LAYER
        vessel = {"radius": "4 um", "lines": [line], "exchange": {"oxygen": BLOOD}}
        tissue["capillaries"] = {"capillary": vessel}
        arrival = {"name": "arrival", "cell_type": draw(st.sampled_from(TYPES)), "through": "capillary"}
        tissue["immigration"] = [arrival | {"rate": draw(amount("1/um/min", 2e-3, 1e-2))}]


def _event(draw: Draw, data: Data) -> Data:
    """A dose, a change of medium or of a boundary, or more cells, within the half hour."""
    at = {"at": f"{draw(st.integers(0, int(MINUTES)))} min"}
    ball = _ball(data["tissue"], "60 um", "25 um")
    more = {"type": draw(st.sampled_from(TYPES)), "region": ball, "count": draw(st.integers(1, 2))}
    happenings = {
        "dose": {"species": "exosome", "particles": draw(amount("particle", 1, 1e6))},
        "medium_change": {"share": draw(amount("", 0.1, 1))},
        "boundary": {
            "species": "oxygen",
            "face": "x_low",
            "value": draw(st.sampled_from(["no-flux", "2 mmHg"])),
        },
        "add": more,
    }
    kind = draw(st.sampled_from(list(happenings)))
    return at | {kind: happenings[kind]}


def happenings(simulation: Simulation) -> Counter[str]:
    """How often each of the things happened that cells and scenarios can do; `events` by their kind."""
    cells, tallies, tissue = simulation.state.cells, simulation.state.tallies, simulation.tissue
    collector = tissue.types.names.index("collector")
    apoptosis, necrosis = tallies.died.sum(axis=0)
    states = [
        float(part.initial) for t in tissue.model.tissue.cell_types.values() for part in t.states.values()
    ]
    found = {
        "layers": tissue.grid.is_layer,
        "births": cells.view("births").sum(),
        "apoptoses": apoptosis,
        "necroses": necrosis,
        "engulfed": tallies.engulfed.sum(),
        "attacks": (cells.view("attacked_time") > 0.0).sum(),
        "arrivals": tallies.immigrated.sum(),
        "relayed": tallies.delivered[collector, tissue.cargos.index("relayed")],
        "migrants": cells.view("direction").any(axis=1).sum(),
        "rules": len(tissue.rules),
        "changed states": (~np.isin(cells.view("state"), [0.0, *states])).sum(),
    }
    for event in simulation.model.events:
        kind = next(name for name in EVENTS if getattr(event, name) is not None)
        found[kind] = found.get(kind, 0) + int(float(event.at) <= simulation.time)
    return Counter({name: int(number) for name, number in found.items()})
