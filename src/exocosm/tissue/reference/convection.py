"""Convection written down line by line: slow, and what the kernel must equal."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from exocosm.tissue.fields import Field
from exocosm.tissue.flow import Flow

Array = NDArray[np.float64]


def half_slope(rise: float, further: float) -> float:
    """Half of van Leer's harmonic mean of two differences, 0 at an extreme."""
    return rise * further / (rise + further) if rise * further > 0.0 else 0.0


def carried_upwards(c: Array, q: Array, low: float) -> Array:
    """Concentration that crosses each of the n + 1 faces of a line of voxels where q > 0; 0 elsewhere."""
    out = np.zeros(len(q))
    for face in np.flatnonzero(q > 0.0):
        if face == 0:
            out[face] = low
            continue
        v = face - 1  # the voxel upstream
        enters = q[v] > 0.0
        rise = c[v] - c[v - 1] if v > 0 else 2.0 * (c[v] - low) * enters
        if v == len(c) - 1:
            out[face] = max(0.0, c[v] + 0.5 * rise * enters)
            continue
        bound = abs(c[v] - low) if v == 0 and enters else np.inf
        out[face] = c[v] + np.clip(half_slope(rise, c[v + 1] - c[v]), -bound, bound)
    return out


def carried_amount(c: Array, q: Array, low: float, high: float) -> Array:
    """Amount per minute that crosses each face of a line, in the direction of the axis."""
    upwards = np.maximum(q, 0.0) * carried_upwards(c, q, low)
    turned = np.maximum(-q[::-1], 0.0) * carried_upwards(c[::-1], -q[::-1], high)
    return np.asarray(upwards - turned[::-1])


def rate(field: Field, flow: Flow, c: Array) -> Array:
    """Change of concentration per minute by convection, (nx, ny, nz)."""
    amount = np.zeros(c.shape)
    for axis, q in enumerate(flow.faces):
        low, high = (field.faces[2 * axis + side] or 0.0 for side in (0, 1))
        lines, flows, out = (np.moveaxis(a, axis, -1) for a in (c, q, amount))
        for line in product(*map(range, lines.shape[:2])):
            out[line] -= np.diff(carried_amount(lines[line], flows[line], low, high))
    return np.where(field.held, 0.0, amount / field.stock)


def step(field: Field, flow: Flow, c: Array, dt: float) -> Array:
    """Concentrations after one step of two stages (Heun)."""
    first = c + dt * rate(field, flow, c)
    return 0.5 * c + 0.5 * (first + dt * rate(field, flow, first))
