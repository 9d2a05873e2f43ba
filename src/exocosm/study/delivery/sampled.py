"""The numbers of a model drawn from their ranges: every input of an answer, and how it was drawn.

A range that spans a decade or more says that not even the order of magnitude is known: it is drawn
log-uniformly (every factor alike), and the value in the model is one of many. A narrower one is drawn from
the triangle with its peak at the value. What states no range is held at its value. Draws of an input depend
on the seed and its place in the model alone, so that other inputs do not change them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
DECADE = 10.0
INTERVAL = (0.025, 0.975)
LAWS = {
    "log-uniform": "range of a decade or more: every factor alike",
    "triangular": "range below a decade, or from 0: peak at the value",
    "held": "no range stated: held at its value",
}


@dataclass(frozen=True)
class Input:
    """One number: its place in the model, the quantity, the law it was drawn by, and the draws.

    `draws` (n + 1,) begin with the value in the model; the n others are samples.
    """

    path: str
    quantity: Any
    law: str
    draws: Array

    @property
    def source(self) -> str:
        """What it stands on, in the words of the model."""
        from exocosm.model.origins import origin_of

        found = origin_of(self.path, self.quantity)
        basis = f"{found.basis}: {found.reference}" if found.kind == "evidence" else found.basis
        return f"{found.kind}: {basis}" if basis else found.kind

    @property
    def range(self) -> str:
        """Its range as its source writes it, or empty."""
        from exocosm.model.origins import origin_of

        return origin_of(self.path, self.quantity).range


def interval(draws: Array) -> tuple[float, float]:
    """95 % of the samples, which are the draws after the first."""
    low, high = np.quantile(draws[1:], INTERVAL)
    return float(low), float(high)


class Inputs:
    """All inputs of an answer, by place, each drawn once."""

    def __init__(self, samples: int, seed: int) -> None:
        self.samples, self.seed = samples, seed
        self.by_path: dict[str, Input] = {}

    def of(self, path: str, quantity: Any) -> Array:
        """Draws (n + 1,) of a quantity; zeros for one that the model does not have."""
        if quantity is None:
            return np.zeros(self.samples + 1)
        if path not in self.by_path:
            generator = np.random.default_rng([self.seed, zlib.crc32(path.encode())])
            law, drawn = _drawn(quantity, generator, self.samples)
            draws = np.concatenate([[float(quantity)], drawn])
            self.by_path[path] = Input(path, quantity, law, draws)
        return self.by_path[path].draws


def influences(inputs: Iterable[Input], outcome: Array) -> list[tuple[Input, float]]:
    """Inputs that vary, with Spearman's rank correlation with an outcome (n + 1,); strongest first."""
    from scipy.stats import rankdata

    if np.ptp(outcome[1:]) == 0.0 or len(outcome) < 3:
        return []
    ranks = rankdata(outcome[1:])
    varying = [each for each in inputs if each.law != "held" and np.ptp(each.draws[1:]) > 0]
    found = [(each, _correlation(rankdata(each.draws[1:]), ranks)) for each in varying]
    return sorted(found, key=lambda pair: -abs(pair[1]))


def _correlation(a: Array, b: Array) -> float:
    return float(np.corrcoef(a, b)[0, 1])


def _drawn(quantity: Any, generator: np.random.Generator, n: int) -> tuple[str, Array]:
    value = float(quantity)
    low = value if quantity.low is None else min(float(quantity.low), value)
    high = value if quantity.high is None else max(float(quantity.high), value)
    if not low < high:
        return "held", np.full(n, value)
    if low > 0.0 and high >= DECADE * low:
        return "log-uniform", np.exp(generator.uniform(np.log(low), np.log(high), n))
    return "triangular", generator.triangular(low, value, high, n)
