"""Sizes of particles as instruments export them: which format a file has, and what all formats come to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from exocosm.assay.tables import TableError, Text

Array = NDArray[np.float64]


@dataclass(frozen=True)
class SizeTable:
    """Particles by diameter.

    `edges` (bins + 1,) in nm, `weights` (replicates, bins): particles/mL of the measured dilution, or counts.
    `tracked`: particles that were followed or counted one by one, in all, None if the file does not say.
    `concentration` (replicates,) in particles/mL of what was measured, or None; `dilution` from the sample to
    what was measured (1: already taken into account, or none), None if the file does not say.
    `detects_from` is the usual detection limit of the method in nm, None where it depends on the set-up.
    """

    file: str
    format: str
    method: str
    edges: Array
    weights: Array
    tracked: float | None
    concentration: Array | None
    dilution: float | None
    detects_from: float | None
    notes: tuple[str, ...] = field(default=())

    @property
    def replicates(self) -> int:
        """Videos, positions or runs that are told apart."""
        return int(self.weights.shape[0])


def edges_of(centres: Array) -> Array:
    """Edges (n + 1,) of bins from their centres (n,): half-way between them."""
    middles = 0.5 * (centres[1:] + centres[:-1])
    first, last = centres[0] - (middles[0] - centres[0]), centres[-1] + (centres[-1] - middles[-1])
    return np.concatenate([[max(first, 0.0)], middles, [last]])


def check_rising(text: Text, rows: list[int], centres: list[float], column: str) -> None:
    """Diameters rise from row to row. Raises TableError with the row where they do not."""
    for row, before, here in zip(rows[1:], centres, centres[1:], strict=False):
        if here <= before:
            raise TableError(
                "diameters do not rise",
                file=text.file,
                row=row,
                column=column,
                found=f"{here:g} after {before:g}",
                wanted="one row for each bin, from small to large",
            )


def read_sizes(path: str | Path) -> SizeTable:
    """The sizes in a file of NanoSight, ZetaView, Izon or of two columns. Raises TableError."""
    from exocosm.assay import izon, nanosight, plain, zetaview

    text = Text.read(path)
    known: tuple[tuple[Callable[[Text], bool], Callable[[Text], SizeTable]], ...] = (
        (nanosight.is_summary, nanosight.read_summary),
        (nanosight.is_particles, nanosight.read_particles),
        (zetaview.is_export, zetaview.read_export),
        (izon.is_export, izon.read_export),
        (plain.is_table, plain.read_table),
    )
    for fits, read in known:
        if fits(text):
            return _with_particles(read(text))
    first = text.rows[text.heading - 1]
    unit = any(re.match(r"(diameter|size)", name.strip(), re.IGNORECASE) for name in first)
    raise TableError(
        "the diameter does not say that it is in nm" if unit else "this is no export of sizes that is known",
        file=text.file,
        row=text.heading,
        found=", ".join(first),
        wanted="NanoSight ExperimentSummary.csv or ParticleData.csv, ZetaView .txt or .csv, Izon .csv, "
        "or a table with the columns diameter_nm and particles_per_mL",
    )


def _with_particles(table: SizeTable) -> SizeTable:
    if not table.weights.sum() > 0:
        raise TableError(
            "there are no particles in this table", file=table.file, found="all 0", wanted="counts"
        )
    return table


def headed(text: Text, pattern: str) -> tuple[int, int] | None:
    """Row (from 1) and index of the first field that matches a pattern, any case."""
    for row, fields in enumerate(text.rows, start=1):
        for index, name in enumerate(fields):
            if re.search(pattern, name.strip(), re.IGNORECASE):
                return row, index
    return None


def binned(diameters: Array, width: float) -> tuple[Array, Array]:
    """Edges and counts (1, bins) of single particles in even bins of a width (nm)."""
    low = np.floor(diameters.min() / width) * width
    high = (np.floor(diameters.max() / width) + 1.0) * width
    edges = np.arange(low, high + 0.5 * width, width)
    return edges, np.histogram(diameters, edges)[0].astype(float)[None, :]
