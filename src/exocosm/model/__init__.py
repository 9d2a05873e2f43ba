"""What a model is: its parts, units and rules; loading, checking and changing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exocosm.model.arms import Arm
    from exocosm.model.changes import Add, Change, Set, Without
    from exocosm.model.events import BoundaryChange, Dose, Event, MediumChange
    from exocosm.model.loading import load
    from exocosm.model.model import Model
    from exocosm.model.origins import sources
    from exocosm.model.origins_report import sources_report, standing
    from exocosm.model.parts.cells import (
        Binding,
        CellState,
        CellType,
        Exchange,
        Fate,
        Genesis,
        Mechanics,
        Pool,
        Receptor,
        VesicleUptake,
        Volume,
    )
    from exocosm.model.parts.interactions import Attack, Phagocytosis
    from exocosm.model.parts.motility import Motility
    from exocosm.model.parts.phases import (
        Cycle,
        Death,
        DeathVolume,
        Exponential,
        Fixed,
        Necrosis,
        Normal,
        Phase,
        Ramp,
    )
    from exocosm.model.parts.regions import Box, Hexagon, Layer, Positions, Shell, Sphere
    from exocosm.model.parts.rules import Rule
    from exocosm.model.parts.species import (
        Capture,
        Cargo,
        Enzyme,
        Loaded,
        LogNormal,
        MatrixBinding,
        Species,
        Substrate,
        VesiclePopulation,
    )
    from exocosm.model.parts.surroundings import Dish, Places, Transwell, Uniform, Vessels
    from exocosm.model.parts.tissue import (
        Boundary,
        Diffusivity,
        Geometry,
        Held,
        Medium,
        Placement,
        Steps,
        Tissue,
    )
    from exocosm.model.quantity import Quantity
    from exocosm.model.record import Record, Share, Zone
    from exocosm.model.source import Assumed, Derived, Evidence
    from exocosm.model.starts import starts_report

_HOMES = {
    "changes": "Add Change Set Without",
    "events": "BoundaryChange Dose Event MediumChange",
    "loading": "load",
    "model": "Model",
    "origins": "sources",
    "origins_report": "sources_report standing",
    "parts.capillaries": "BloodExchange Capillaries Fenestrae Hexagonal Immigration Line",
    "starts": "starts_report",
    "parts.cells": (
        "Binding CellState CellType Exchange Fate Genesis Mechanics Pool Receptor VesicleUptake Volume"
    ),
    "parts.motility": "Motility",
    "parts.interactions": "Attack Phagocytosis",
    "parts.phases": "Cycle Death DeathVolume Exponential Fixed Necrosis Normal Phase Ramp",
    "parts.regions": "Box Hexagon Layer Positions Shell Sphere",
    "parts.rules": "Rule",
    "parts.species": (
        "Capture Cargo Enzyme Loaded LogNormal MatrixBinding Species Substrate VesiclePopulation"
    ),
    "parts.surroundings": "Dish Places Transwell Uniform Vessels",
    "parts.tissue": "Boundary Diffusivity Geometry Held Medium Placement Steps Tissue",
    "quantity": "Quantity",
    "arms": "Arm",
    "record": "Record Share Zone",
    "source": "Assumed Derived Evidence",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = [
    "Add",
    "Arm",
    "Assumed",
    "Attack",
    "Binding",
    "BloodExchange",
    "Boundary",
    "BoundaryChange",
    "Box",
    "Capillaries",
    "Capture",
    "Cargo",
    "CellState",
    "CellType",
    "Change",
    "Cycle",
    "Death",
    "DeathVolume",
    "Derived",
    "Diffusivity",
    "Dish",
    "Dose",
    "Enzyme",
    "Event",
    "Evidence",
    "Exchange",
    "Exponential",
    "Fate",
    "Fenestrae",
    "Fixed",
    "Genesis",
    "Geometry",
    "Held",
    "Hexagon",
    "Hexagonal",
    "Immigration",
    "Layer",
    "Line",
    "Loaded",
    "LogNormal",
    "MatrixBinding",
    "Mechanics",
    "Medium",
    "MediumChange",
    "Model",
    "Motility",
    "Necrosis",
    "Normal",
    "Phagocytosis",
    "Phase",
    "Placement",
    "Places",
    "Pool",
    "Positions",
    "Quantity",
    "Ramp",
    "Receptor",
    "Record",
    "Rule",
    "Set",
    "Share",
    "Shell",
    "Species",
    "Sphere",
    "Steps",
    "Substrate",
    "Tissue",
    "Transwell",
    "Uniform",
    "VesiclePopulation",
    "VesicleUptake",
    "Vessels",
    "Volume",
    "Without",
    "Zone",
    "load",
    "sources",
    "sources_report",
    "standing",
    "starts_report",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'exocosm.model' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"exocosm.model.{_HOME[name]}"), name)
