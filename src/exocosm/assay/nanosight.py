"""Exports of NanoSight NTA software: the summary of an experiment or video, and lists of its particles.

A summary has sections in brackets; under [Size Data] with the weighting by number stand percentiles, valid
tracks and, after "Graph Data", particles/mL in each bin with a column for each video, their average and
standard error. Concentrations are adjusted for a dilution that was entered ("Not recorded": they are not).
"""

from __future__ import annotations

import numpy as np

from exocosm.assay.size_tables import SizeTable, binned, check_rising, edges_of
from exocosm.assay.tables import TableError, Text

DETECTS_FROM = 60.0
BIN = 2.0
METHOD = "nanoparticle tracking (NanoSight)"
CENTRE = "Bin centre (nm)"


def is_summary(text: Text) -> bool:
    """Whether it is a summary of an experiment or of a video."""
    return text.after(CENTRE) is not None and text.after("[Size Data]", "Graph Data") is not None


def is_particles(text: Text) -> bool:
    """Whether it lists particles: one row each, with the size and whether it counts in the distribution."""
    first = [name.strip().casefold() for name in text.rows[text.heading - 1]]
    return any("particle id" in name for name in first) and any("size" in name for name in first)


def read_summary(text: Text) -> SizeTable:
    """Sizes by number of all videos. Raises TableError."""
    start, heading = text.after(CENTRE) or (1, ())
    names = [name.strip().casefold() for name in heading]
    videos = [i for i, n in enumerate(names) if n.startswith("concentration") and "average" not in n] or [1]
    rows, centres, weights = _bins(text, start, videos)
    check_rising(text, rows, centres, CENTRE)
    totals = np.array(weights).sum(axis=0)
    return SizeTable(
        file=text.file,
        format="NanoSight summary",
        method=METHOD,
        edges=edges_of(np.array(centres)),
        weights=np.array(weights).T,
        tracked=_tracked(text, start),
        concentration=totals,
        dilution=_dilution(text),
        detects_from=DETECTS_FROM,
    )


def _bins(text: Text, start: int, videos: list[int]) -> tuple[list[int], list[float], list[list[float]]]:
    """Rows of the first graph, by number, to the blank row or the percentiles below it."""
    rows, centres, weights = [], [], []
    for row in range(start + 1, len(text.rows) + 1):
        fields = text.rows[row - 1]
        first = fields[0].strip() if fields else ""
        if not first or first.casefold().startswith("percentile"):
            break
        rows.append(row)
        centres.append(text.number(row, 0, CENTRE, least=0.0))
        weights.append([text.number(row, i, f"video {n}", least=0.0) for n, i in enumerate(videos, 1)])
    if len(rows) < 3:
        wanted = "the bins of the size distribution by number"
        raise TableError(
            "there are too few bins", file=text.file, row=start, found=f"{len(rows)} rows", wanted=wanted
        )
    return rows, centres, weights


def _tracked(text: Text, start: int) -> float | None:
    """Valid tracks of all videos, from the row above the graph."""
    found = [i for i, f in enumerate(text.rows[: start - 1], 1) if f and f[0].strip() == "Valid Tracks"]
    if not found:
        return None
    fields = [f for f in text.rows[found[-1] - 1][1:] if f.strip()]
    total = sum(text.number(found[-1], i + 1, "Valid Tracks", least=0.0) for i in range(len(fields)))
    return total or None


def _dilution(text: Text) -> float | None:
    """1 where concentrations are adjusted for it already, None where none was recorded."""
    found = text.after("Dilution factor")
    if found is None or len(found[1]) < 2:
        return None
    written = found[1][1].strip().casefold()
    return None if not written or written == "not recorded" else 1.0


def read_particles(text: Text) -> SizeTable:
    """Sizes of single particles, those that count in the distribution. Raises TableError."""
    names = [name.strip() for name in text.rows[text.heading - 1]]
    size = next(i for i, name in enumerate(names) if "size" in name.casefold())
    counts = next((i for i, name in enumerate(names) if "included" in name.casefold()), None)
    kept = []
    for row in range(text.heading + 1, len(text.rows) + 1):
        fields = text.rows[row - 1]
        if not any(f.strip() for f in fields):
            continue
        if counts is not None and counts < len(fields) and fields[counts].strip().casefold() == "false":
            continue
        kept.append(text.number(row, size, names[size], least=1e-9))
    if len(kept) < 10:
        wanted = "at least 10 particles that count in the distribution"
        raise TableError("there are too few particles", file=text.file, found=str(len(kept)), wanted=wanted)
    edges, weights = binned(np.array(kept), BIN)
    name = "NanoSight particle list"
    return SizeTable(text.file, name, METHOD, edges, weights, float(len(kept)), None, None, DETECTS_FROM)
