"""How many particles reach a cell: diffusion to a sphere, alone or among others, and the membrane.

A resistance is the concentration that drives one particle a minute, divided by 1/D: its unit is 1/µm.
Clearances (µm³/min) are 1/resistance; in series, resistances add.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Number = Any  # a float or an array of floats


def diffusion_to_sphere(radius: Number, diffusion_coefficient: Number) -> Number:
    """Clearance (µm³/min) of a sphere that takes whatever touches it, 4πDR.

    Source: Smoluchowski 1917, Z. Phys. Chem. 92:129.
    """
    return 4 * np.pi * diffusion_coefficient * radius


def isolated_resistance(radius: Number) -> Number:
    """Resistance ×D (1/µm) between far away and the surface of a sphere alone, 1/(4πR)."""
    return 1 / (4 * np.pi * radius)


def crowded_resistance(radius: Number, fraction: Number) -> Number:
    """Resistance ×D (1/µm) between the mean outside concentration and a cell's surface, in packed tissue.

    Each cell (radius R, µm) sits in its own sphere of radius R/x, x = fraction^(1/3), through whose
    outer surface nothing passes; concentration falls slowly and evenly. D is that of the space between
    cells. Returns (1-x)(1 + 1.2x + 0.6x² + 0.2x³) / (4πR (1+x+x²)²); 1/(4πR) for a fraction of 0.
    Source: derived. With drain s, c(r) = c(R) + s/(3D) [b³(1/R - 1/r) - (r² - R²)/2], b = R/x; its mean
    over the shell less c(R), over the flux s·4π(b³-R³)/3, is K/(4πR (1-x³)²) with Kuwabara's polynomial
    K = 1 - 9x/5 + x³ - x⁶/5 (Kuwabara 1959, J. Phys. Soc. Jpn 14:527), which contains (1-x)³.
    """
    share = np.asarray(fraction)
    if np.any(share < 0) or np.any(share >= 1):
        raise ValueError(f"the volume fraction of cells lies in [0, 1), not {fraction}")
    x = np.cbrt(fraction)
    shape = (1 - x) * (1 + x * (1.2 + x * (0.6 + 0.2 * x))) / (1 + x + x * x) ** 2
    return shape * isolated_resistance(radius)


def clearance_in_series(intrinsic: Number, resistance: Number, diffusion_coefficient: Number) -> Number:
    """Clearance (µm³/min) of a membrane of `intrinsic` clearance behind a diffusion resistance.

    1 / (1/intrinsic + resistance/D); 0 for an intrinsic clearance of 0.
    Source: Collins & Kimball 1949, J. Colloid Sci. 4:425.
    """
    return intrinsic / (1 + intrinsic * resistance / diffusion_coefficient)


def clearance_from_efficiency(efficiency: Number, radius: Number, diffusion_coefficient: Number) -> Number:
    """Intrinsic clearance (µm³/min) of a cell that, alone, takes the share ε of 4πDR.

    4πDR ε/(1-ε): the inverse of `clearance_in_series` for an isolated sphere; infinite for ε = 1.
    """
    share = np.asarray(efficiency, float)
    if np.any(share < 0) or np.any(share > 1):
        raise ValueError(f"an efficiency lies in [0, 1], not {efficiency}")
    with np.errstate(divide="ignore"):
        odds = np.where(share < 1, share / np.maximum(1 - share, 1e-300), np.inf)
    return diffusion_to_sphere(radius, diffusion_coefficient) * (float(odds) if odds.ndim == 0 else odds)


def crowded_clearance(
    efficiency: Number, radius: Number, fraction: Number, diffusion_coefficient: Number
) -> Number:
    """Clearance (µm³/min) of a cell of efficiency ε in packed tissue, on the mean concentration outside.

    The resistances add: the membrane's (1/ε - 1)/(4πR) and the crowded one; ε·4πDR for a fraction of 0.
    """
    share = np.asarray(efficiency, float)
    if np.any(share < 0) or np.any(share > 1):
        raise ValueError(f"an efficiency lies in [0, 1], not {efficiency}")
    outside = crowded_resistance(radius, fraction) / isolated_resistance(radius)
    taken = efficiency / (1 - efficiency + efficiency * outside)
    return taken * diffusion_to_sphere(radius, diffusion_coefficient)
