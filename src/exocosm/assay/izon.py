"""Exports of resistive pulses (Izon qNano, Exoid): single particles, or bins with a concentration.

Either a row for each blockade with a column of the calibrated diameter in nm, or rows of bins with a diameter
and a concentration; rows above the heading may state the raw or sample concentration and the dilution. The
smallest particle that a pore sees depends on pore and stretch: it is taken as the smallest in the table.
"""

from __future__ import annotations

import re

import numpy as np

from exocosm.assay.size_tables import SizeTable, binned, check_rising, edges_of, headed
from exocosm.assay.tables import TableError, Text

METHOD = "resistive pulses (Izon)"
DIAMETER = r"(particle\s+)?(diameter|size)\s*[(/\[]?\s*nm"
PULSES = r"blockade|fwhm|duration|baseline|magnitude|izon|exoid|qnano|nanopore|particle\s+diameter"
CONCENTRATION = r"^(raw |sample |measured )?concentration.*(particles|/\s*ml)"
BIN = 2.0
FEWEST = 10


def is_export(text: Text) -> bool:
    """Whether there is a diameter in nm, and words of resistive pulses."""
    return headed(text, DIAMETER) is not None and headed(text, PULSES) is not None


def read_export(text: Text) -> SizeTable:
    """Sizes by number. Raises TableError."""
    start, size = headed(text, DIAMETER) or (1, 0)
    heading = text.rows[start - 1]
    amount = next((i for i, n in enumerate(heading) if re.search(CONCENTRATION, n.strip(), re.I)), None)
    rows, diameters = _column(text, start, size)
    stated = _metadata(text, start, CONCENTRATION)
    dilution = _metadata(text, start, r"dilution")
    if amount is None:
        edges, weights = binned(np.array(diameters), BIN)
        concentration = None if stated is None else np.array([stated])
        low = float(min(diameters))
        edges[0] = max(edges[0], low)
        name = "Izon, single particles"
        return SizeTable(
            text.file, name, METHOD, edges, weights, float(len(rows)), concentration, dilution, low
        )
    check_rising(text, rows, diameters, heading[size].strip())
    amounts = [text.number(row, amount, heading[amount].strip(), least=0.0) for row in rows]
    edges = edges_of(np.array(diameters))
    low = float(edges[:-1][np.array(amounts) > 0].min(initial=edges[-1]))
    total = np.array([sum(amounts)])
    return SizeTable(text.file, "Izon, bins", METHOD, edges, np.array([amounts]), None, total, dilution, low)


def _column(text: Text, start: int, size: int) -> tuple[list[int], list[float]]:
    rows, diameters = [], []
    for row in range(start + 1, len(text.rows) + 1):
        fields = text.rows[row - 1]
        if len(fields) <= size or not any(f.strip() for f in fields):
            continue
        rows.append(row)
        diameters.append(text.number(row, size, text.rows[start - 1][size].strip(), least=1e-9))
    if len(rows) < FEWEST:
        found, wanted = f"{len(rows)} rows", f"at least {FEWEST} particles or bins"
        raise TableError("there are too few particles", file=text.file, row=start, found=found, wanted=wanted)
    return rows, diameters


def _metadata(text: Text, start: int, pattern: str) -> float | None:
    """The number beside a word above the heading, or None."""
    for row, fields in enumerate(text.rows[: start - 1], start=1):
        if len(fields) > 1 and re.search(pattern, fields[0].strip(), re.IGNORECASE) and fields[1].strip():
            return text.said(fields[1].strip(), row, fields[0].strip(), least=0.0)
    return None
