"""Reversible binding of vesicles to the matrix between cells, eliminated from the field's equation.

In each voxel of volume V with an open share p, an amount B is bound,

    dB/dt = on V p c - (off + decay) B.

Backward Euler over a step gives B from the concentration at its end; what is left in the equation of the
field is a sink and a source, so that binding is solved together with transport, positive and balanced.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Matrix:
    """Binding of one population: rates in 1/min."""

    on: float
    off: float
    decay: float

    def sink(self, open_volume: Array, minutes: float) -> Array:
        """Clearance (µm³/min) of each voxel for what stays bound or decays in the step."""
        kept = (1.0 + minutes * self.decay) / self._growth(minutes)
        return np.asarray(self.on * open_volume * kept)

    def source(self, bound: Array, minutes: float) -> Array:
        """Amount/min given back of what was bound at the start of the step."""
        return np.asarray(self.off * bound / self._growth(minutes))

    def advance(self, bound: Array, open_volume: Array, c: Array, minutes: float) -> tuple[Array, float]:
        """Bound after the step at the concentration c at its end, and what decayed in it, in all."""
        after = (bound + minutes * self.on * open_volume * c) / self._growth(minutes)
        return np.asarray(after), minutes * self.decay * float(after.sum())

    def _growth(self, minutes: float) -> float:
        return 1.0 + minutes * (self.off + self.decay)
