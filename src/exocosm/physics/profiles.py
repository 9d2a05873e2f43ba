"""Exact concentration profiles: the truth that the solvers of the tissue are tested against.

Steady unless a time is given. D is the diffusion coefficient (µm²/min), λ the first-order loss (1/min);
the decay length is √(D/λ).
"""

from __future__ import annotations

from typing import Any

import numpy as np

Number = Any  # a float or an array of floats


def decay_length(diffusion_coefficient: Number, loss_rate: Number) -> Number:
    """Distance (µm) over which a steady concentration falls by e, √(D/λ)."""
    return np.sqrt(diffusion_coefficient / loss_rate)


def half_space(x: Number, held: Number, diffusion_coefficient: Number, loss_rate: Number) -> Number:
    """Concentration at depth x (µm) below a face held at `held`: held · exp(-x/L).

    Source: D c'' = λ c.
    """
    return held * np.exp(-x / decay_length(diffusion_coefficient, loss_rate))


def slab(x: Number, thickness: float, held: Number, diffusion_coefficient: float, loss_rate: float) -> Number:
    """Concentration in a slab held at x = 0 and closed at x = thickness: held cosh((W-x)/L)/cosh(W/L).

    Written with decaying exponentials only, so that it holds for any thickness. Source: D c'' = λ c.
    """
    length = decay_length(diffusion_coefficient, loss_rate)
    far = np.exp(-2 * (thickness - x) / length)
    return held * np.exp(-x / length) * (1 + far) / (1 + np.exp(-2 * thickness / length))


def slab_constant_use(
    x: Number, thickness: float, held: Number, diffusion_coefficient: float, use: float
) -> Number:
    """Concentration in a slab held at x = 0, closed at x = thickness, with zero-order use (unit/min).

    held - use·x(2W - x)/(2D); holds where it stays positive. Source: D c'' = use.
    """
    return held - use * x * (2 * thickness - x) / (2 * diffusion_coefficient)


def point_source(r: Number, rate: Number, diffusion_coefficient: Number, loss_rate: Number) -> Number:
    """Concentration at distance r (µm) from a point that releases `rate` per min: rate e^(-r/L)/(4πDr).

    A loss rate of 0 gives rate/(4πDr). Source: screened Poisson equation, D∇²c - λc + rate·δ = 0.
    """
    screening = np.sqrt(loss_rate / diffusion_coefficient)
    return rate * np.exp(-r * screening) / (4 * np.pi * diffusion_coefficient * r)


def instantaneous_point_source(
    r: Number, t: Number, amount: Number, diffusion_coefficient: Number, loss_rate: Number
) -> Number:
    """Concentration at distance r and time t after `amount` was set free at a point in 3-D.

    amount (4πDt)^(-3/2) exp(-r²/(4Dt) - λt). Source: Green's function of the diffusion equation.
    """
    spread = 4 * diffusion_coefficient * t
    return amount * (np.pi * spread) ** -1.5 * np.exp(-(r**2) / spread - loss_rate * t)


def cosine_mode_rate(
    wave_numbers: tuple[float, ...], diffusion_coefficient: float, loss_rate: float
) -> float:
    """Rate (1/min) at which Π cos(k_i x_i) fades between no-flux walls: D Σk² + λ, k_i = nπ/W_i (1/µm)."""
    return diffusion_coefficient * sum(k * k for k in wave_numbers) + loss_rate


def sphere(r: Number, radius: float, held: Number, diffusion_coefficient: float, loss_rate: float) -> Number:
    """Concentration inside a sphere whose surface is held: held · (R/r) sinh(r/L)/sinh(R/L).

    Source: Thiele 1939, Ind. Eng. Chem. 31:916 (the catalyst pellet; in tumours, oxygen in a spheroid).
    """
    length = decay_length(diffusion_coefficient, loss_rate)
    r = np.maximum(r, 1e-9 * radius)
    ratio = np.exp((r - radius) / length) * np.expm1(-2 * r / length) / np.expm1(-2 * radius / length)
    return held * radius / r * ratio


def thiele_effectiveness(radius: float, diffusion_coefficient: float, loss_rate: float) -> float:
    """Loss in a sphere relative to that at the surface concentration everywhere: 3 (φ coth φ - 1)/φ².

    φ = R/L is the Thiele modulus. Source: Thiele 1939, Ind. Eng. Chem. 31:916.
    """
    modulus = float(radius / decay_length(diffusion_coefficient, loss_rate))
    if modulus < 1e-2:
        return 1 - modulus**2 / 15 + 2 * modulus**4 / 315
    return 3 * (modulus / np.tanh(modulus) - 1) / modulus**2


def krogh_wall(
    vessel_radius: float, tissue_radius: float, blood: float, permeability: float, use: float
) -> float:
    """Level at the wall of a vessel that feeds a cylinder with zero-order use (unit/min).

    blood - use (R² - r²)/(2 r P). Source: what passes, 2 π r P (blood - wall), is used in the cylinder.
    """
    return blood - use * (tissue_radius**2 - vessel_radius**2) / (2 * vessel_radius * permeability)


def krogh_cylinder(
    r: Number,
    vessel_radius: float,
    tissue_radius: float,
    wall: float,
    diffusion_coefficient: float,
    use: float,
) -> Number:
    """Concentration at distance r (µm) from the axis of a vessel that alone feeds a cylinder of tissue.

    wall + use/(4D) (r² - r_v²) - use R²/(2D) ln(r/r_v); holds where it stays positive. No flux at R. Source:
    Krogh 1919, 10.1113/jphysiol.1919.sp001839 (with Erlang's solution).
    """
    squares = 0.25 * (r**2 - vessel_radius**2)
    return wall + use / diffusion_coefficient * (squares - 0.5 * tissue_radius**2 * np.log(r / vessel_radius))


def hypoxic_sphere(radius: float, held: float, diffusion_coefficient: float, use: float) -> float:
    """Radius (µm) of the anoxic centre of a spheroid with zero-order use (unit/min); 0 if none.

    The root of held = use/(6D) (R² + 2n³/R - 3n²). Source: Grimes et al. 2014, J. R. Soc. Interface
    11:20131124 (its eq. for the anoxic radius), a cubic in n/R.
    """
    depth = 6 * diffusion_coefficient * held / (use * radius**2)
    if depth >= 1:
        return 0.0
    # 2y³ - 3y² + (1 - depth) = 0 has one root in (0, 1): the trigonometric solution of the cubic
    angle = np.arccos(2 * depth - 1)
    return float(radius * (0.5 + np.cos((angle + 4 * np.pi) / 3)))
