"""Recorded fields for the 3-D view and the slices: 16-bit blocks over one range for all arms."""

from __future__ import annotations

from typing import Any

import numpy as np

from exocosm.view.arms import Arm
from exocosm.view.embed import Blocks, quantise
from exocosm.view.words import units


def field_words(name: str, kind: str) -> str:
    """A field's name as what a reader picks from a list."""
    return f"{name.removeprefix('vesicles.')} vesicles in the fluid" if kind == "vesicle" else name


def in_order_of(model: Any, names: list[str]) -> list[str]:
    """Names of fields as the model has them, vesicles before substrates, what it does not name last."""
    species = getattr(model, "species", None)
    known = [*getattr(species, "vesicles", ()), *getattr(species, "substrates", ())]
    place = {name: i for i, name in enumerate(known)}
    return sorted(names, key=lambda name: place.get(name.removeprefix("vesicles."), len(place)))


def field_frames(arms: list[Arm], blocks: Blocks, budget: int) -> list[dict[str, Any]]:
    """Each recorded field of each arm as 16-bit blocks over one range, so that arms share a colour bar."""
    data = [arm.run.fields for arm in arms]
    found = dict.fromkeys(str(name) for dataset in data if dataset is not None for name in dataset.data_vars)
    names = in_order_of(arms[0].run.model, list(found))
    values = sum(d[n].size for d in data if d is not None for n in d.data_vars)
    stride = max(1, int(np.ceil((2 * values / budget) ** (1 / 3))))
    return [_field(name, data, stride, blocks) for name in names]


def _field(name: str, data: list[Any], stride: int, blocks: Blocks) -> dict[str, Any]:
    holders = [d[name] if d is not None and name in d else None for d in data]
    first = next(h for h in holders if h is not None)
    unit = str(first.attrs.get("units", first.attrs.get("unit", "")))
    high = max(float(h.max()) for h in holders if h is not None and h.size)
    low = min(float(h.min()) for h in holders if h is not None and h.size)
    kind = "vesicle" if "particle" in unit else "substrate"
    low = 0.0 if kind == "vesicle" or low < 0.35 * high else low
    smallest = min((float(h.where(h > 0).min()) for h in holders if h is not None), default=0.0)
    return {
        "name": name,
        "label": field_words(name, kind),
        "short": field_words(name, kind).removesuffix(" in the fluid"),
        "kind": kind,
        "unit": units(unit),
        "low": low,
        "high": high if high > low else low + 1.0,
        "smallest": smallest if np.isfinite(smallest) else 0.0,
        "arms": [_field_arm(h, stride, low, high, blocks) for h in holders],
    }


def _field_arm(holder: Any, stride: int, low: float, high: float, blocks: Blocks) -> list[dict[str, Any]]:
    if holder is None:
        return []
    holder = holder.transpose("time", "x", "y", "z")
    frames = []
    for i, time in enumerate(np.asarray(holder["time"], dtype=float)):
        values = np.asarray(holder.isel(time=i), dtype=float)[::stride, ::stride, ::stride]
        # x fastest, the order in which a texture is read
        frames.append(
            {
                "time": float(time),
                "shape": list(values.shape),
                "values": blocks.add(quantise(values.transpose(2, 1, 0), low, high)),
            }
        )
    return frames
