"""What the 3-D view needs of each arm: cells at each recorded time, fields at theirs, as compact blocks.

Positions and radii are 16-bit steps over the range of all arms (a 1,000 µm block: 0.015 µm); counts are exact
up to 65,535 and scaled beyond. At most `MOST_RUNS` runs are held: one seed of each condition, then a second
of each while there is room. Cells take at most about `BUDGET` bytes: above it, the same share of cells is
shown at all times and in all arms, chosen by their keys, and the page says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from exocosm.view.arms import Arm
from exocosm.view.conditions import group, names
from exocosm.view.embed import LEVELS, Blocks, quantise
from exocosm.view.palette import SCALES, STATES, cell_type_colours, scale
from exocosm.view.scene_fields import field_frames
from exocosm.view.scene_vessels import vessels

BUDGET = 9_000_000
"""Bytes of cells before compression over all arms and times; fields may take as much again."""

MOST_RUNS = 12
"""Runs whose cells and fields a page holds, unless there are more conditions than that."""

BASIC = ("type", "state", "x", "y", "z", "radius", "volume", "phase")
STATE_NAMES = tuple(STATES)


QUANTITIES = {
    "vesicles.": "{} vesicles inside",
    "bound.": "{} vesicles on the surface",
    "bodies.": "bodies with {} vesicles",
    "cargo.": "{} copies in the pool",
    "state.": "{}",
}


@dataclass
class Frame:
    """Cells of one arm at one time: a table with x, y, z, radius, type, state and the counts per cell."""

    time: float
    table: pd.DataFrame


def read_frames(arm: Arm, keep: float = 1.0) -> list[Frame]:
    """All recorded cells of an arm; with `keep` < 1 the share of cells whose key falls below it."""
    frames = []
    for time in arm.run.cell_times:
        cells = arm.run.cells(time)
        table = cells.obs.copy()
        spatial = np.asarray(cells.obsm["spatial"], dtype=float)
        for axis, name in enumerate("xyz"):
            table[name] = spatial[:, axis] if axis < spatial.shape[1] else 0.0
        for column in (c for c in table.columns if str(c).startswith("state.")):
            table[column] = 100.0 * table[column]
        frames.append(Frame(float(time), table[chosen(table, keep)] if keep < 1 else table))
    return frames


def chosen(table: pd.DataFrame, keep: float) -> NDArray[np.bool_]:
    """The cells that a share `keep` shows: its key (the row's name, hexadecimal), mixed, decides for life."""
    keys = np.array([int(str(name), 16) for name in table.index], dtype=np.uint64)
    with np.errstate(over="ignore"):
        mixed = (keys ^ (keys >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed >> np.uint64(40)).astype(float) / 2**24 < keep


def counted_columns(frames: list[Frame]) -> list[str]:
    """Columns of vesicles and cargo of cells and of states in percent, in the order of the table."""
    names: dict[str, None] = {}
    for frame in frames:
        names |= dict.fromkeys(c for c in frame.table.columns if str(c).startswith(tuple(QUANTITIES)))
    return list(names)


def _codes(values: pd.Series, names: list[str]) -> NDArray[np.uint8]:
    places = {name: i for i, name in enumerate(names)}
    positions = values.astype(str).map(places).fillna(-1).to_numpy(dtype=int)
    return np.where(positions < 0, 255, positions).astype(np.uint8)


def type_names(frames: list[Frame]) -> list[str]:
    """Cell types in the order of the model where the table is categorical, else as they appear."""
    names: dict[str, None] = {}
    for frame in frames:
        column = frame.table["type"]
        known = column.cat.categories if isinstance(column.dtype, pd.CategoricalDtype) else column.unique()
        names |= dict.fromkeys(str(name) for name in known)
    present = set().union(*(set(frame.table["type"].astype(str)) for frame in frames))
    return [name for name in names if name in present]


def embedded(arms: list[Arm]) -> list[tuple[int, Arm]]:
    """The runs that a page holds, with the place of their condition: whole rounds of one seed each."""
    conditions = group(arms)
    rounds = max(1, MOST_RUNS // len(conditions))
    return [(place, arm) for place, c in enumerate(conditions) for arm in c.arms[:rounds]]


def tissue_scene(arms: list[Arm], blocks: Blocks, budget: int = BUDGET) -> dict[str, Any] | None:
    """Everything the 3-D view draws, with its large arrays in `blocks`; None when no cells were recorded."""
    conditions, held = group(arms), embedded(arms)
    every, arms = len(arms), [arm for _, arm in held]
    total = sum(len(arm.run.cell_times) for arm in arms)
    if not total:
        return None
    keep = _share_within(budget, arms, total)
    runs = [read_frames(arm, keep) for arm in arms]
    frames = [frame for run in runs for frame in run]
    types, counts = type_names(frames), counted_columns(frames)
    fields = field_frames(arms, blocks, budget)
    levels = level_ranges([f["name"] for f in fields if f["kind"] == "substrate"], frames, fields)
    tops = {c: _largest(c, frames) for c in counts}
    boxes = [box_of(arm, run or frames) for arm, run in zip(arms, runs, strict=True)]
    box = [max(lengths) for lengths in zip(*boxes, strict=True)]
    low, high, radius = extent(frames, box)
    packed = [[_pack(f, types, tops, levels, (low, high, radius), blocks) for f in run] for run in runs]
    return {
        "box": box,
        "low": low,
        "high": high,
        "radius": radius,
        "focus": focus(frames),
        "types": [{"name": n, "colour": cell_type_colours(types)[n]} for n in types],
        "states": [{"name": n, "colour": STATES[n]} for n in STATE_NAMES],
        "quantities": [
            {"key": c, "label": quantity_words(c), "unit": quantity_unit(c), "max": tops[c]} for c in counts
        ],
        "conditions": names(conditions),
        "arms": [
            _of_arm(arm, place, rows, own, run, blocks)
            for (place, arm), rows, own, run in zip(held, packed, boxes, runs, strict=True)
        ],
        "levels": [{"key": name, "low": low, "high": high} for name, (low, high) in levels.items()],
        "fields": fields,
        "scales": {kind: scale(kind) for kind in SCALES},
        "note": " ".join(text for text in (thinned(keep), left_out(len(arms), every)) if text),
    }


def _of_arm(
    arm: Arm, place: int, rows: list[dict[str, Any]], box: list[float], run: list[Frame], blocks: Blocks
) -> dict[str, Any]:
    """One run: its packed frames `rows`, its block, and where its cells and vessels are."""
    return {
        "label": arm.label,
        "condition": place,
        "seed": arm.seed,
        "frames": rows,
        "box": box,
        "middle": focus(run)["centre"],
        "vessels": vessels(arm, blocks),
    }


def _share_within(budget: int, arms: list[Arm], times: int) -> float:
    """The share of cells that takes at most `budget` bytes at so many recorded times of all arms."""
    last = [arm.run.cells(arm.run.cell_times[-1]) for arm in arms if len(arm.run.cell_times)]
    largest, width = max(cells.n_obs for cells in last), max(_bytes(cells.obs.columns) for cells in last)
    return min(1.0, budget / max(largest * times * width, 1))


def _largest(column: str, frames: list[Frame]) -> float:
    """The largest value of a column at any time, 0 without it."""
    return max(float(f.table[column].max()) if column in f.table and len(f.table) else 0.0 for f in frames)


def _bytes(columns: Iterable[object]) -> int:
    """What a cell takes at most: place and radius, type and state, and two bytes for each other column."""
    return 10 + 2 * sum(str(c) not in BASIC for c in columns)


def left_out(held: int, every: int) -> str:
    """What the page says when it does not hold the cells of all runs."""
    if held == every:
        return ""
    return (
        f"Cells and fields of {held} of the {every} runs are in this page, the first seeds of each arm; "
        "every other number and chart covers all runs."
    )


def thinned(keep: float) -> str:
    """What the page says when it does not show all cells."""
    if keep == 1:
        return ""
    return (
        f"The 3-D view shows {keep:.0%} of the cells, the same ones at all times; "
        "every other number and chart on this page covers all of them."
    )


def level_ranges(
    names: list[str], frames: list[Frame], fields: list[dict[str, Any]]
) -> dict[str, tuple[float, float]]:
    """Substrates whose level each cell recorded, over the range of the field's colour bar."""
    ranges = {field["name"]: (float(field["low"]), float(field["high"])) for field in fields}
    return {name: ranges[name] for name in names if any(name in frame.table for frame in frames)}


def quantity_words(column: str) -> str:
    """`vesicles.tumour` as what a reader picks from a list."""
    kind, name = column.split(".", 1)
    return QUANTITIES[f"{kind}."].format(name)


def quantity_unit(column: str) -> str:
    """What a quantity of a cell is counted in."""
    kind = column.split(".", 1)[0]
    counted = {"state": "%", "cargo": "copies per cell", "bodies": "bodies per cell"}
    return counted.get(kind, "particles per cell")


def box_of(arm: Arm, frames: list[Frame]) -> list[float]:
    """Edge lengths of the tissue block in µm: those of the model, else the room that the cells take."""
    geometry = getattr(getattr(arm.run.model, "tissue", None), "geometry", None)
    size = getattr(geometry, "size", None)
    if size is not None:
        return [float(length) for length in size]
    return [
        float(max((f.table[axis] + f.table["radius"]).max() for f in frames if len(f.table)))
        for axis in "xyz"
    ]


def extent(frames: list[Frame], box: list[float]) -> tuple[list[float], list[float], float]:
    """Lowest and highest coordinates over block and cells, and the largest radius, all µm."""
    filled = [f.table for f in frames if len(f.table)]
    low = [min([0.0, *(float(t[axis].min()) for t in filled)]) for axis in "xyz"]
    high = [max([box[i], *(float(t[axis].max()) for t in filled)]) for i, axis in enumerate("xyz")]
    return low, high, max([float(t["radius"].max()) for t in filled], default=1.0)


def focus(frames: list[Frame]) -> dict[str, Any]:
    """Middle and radius (µm) of the ball that holds all cells at all times: where the view starts."""
    places = [f.table[["x", "y", "z"]].to_numpy() for f in frames if len(f.table)]
    if not places:
        return {"centre": None, "radius": 0.0}
    low = np.min([p.min(axis=0) for p in places], axis=0)
    high = np.max([p.max(axis=0) for p in places], axis=0)
    centre = (low + high) / 2
    return {"centre": centre, "radius": max(float(np.linalg.norm(p - centre, axis=1).max()) for p in places)}


def _pack(
    frame: Frame,
    names: list[str],
    tops: dict[str, float],
    levels: dict[str, tuple[float, float]],
    limits: tuple[list[float], list[float], float],
    blocks: Blocks,
) -> dict[str, Any]:
    low, high, radius = limits
    table = frame.table
    places = [quantise(table[a].to_numpy(), low[i], high[i]) for i, a in enumerate("xyz")]
    size = quantise(table["radius"].to_numpy(), 0.0, radius)
    kinds = [_codes(table["type"], names), _codes(table["state"], list(STATE_NAMES))]
    empty = np.zeros(len(table))
    inside = [_count(table[c].to_numpy() if c in table else empty, top) for c, top in tops.items()]
    inside += [quantise(table[c].to_numpy() if c in table else empty, *ends) for c, ends in levels.items()]
    return {
        "time": frame.time,
        "n": len(table),
        "cells": blocks.add(*places, size, *kinds),
        "counts": blocks.add(*inside) if inside else "",
    }


def _count(values: NDArray[Any], top: float) -> NDArray[np.uint16]:
    """Counts as they are where 16 bits hold them, else as steps of their maximum."""
    return np.nan_to_num(values).astype("<u2") if top <= LEVELS else quantise(values, 0.0, top)
