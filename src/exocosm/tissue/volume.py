"""The volume of a cell: fluid and the solids of nucleus and cytoplasm, each approaching its target.

N' = r_N (N* - N),  C' = r_C (C* - C),  F' = r_F (f V - F) with V = F + N + C, and the calcified share
q' = r_q (1 - q). Targets N* + C* = target_solid; a dead cell's targets are 0, a swelling one fills (f = 1).
Source: PhysiCell, 10.1371/journal.pcbi.1005991, section "Cell volume". The system is linear; its exact
solution over a step replaces the forward Euler steps of the original.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from exocosm.ground.compiled import inner_kernel
from exocosm.tissue.cells import LIVE
from exocosm.tissue.rows import CALCIFICATION, CYTOPLASMIC, FLUID, LIFE, NUCLEAR, RUPTURE, TARGET, TYPE


@inner_kernel
def convolved(a: float, b: float, t: float) -> float:
    """∫ e^(-a(t-s)) e^(-bs) ds from 0 to t, also where the two rates coincide."""
    gap = abs(a - b) * t
    share = 1.0 if gap == 0.0 else -np.expm1(-gap) / gap
    return t * np.exp(-min(a, b) * t) * share


@inner_kernel
def volumes_after(i: int, t: float, rows: Any, types: Any) -> tuple[float, float, float]:
    """Fluid, nuclear and cytoplasmic solid (µm³) of cell i after t min if nothing happens to it."""
    kind, life = rows.marks[i, TYPE], rows.marks[i, LIFE]
    target = rows.numbers[i, TARGET] if life == LIVE else 0.0
    nuclear_target = types.nuclear_share[kind] * target
    nuclear_excess = rows.numbers[i, NUCLEAR] - nuclear_target
    cytoplasmic_excess = rows.numbers[i, CYTOPLASMIC] - (target - nuclear_target)
    fluid_rate = types.rates[kind, life, FLUID]
    nuclear_rate, cytoplasmic_rate = types.rates[kind, life, NUCLEAR], types.rates[kind, life, CYTOPLASMIC]
    drain = fluid_rate * (1.0 - types.fluid_fraction[kind, life])
    gain = target * convolved(drain, 0.0, t)
    gain += nuclear_excess * convolved(drain, nuclear_rate, t)
    gain += cytoplasmic_excess * convolved(drain, cytoplasmic_rate, t)
    fluid = rows.numbers[i, FLUID] * np.exp(-drain * t) + fluid_rate * types.fluid_fraction[kind, life] * gain
    nuclear = nuclear_target + nuclear_excess * np.exp(-nuclear_rate * t)
    return fluid, nuclear, target - nuclear_target + cytoplasmic_excess * np.exp(-cytoplasmic_rate * t)


@inner_kernel
def grow(i: int, t: float, rows: Any, types: Any) -> None:
    """Advance the volumes of cell i by t min."""
    fluid, nuclear, cytoplasmic = volumes_after(i, t, rows, types)
    rows.numbers[i, FLUID] = fluid
    rows.numbers[i, NUCLEAR] = nuclear
    rows.numbers[i, CYTOPLASMIC] = cytoplasmic
    rate = types.rates[rows.marks[i, TYPE], rows.marks[i, LIFE], CALCIFICATION]
    rows.numbers[i, CALCIFICATION] = 1.0 - (1.0 - rows.numbers[i, CALCIFICATION]) * np.exp(-rate * t)


@inner_kernel
def volume(i: int, rows: Any) -> float:
    """Total volume (µm³) of cell i."""
    return rows.numbers[i, FLUID] + rows.numbers[i, NUCLEAR] + rows.numbers[i, CYTOPLASMIC]


@inner_kernel
def time_to_rupture(i: int, t: float, rows: Any, types: Any) -> float:
    """When within t min a swelling cell reaches its rupture volume; infinity if it does not."""
    limit = rows.numbers[i, RUPTURE]
    if volume(i, rows) >= limit:
        return 0.0
    fluid, nuclear, cytoplasmic = volumes_after(i, t, rows, types)
    if fluid + nuclear + cytoplasmic < limit:
        return np.inf
    low, high = 0.0, t
    for _ in range(60):
        middle = 0.5 * (low + high)
        fluid, nuclear, cytoplasmic = volumes_after(i, middle, rows, types)
        if fluid + nuclear + cytoplasmic < limit:
            low = middle
        else:
            high = middle
    return high
