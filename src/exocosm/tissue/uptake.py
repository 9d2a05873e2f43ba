"""What cells do to vesicles: release, uptake, and for types with binding the surface in between.

The intrinsic clearance of a cell acts in series with diffusion to it (`clearance`). Without binding, what is
cleared has entered. With binding it is held on the surface, where it detaches or enters:

    dB/dt = Q c - (off Q / intrinsic + internalisation) B.

A vesicle that detaches beside a good sink comes back before it diffuses away, so that detachment falls by the
same share Q / intrinsic as uptake does (Berg & Purcell 1977, 10.1016/S0006-3495(77)85544-6; Shoup & Szabo
1982, 10.1016/S0006-3495(82)84498-X), and equilibrium, B = intrinsic c / off, does not depend on diffusion.
Over a step, backward Euler, B is eliminated: what is left is a smaller sink and a source in the field's own
equation, so that transport and binding are solved as one, positive and balanced. A dead cell takes nothing
and keeps what it holds.

What a cell releases starts at its own surface: it takes a share of it at once (`clearance.own_share`),
which for a lone cell is its efficiency.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exocosm.tissue.behaviours import NO_RULES, Behaviours
from exocosm.tissue.cells import Cells

Array = NDArray[np.float64]


@dataclass(frozen=True)
class VesicleRates:
    """Per cell type, for one population.

    `release` particles/min; `uptake` an intrinsic clearance (µm³/min) or, `by_efficiency`, the share of the
    encounters with a perfect sink; `size_exponent` of a clearance; `binds`: vesicles are held on the surface,
    leave it at `off` or enter at `internalisation` (1/min); `keeps`: what entered waits in an endosome.
    """

    release: Array
    uptake: Array
    by_efficiency: NDArray[np.bool_]
    size_exponent: Array
    binds: NDArray[np.bool_]
    off: Array
    internalisation: Array
    keeps: NDArray[np.bool_]

    def of_cells(self, cells: Cells, population: str, behaviours: Behaviours = NO_RULES) -> CellRates:
        """Present rates of each cell; none of a dead one."""
        kind = cells.view("type")

        def now(name: str, by_type: Array) -> Array:
            return np.maximum(behaviours.of_active(cells, f"{population} {name}", by_type), 0.0)

        return CellRates(
            now("release", self.release),
            now("uptake", self.uptake),
            self.by_efficiency[kind],
            self.size_exponent[kind],
            self.binds[kind],
            now("unbinding", self.off),
            now("internalisation", self.internalisation),
        )


@dataclass(frozen=True)
class CellRates:
    """As VesicleRates, per cell."""

    release: Array
    uptake: Array
    by_efficiency: NDArray[np.bool_]
    size_exponent: Array
    binds: NDArray[np.bool_]
    off: Array
    internalisation: Array

    def intrinsic(self, radius: Array, diffusion: Array, relative_size: float = 1.0) -> Array:
        """Intrinsic clearance of vesicles of a size relative to the median of their population.

        A clearance as given, or efficiency / (1 - efficiency) of 4 π D R with the vesicles' own D.
        """
        by_size = self.uptake * relative_size**self.size_exponent
        share = np.minimum(np.where(self.by_efficiency, self.uptake, 0.0), 1.0)
        odds = np.divide(share, 1.0 - share, out=np.full_like(radius, np.inf), where=share < 1.0)
        by_diffusion = 4.0 * np.pi * diffusion * radius
        return np.where(self.by_efficiency, odds * by_diffusion, by_size)

    def surface(self, clearance: Array, intrinsic: Array, own: Array, minutes: float) -> Surface:
        """Surfaces over a step; `clearance` and `intrinsic` in µm³/min, `own` the share of own release."""
        ratio = np.divide(clearance, intrinsic, out=np.ones_like(clearance), where=intrinsic > 0.0)
        return Surface(clearance, self.binds, self.off * ratio, self.internalisation, own, minutes)


@dataclass(frozen=True)
class Surface:
    """Surfaces of all cells over a step of `minutes`, what they hold eliminated from the field's equation."""

    clearance: Array
    binds: NDArray[np.bool_]
    off: Array
    internalisation: Array
    own: Array  # share of its own release that each cell takes before it leaves
    minutes: float

    @property
    def _growth(self) -> Array:
        return 1.0 + self.minutes * (self.off + self.internalisation)

    @property
    def sink(self) -> Array:
        """Clearance (µm³/min) of each cell for what it takes in the step and does not lose again."""
        kept = (1.0 + self.minutes * self.internalisation) / self._growth
        return np.where(self.binds, self.clearance * kept, self.clearance)

    def source(self, bound: Array, released: Array) -> Array:
        """Amount/min that leaves each cell: of its release, and of what was bound at the start."""
        taken = self.own * released
        held = bound + self.minutes * taken
        return released - taken + np.where(self.binds, self.off * held / self._growth, 0.0)

    def advance(self, bound: Array, seen: Array, released: Array) -> tuple[Array, Array]:
        """Bound after the step, and what entered in it, at the concentration seen at its end."""
        caught = self.minutes * (self.clearance * seen + self.own * released)
        after = np.where(self.binds, (bound + caught) / self._growth, bound)
        entered = np.where(self.binds, self.minutes * self.internalisation * after, caught)
        return after, entered
