"""How fast a particle diffuses: in water, in a fibre matrix, around cells.

D in tissue = D in water × hindrance by fibres / tortuosity². The factors are independent models:
fibres act at the particle's own scale, cells and sheets at the scale of a voxel.
"""

from __future__ import annotations

import math

BOLTZMANN = 1.380649e-23  # J/K, exact by the definition of the kelvin
JOULE_PER_MPAS_UM = 6e22  # kT/(η d) from J/(mPa·s·µm) to µm²/min: 1e3 · 1e6 · 1e12 · 60


def stokes_einstein(diameter: float, temperature: float, viscosity: float) -> float:
    """Diffusion coefficient of a sphere in a liquid, D = kT / (3πηd).

    Diameter in µm, temperature in K, viscosity in mPa·s (water at 37 °C: about 0.69); D in µm²/min.
    Source: Stokes–Einstein relation (Einstein 1905, Ann. Phys. 322:549).
    """
    _require(diameter=diameter, temperature=temperature, viscosity=viscosity)
    return BOLTZMANN * temperature * JOULE_PER_MPAS_UM / (3 * math.pi * viscosity * diameter)


def lognormal_mean_inverse(median: float, geometric_sd: float) -> float:
    """Number average of 1/d over a log-normal size distribution, exp(½ ln²σ_g) / median.

    Since D goes as 1/d, this is what the mean diffusion coefficient of a population needs.
    Source: moment of order -1 of the log-normal distribution.
    """
    _require(median=median)
    if geometric_sd < 1:
        raise ValueError(f"a geometric standard deviation is at least 1, not {geometric_sd}")
    return math.exp(0.5 * math.log(geometric_sd) ** 2) / median


def population_diffusion_coefficient(
    median: float, geometric_sd: float, temperature: float, viscosity: float
) -> float:
    """Number-averaged diffusion coefficient (µm²/min) of particles of log-normal diameter (µm)."""
    return stokes_einstein(1.0, temperature, viscosity) * lognormal_mean_inverse(median, geometric_sd)


def fibre_permeability(fibre_radius: float, fibre_fraction: float) -> float:
    """Darcy permeability (µm²) of randomly oriented fibres, (3 a²/20φ)(-ln φ - 0.931).

    Fibre radius a in µm, φ their volume fraction, below 0.25 (dilute-array theory).
    Source: Jackson & James 1986, Can. J. Chem. Eng. 64:364.
    """
    _require(fibre_radius=fibre_radius, fibre_fraction=fibre_fraction)
    if fibre_fraction > 0.25:
        raise ValueError(f"the theory of dilute fibres holds up to a fraction of 0.25, not {fibre_fraction}")
    return 3 * fibre_radius**2 / (20 * fibre_fraction) * (-math.log(fibre_fraction) - 0.931)


def viscous_hindrance(diameter: float, fibre_radius: float, fibre_fraction: float) -> float:
    """Slowing by the extra drag in a fibrous medium, 1 / (1 + α + α²/9) with α = radius/√permeability.

    Source: drag on a sphere that moves through a Brinkman medium at rest (Howells 1974,
    J. Fluid Mech. 64:449); the effective-medium idea for gels: Johnson et al. 1996, Biophys. J. 70:1017.
    """
    alpha = 0.5 * diameter / math.sqrt(fibre_permeability(fibre_radius, fibre_fraction))
    return 1 / (1 + alpha + alpha**2 / 9)


def steric_hindrance(diameter: float, fibre_radius: float, fibre_fraction: float) -> float:
    """Slowing by detours around fibres, exp(-0.84 f^1.09) with f = φ (1 + particle radius/fibre radius)².

    f counts the fibres that a particle of this size meets; the fit is not used beyond f = 3, where a
    particle is caged rather than hindered. Source: Johansson & Löfroth 1993, J. Chem. Phys. 98:7471.
    """
    _require(diameter=diameter, fibre_radius=fibre_radius, fibre_fraction=fibre_fraction)
    f = fibre_fraction * (1 + 0.5 * diameter / fibre_radius) ** 2
    if f > 3:
        raise ValueError(
            f"a particle of {diameter * 1e3:.3g} nm is caged by fibres of {fibre_radius * 1e3:.3g} nm radius "
            f"(f = {f:.3g}); hindered diffusion describes f up to 3: use thicker or fewer fibres"
        )
    return math.exp(-0.84 * f**1.09)


def hindrance(diameter: float, fibre_radius: float, fibre_fraction: float) -> float:
    """Diffusion coefficient in a fibre matrix relative to that in water, 0..1; 1 without fibres.

    The product of viscous and steric hindrance, each bounded by its validity (ValueError beyond).
    Source: effective-medium model of Johnson et al. 1996, Biophys. J. 70:1017.
    """
    if fibre_fraction == 0:
        return 1.0
    viscous = viscous_hindrance(diameter, fibre_radius, fibre_fraction)
    return viscous * steric_hindrance(diameter, fibre_radius, fibre_fraction)


def tortuous_diffusion_coefficient(diffusion_coefficient: float, tortuosity: float) -> float:
    """Diffusion coefficient along paths lengthened by the factor `tortuosity`, D/λ².

    Source: Nicholson & Phillips 1981, J. Physiol. 321:225.
    """
    if tortuosity < 1:
        raise ValueError(f"tortuosity is a ratio of path lengths and at least 1, not {tortuosity}")
    return diffusion_coefficient / tortuosity**2


def maxwell_obstruction(fraction: float) -> float:
    """Extracellular diffusion coefficient among impermeable spheres relative to free, 1 / (1 + φ/2).

    φ is the volume fraction of spheres; per total area the flux is (1-φ)/(1+φ/2) of the free one.
    Source: Maxwell 1873, A Treatise on Electricity and Magnetism, § 314.
    """
    if not 0 <= fraction < 1:
        raise ValueError(f"a volume fraction lies in [0, 1), not {fraction}")
    return 1 / (1 + 0.5 * fraction)


def _require(**quantities: float) -> None:
    for name, value in quantities.items():
        if not value > 0 or math.isinf(value):
            raise ValueError(f"{name.replace('_', ' ')} must be positive and finite, not {value}")
