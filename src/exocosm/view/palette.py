"""Colours that people with any colour vision can tell apart, the same in every picture.

Hues are those of Okabe and Ito (Color Universal Design, 2008); scales are perceptually uniform maps of matplotlib.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILLION, PURPLE, GREY = "#0072B2", "#D55E00", "#CC79A7", "#7F7F7F"

CELL_TYPES = {
    "tumour": VERMILLION,
    "macrophage": BLUE,
    "hepatocyte": ORANGE,
    "T cell": GREEN,
    "stellate": PURPLE,
    "endothelial": SKY,
}
STATES = {"live": GREEN, "apoptotic": ORANGE, "necrotic": "#3B3B46"}
SPARE = (GREEN, PURPLE, SKY, ORANGE, YELLOW, GREY, BLUE, VERMILLION)
CARGOS = (PURPLE, GREEN, ORANGE, SKY, BLUE, VERMILLION, GREY)

# Oxygen runs from dark (hypoxic) to pale; vesicles from white (none) to violet, so that an empty field is empty
# paper. Neither uses a hue of a cell type, whose outlines are drawn on them.
SCALES = {"substrate": "bone", "vesicle": "BuPu", "cell": "viridis_r"}
TRIM = {"substrate": (0.2, 1.0), "vesicle": (0.0, 0.97), "cell": (0.05, 1.0)}


def cell_type_colours(names: Iterable[str]) -> dict[str, str]:
    """One colour a cell type: known types keep theirs in every report."""
    colours = {name: CELL_TYPES[name] for name in names if name in CELL_TYPES}
    spare = [c for c in SPARE if c not in colours.values()] or [GREY]
    others = [name for name in names if name not in colours]
    return colours | {name: spare[i % len(spare)] for i, name in enumerate(others)}


def scale(kind: str, steps: int = 256) -> list[int]:
    """Red, green, blue (0 to 255) of each step of a scale, flat, low to high."""
    from matplotlib import colormaps

    colours = colormaps[SCALES[kind]](np.linspace(*TRIM[kind], steps))[:, :3]
    return [int(v) for v in np.rint(colours * 255).ravel()]
