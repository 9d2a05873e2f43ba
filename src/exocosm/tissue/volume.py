"""The volume of a cell: fluid and the solids of nucleus and cytoplasm, each approaching its target.

N' = r_N (N* - N),  C' = r_C (C* - C),  F' = r_F (f V - F) with V = F + N + C, and the calcified share
q' = r_q (1 - q). Targets N* + C* = target_solid; a dead cell's targets are 0, a swelling one fills (f = 1).
Source: PhysiCell, 10.1371/journal.pcbi.1005991, section "Cell volume". The system is linear; its exact
solution over a step replaces the forward Euler steps of the original.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from exocosm.ground.compiled import kernel
from exocosm.tissue.cell_types import CALCIFICATION, CYTOPLASMIC, FLUID, NUCLEAR
from exocosm.tissue.cells import LIVE


@kernel
def convolved(a: float, b: float, t: float) -> float:
    """∫ e^(-a(t-s)) e^(-bs) ds from 0 to t, also where the two rates coincide."""
    gap = abs(a - b) * t
    share = 1.0 if gap == 0.0 else -np.expm1(-gap) / gap
    return t * np.exp(-min(a, b) * t) * share


@kernel
def volumes_after(i: int, t: float, rows: Any, table: Any) -> tuple[float, float, float]:
    """Fluid, nuclear and cytoplasmic solid (µm³) of cell i after t min if nothing happens to it."""
    kind, life = rows.type[i], rows.life[i]
    target = rows.target_solid[i] if life == LIVE else 0.0
    nuclear_target = table.nuclear_share[kind] * target
    nuclear_excess = rows.nuclear_solid[i] - nuclear_target
    cytoplasmic_excess = rows.cytoplasmic_solid[i] - (target - nuclear_target)
    fluid_rate = table.rates[kind, life, FLUID]
    nuclear_rate, cytoplasmic_rate = table.rates[kind, life, NUCLEAR], table.rates[kind, life, CYTOPLASMIC]
    drain = fluid_rate * (1.0 - table.fluid_fraction[kind, life])
    gain = target * convolved(drain, 0.0, t)
    gain += nuclear_excess * convolved(drain, nuclear_rate, t)
    gain += cytoplasmic_excess * convolved(drain, cytoplasmic_rate, t)
    fluid = rows.fluid[i] * np.exp(-drain * t) + fluid_rate * table.fluid_fraction[kind, life] * gain
    nuclear = nuclear_target + nuclear_excess * np.exp(-nuclear_rate * t)
    return fluid, nuclear, target - nuclear_target + cytoplasmic_excess * np.exp(-cytoplasmic_rate * t)


@kernel
def grow(i: int, t: float, rows: Any, table: Any) -> None:
    """Advance the volumes of cell i by t min."""
    fluid, nuclear, cytoplasmic = volumes_after(i, t, rows, table)
    rows.fluid[i], rows.nuclear_solid[i], rows.cytoplasmic_solid[i] = fluid, nuclear, cytoplasmic
    rate = table.rates[rows.type[i], rows.life[i], CALCIFICATION]
    rows.calcified_fraction[i] = 1.0 - (1.0 - rows.calcified_fraction[i]) * np.exp(-rate * t)


@kernel
def volume(i: int, rows: Any) -> float:
    """Total volume (µm³) of cell i."""
    return rows.fluid[i] + rows.nuclear_solid[i] + rows.cytoplasmic_solid[i]


@kernel
def time_to_rupture(i: int, t: float, rows: Any, table: Any) -> float:
    """When within t min a swelling cell reaches its rupture volume; infinity if it does not."""
    limit = rows.rupture_volume[i]
    if volume(i, rows) >= limit:
        return 0.0
    fluid, nuclear, cytoplasmic = volumes_after(i, t, rows, table)
    if fluid + nuclear + cytoplasmic < limit:
        return np.inf
    low, high = 0.0, t
    for _ in range(60):
        middle = 0.5 * (low + high)
        fluid, nuclear, cytoplasmic = volumes_after(i, middle, rows, table)
        if fluid + nuclear + cytoplasmic < limit:
            low = middle
        else:
            high = middle
    return high
