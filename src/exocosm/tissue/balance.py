"""The balance of a field after a solve: voxels from the solved fluxes, nothing below zero, what crossed."""

from __future__ import annotations

import numpy as np
from numba import prange
from numpy.typing import NDArray

from exocosm.ground.compiled import kernel, parallel_kernel
from exocosm.tissue.multigrid import from_neighbours

Array = NDArray[np.float64]
LEAST = 1e-150  # smaller concentrations are 0: subnormal numbers would cost a factor of two in speed


@parallel_kernel
def conserve(c, right, tx, ty, tz, inverse, stock, dt, slab_sum, slab_low):  # type: ignore[no-untyped-def]
    """C += dt * residual / stock in each free voxel: the balance of the voxel from the solved fluxes.

    slab_sum[i] = sum of c * stock before the update (what decay and sinks saw), slab_low[i] = least new c.
    """
    nx, ny, nz = inverse.shape
    new = np.empty(inverse.shape)
    for i in prange(nx):
        for j in range(ny):
            for k in range(nz):
                here = c[i + 1, j + 1, k + 1]
                new[i, j, k] = here
                if inverse[i, j, k] != 0.0:
                    residual = (
                        right[i, j, k] - here / inverse[i, j, k] + from_neighbours(c, tx, ty, tz, i, j, k)
                    )
                    new[i, j, k] = here + dt * residual / stock[i, j, k]
    for i in prange(nx):
        total = 0.0
        low = np.inf
        for j in range(ny):
            for k in range(nz):
                if inverse[i, j, k] != 0.0:
                    total += c[i + 1, j + 1, k + 1] * stock[i, j, k]
                value = new[i, j, k]
                if 0.0 <= value < LEAST:
                    value = 0.0
                low = min(low, value)
                c[i + 1, j + 1, k + 1] = value
        slab_sum[i] = total
        slab_low[i] = low


@kernel
def fill_deficits(c, stock, held):  # type: ignore[no-untyped-def]
    """Refill voxels that rounding left below zero from their neighbours; returns the deficit left."""
    nx, ny, nz = stock.shape
    missing = 0.0
    for i in range(nx):
        for j in range(ny):
            for k in range(nz):
                lack = -c[i + 1, j + 1, k + 1] * stock[i, j, k]
                if lack > 0.0 and not held[i, j, k]:
                    for reach in range(1, 4):
                        for x in range(max(0, i - reach), min(nx, i + reach + 1)):
                            for y in range(max(0, j - reach), min(ny, j + reach + 1)):
                                for z in range(max(0, k - reach), min(nz, k + reach + 1)):
                                    there = c[x + 1, y + 1, z + 1]
                                    if lack > 0.0 and there > 0.0 and not held[x, y, z]:
                                        give = min(lack, there * stock[x, y, z])
                                        c[x + 1, y + 1, z + 1] = max(0.0, there - give / stock[x, y, z])
                                        lack -= give
                    c[i + 1, j + 1, k + 1] = 0.0
                    missing += lack
    return missing


def held_flows(
    c: Array, transmissibility: tuple[Array, Array, Array], held: NDArray[np.bool_]
) -> list[Array]:
    """Rates at which matter comes in by held faces and voxels, face by face; what goes out is negative."""
    flows = []
    some = held.any()
    for axis, faces in enumerate(transmissibility):
        across = np.moveaxis(c, axis, 0)[:, 1:-1, 1:-1]
        t = np.moveaxis(faces, axis, 0)
        fixed = np.moveaxis(held, axis, 0)
        flows += [
            (t[0] * (across[0] - across[1]))[~fixed[0]],
            (t[-1] * (across[-1] - across[-2]))[~fixed[-1]],
        ]
        if some:
            free = ~fixed
            gain = t[1:-1] * (across[2:-1] - across[1:-2])  # into the lower voxel of each pair
            flows += [gain[free[:-1] & ~free[1:]], -gain[free[1:] & ~free[:-1]]]
    return flows
