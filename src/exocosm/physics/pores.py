"""Through a porous membrane: how strongly a particle is hindered in a pore not much wider than itself."""

from __future__ import annotations

import math

_SERIES = (-1.56034, 0.528155, 1.91521, -2.81903, 0.270788, 1.10115, -0.435933)


def pore_hindrance(ratio: float) -> float:
    """Diffusion of a sphere through a long cylindrical pore relative to free, partition included, 0..1.

    `ratio` is the diameter of the sphere over that of the pore; from 1 on it does not fit and the value is
    0. The product of the partition coefficient (1 - λ)² and the drag averaged over the cross-section:
    1 + 9/8 λ ln λ - 1.56034 λ + 0.528155 λ² + 1.91521 λ³ - 2.81903 λ⁴ + 0.270788 λ⁵ + 1.10115 λ⁶ -
    0.435933 λ⁷. Source: Dechadilok & Deen 2006, 10.1021/ie051387n (its eq. 16, fitted up to λ = 0.95).
    """
    if ratio < 0 or math.isnan(ratio):
        raise ValueError(f"a ratio of diameters is at least 0, not {ratio}")
    if ratio == 0:
        return 1.0
    if ratio >= 1:
        return 0.0
    terms = sum(a * ratio**n for n, a in enumerate(_SERIES, start=1))
    return max(0.0, 1.0 + 1.125 * ratio * math.log(ratio) + terms)


def renkin_hindrance(ratio: float) -> float:
    """The same by partition on the axis of the pore alone: (1-λ)² (1 - 2.104 λ + 2.09 λ³ - 0.95 λ⁵).

    Source: Renkin 1954, 10.1085/jgp.38.2.225 (drag on the axis after Ladenburg and Faxén); holds for narrow
    particles, λ below about 0.4.
    """
    if ratio >= 1:
        return 0.0
    return float((1 - ratio) ** 2 * (1 - 2.104 * ratio + 2.09 * ratio**3 - 0.95 * ratio**5))


def membrane_permeability(
    diffusion_coefficient: float, diameter: float, pore_diameter: float, pore_density: float, thickness: float
) -> float:
    """Flux per area and difference of concentration (µm/min) through a membrane of straight pores.

    pore_density · π (pore_diameter/2)² · D · hindrance / thickness, with D free in the fluid (µm²/min),
    lengths in µm, pores per µm²; `diameter` of the particle, 0 for a small molecule. Source: Fick's law
    in each pore.
    """
    open_share = pore_density * math.pi * (0.5 * pore_diameter) ** 2
    if open_share > 1:
        raise ValueError(f"pores cannot fill {open_share:.3g} of a membrane: use fewer or narrower pores")
    return open_share * diffusion_coefficient * pore_hindrance(diameter / pore_diameter) / thickness
