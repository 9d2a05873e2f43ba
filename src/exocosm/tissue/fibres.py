"""Fibres that cells lay down slow vesicles where they lie.

The fibre volume fraction of the fluid is that of the medium plus the volume of what was laid down, over the
share of the voxel that is fluid. The diffusivity of each carrier follows its hindrance by fibres of the
medium's radius (`physics.hindrance`). Beyond the fraction at which a particle would be caged, where that
theory ends, the hindrance stays what it is there.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.draws import Draw
from exocosm.ground.ledger import Ledger
from exocosm.physics import hindrance
from exocosm.tissue.state import State

Array = NDArray[np.float64]
CAGED = 3.0  # f = fraction (1 + r/r_f)^2 beyond which steric hindrance is not described
DILUTE = 0.25  # fraction beyond which the permeability of fibres is not described
POINTS = 1025  # of the table of hindrance over roots of fractions; linear between, wrong by less than 1e-5


def stiffness(laid: Array, stiffening: Any) -> Array:
    """Young's modulus (kPa) of tissue of which fibres fill these shares.

    E = E0 + (Ef - E0) (φ/φf)^n, through the moduli of tissue without laid fibres and of fibrotic tissue. Own
    interpolation; networks of fibres stiffen with a power of their concentration.
    """
    base, fibrotic = float(stiffening.base), float(stiffening.fibrotic)
    share = laid / float(stiffening.fibrotic_fraction)
    return np.asarray(base + (fibrotic - base) * share ** float(stiffening.power))


class Slowed:
    """The diffusivity of one moving field as a function of the fibre volume fraction of the fluid."""

    def __init__(
        self, name: str, open_diffusivity: Array, diameter: float, radius: float, base: float
    ) -> None:
        self.name = name
        most = min(DILUTE, CAGED / (1.0 + 0.5 * diameter / radius) ** 2)
        # hindrance goes with the root of a small fraction
        self.roots = np.linspace(math.sqrt(base), math.sqrt(max(base, 0.999 * most)), POINTS)
        self.factors = np.array([hindrance(diameter, radius, float(f) ** 2) for f in self.roots])
        self.open_diffusivity = open_diffusivity / self.factors[0]

    def at(self, fraction: Array) -> Array:
        """Diffusivity (µm²/min) of each voxel at these fibre volume fractions."""
        return np.asarray(self.open_diffusivity * np.interp(np.sqrt(fraction), self.roots, self.factors))


class Fibres:
    """Process: what cells laid down hinders all carriers and riders; before they are transported."""

    name = "laid fibres"

    def __init__(
        self, substrate: str, volume: float, base: float, slowed: list[Slowed], *, every: int
    ) -> None:
        self.substrate, self.volume, self.base, self.slowed = substrate, volume, base, slowed
        self.every = every

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Set the diffusivity of all fields from what lies in each voxel."""
        laid = self.volume * state.fields[self.substrate].values
        for part in self.slowed:
            field = state.fields[part.name]
            field.set_diffusivity(part.at(self.base + laid / field.porosity))


def fibres_of(tissue: Any) -> list[Fibres]:
    """The process of a model whose cells lay down fibres, if they do and there are vesicles."""
    medium = tissue.model.tissue.medium
    laid = None if medium is None else medium.laid_fibres
    if laid is None or not tissue.vesicles:
        return []
    base, radius = float(medium.fibre_volume_fraction), float(medium.fibre_radius)
    slowed = [
        Slowed(name, tissue.field(name).diffusivity, tissue.median_diameter(name), radius, base)
        for name in tissue.moving
    ]
    every = math.gcd(*(tissue.every(part.every) for part in tissue.model.species.vesicles.values()))
    return [Fibres(laid.substrate, float(laid.volume), base, slowed, every=every)]
