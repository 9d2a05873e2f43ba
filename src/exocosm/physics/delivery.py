"""Steps of a vesicle's life in the steady state, as shares and rates: from release to what stays in a pool.

All functions take numbers or arrays. Each follows from exponential waiting times in competition: of several
ends of one thing, each comes first with its rate over the sum of the rates.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Number = Any  # a float or an array of floats


def share_of(rate: Number, others: Number) -> Number:
    """Share that goes one way, rate / (rate + others); 0 where nothing goes either way.

    Multivesicular bodies fuse with docking over docking + lysosomal degradation.
    """
    total = np.asarray(rate + others, float)
    return np.divide(rate, total, out=np.zeros_like(total), where=total > 0.0)


def released_rate(formation: Number, docking: Number, lysosomal: Number, budding: Number) -> Number:
    """Mean release of a cell (particle/min) in the steady state: what forms in bodies that fuse, and buds."""
    return formation * share_of(docking, lysosomal) + budding


def loaded_copies(
    synthesis: Number, degradation: Number, loading: Number, made: Number, initial: Number
) -> Number:
    """Copies that a vesicle takes from its maker's pool, s N* with N* = a / (g + s F).

    `made` is the number of vesicles that form per min, F; a pool without synthesis stays at `initial`.
    """
    lost = np.asarray(degradation + loading * made, float)
    steady = np.divide(synthesis, lost, out=np.zeros_like(lost), where=lost > 0.0)
    return loading * np.where(np.asarray(synthesis) > 0.0, steady, initial)


def kept_share(internalisation: Number, off: Number, clearance: Number, intrinsic: Number) -> Number:
    """Share of the vesicles that a cell binds which enter before they leave, k_int / (k_int + off Q/k).

    `clearance` Q is the `intrinsic` one, k, in series with diffusion: a vesicle that leaves beside a good
    sink comes back. Source: Berg & Purcell 1977, 10.1016/S0006-3495(77)85544-6; Shoup & Szabo 1982,
    10.1016/S0006-3495(82)84498-X.
    """
    return share_of(internalisation, off * clearance / intrinsic)


def own_share(resistance: Number, intrinsic: Number) -> Number:
    """Share of its own release that a cell takes before it leaves its surroundings, r / (r + 1/k).

    r (min/µm³) parts its surface from the mean concentration; alone in fluid this is its efficiency.
    """
    return resistance * intrinsic / (1.0 + resistance * intrinsic)


def steady_copies(delivered: Number, degradation: Number) -> Number:
    """Copies in a pool that gains `delivered` and loses `degradation` of its copies per time."""
    return delivered / degradation
