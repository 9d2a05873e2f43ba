"""Closed forms: how particles diffuse, how they reach a cell, and exact fields to compare with.

Each function states its equation's source. Lengths are µm, times min, temperature K, viscosity mPa·s.
"""

from exocosm.physics.diffusion import (
    hindrance,
    lognormal_mean_inverse,
    maxwell_obstruction,
    population_diffusion_coefficient,
    steric_hindrance,
    stokes_einstein,
    tortuous_diffusion_coefficient,
    viscous_hindrance,
)
from exocosm.physics.pores import membrane_permeability, pore_hindrance
from exocosm.physics.uptake import (
    clearance_from_efficiency,
    clearance_in_series,
    crowded_clearance,
    crowded_resistance,
    diffusion_to_sphere,
    isolated_resistance,
)

__all__ = [
    "clearance_from_efficiency",
    "clearance_in_series",
    "crowded_clearance",
    "crowded_resistance",
    "diffusion_to_sphere",
    "hindrance",
    "isolated_resistance",
    "lognormal_mean_inverse",
    "maxwell_obstruction",
    "membrane_permeability",
    "population_diffusion_coefficient",
    "pore_hindrance",
    "steric_hindrance",
    "stokes_einstein",
    "tortuous_diffusion_coefficient",
    "viscous_hindrance",
]
