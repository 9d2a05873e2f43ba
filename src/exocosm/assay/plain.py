"""A table of two columns from any instrument: diameter in nm, and particles/mL or a count."""

from __future__ import annotations

import re

import numpy as np

from exocosm.assay.size_tables import SizeTable, check_rising, edges_of
from exocosm.assay.tables import TableError, Text
from exocosm.ground.errors import nearest

DIAMETER = r"^(diameter|size|bin.?cent(re|er))s?[ _]*[(/\[]?[ _]*nm"
AMOUNT = r"^(particles|concentration|count|number)"
COLUMNS = ("diameter_nm", "particles_per_mL", "count")
FEWEST = 3


def is_table(text: Text) -> bool:
    """Whether the first row is a heading with a diameter."""
    first = [name.strip() for name in text.rows[text.heading - 1]]
    return any(re.search(DIAMETER, name, re.IGNORECASE) for name in first)


def read_table(text: Text) -> SizeTable:
    """Sizes by number: columns of concentration are replicates, `count` are particles. Raises TableError."""
    first = text.heading
    heading = [name.strip() for name in text.rows[first - 1]]
    size = next(i for i, n in enumerate(heading) if re.search(DIAMETER, n, re.IGNORECASE))
    amounts = [i for i, n in enumerate(heading) if i != size and re.search(AMOUNT, n, re.IGNORECASE)]
    counts = [i for i in amounts if re.search(r"^(count|number)", heading[i], re.IGNORECASE)]
    densities = [i for i in amounts if i not in counts]
    if not amounts:
        others = [n for i, n in enumerate(heading) if i != size]
        near = next((m for n in others if (m := nearest(n, COLUMNS))), None)
        found, wanted = ", ".join(heading), "a column particles_per_mL or count beside the diameter"
        raise TableError(
            "there is no amount", file=text.file, row=first, found=found, wanted=wanted, nearest=near
        )
    rows = [r for r in range(first + 1, len(text.rows) + 1) if any(f.strip() for f in text.rows[r - 1])]
    if len(rows) < FEWEST:
        found, wanted = f"{len(rows)} rows", f"at least {FEWEST} bins"
        raise TableError("there are too few bins", file=text.file, row=first, found=found, wanted=wanted)
    for row in rows:
        text.check_width(row)
    centres = [text.number(r, size, heading[size], least=0.0) for r in rows]
    check_rising(text, rows, centres, heading[size])
    values = {i: [text.number(r, i, heading[i], least=0.0) for r in rows] for i in amounts}
    weights = np.array([values[i] for i in (densities or counts)])
    return SizeTable(
        file=text.file,
        format="plain table",
        method="particles by size",
        edges=edges_of(np.array(centres)),
        weights=weights,
        tracked=sum(sum(values[i]) for i in counts) or None if counts else None,
        concentration=weights.sum(axis=1) if densities else None,
        dilution=None,
        detects_from=None,
    )
