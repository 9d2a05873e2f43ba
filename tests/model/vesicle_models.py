"""Small whole models of vesicles: every mechanism of their life drawn on or off, with plausible numbers.

A few cells in a block of 100 to 160 µm, for one or two hours, so that an engine can run each of them: tests
of properties over these models are tests of all mechanisms together. `targets` names what one can do without.
"""

from __future__ import annotations

import math
from typing import Any

from hypothesis import strategies as st

from exocosm.model import Model

Data = dict[str, Any]
Draw = st.DrawFn

TYPES = ("sender", "recipient")
MEDIUM = {
    "temperature": "37 degC",
    "viscosity": "0.7 mPa*s",
    "tortuosity": 1.3,
    "minimum_extracellular_fraction": 0.2,
}
DYING = {
    "fluid_change_rate": "0.05 1/min",
    "cytoplasmic_biomass_change_rate": "0.02 1/min",
    "nuclear_biomass_change_rate": "0.006 1/min",
    "calcification_rate": "0 1/min",
}
WANDERING = {"persistence_time": "5 min", "bias": 0.5, "chemotaxis": {"oxygen": 1}}
STEPS = {"tick": "0.5 min", "mechanics": "0.5 min", "phenotype": "5 min"}
FACES = ("x_low", "x_high")


def amount(unit: str, low: float, high: float) -> st.SearchStrategy[str]:
    """A number between two bounds, even in its logarithm and of three digits, with its unit."""
    numbers = st.floats(math.log(low), math.log(high)).map(lambda x: min(max(math.exp(x), low), high))
    return numbers.map(lambda x: f"{float(f'{x:.3g}')!r} {unit}".strip())


def maybe(draw: Draw, key: str, value: st.SearchStrategy[Any]) -> Data:
    """A key with its value, or neither."""
    return {key: draw(value)} if draw(st.booleans()) else {}


@st.composite
def vesicle_models(draw: Draw) -> Model:
    """A model that runs within seconds."""
    species = _species(draw)
    edge = draw(st.sampled_from([100, 120, 160]))
    surroundings = _surroundings(draw, species)
    types = {name: _cell_type(draw, species, name) for name in TYPES}
    tissue = {
        "geometry": {"size": [f"{edge} um"] * 3, "voxel": "20 um"},
        "medium": MEDIUM,
        "cell_types": types,
        "cells": [_placement(name, edge, draw(st.integers(1, 4))) for name in TYPES],
        "rules": _rules(draw, species, types),
        "steps": STEPS,
        **surroundings,
    }
    duration = draw(st.integers(1, 2))
    events = [_event(draw, species, duration, "flow" in surroundings) for _ in range(draw(st.integers(0, 3)))]
    return Model(name="drawn", duration=f"{duration} h", species=species, tissue=tissue, events=events)


def _placement(name: str, edge: int, count: int) -> Data:
    """Senders in the lower half along x, recipients in the upper one, clear of the faces."""
    low, high = (20, 0.5 * edge) if name == "sender" else (0.5 * edge, edge - 20)
    box = {
        "low": [f"{low:g} um", "20 um", "20 um"],
        "high": [f"{high:g} um", f"{edge - 20} um", f"{edge - 20} um"],
    }
    return {"type": name, "count": count, "region": {"box": box}}


def _species(draw: Draw) -> Data:
    substrates: Data = {"oxygen": _oxygen()}
    for name in draw(st.sampled_from([(), ("antibody",), ("antibody", "ATP", "adenosine")])):
        substrates[name] = _solute(draw)
    cargos: Data = {
        "miR-A": {"kind": "miRNA"},
        "miR-B": {"kind": "miRNA"},
        "ligand": _ligand(draw, substrates),
    }
    if "ATP" in substrates:
        cargos["CD39"] = _enzyme(draw)
    vesicles = {"exosome": _population(draw, cargos, st.sampled_from(["exosome", "small EV"]))}
    if draw(st.booleans()):
        vesicles["ectosome"] = _population(draw, cargos, st.just("ectosome"))
    return {"substrates": substrates, "cargos": cargos, "vesicles": vesicles}


def _oxygen() -> Data:
    return {
        "unit": "mmHg",
        "diffusion_coefficient": "1e5 um^2/min",
        "decay_rate": "0.1 1/min",
        "initial": "38 mmHg",
        "regime": "quasi-steady",
        "every": "1 min",
    }


def _solute(draw: Draw) -> Data:
    return {
        "unit": "uM",
        "diffusion_coefficient": draw(amount("um^2/min", 1e3, 2e4)),
        "initial": draw(amount("uM", 1e-4, 0.1)),
        "regime": "transient",
        "every": "1 min",
        **maybe(draw, "decay_rate", amount("1/min", 1e-4, 0.05)),
    }


def _ligand(draw: Draw, substrates: Data) -> Data:
    ligand: Data = {"kind": "protein", "place": "surface"}
    if "antibody" in substrates and draw(st.booleans()):
        rates = {"on": draw(amount("1/uM/min", 0.1, 30)), "off": draw(amount("1/min", 1e-4, 0.1))}
        ligand["captured_by"] = {"antibody": rates}
    return ligand


def _enzyme(draw: Draw) -> Data:
    enzyme = {
        "converts": "ATP",
        "turnover": draw(amount("1/min", 1, 1e4)),
        "half_saturation": draw(amount("uM", 1, 100)),
        **maybe(draw, "into", st.just("adenosine")),
    }
    return {"kind": "protein", "place": "enzyme", "enzyme": enzyme}


def _population(draw: Draw, cargos: Data, routes: st.SearchStrategy[str]) -> Data:
    fraction = st.fixed_dictionaries(
        {"loaded_fraction": amount("", 0.01, 1), "copies_per_loaded": amount("copies/particle", 1, 20)}
    )
    binding = st.fixed_dictionaries({"on": amount("1/min", 1e-3, 1), "off": amount("1/min", 1e-3, 1)})
    manifest = {"miR-A": draw(amount("copies/particle", 1e-3, 5) | fraction)}
    for name in ("ligand", "CD39"):
        if name in cargos:
            manifest[name] = draw(amount("copies/particle", 0.1, 20))
    return {
        "origin": "cells of this model",
        "route": draw(routes),
        "diameter": {"median": draw(amount("nm", 60, 200)), "geometric_sd": draw(amount("", 1.2, 1.6))},
        "manifest": manifest,
        "size_bins": draw(st.integers(1, 3)),
        "every": "1 min",
        **maybe(draw, "decay_rate", amount("1/min", 1e-4, 0.02)),
        **maybe(draw, "matrix_binding", binding),
        **maybe(draw, "particles_per_mass", amount("particle/ug", 1e3, 1e5)),
    }


def _cell_type(draw: Draw, species: Data, name: str) -> Data:
    cell_type: Data = {
        "volume": {"total": "2000 um^3", "nuclear": "400 um^3", "fluid_fraction": 0.7},
        "mechanics": {"repulsion": "10 um/min"},
        "exchange": {"oxygen": {"uptake_rate": "5 1/min"}},
        "pools": {cargo: _pool(draw) for cargo in ("miR-A", "miR-B")},
        "uptake": {population: _uptake(draw) for population in species["vesicles"]},
        **maybe(draw, "receptors", st.just({})),
        **maybe(
            draw, "states", st.just({"tired": {"initial": 0.2, "rise": "0.001 1/min", "fall": "0.01 1/min"}})
        ),
        **_life(draw),
        **maybe(draw, "surface", st.just({"ligand": 0.5})),
    }
    if "surface" in cell_type:
        cell_type["pools"]["ligand"] = _pool(draw)
    if "receptors" in cell_type:
        cell_type["receptors"] = {"checkpoint": _receptor(draw, species)}
    made: Data = {"release": {}, "genesis": {}}
    for population, part in species["vesicles"].items():
        way = draw(
            st.sampled_from(["release", "genesis", "genesis"] if name == "sender" else ["genesis", None])
        )
        if way == "release":
            made[way][population] = draw(amount("particle/min", 0.01, 100))
        elif way:
            made[way][population] = _genesis(draw, part["route"])
    return cell_type | made


def _pool(draw: Draw) -> Data:
    return {
        "initial": draw(amount("copies", 1, 5000)),
        **maybe(draw, "synthesis", amount("copy/min", 0.01, 20)),
        **maybe(draw, "degradation", amount("1/min", 1e-4, 0.02)),
    }


def _life(draw: Draw) -> Data:
    """Births and deaths so frequent that an hour sees some."""
    phase = {"name": "live", "divides": True, "doubles_volume": True}
    death = {"duration": "30 min", "relative_rupture_volume": 2, **DYING}
    return {
        **maybe(draw, "cycle", amount("1/min", 1e-3, 0.02).map(lambda r: _cycle(phase, r))),
        **maybe(draw, "apoptosis", amount("1/min", 1e-4, 0.01).map(lambda r: {"rate": r, **death})),
        **maybe(draw, "motility", amount("um/min", 0.1, 4).map(lambda speed: {"speed": speed, **WANDERING})),
    }


def _cycle(phase: Data, rate: str) -> Data:
    return {"phases": [phase | {"duration": {"exponential": rate}}]}


def _genesis(draw: Draw, route: str) -> Data:
    """Bodies have two ends, so that either can be left out."""
    genesis: Data = {"loading": maybe(draw, "miR-B", amount("1/particle", 1e-5, 0.05))}
    if route != "ectosome":
        genesis |= {
            "formation": draw(amount("particle/min", 0.1, 100)),
            "vesicles_per_body": draw(amount("particle", 2, 50)),
            "docking": draw(amount("1/min", 1e-3, 0.1)),
            "lysosomal_degradation": draw(amount("1/min", 1e-3, 0.1)),
        }
    if route == "ectosome" or (route == "small EV" and draw(st.booleans())):
        genesis["budding"] = draw(amount("particle/min", 0.01, 30))
    return genesis


def _uptake(draw: Draw) -> Data:
    binding = st.fixed_dictionaries(
        {"off": amount("1/min", 1e-3, 0.5), "internalisation": amount("1/min", 1e-3, 0.5)}
    )
    fate = st.fixed_dictionaries(
        {
            "rate": amount("1/min", 1e-3, 0.2),
            "escape_fraction": amount("", 1e-2, 0.5),
            "recycled_fraction": amount("", 1e-2, 0.5),
        }
    )
    intrinsic = {"clearance": amount("um^3/min", 10, 1e4)}, {"efficiency": amount("", 1e-3, 0.5)}
    return {
        **draw(st.one_of(*map(st.fixed_dictionaries, intrinsic))),
        **maybe(draw, "size_exponent", st.sampled_from([-1, 0.5])),
        **maybe(draw, "binding", binding),
        **maybe(draw, "fate", fate),
    }


def _receptor(draw: Draw, species: Data) -> Data:
    receptor: Data = {
        "ligand": "ligand",
        "copies": draw(amount("copies", 10, 1e4)),
        "dissociation": draw(amount("copies/um^2", 0.1, 100)),
    }
    if "antibody" in species["substrates"]:
        receptor |= maybe(draw, "blockers", st.just({"antibody": "0.01 uM"}))
    return receptor


def _rules(draw: Draw, species: Data, types: Data) -> list[Data]:
    """Rules that the cell types can follow, each drawn on or off."""
    found = [rule for name, cell_type in types.items() for rule in _possible_rules(name, cell_type)]
    return [rule | {"name": f"rule-{i}"} for i, rule in enumerate(found) if draw(st.booleans())]


def _possible_rules(name: str, cell_type: Data) -> list[Data]:
    found = [_rule(name, "miR-A inside", "increases", "miR-B synthesis", "50 copy/min", "100 copies")]
    if "states" in cell_type:
        found.append(
            _rule(name, "exosome vesicles inside", "increases", "rise of tired", "0.1 1/min", "5 particle")
        )
        found.append(_rule(name, "tired", "decreases", "exosome uptake", "0", "0.5"))
        if "receptors" in cell_type:
            found.append(
                _rule(name, "occupancy of checkpoint", "decreases", "fall of tired", "0 1/min", "0.1")
            )
    if "formation" in cell_type["genesis"].get("exosome", {}):
        found.append(_rule(name, "oxygen", "decreases", "exosome formation", "0 particle/min", "20 mmHg"))
        found.append(_rule(name, "miR-A inside", "decreases", "exosome docking", "0 1/min", "500 copies"))
    return found


def _rule(cell_type: str, signal: str, response: str, behaviour: str, saturation: str, half_max: str) -> Data:
    return {
        "cell_type": cell_type,
        "signal": signal,
        "response": response,
        "behaviour": behaviour,
        "saturation": saturation,
        "half_max": half_max,
        "hill_power": 2,
    }


def _surroundings(draw: Draw, species: Data) -> Data:
    """One of: a closed block, a dish, vessels, a capillary with arrivals, or fluid that flows along x."""
    kind = draw(st.sampled_from(["closed", "dish", "vessels", "capillary", "flow"]))
    boundaries: Data = {"oxygen": {"all": "38 mmHg"}}
    if kind == "dish":
        return {"boundaries": boundaries, "culture": {"dish": {"mixing": draw(amount("um^2/min", 10, 1e4))}}}
    if kind == "vessels":
        rate = draw(amount("1/min", 1e-3, 0.5))
        vessels = {
            "species": "exosome",
            "exchange_rate": rate,
            "blood": draw(amount("particle/mL", 1e6, 1e10)),
        }
        return {"boundaries": boundaries, "vessels": [vessels]}
    if kind == "capillary":
        line = {"start": ["50 um", "50 um", "0 um"], "end": ["50 um", "50 um", "100 um"]}
        openings = {"diameter": "400 nm", "density": "2 1/um^2", "thickness": "0.2 um"}
        blood = {"permeability": draw(amount("um/min", 1, 1e4)), "blood": "60 mmHg"}
        vessel = {"radius": "4 um", "lines": [line], "exchange": {"oxygen": blood}, "fenestrae": openings}
        arrival = {"name": "arrival", "cell_type": "sender", "through": "capillary"}
        return {
            "boundaries": boundaries,
            "capillaries": {"capillary": vessel},
            "immigration": [arrival | {"rate": draw(amount("1/um/min", 1e-5, 1e-3))}],
        }
    if kind == "flow":
        for name in species["vesicles"]:
            boundaries[name] = dict.fromkeys(FACES, "0 particle/um^3")
        for name in species["substrates"]:
            if name != "oxygen":
                boundaries[name] = dict.fromkeys(FACES, species["substrates"][name]["initial"])
        velocity = draw(amount("um/s", 0.01, 1))
        return {"boundaries": boundaries, "flow": {"uniform": [velocity, "0 um/s", "0 um/s"]}}
    return {"boundaries": boundaries}


def _event(draw: Draw, species: Data, hours: int, flows: bool) -> Data:
    at = {"at": f"{draw(st.integers(0, 60 * hours))} min"}
    kinds = ["dose", "medium_change"] + (["antibody"] if "antibody" in species["substrates"] else [])
    kind = draw(st.sampled_from(kinds))
    if kind == "medium_change":
        return at | {kind: {"share": draw(amount("", 0.1, 1))}}
    if kind == "antibody":
        return at | {"dose": {"species": "antibody", "concentration": draw(amount("uM", 1e-4, 0.1))}}
    return at | {"dose": _dose(draw, species)}


def _dose(draw: Draw, species: Data) -> Data:
    name = draw(st.sampled_from(list(species["vesicles"])))
    amounts = {
        "particles": amount("particle", 1, 1e6),
        "particles_per_cell": amount("particle", 1, 1e4),
        "concentration": amount("particle/mL", 1e6, 1e11),
    }
    if "particles_per_mass" in species["vesicles"][name]:
        amounts["mass"] = amount("ug", 1e-3, 10)
    kind = draw(st.sampled_from(list(amounts)))
    ball = {"sphere": {"center": ["50 um", "50 um", "50 um"], "radius": "30 um"}}
    return {"species": name, kind: draw(amounts[kind]), **maybe(draw, "region", st.just(ball))}


def targets(model: Model) -> list[str]:
    """All that a model can do without, by kind and name."""
    types = model.tissue.cell_types
    names = {
        "vesicles": model.species.vesicles,
        "matrix": model.species.vesicles,
        "doses": model.species.fields,
        **dict.fromkeys(("cargo", "loading", "pool", "surface", "capture", "enzyme"), model.species.cargos),
        **dict.fromkeys(OF_CELLS, types),
        "receptor": {name for cell_type in types.values() for name in cell_type.receptors},
        "state": {name for cell_type in types.values() for name in cell_type.states},
        "rule": [rule.name for rule in model.tissue.rules],
        "immigration": [entry.name for entry in model.tissue.immigration],
    }
    loads = [f"loading:{name}" for name in types]
    parts = ["flow", "vessels", "capillaries", *loads]
    return [*parts, *(f"{kind}:{name}" for kind, known in names.items() for name in known)]


OF_CELLS = (
    *("cells", "release", "genesis", "formation", "docking", "lysosome", "budding", "uptake", "binding"),
    *("fate", "escape", "recycling", "rules", "cycle", "apoptosis", "necrosis", "motility"),
    *("chemotaxis", "attack", "phagocytosis", "transformations"),
)
