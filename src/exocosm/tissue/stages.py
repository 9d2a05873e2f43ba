"""A step of second order in time out of two implicit Euler stages.

c1 is backward Euler from c0 over γ dt; c* = c0 + a (c1 - c0) goes on along the way from c0 to c1; the step
ends with backward Euler from c* over the rest, (1 - a γ) dt. What moved in the step is a times what moved in
the first stage plus what moved in the second, so that balances stay exact. With γ = 1 - √½ and a = (1 - γ)/γ
this is the L-stable method of Alexander 1977 (10.1137/0714068), of second order. With a = 1 it is two Euler
steps: of first order, and never negative. A step that would leave less than nothing somewhere is ended so.

On a mode of wave number k the seven-point Laplacian is too slow by D h² (kx⁴ + ky⁴ + kz⁴) / 12, averaged
over directions by 3/(d + 2) of D h² k⁴ / 12 in d dimensions. A γ smaller than 1 - √½ leaves an error of the
other sign, -e (D k²)² dt with (1 - γ)² = ½ + e: at e = 3/(d + 2) h² / (12 D dt) the two cancel, as in the
scheme of Crandall 1955 (Q. Appl. Math. 13, 318). Where a step is too short for diffusion to reach the next
voxel, e falls with the step instead, so that reactions stay of second order. A steady state is not touched.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
MOST_CORRECTION = 0.05
"""Largest e, met where diffusion in a step just reaches the next voxel."""


@dataclass(frozen=True)
class Stages:
    """Lengths of both stages (min), and how far the first is followed relative to its own length."""

    first: float
    ahead: float
    second: float

    @classmethod
    def of(cls, minutes: float, diffusion: float, voxel: float, dimensions: int = 3) -> Stages:
        """Over `minutes`, for a diffusion coefficient in µm²/min on voxels of an edge in µm."""
        error = 3.0 / (dimensions + 2.0) * voxel * voxel / 12.0
        reach = diffusion * minutes
        wanted = error / reach if reach > 0.0 else math.inf
        correction = wanted if wanted <= MOST_CORRECTION else MOST_CORRECTION**2 / wanted
        gamma = 1.0 - math.sqrt(0.5 + correction)
        return cls(gamma * minutes, (1.0 - gamma) / gamma, gamma * minutes)

    def further(self, start: Array, middle: Array) -> Array:
        """Where the second stage starts: beyond `middle`, which the first one reached from `start`."""
        return start + self.ahead * (middle - start)

    @property
    def never_negative(self) -> Stages:
        """The same first stage and an Euler step for the rest."""
        return Stages(self.first, 1.0, self.second + (self.ahead - 1.0) * self.first)
