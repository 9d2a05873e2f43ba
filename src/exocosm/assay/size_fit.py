"""A log-normal distribution of diameters fitted to what an instrument saw, which is not all there is.

Below its detection limit an instrument sees few particles or none. Only bins above it are fitted, by the
likelihood of a log-normal cut off there and at the upper end of the table:

    p_i = [Φ(z(b_i)) - Φ(z(a_i))] / [Φ(z(high)) - Φ(z(low))],   z(d) = (ln d - ln median) / ln σ_g,

so that what lies below is inferred, not missed (Cohen 1959, Technometrics 1:217, for the normal
distribution). Intervals: counts and replicates are drawn anew and refitted (bootstrap, Efron 1979,
10.1214/aos/1176344552).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exocosm.assay.size_tables import SizeTable
from exocosm.assay.tables import TableError

Array = NDArray[np.float64]
REFITS = 200
ASSUMED_TRACKED = 500.0
"""Particles taken to have been followed where a table does not say: assumed, the low end of usual counts."""
FEWEST_ABOVE = 5
MOST_BINS = 150
SMALLEST, WIDEST = 20.0, 3.0
"""Bounds of the median (nm) and of the geometric standard deviation: beyond, a fit is all tail."""
AT_BOUND = 1.02


@dataclass(frozen=True)
class SizeFit:
    """Median (nm), geometric standard deviation, and the share of all particles above `low` nm.

    `medians`, `spreads`, `seen` (refits,) are those of the bootstrap; `misfit` is the largest gap between the
    cumulative shares of fit and table. `tracked` particles stand behind it.
    """

    median: float
    geometric_sd: float
    seen_share: float
    low: float
    high: float
    tracked: float
    misfit: float
    medians: Array
    spreads: Array
    seen: Array

    def interval(self, of: str) -> tuple[float, float]:
        """95 % of the refits of "medians", "spreads" or "seen", with the fit itself in it."""
        values = getattr(self, of)
        best = {"medians": self.median, "spreads": self.geometric_sd, "seen": self.seen_share}[of]
        low, high = np.quantile(values, (0.025, 0.975))
        return float(min(low, best)), float(max(high, best))


def fit_sizes(table: SizeTable, detects_from: float | None, seed: int, refits: int = REFITS) -> SizeFit:
    """The fit to a table above `detects_from` nm (default: that of the method, else the smallest seen).

    Raises TableError.
    """
    limit = table.detects_from if detects_from is None else detects_from
    edges, weights = _above(table, _smallest(table) if limit is None else limit)
    tracked = _tracked(table, weights)
    best = _fit(edges, weights.sum(axis=0))
    _check_bounds(table, best, edges[0])
    generator = np.random.default_rng(seed)
    drawn = np.array([_fit(edges, _resampled(weights, tracked, generator), best) for _ in range(refits)])
    medians, spreads = np.exp(drawn[:, 0]), np.exp(drawn[:, 1])
    return SizeFit(
        median=math.exp(best[0]),
        geometric_sd=math.exp(best[1]),
        seen_share=float(_seen(best[0], best[1], edges[0])),
        low=float(edges[0]),
        high=float(edges[-1]),
        tracked=tracked,
        misfit=_misfit(best, edges, weights.sum(axis=0)),
        medians=medians,
        spreads=spreads,
        seen=_seen(drawn[:, 0], drawn[:, 1], edges[0]),
    )


def _smallest(table: SizeTable) -> float:
    """Where the first bin with particles begins: below it there may be any number that is not seen."""
    return float(table.edges[:-1][table.weights.sum(axis=0) > 0].min())


def _above(table: SizeTable, limit: float) -> tuple[Array, Array]:
    """Edges and weights (replicates, bins) from the limit up to the last particle; wide bins where many."""
    first = int(np.searchsorted(table.edges, limit - 1e-9))
    edges, weights = table.edges[first:], table.weights[:, first:]
    filled = np.flatnonzero(weights.sum(axis=0) > 0) if weights.size else np.zeros(0, int)
    if len(filled) < FEWEST_ABOVE:
        raise TableError(
            f"there are too few sizes above the detection limit of {limit:g} nm",
            file=table.file,
            found=f"{len(filled)} bins with particles",
            wanted=f"at least {FEWEST_ABOVE}: finer bins, or a lower limit (--detects-from)",
        )
    last = filled[-1] + 1
    edges, weights = edges[: last + 1], weights[:, :last]
    if edges[0] <= 0:
        edges = np.concatenate([[min(1.0, 0.5 * edges[1])], edges[1:]])
    step = math.ceil(last / MOST_BINS)
    starts = np.arange(0, last, step)
    return np.append(edges[starts], edges[-1]), np.add.reduceat(weights, starts, axis=1)


def _tracked(table: SizeTable, weights: Array) -> float:
    """Particles that stand behind the bins that are fitted."""
    total = ASSUMED_TRACKED if table.tracked is None else table.tracked
    return max(total * float(weights.sum() / table.weights.sum()), 1.0)


def _shares(mu: float, sigma: float, edges: Array) -> Array:
    """Shares of the cut-off distribution in each bin."""
    from scipy.special import log_ndtr, ndtr

    z = (np.log(edges) - mu) / sigma
    below = np.diff(ndtr(z))
    above = np.diff(-ndtr(-z))  # exact in the upper tail
    parts = np.where(z[:-1] > 0, above, below)
    total = float(parts.sum())
    if total > 0:
        return np.asarray(np.maximum(parts / total, 1e-300))
    tail = np.exp(log_ndtr(-z[:-1]) - log_ndtr(-z[0]))
    return np.asarray(np.maximum(tail / tail.sum(), 1e-300))


def _fit(edges: Array, weights: Array, start: Array | None = None) -> Array:
    """Logarithms of median and σ_g of the greatest likelihood, within bounds."""
    from scipy.optimize import minimize

    share = weights / weights.sum()
    if start is None:
        middles = 0.5 * (np.log(edges[1:]) + np.log(edges[:-1]))
        mean = float(share @ middles)
        start = np.array([mean, max(math.sqrt(float(share @ (middles - mean) ** 2)), 0.03)])
    bounds = ((math.log(SMALLEST), math.log(edges[-1])), (0.005, math.log(WIDEST)))
    start = np.clip(start, [b[0] for b in bounds], [b[1] for b in bounds])
    found = minimize(
        lambda p: -float(share @ np.log(_shares(p[0], p[1], edges))), start, method="L-BFGS-B", bounds=bounds
    )
    return np.asarray(found.x)


def _check_bounds(table: SizeTable, best: Array, low: float) -> None:
    """A fit that runs into a bound is no answer. Raises TableError."""
    if math.exp(best[0]) < SMALLEST * AT_BOUND or math.exp(best[1]) > WIDEST / AT_BOUND:
        raise TableError(
            "these sizes do not tell a median: from the detection limit on there are ever fewer",
            file=table.file,
            found=f"a fit that runs to a median of {math.exp(best[0]):.3g} nm and a geometric standard "
            f"deviation of {math.exp(best[1]):.3g}",
            wanted=f"sizes with a peak above {low:g} nm, or a lower limit (--detects-from)",
        )


def _resampled(weights: Array, tracked: float, generator: np.random.Generator) -> Array:
    """Counts drawn anew: replicates with replacement, then as many particles as were tracked."""
    n = len(weights)
    chosen = weights[generator.integers(0, n, n)].sum(axis=0) if n > 1 else weights[0]
    if n > 1:  # a sample of n has (n - 1)/n of the variance between replicates
        mean = weights.sum(axis=0)
        chosen = np.maximum(mean + math.sqrt(n / (n - 1)) * (chosen - mean), 0.0)
    share = chosen / chosen.sum()
    drawn = generator.multinomial(round(max(tracked, 1.0)), share).astype(float)
    return drawn if drawn.sum() > 0 else share


def _seen(mu: Array | float, sigma: Array | float, low: float) -> Array:
    """Share of all particles that lies above `low`."""
    from scipy.special import ndtr

    return np.asarray(ndtr((mu - math.log(low)) / sigma))


def _misfit(best: Array, edges: Array, weights: Array) -> float:
    fitted = np.cumsum(_shares(best[0], best[1], edges))
    return float(np.abs(fitted - np.cumsum(weights) / weights.sum()).max())
