"""A small tissue in which everything happens: births, deaths, uptake, cargo, oxygen, secretion."""

from __future__ import annotations

from typing import Any

from exocosm.model import Model, Set, load


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
    return load("hcc-nodule").change(*(Set(path, value) for path, value in changes.items()))
