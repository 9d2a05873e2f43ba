"""Synthetic exports in the formats of instruments: drawn from known distributions, measured by nobody.

The layout follows public exports of NTA 3.3 (rows, headings, order of sections), and for the ZetaView what
public readers of its text exports expect. Izon's is made to the words of its columns: no export was read.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
SEEN_FROM = 60.0


def diameters(median: float, spread: float, made: int, seed: int, seen_from: float = SEEN_FROM) -> Array:
    """Diameters (nm) that an instrument sees of so many that were made."""
    drawn = np.random.default_rng(seed).lognormal(np.log(median), np.log(spread), made)
    return drawn[drawn >= seen_from]


def nanosight(videos: list[Array], per_particle: float = 1e5, dilution: str = "Not recorded") -> str:
    """An ExperimentSummary.csv: bins of 1 nm to 1000 nm, a column for each video."""
    counts = np.array([np.histogram(v, np.arange(0.0, 1001.0))[0] for v in videos]).T * per_particle
    n = len(videos)
    rows = [
        "NTA Experiment Summary File,",
        "Created with NTA 3.3 (synthetic),",
        "[Experiment Details],,",
        "Filename:," + ",".join(f"video {i}" for i in range(n)) + ",",
        "[Results]," + "," * n + "Average,Standard Error,",
        "Dilution factor (concentrations adjusted for this factor)," + ",".join([dilution] * n) + ",,,",
        "Concentration (Particles / ml)," + ",".join(f"{c:.3g}" for c in counts.sum(axis=0)) + ",,,",
        "[Size Data],,",
        "Analysis Method,FTLA,",
        "Weighting,Number,",
        "Valid Tracks," + ",".join(f"{len(v):.1f}" for v in videos) + ",,,",
        "Graph Data,",
        "Bin centre (nm)," + "Concentration (particles / ml)," * n + "Concentration average,Standard Error,",
    ]
    rows += [
        f"{i + 0.5}," + ",".join(f"{c:.0f}" for c in row) + f",{row.mean():.0f},0,"
        for i, row in enumerate(counts)
    ]
    rows += ["", "Percentile,Size (nm)", *(f"{i},{i}," for i in range(3)), "", "Weighting,Surface Area"]
    return "\n".join([*rows, "Graph Data,", "Bin centre (nm),Concentration", "0.5,1,", "1.5,1,"])


def particle_list(particles: Array) -> str:
    """A ParticleData.csv: the first tenth does not count in the distribution."""
    rows = ["Particle ID,Size/nm,Intensity,First frame,Start X,Start Y,Included in distribution?"]
    hidden = len(particles) // 10
    rows += [f"{i},{d:.2f},10,0,1,1,{'False' if i < hidden else 'True'}" for i, d in enumerate(particles)]
    return "\n".join(rows)


def zetaview(
    particles: Array, per_particle: float = 1e5, dilution: float = 1000.0, comma: bool = False
) -> str:
    """A text export: tabs, bins of 5 nm, then the same in logarithmic bins after a row of -1."""
    edges = np.arange(0.0, 1001.0, 5.0)
    counts = np.histogram(particles, edges)[0]
    rows = [
        "ZetaView (synthetic)",
        "Operator:\tnobody",
        f"Number of Traces:\t{len(particles)}",
        f"Dilution::\t{dilution:.3f}",
        "",
        "Size Distribution",
        "Size / nm\tNumber\tConcentration / cm-3\tVolume / nm^3\tArea / nm^2",
    ]
    middles = 0.5 * (edges[1:] + edges[:-1])
    rows += [
        f"{m:.3E}\t{c:.3E}\t{c * per_particle:.3E}\t1.0E+0\t1.0E+0"
        for m, c in zip(middles, counts, strict=True)
    ]
    rows += ["-1.000E+0\t0.000E+0\t0.000E+0\t0.0E+0\t0.0E+0", "1.000E+1\t9.0E+9\t9.0E+9\t1.0E+0\t1.0E+0"]
    return "\n".join(rows).replace(".", ",") if comma else "\n".join(rows)


def izon(particles: Array, concentration: float | None = 1e10) -> str:
    """Single particles with their blockades."""
    rows = ["Izon Control Suite (synthetic),"]
    if concentration is not None:
        rows.append(f"Raw Concentration (particles/mL),{concentration:g}")
    rows.append("Time (ms),Blockade Magnitude (nA),FWHM Duration (ms),Particle Diameter (nm)")
    return "\n".join([*rows, *(f"{i},0.1,0.2,{d:.2f}" for i, d in enumerate(particles))])


def plain(particles: Array, width: float = 5.0) -> str:
    """Two columns: diameter and count."""
    edges = np.arange(0.0, 1001.0, width)
    counts = np.histogram(particles, edges)[0]
    rows = [f"{m:g},{c}" for m, c in zip(0.5 * (edges[1:] + edges[:-1]), counts, strict=True)]
    return "\n".join(["diameter_nm,count", *rows])
