"""Colours that people with any colour vision can tell apart, the same in every picture.

Hues are those of Okabe and Ito (Color Universal Design, 2008), beyond these eight of Paul Tol's muted scheme
(Colour Schemes, SRON technical note 09-002, 2021), which are darker; scales run evenly in lightness.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.colors import Colormap

ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILLION, PURPLE, GREY = "#0072B2", "#D55E00", "#CC79A7", "#7F7F7F"
INDIGO, TEAL, OLIVE, BROWN, WINE = "#332288", "#44AA99", "#999933", "#661100", "#882255"
SAND = "#DDCC77"

CELL_TYPES = {
    "tumour": VERMILLION,
    "HCC": VERMILLION,
    "CD8": GREEN,
    "CD4": TEAL,
    "NK": OLIVE,
    "B": YELLOW,
    "DC": BROWN,
    "Kupffer": INDIGO,
    "neutrophil": GREY,
    "endothelium": SKY,
    "macrophage": BLUE,
    "hepatocyte": ORANGE,
    "T cell": GREEN,
    "stellate": PURPLE,
    "endothelial": SKY,
}
STATES = {"live": GREEN, "apoptotic": ORANGE, "necrotic": "#3B3B46"}
SPARE = (GREEN, PURPLE, SKY, ORANGE, YELLOW, GREY, BLUE, VERMILLION, INDIGO, TEAL, OLIVE, BROWN, WINE)
CARGOS = (PURPLE, GREEN, ORANGE, SKY, BLUE, VERMILLION, GREY)

BASELINE = "#33404F"
ARMS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, INDIGO, BROWN, OLIVE, WINE, TEAL, GREY, SAND)
MARKS = ("o", "s", "D", "^", "v", "P")


# Oxygen runs from dark (hypoxic) to pale, vesicles from white (none) to violet: no vesicles is empty paper.
# Neither uses a hue of a cell type, whose outlines are drawn on them.
SCALES: dict[str, str | tuple[str, ...]] = {
    "substrate": ("#23283b", "#56627d", "#9dabbf", "#eef2f6"),
    "vesicle": "BuPu",
    "cell": "BuPu",
    "difference": "RdBu_r",
}
TRIM = {"substrate": (0.0, 1.0), "vesicle": (0.0, 0.97), "cell": (0.22, 1.0), "difference": (0.06, 0.94)}


def cell_type_colours(names: Iterable[str]) -> dict[str, str]:
    """One colour a cell type: known types keep theirs in every report."""
    colours = {name: CELL_TYPES[name] for name in names if name in CELL_TYPES}
    spare = [c for c in SPARE if c not in colours.values()] or [GREY]
    others = [name for name in names if name not in colours]
    return colours | {name: spare[i % len(spare)] for i, name in enumerate(others)}


def arm_colours(count: int) -> list[str]:
    """Colours of conditions: the first is dark, the others differ; after thirteen they come again."""
    return [BASELINE, *(ARMS[i % len(ARMS)] for i in range(count - 1))][:count]


def scale(kind: str, steps: int = 256) -> list[int]:
    """Red, green, blue (0 to 255) of each step of a scale, flat, low to high."""
    colours = colour_map(kind)(np.linspace(0, 1, steps))[:, :3]
    return [int(v) for v in np.rint(colours * 255).ravel()]


def colour_map(kind: str) -> Colormap:
    """The same scale for matplotlib."""
    from matplotlib import colormaps
    from matplotlib.colors import LinearSegmentedColormap, ListedColormap

    source = SCALES[kind]
    full = colormaps[source] if isinstance(source, str) else LinearSegmentedColormap.from_list(kind, source)
    return ListedColormap(full(np.linspace(*TRIM[kind], 256)), name=kind)
