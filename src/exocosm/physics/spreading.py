"""Where what cells release ends in the steady state, for many values of the rates at once.

In each voxel what comes by diffusion and from cells is what decays, leaves by faces or vessels, or is taken:

    (D K + λ V + Σ_j κ_j N_j) c = s,

K the conductances of the block per D, V the volume of fluid and N_j the cells of taker j in each voxel (both
diagonal), κ_j the clearance of one of them. Solutions for different D, λ and κ are alike: those for a few
values span all others well. The equation is solved in full for these, then projected on them and on the
constant (Galerkin's method on a reduced basis).
With the constant among them the balance is exact: shares of decay, exit and takers add up to 1. For strong
mixing the result is the well-mixed one, κ_j n_j / (λ V + Σ κ n), by the constant alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Sparse = Any
SOLVED = 1e-8  # residual of a full solution, relative to the source


@dataclass(frozen=True)
class Block:
    """A block of voxels: `conductances` [voxel, voxel] and what faces and vessels take, `lost` [voxel].

    Both are per D, in µm. `volume` [voxel] of fluid (µm³); `takers` [taker, voxel] cells; `source` [voxel] of
    sum 1.
    """

    conductances: Sparse
    lost: Array
    volume: Array
    takers: Array
    source: Array


@dataclass(frozen=True)
class Rates:
    """Sets of rates: `diffusion` (n,) µm²/min, `decay` (n,) 1/min, `clearance` (taker, n) µm³/min."""

    diffusion: Array
    decay: Array
    clearance: Array

    def at(self, index: Any) -> Rates:
        """Some of the sets."""
        return Rates(self.diffusion[index], self.decay[index], self.clearance[:, index])


@dataclass(frozen=True)
class Shares:
    """Shares of what is released: `taken` (taker, n), `decayed` (n,), `left` (n,) by faces and vessels."""

    taken: Array
    decayed: Array
    left: Array


def full_solution(block: Block, rates: Rates, index: int) -> Array:
    """Concentration in each voxel per released particle/min, with the rates of one set."""
    from scipy.sparse import diags
    from scipy.sparse.linalg import cg

    d = float(rates.diffusion[index])
    sinks = float(rates.decay[index]) * block.volume + rates.clearance[:, index] @ block.takers
    matrix = d * block.conductances + diags(sinks + d * block.lost)
    found, _ = cg(matrix, block.source, rtol=SOLVED, maxiter=5000, M=diags(1.0 / matrix.diagonal()))
    return np.asarray(found)


def steady_shares(block: Block, rates: Rates, snapshots: int = 40) -> Shares:
    """Where what is released ends, for each set of rates.

    The first set and `snapshots` others, evenly through them in the order of how far a particle comes before
    it is taken, are solved in full. A set in which nothing takes, decays or leaves has no steady state: its
    shares are 0.
    """
    total = rates.decay * block.volume.sum() + rates.clearance.T @ block.takers.sum(axis=1)
    alive = np.flatnonzero(total + rates.diffusion * block.lost.sum() > 0.0)
    shares = Shares(np.zeros_like(rates.clearance), np.zeros_like(total), np.zeros_like(total))
    if alive.size == 0:
        return shares
    some = rates.at(alive)
    basis = _basis(block, some, _chosen(total[alive] / np.maximum(some.diffusion, 1e-300), snapshots))
    taken, decayed, left = _projected(block, some, basis)
    shares.taken[:, alive], shares.decayed[alive], shares.left[alive] = taken, decayed, left
    return shares


def _chosen(reach: Array, snapshots: int) -> NDArray[np.int64]:
    order = np.argsort(reach, kind="stable")
    picked = order[np.linspace(0, len(order) - 1, min(snapshots, len(order))).astype(int)]
    return np.unique(np.concatenate([[0], picked]))


def _basis(block: Block, rates: Rates, chosen: NDArray[np.int64]) -> Array:
    """Orthonormal columns that span the constant and the full solutions of the chosen sets."""
    columns = [np.ones(len(block.source)), *(full_solution(block, rates, int(i)) for i in chosen)]
    scaled = np.stack([c / np.linalg.norm(c) for c in columns], axis=1)
    left, sizes, _ = np.linalg.svd(scaled[:, 1:] - scaled[:, :1] * (scaled[:, :1].T @ scaled[:, 1:]), False)
    return np.concatenate([scaled[:, :1], left[:, sizes > 1e-9 * max(sizes.max(), 1e-9)]], axis=1)


def _projected(block: Block, rates: Rates, basis: Array) -> tuple[Array, Array, Array]:
    def within(weights: Array) -> Array:
        return np.asarray(basis.T @ (weights[:, None] * basis))

    flow = basis.T @ (block.conductances @ basis) + within(block.lost)
    matrix = rates.diffusion[:, None, None] * flow + rates.decay[:, None, None] * within(block.volume)
    for clearance, cells in zip(rates.clearance, block.takers, strict=True):
        matrix += clearance[:, None, None] * within(cells)
    weights = np.linalg.solve(matrix, (basis.T @ block.source)[None, :, None])[:, :, 0]
    taken = rates.clearance * (block.takers @ basis @ weights.T)
    return (
        taken,
        rates.decay * (weights @ (basis.T @ block.volume)),
        rates.diffusion * (weights @ (basis.T @ block.lost)),
    )


def conductance_matrix(faces: tuple[Array, Array, Array]) -> tuple[Sparse, Array]:
    """From the conductances of all faces of a grid: the matrix [voxel, voxel], and what outer faces lose.

    `faces` hold, along x, y and z, one value (µm) for each face across that axis, outer ones included (0
    where they are closed): the shape of the grid with one more along the axis.
    """
    from scipy.sparse import coo_matrix

    shape = tuple(n - (axis == 0) for axis, n in enumerate(faces[0].shape))
    index = np.arange(np.prod(shape)).reshape(shape)
    lost, diagonal, parts = np.zeros(shape), np.zeros(shape), []
    for axis, face in enumerate(faces):
        along, here = np.moveaxis(face, axis, 0), np.moveaxis(index, axis, 0)
        edge, sums = np.moveaxis(lost, axis, 0), np.moveaxis(diagonal, axis, 0)
        edge[0] += along[0]
        edge[-1] += along[-1]
        sums[1:] += along[1:-1]
        sums[:-1] += along[1:-1]
        low, high, values = here[:-1].ravel(), here[1:].ravel(), -along[1:-1].ravel()
        parts += [(low, high, values), (high, low, values)]
    rows, columns, values = (np.concatenate(column) for column in zip(*parts, strict=True))
    rows, columns = np.concatenate([rows, index.ravel()]), np.concatenate([columns, index.ravel()])
    values = np.concatenate([values, diagonal.ravel()])
    return coo_matrix((values, (rows, columns)), shape=(index.size, index.size)).tocsr(), lost.ravel()
