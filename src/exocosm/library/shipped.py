"""What ships, by name: scenarios, models of the cell cycle, and pieces for scenarios to take."""

from __future__ import annotations

from pathlib import Path

SCENARIOS = Path(__file__).with_name("scenarios")
CYCLES = Path(__file__).with_name("cycles")
PIECES = ("substrates", "vesicles", "cells", "cargos")
"""Kinds of pieces, in the order in which they are laid over each other, each a folder of the library."""


def scenario_names() -> list[str]:
    """Names of the shipped scenarios, sorted."""
    return sorted(path.stem for path in SCENARIOS.glob("*.yaml"))


def scenario_path(name: str) -> Path | None:
    """The file of a shipped scenario, or None where there is none of that name."""
    return SCENARIOS / f"{name}.yaml" if name in scenario_names() else None


def cycle_names() -> list[str]:
    """Names of the shipped models of the cell cycle, sorted."""
    return sorted(path.stem for path in CYCLES.glob("*.yaml"))


def cycle_path(name: str) -> Path | None:
    """The file of a shipped model of the cell cycle, or None where there is none of that name."""
    return CYCLES / f"{name}.yaml" if name in cycle_names() else None


def piece_names(kind: str) -> list[str]:
    """Names of the pieces of a kind, one of PIECES, sorted."""
    return sorted(path.stem for path in Path(__file__).with_name(kind).glob("*.yaml"))


def piece_path(kind: str, name: str) -> Path | None:
    """The file of a piece of the library, or None where there is none of that name."""
    return Path(__file__).with_name(kind) / f"{name}.yaml" if name in piece_names(kind) else None
