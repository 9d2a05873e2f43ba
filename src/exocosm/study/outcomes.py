"""Which numbers of a run answer "what did it change?", what they are called, and in which unit.

A row of the summary has many columns; these patterns pick the few worth a line, in the order in which a
reader asks: who lives, what the vesicles did, what arrived.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

PARTICLES_EACH = "particles per cell"
SHARE = "share of their volume"
PER_DAY, EACH = "copies per cell per day", "copies per cell"

PATTERNS: tuple[tuple[str, str, str, str], ...] = (
    (r"cells\.(?P<who>[^.]+)\.live", "cells", "{who}, live", "cells"),
    (r"cells\.(?P<who>[^.]+)\.apoptotic", "cells", "{who}, apoptotic", "cells"),
    (r"cells\.(?P<who>[^.]+)\.necrotic", "cells", "{who}, necrotic", "cells"),
    (r"cells\.(?P<who>[^.]+)\.died", "cells", "{who}, died so far", "cells"),
    (r"cells\.(?P<who>[^.]+)\.immigrated", "cells", "{who}, arrived", "cells"),
    (r"cells\.(?P<who>[^.]+)\.engulfed", "cells", "{who}, engulfed", "cells"),
    (r"viable_fraction\.(?P<who>[^.]+)", "viability", "{who}, viable", SHARE),
    (r"necrotic_fraction\.(?P<who>[^.]+)", "viability", "{who}, necrotic", SHARE),
    (r"density\.(?P<who>[^.]+)\.(?P<to>[^.]+)", "density", "{who} in {to}", "cells per mm3"),
    (r"fraction\.(?P<who>[^.]+)\.(?P<to>[^.]+)", "fraction", "{who} among {to}", "0 to 1"),
    (r"state\.(?P<who>[^.]+)\.(?P<to>[^.]+)", "state", "{who} of {to} cells", "0 to 1"),
    (r"occupancy\.(?P<who>[^.]+)\.(?P<to>[^.]+)", "state", "{who} of {to} cells, occupied", "0 to 1"),
    (r"vesicles\.(?P<who>[^.]+)\.injected", "vesicles", "{who}: given as doses", "particles"),
    (r"vesicles\.(?P<who>[^.]+)\.released", "vesicles", "from {who}: released", "particles"),
    (r"vesicles\.(?P<who>[^.]+)\.field", "vesicles", "from {who}: in the field", "particles"),
    (r"vesicles\.(?P<who>[^.]+)\.bodies", "vesicles", "from {who}: in multivesicular bodies", "particles"),
    (r"vesicles\.(?P<who>[^.]+)\.unreleased", "vesicles", "from {who}: degraded unreleased", "particles"),
    (r"vesicles\.(?P<who>[^.]+)\.matrix", "vesicles", "from {who}: bound to matrix", "particles"),
    (
        r"vesicles\.(?P<who>[^.]+)\.surface\.(?P<to>[^.]+)",
        "vesicles",
        "from {who}: on {to}",
        "particles",
    ),
    (r"vesicles\.(?P<who>[^.]+)\.inside\.(?P<to>[^.]+)", "vesicles", "from {who}: inside {to}", "particles"),
    (r"vesicles\.(?P<who>[^.]+)\.consumed", "vesicles", "from {who}: opened inside cells", "particles"),
    (r"vesicles\.(?P<who>[^.]+)\.lysosome", "vesicles", "from {who}: degraded in recipients", "particles"),
    (r"vesicles\.(?P<who>[^.]+)\.re-released", "vesicles", "from {who}: released again", "particles"),
    (r"vesicles\.(?P<who>[^.]+)\.decayed", "vesicles", "from {who}: decayed", "particles"),
    (r"vesicles\.(?P<who>[^.]+)\.left", "vesicles", "from {who}: left the tissue", "particles"),
    (r"vesicles\.(?P<who>[^.]+)\.died", "vesicles", "from {who}: in cells that died", "particles"),
    (r"cargo\.(?P<who>.+)\.per_cell_per_day\.(?P<to>[^.]+)", "cargo", "{who} to {to}", PER_DAY),
    (
        r"cargo\.(?P<who>.+)\.ceiling_per_cell_per_day\.(?P<to>[^.]+)",
        "cargo",
        "{who} to {to}, ceiling",
        PER_DAY,
    ),
    (
        r"cargo\.(?P<who>.+)\.assay_per_cell\.(?P<to>[^.]+)",
        "cargo",
        "{who} to {to}, given in the assay",
        PER_DAY,
    ),
    (r"vesicles\.(?P<who>[^.]+)\.bound_each\.(?P<to>[^.]+)", "each", "{who} on {to}", PARTICLES_EACH),
    (r"vesicles\.(?P<who>[^.]+)\.inside_each\.(?P<to>[^.]+)", "each", "{who} inside {to}", PARTICLES_EACH),
    (
        r"vesicles\.(?P<who>[^.]+)\.entered_each\.(?P<to>[^.]+)",
        "each",
        "{who} entered in {to}",
        PARTICLES_EACH,
    ),
    (r"cargo\.(?P<who>.+)\.inside_each\.(?P<to>[^.]+)", "pool", "{who} in the pool of {to}", EACH),
    (r"cargo\.(?P<who>.+)\.in_bodies_each\.(?P<to>[^.]+)", "pool", "{who} in bodies of {to}", EACH),
    (
        r"cargo\.(?P<who>.+)\.on_membrane_each\.(?P<to>[^.]+)",
        "pool",
        "{who} free on the membrane of {to}",
        EACH,
    ),
    (r"captured\.(?P<who>[^.]+)\.(?P<to>[^.]+)", "level", "{who} held on {to}", "0 to 1"),
    (r"(?P<who>[^.]+)\.mean", "level", "{who}", ""),
)


GROUPS = (
    *("cells", "viability", "density", "fraction", "state"),
    *("vesicles", "each", "cargo", "pool", "level"),
)
OF_CELLS = ("cells", "viability", "density", "fraction", "state")
"""Groups of outcomes that say what cells did, by which a comparison is judged to be a null."""


@dataclass(frozen=True)
class OutcomeName:
    """A column of the summary as a reader sees it."""

    column: str
    group: str
    text: str
    unit: str


def outcomes(columns: Iterable[str]) -> list[OutcomeName]:
    """The columns worth showing, in reading order; cargo lines come with their ceiling beside them."""
    found = []
    for order, (pattern, group, text, unit) in enumerate(PATTERNS):
        for column in columns:
            match = re.fullmatch(pattern, column)
            if match:
                name = OutcomeName(column, group, text.format(**match.groupdict()), unit)
                found.append((*_place(order, match.groupdict(), group), name))
    found.sort(key=lambda entry: entry[:-1])
    return [entry[-1] for entry in found]


def _place(order: int, names: dict[str, str], group: str) -> tuple[int, str, int, str]:
    """Sort key: cells by kind of outcome, vesicles and cargo by what they come from."""
    rank = GROUPS.index(group)
    if group not in ("vesicles", "cargo"):
        return rank, "", order, names["who"] + names.get("to", "")
    if group == "vesicles":
        return rank, names["who"], order, names.get("to", "")
    return rank, f"{names['who']} {names['to']}", order, ""
