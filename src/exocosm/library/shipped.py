"""The scenarios that ship with the package, by name."""

from __future__ import annotations

from pathlib import Path

SCENARIOS = Path(__file__).with_name("scenarios")


def scenario_names() -> list[str]:
    """Names of the shipped scenarios, sorted."""
    return sorted(path.stem for path in SCENARIOS.glob("*.yaml"))


def scenario_path(name: str) -> Path | None:
    """The file of a shipped scenario, or None where there is none of that name."""
    return SCENARIOS / f"{name}.yaml" if name in scenario_names() else None
