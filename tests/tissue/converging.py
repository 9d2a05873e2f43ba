"""What tests of orders share: observed orders, and random counts that are their own means."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from exocosm.tissue.random_counts import Counts

LARGE = 1e12
"""Copies so many that rounding to whole ones is lost: with mean counts a process then solves its equation."""


def observed_orders(errors: Any) -> np.ndarray:
    """Order of convergence from each level to the next, with half the step each time."""
    errors = np.asarray(errors, float)
    return np.log2(errors[:-1] / errors[1:])


def use_means(patch: pytest.MonkeyPatch) -> None:
    """Poisson and binomial numbers become their means, in whole numbers."""

    def poisson(self: Counts, kind: Any, mean: Any) -> np.ndarray:
        return np.broadcast_to(np.rint(mean), len(self.keys)).astype(np.int64)

    def binomial(self: Counts, kind: Any, counts: Any, chance: Any) -> np.ndarray:
        return np.rint(counts * np.minimum(chance, 1.0)).astype(np.int64)

    patch.setattr(Counts, "poisson", poisson)
    patch.setattr(Counts, "binomial", binomial)
