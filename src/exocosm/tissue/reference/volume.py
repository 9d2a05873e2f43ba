"""The volume model as a linear system, advanced by the matrix exponential."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm


def system(
    rates: NDArray[np.float64], fluid_fraction: float, nuclear_target: float, cytoplasmic_target: float
) -> NDArray[np.float64]:
    """Matrix A of y' = A y for y = (fluid, cytoplasmic solid, nuclear solid, calcified fraction, 1)."""
    fluid, cytoplasmic, nuclear, calcification = rates
    matrix = np.zeros((5, 5))
    matrix[0, :3] = fluid * fluid_fraction
    matrix[0, 0] -= fluid
    matrix[1, 1], matrix[1, 4] = -cytoplasmic, cytoplasmic * cytoplasmic_target
    matrix[2, 2], matrix[2, 4] = -nuclear, nuclear * nuclear_target
    matrix[3, 3], matrix[3, 4] = -calcification, calcification
    return matrix


def advanced(
    volumes: NDArray[np.float64],
    t: float,
    rates: NDArray[np.float64],
    fluid_fraction: float,
    nuclear_target: float,
    cytoplasmic_target: float,
) -> NDArray[np.float64]:
    """Fluid, cytoplasmic solid, nuclear solid and calcified fraction after t min."""
    matrix = system(rates, fluid_fraction, nuclear_target, cytoplasmic_target)
    return np.asarray((expm(matrix * t) @ np.append(volumes, 1.0))[:4])
