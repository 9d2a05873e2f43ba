"""A small tissue in which everything happens: births, deaths, uptake, cargo, oxygen, secretion."""

from __future__ import annotations

from typing import Any

from exocosm.model import Model, Set, Without, load


def small_model(**settings: Any) -> Model:
    """About 60 cells of hcc-nodule in a 160 µm cube, dividing and dying within hours; settings by path."""
    region = {"sphere": {"center": ["80 um"] * 3, "radius": "36 um"}}
    mixture = {"tumour": "0.8", "macrophage": "0.2"}
    changes = {
        "duration": "8 h",
        "tissue.geometry.size": ["160 um"] * 3,
        "tissue.cells": [{"mixture": mixture, "region": region, "spacing": "15.98 um"}],
        "tissue.steps": {"tick": "1 min", "mechanics": "1 min", "phenotype": "6 min"},
        "tissue.cell_types.tumour.cycle.phases[0].duration.exponential": "0.2 1/h",
        "tissue.cell_types.tumour.apoptosis.rate": "0.1 1/h",
        "tissue.cell_types.tumour.apoptosis.duration": "1 h",
        "species.substrates.oxygen.every": "3 min",
        "species.vesicles.tumour.every": "3 min",
        "species.substrates.cytokine": {
            "unit": "uM", "diffusion_coefficient": "1e4 um^2/min", "decay_rate": "0.01 1/min",
            "initial": "0.1 uM", "regime": "transient", "every": "2 min",
        },
        "tissue.cell_types.tumour.exchange.cytokine": {
            "secretion_rate": "50 uM*um^3/min", "uptake_rate": "0.05 1/min",
        },
        "tissue.cell_types.macrophage.exchange.cytokine": {
            "uptake_rate": "0.5 1/min", "max_uptake": "100 uM*um^3/min", "half_saturation": "0.2 uM",
        },
    } | settings  # fmt: skip
    return load("tumour-nodule").change(*(Set(path, value) for path, value in changes.items()))


def living_model(**settings: Any) -> Model:
    """The small tissue with the whole life of vesicles: bodies, budding, loading, pools, surface, endosomes.

    A second population in three sizes carries a cargo in few vesicles; macrophages open its vesicles at once.
    """
    tumour, macrophage = "tissue.cell_types.tumour", "tissue.cell_types.macrophage"
    genesis = {
        "formation": "40 particle/h", "vesicles_per_body": "12 particle", "docking": "1 1/h",
        "lysosomal_degradation": "0.5 1/h", "budding": "10 particle/h",
    }  # fmt: skip
    fate = {"rate": "2 1/h", "escape_fraction": "0.2", "recycled_fraction": "0.3"}
    binding = {"off": "0.5 1/h", "internalisation": "3 1/h"}
    changes = {
        "species.cargos.loaded": {"kind": "miRNA"},
        "species.cargos.rare": {"kind": "protein"},
        "species.vesicles.buds": {
            "origin": "macrophages", "route": "ectosome", "decay_rate": "0.05 1/h", "every": "3 min",
            "diameter": {"median": "150 nm", "geometric_sd": "1.3"}, "size_bins": 3,
            "manifest": {"rare": {"loaded_fraction": "0.1", "copies_per_loaded": "7 copies/particle"}},
        },
        f"{tumour}.genesis.tumour": genesis | {"loading": {"loaded": "1e-3 1/particle"}},
        f"{tumour}.pools.loaded": {
            "initial": "500.5 copies", "synthesis": "100 copies/h", "degradation": "0.1 1/h",
        },
        f"{tumour}.uptake.tumour": {"efficiency": "0.2", "binding": binding, "fate": fate},
        f"{tumour}.uptake.buds": {"efficiency": "0.3", "fate": fate},
        f"{macrophage}.genesis.buds": {"budding": "60 particle/h", "loading": {"loaded": "1e-2 1/particle"}},
        f"{macrophage}.pools.loaded": {"synthesis": "200 copies/h", "degradation": "0.5 1/h"},
        f"{macrophage}.uptake.buds": {"clearance": "100 um^3/min"},
    } | settings  # fmt: skip
    base = small_model()
    if base.tissue.cell_types["tumour"].release:
        base = base.change(Without(f"{tumour}.release"))
    return base.change(*(Set(path, value) for path, value in changes.items()))
