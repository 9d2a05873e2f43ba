"""Cycle models that ship, taken by name: `cycle: {model: ki67-basic}`, with some phases changed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import ValidationError

from exocosm import library
from exocosm.model.faults import Fault, first_fault, show, unknown
from exocosm.model.part import Part
from exocosm.model.reading import read_file


def without_preset(data: Any, phase: type[Part]) -> Any:
    """The plain data of a cycle with the phases of its `model` written out. Raises Fault."""
    if not isinstance(data, Mapping):
        return data
    changed = data.get("phases")
    if "model" not in data:
        if isinstance(changed, Mapping):
            wanted = "a list of phases, or the model whose phases these change"
            raise Fault(
                "phases by name need a model", at=("phases",), found=show(dict(changed)), wanted=wanted
            )
        return data
    phases = _phases(data["model"])
    if changed is not None and not isinstance(changed, Mapping):
        wanted = "phases by name, such as {S: {duration: {fixed: 9 h}}}, or a list without model"
        raise Fault(
            "a cycle has a model or a list of phases", at=("phases",), found=show(changed), wanted=wanted
        )
    rest = {key: value for key, value in data.items() if key != "model"}
    return rest | {"phases": _laid_over(phases, changed or {}, phase)}


def _phases(name: Any) -> list[dict[str, Any]]:
    names = library.cycle_names()
    if not isinstance(name, str) or name not in names:
        raise unknown("cycle model", name, names, at=("model",))
    return _read(name)


@cache
def _read(name: str) -> list[dict[str, Any]]:
    path = library.cycle_path(name)
    assert path is not None
    phases: list[dict[str, Any]] = read_file(path).data["phases"]
    return phases


def _laid_over(phases: list[dict[str, Any]], changed: Mapping[Any, Any], part: type[Part]) -> list[Any]:
    """The phases with what is said of some of them, field by field; exits replace duration and next."""
    names = [phase["name"] for phase in phases]
    for name, over in changed.items():
        if name not in names:
            raise unknown("phase", name, names, at=("phases", str(name)))
        if not isinstance(over, Mapping):
            wanted = "what differs, such as {duration: {fixed: 9 h}}"
            raise Fault("this has the wrong form", at=("phases", name), found=show(over), wanted=wanted)
    return [_phase(phase, changed.get(phase["name"], {}), part) for phase in phases]


def _phase(phase: dict[str, Any], over: Mapping[str, Any], part: type[Part]) -> Part:
    old = {
        key: value for key, value in phase.items() if not ("exits" in over and key in ("duration", "next"))
    }
    try:
        return part.model_validate(old | dict(over))
    except ValidationError as error:
        raise first_fault(error).inside("phases", phase["name"]) from None
