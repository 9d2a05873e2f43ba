"""Exports of the ZetaView (Particle Metrix): text in Latin-1, metadata above, then the size distribution.

Under "Size Distribution" a heading names "Size / nm", "Number" and "Concentration / cm-3"; rows of even bins
follow up to a row that begins with -1, after which the same particles stand in logarithmic bins. The
concentration is that of the diluted sample; the dilution stands at "Dilution::".
"""

from __future__ import annotations

import re

import numpy as np

from exocosm.assay.nanosight import DETECTS_FROM
from exocosm.assay.size_tables import SizeTable, check_rising, edges_of, headed
from exocosm.assay.tables import TableError, Text

SIZE = r"^size\s*/\s*nm"
CONCENTRATION = r"concentration\s*/\s*cm"


def is_export(text: Text) -> bool:
    """Whether there is a size distribution with the headings of a ZetaView."""
    return headed(text, SIZE) is not None and headed(text, CONCENTRATION) is not None


def read_export(text: Text) -> SizeTable:
    """Sizes by number. Raises TableError."""
    start, size = headed(text, SIZE) or (1, 0)
    heading = [name.strip() for name in text.rows[start - 1]]
    counted = next((i for i, n in enumerate(heading) if n.casefold() == "number"), None)
    amount = next(i for i, n in enumerate(heading) if re.search(CONCENTRATION, n, re.IGNORECASE))
    rows, centres, amounts, counts = _bins(text, start, size, amount, counted)
    check_rising(text, rows, centres, "Size / nm")
    tracked = _metadata(text, r"number of traces:*\s*([\d.,eE+]+)") or (sum(counts) or None)
    return SizeTable(
        file=text.file,
        format="ZetaView",
        method="nanoparticle tracking (ZetaView)",
        edges=edges_of(np.array(centres)),
        weights=np.array([amounts]),
        tracked=tracked,
        concentration=np.array([sum(amounts)]),
        dilution=_metadata(text, r"dilution::?\s*([\d.,eE+]+)"),
        detects_from=DETECTS_FROM,
    )


def _bins(
    text: Text, start: int, size: int, amount: int, counted: int | None
) -> tuple[list[int], list[float], list[float], list[float]]:
    """Rows of even bins, to the row of -1 or the first that is empty."""
    rows, centres, amounts, counts = [], [], [], []
    for row in range(start + 1, len(text.rows) + 1):
        fields = text.rows[row - 1]
        if len(fields) <= size or not fields[size].strip():
            break
        centre = text.number(row, size, "Size / nm")
        if centre < 0:
            break
        rows.append(row)
        centres.append(centre)
        amounts.append(text.number(row, amount, "Concentration / cm-3", least=0.0))
        if counted is not None:
            counts.append(text.number(row, counted, "Number", least=0.0))
    if len(rows) < 3:
        wanted = "the bins of the size distribution"
        raise TableError(
            "there are too few bins", file=text.file, row=start, found=f"{len(rows)} rows", wanted=wanted
        )
    return rows, centres, amounts, counts


def _metadata(text: Text, pattern: str) -> float | None:
    """The number after a word of the metadata, or None."""
    for row, fields in enumerate(text.rows, start=1):
        found = re.search(pattern, " ".join(fields), re.IGNORECASE)
        if found:
            return text.said(found[1].rstrip(".,"), row, "metadata", least=0.0) or None
    return None
