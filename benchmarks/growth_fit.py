"""Least squares of a few parameters within stated ranges: a coarse search, then Gauss–Newton steps.

Parameters move on a logarithmic scale. The derivative is measured once, by one run a parameter from the best
coarse point, and then updated by each further run (Broyden 1965, 10.1090/S0025-5718-1965-0198670-6), because
a run takes minutes. A step that does not improve is halved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """Values that fit best, the root mean square of their residuals, and how many runs it took."""

    values: tuple[float, ...]
    rms: float
    runs: int


class LeastSquares:
    """Residuals of parameter values, with the ranges that they stay in; remembers what it tried."""

    def __init__(
        self, residuals: Callable[[tuple[float, ...]], Array], ranges: Sequence[tuple[float, float]]
    ) -> None:
        self.residuals = residuals
        self.low, self.high = np.log(np.asarray(ranges, float)).T
        self.tried: dict[tuple[float, ...], Array] = {}

    def at(self, x: Array) -> Array:
        """Residuals at a point of the logarithmic scale, rounded to four digits of the value."""
        values = self.values(x)
        if values not in self.tried:
            self.tried[values] = np.asarray(self.residuals(values), float)
        return self.tried[values]

    def values(self, x: Array) -> tuple[float, ...]:
        """Parameter values at a point, within their ranges."""
        return tuple(float(f"{value:.4g}") for value in np.exp(np.clip(x, self.low, self.high)))

    def slopes(self, x: Array, step: float) -> Array:
        """Derivatives of all residuals at x, (residuals, parameters), by one-sided steps into the range."""
        columns = []
        for k in range(len(x)):
            toward = step if x[k] + step <= self.high[k] else -step
            moved = x.copy()
            moved[k] += toward
            columns.append((self.at(moved) - self.at(x)) / toward)
        return np.stack(columns, axis=1)

    def solve(
        self, coarse: Sequence[Sequence[float]], *, step: float = 0.1, steps: int = 4, enough: float = 0.01
    ) -> Fitted:
        """Best of the coarse points, then at most `steps` steps while one would move by `enough` or more."""
        points = [np.log(np.asarray(point, float)) for point in coarse]
        x = min(points, key=lambda point: cost(self.at(point)))
        slope = self.slopes(x, step)
        for _ in range(steps):
            move = np.linalg.lstsq(slope, -self.at(x), rcond=None)[0]
            move = np.clip(x + np.clip(move, -0.7, 0.7), self.low, self.high) - x
            if np.abs(move).max() < enough:
                break
            change = self.at(x + move) - self.at(x)
            slope = slope + np.outer(change - slope @ move, move) / (move @ move)
            if cost(self.at(x + move)) < cost(self.at(x)):
                x = x + move
            elif cost(self.at(x + 0.5 * move)) < cost(self.at(x)):
                x = x + 0.5 * move
            else:
                break
        best = min(self.tried, key=lambda values: cost(self.tried[values]))
        return Fitted(best, float(np.sqrt(np.mean(self.tried[best] ** 2))), len(self.tried))


def cost(residuals: Array) -> float:
    """Sum of squares."""
    return float(residuals @ residuals)
