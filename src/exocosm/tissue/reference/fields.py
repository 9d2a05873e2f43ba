"""The field equation written down voxel by voxel and solved directly: slow, and what the solver must equal.

The matrix is assembled from its definition, one face at a time, and factorised by SciPy.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import lil_matrix
from scipy.sparse.linalg import spsolve

from exocosm.tissue.fields import Field
from exocosm.tissue.grid import Grid

Array = NDArray[np.float64]


def conductance(grid: Grid, one: float, other: float) -> float:
    """Flux per concentration difference between two voxels: h times the harmonic mean of conductivities."""
    return grid.voxel * 2.0 * one * other / (one + other)


def system(
    grid: Grid,
    conductivity: Array,
    loss: Array,
    source: Array,
    faces: list[float | None],
    held: NDArray[np.bool_],
    values: Array,
) -> tuple[lil_matrix, Array]:
    """Matrix and right side of: loss c + Σ T (c - c_neighbour) = source, with held faces and voxels."""
    number = np.arange(loss.size).reshape(grid.shape)
    matrix, right = lil_matrix((loss.size, loss.size)), np.zeros(loss.size)
    for voxel in product(*map(range, grid.shape)):
        row = number[voxel]
        if held[voxel]:
            matrix[row, row], right[row] = 1.0, values[voxel]
            continue
        matrix[row, row] += loss[voxel]
        right[row] += source[voxel]
        for axis, side in product(range(3), (-1, 1)):
            place = list(voxel)
            place[axis] += side
            if 0 <= place[axis] < grid.shape[axis]:
                t = conductance(grid, conductivity[voxel], conductivity[tuple(place)])
                matrix[row, row] += t
                matrix[row, number[tuple(place)]] -= t
                continue
            face = faces[2 * axis + (side > 0)]
            if face is not None:
                t = 2.0 * grid.voxel * conductivity[voxel]
                matrix[row, row] += t
                right[row] += t * face
    return matrix, right


def steady(
    grid: Grid,
    conductivity: Array,
    stock: Array,
    decay_rate: float,
    source: Array,
    sink: Array,
    faces: list[float | None],
    held: NDArray[np.bool_],
    values: Array,
) -> Array:
    """Steady concentrations."""
    matrix, right = system(grid, conductivity, stock * decay_rate + sink, source, faces, held, values)
    return np.asarray(spsolve(matrix.tocsc(), right)).reshape(grid.shape)


def euler_step(
    grid: Grid,
    conductivity: Array,
    stock: Array,
    decay_rate: float,
    source: Array,
    sink: Array,
    faces: list[float | None],
    held: NDArray[np.bool_],
    values: Array,
    dt: float,
) -> Array:
    """Concentrations after one backward Euler step of dt."""
    loss = stock * (1.0 / dt + decay_rate) + sink
    matrix, right = system(grid, conductivity, loss, source + values * stock / dt, faces, held, values)
    return np.asarray(spsolve(matrix.tocsc(), right)).reshape(grid.shape)


def two_stage_step(field: Field, source: Array, sink: Array, dt: float) -> tuple[Array, Array, Array]:
    """Concentrations after a step of dt, and those at the ends of its two stages weighted by their lengths.

    With concentrations c1 and c2 at the ends of stages of lengths l1 and l2 a first-order sink k takes
    k (l1 c1 + l2 c2): returned are c2, l1 c1 and l2 c2.
    """
    stages, start = field.stages(dt), field.values
    numbers = (field.grid, field.conductivity, field.stock, field.decay_rate, source, sink)
    ends = (field.faces, field.held)
    first = euler_step(*numbers, *ends, start, stages.first)
    ahead = start + stages.ahead * (first - start)
    last = euler_step(*numbers, *ends, ahead, stages.second)
    if last.min() < 0.0:
        stages = stages.never_negative
        last = euler_step(*numbers, *ends, first, stages.second)
    return last, stages.ahead * stages.first * first, stages.second * last
