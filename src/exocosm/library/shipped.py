"""The scenarios and the models of the cell cycle that ship with the package, by name."""

from __future__ import annotations

from pathlib import Path

SCENARIOS = Path(__file__).with_name("scenarios")
CYCLES = Path(__file__).with_name("cycles")


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
